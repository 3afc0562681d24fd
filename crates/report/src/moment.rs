//! Times as people read them.

use leaksweep_facts::Time;

/// `2026-03-01 12:00:05`, or the day alone where it is midnight.
pub fn text(time: Time) -> String {
    time.to_string().trim_end_matches('Z').replacen('T', " ", 1).replace(" 00:00:00", "")
}

/// `2026-03-01 12:00`, for a narrow table.
pub fn short(time: Time) -> String {
    let text = text(time);
    match text.char_indices().nth(16) {
        Some((end, _)) => text[..end].to_owned(),
        None => text,
    }
}
