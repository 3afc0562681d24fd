//! `/proc/PID/cmdline`: the arguments, each ended by a zero byte, which the process may overwrite
//! with anything. Secrets that are known by their names are hidden.

use crate::{name, secrets};

/// The arguments as one would type them into a shell. `more` says that the file went on.
pub fn quoted(content: &[u8], more: bool) -> String {
    let end = content.iter().rposition(|byte| *byte != 0).map_or(0, |last| last + 1);
    let content = content.get(..end).unwrap_or_default();
    let arguments: Vec<&[u8]> = content.split(|byte| *byte == 0).collect();
    let mut line = match arguments.as_slice() {
        // A single text with blanks is a title that the process gave itself.
        [only] => name::text(&secrets::in_line(only)),
        several => {
            let shown = secrets::hidden(several);
            shown.iter().map(|one| argument(one)).collect::<Vec<_>>().join(" ")
        }
    };
    if more {
        line.push('…');
    }
    line
}

fn argument(bytes: &[u8]) -> String {
    let text = name::text(bytes);
    // What was hidden is no longer text for a shell, and reads better without quotes.
    let rest = bytes.strip_suffix(secrets::HIDDEN).unwrap_or(bytes);
    if !bytes.is_empty() && rest.iter().all(|byte| plain(*byte)) {
        return text;
    }
    format!("'{}'", text.replace('\'', "'\\''"))
}

/// Bytes that a shell takes as they are, wherever they stand.
fn plain(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || !byte.is_ascii() || b"_-+=./,:@%^".contains(&byte)
}
