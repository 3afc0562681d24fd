//! `.htaccess`, `.user.ini` and `php.ini`: files that make a server run code where nobody expects any.

use super::code::Seen;
use crate::name;

/// Settings by which code runs before or after each script.
const PREPENDING: [&str; 2] = ["auto_prepend_file", "auto_append_file"];
const HANDLERS: [&str; 4] = ["addtype", "addhandler", "sethandler", "forcetype"];
/// Endings that are PHP's own.
const OWN: [&str; 12] =
    ["php", "php3", "php4", "php5", "php7", "php8", "phtml", "phps", "phar", "pht", "inc", "html"];

pub fn is_one(file: &str) -> bool {
    [".htaccess", ".user.ini", "php.ini"].contains(&file)
}

pub fn look(content: &[u8]) -> Seen {
    let lines = content.split(|byte| *byte == b'\n').map(name::text);
    let mut of_files = String::new();
    for (index, line) in lines.enumerate() {
        let line = line.trim().to_ascii_lowercase();
        if line.starts_with("<files") {
            of_files.clone_from(&line);
        } else if line.starts_with("</files") {
            of_files.clear();
        }
        if prepends(&line) || runs_other(&line, &of_files) {
            return Seen::one("prepends", index + 1);
        }
    }
    Seen::default()
}

/// `auto_prepend_file = x`, `php_value auto_prepend_file "x"`.
fn prepends(line: &str) -> bool {
    if line.starts_with([';', '#']) {
        return false;
    }
    let found = PREPENDING.iter().find_map(|name| line.split_once(name));
    found.is_some_and(|(_, value)| {
        let value = value.trim_matches([' ', '\t', '=', '"', '\'', ';']);
        !value.is_empty() && value != "none"
    })
}

/// A line that makes a server run files as PHP that are called otherwise.
fn runs_other(line: &str, of_files: &str) -> bool {
    let mut words = line.split_whitespace();
    let first = words.next().unwrap_or_default();
    let handler = words.next().unwrap_or_default();
    let as_php = handler.contains("php") && !handler.contains("source");
    if !HANDLERS.contains(&first) || !as_php {
        return false;
    }
    let pictures = ["jpg", "jpeg", "png", "gif", "ico", "txt", "css", "svg", "webp"];
    let mut endings = words.map(|word| word.trim_matches(['.', '"', '\'']));
    if first.starts_with("add") {
        return endings.any(|ending| !OWN.contains(&ending) && pictures.contains(&ending));
    }
    pictures.iter().any(|picture| of_files.contains(picture))
}
