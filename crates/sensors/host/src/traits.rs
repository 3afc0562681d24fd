//! What a command or a script does that is seldom innocent, by its text alone.

/// The words of `host_autostarts.traits`, separated by spaces; none where nothing was seen.
pub fn of(_text: &str) -> Option<String> {
    None
}
