//! How many columns of a terminal text takes, and how it is fitted into fewer.
//!
//! Chinese and other wide characters take two columns, combining marks none. Text comes here after
//! [`visible`](crate::safe_text::visible), so that no control character is left to count.

use std::borrow::Cow;

use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

/// Marks that take no column are free to stack; a name made of ten thousand is cut too.
const CHARS_PER_COLUMN: usize = 4;

pub fn width(text: &str) -> usize {
    text.width()
}

fn char_width(c: char) -> usize {
    c.width().unwrap_or(0)
}

/// The text padded with spaces to `columns`, or as it is where it is as wide already.
pub fn pad(text: &str, columns: usize) -> String {
    let missing = columns.saturating_sub(width(text));
    format!("{text}{}", " ".repeat(missing))
}

/// The text in at most `columns`, its middle left out.
pub fn shorten(text: &str, columns: usize) -> Cow<'_, str> {
    if fits(text, columns) {
        return Cow::Borrowed(text);
    }
    let room = columns.saturating_sub(1);
    let head = prefix(text, room / 2);
    let tail = suffix(text, room - room / 2);
    Cow::Owned(format!("{head}…{tail}"))
}

/// The text in at most `columns`, cut where its kind can spare most: a path at the front, since
/// the file's name says most, words at the end, a name in the middle.
pub fn shorten_by_kind(text: &str, columns: usize) -> Cow<'_, str> {
    if fits(text, columns) {
        return Cow::Borrowed(text);
    }
    let room = columns.saturating_sub(1);
    if text.contains(' ') {
        return Cow::Owned(format!("{}…", prefix(text, room).trim_end()));
    }
    match text.starts_with('/') {
        true => Cow::Owned(shorten_path(text, room)),
        false => shorten(text, columns),
    }
}

/// The last parts; where they leave most of the room free, what the path begins with too.
fn shorten_path(path: &str, room: usize) -> String {
    let end = path_end(path, room);
    let free = room.saturating_sub(width(end));
    let head = if free > room / 2 { prefix(path, free) } else { "" };
    format!("{head}…{end}")
}

/// As many of the last parts of a path as fit, or the end of the last one.
fn path_end(path: &str, columns: usize) -> &str {
    let tail = suffix(path, columns);
    let parts = tail.find('/').and_then(|at| tail.get(at..)).filter(|parts| parts.len() > 1);
    parts.unwrap_or(tail)
}

fn fits(text: &str, columns: usize) -> bool {
    let stacked = text.chars().count() > columns.saturating_mul(CHARS_PER_COLUMN);
    width(text) <= columns && !stacked
}

/// The longest beginning that fits.
fn prefix(text: &str, columns: usize) -> &str {
    let mut taken = 0;
    let limit = columns.saturating_mul(CHARS_PER_COLUMN);
    for (count, (at, c)) in text.char_indices().enumerate() {
        taken += char_width(c);
        if taken > columns || count >= limit {
            return text.get(..at).unwrap_or_default();
        }
    }
    text
}

/// The longest end that fits. It does not begin with a mark that belongs to what was cut.
fn suffix(text: &str, columns: usize) -> &str {
    let mut taken = 0;
    let mut start = text.len();
    let limit = columns.saturating_mul(CHARS_PER_COLUMN);
    for (at, c) in text.char_indices().rev().take(limit) {
        taken += char_width(c);
        if taken > columns {
            break;
        }
        if char_width(c) > 0 {
            start = at;
        }
    }
    text.get(start..).unwrap_or_default()
}

/// The text in lines of at most `columns`, broken at spaces, or anywhere where there are none.
pub fn wrap(text: &str, columns: usize) -> Vec<String> {
    let columns = columns.max(2);
    let mut lines = Vec::new();
    let mut line = String::new();
    for word in text.split_whitespace() {
        let mut word = word;
        while width(&line) + usize::from(!line.is_empty()) + width(word) > columns {
            if width(word) <= columns || !line.is_empty() && !breaks_anywhere(word) {
                lines.push(std::mem::take(&mut line));
                continue;
            }
            word = fill(&mut line, word, columns);
            lines.push(std::mem::take(&mut line));
        }
        if !line.is_empty() {
            line.push(' ');
        }
        line.push_str(word);
    }
    lines.push(line);
    lines
}

/// Chinese and Japanese need no space to break a line.
fn breaks_anywhere(word: &str) -> bool {
    word.chars().any(|c| char_width(c) == 2)
}

/// Puts what fits of a long word on the line, and gives the rest.
fn fill<'a>(line: &mut String, word: &'a str, columns: usize) -> &'a str {
    if !line.is_empty() {
        line.push(' ');
    }
    let room = columns.saturating_sub(width(line));
    let head = prefix(word, room);
    let first = word.chars().next().map_or(0, char::len_utf8);
    let at = if line.is_empty() { head.len().max(first) } else { head.len() };
    let (head, rest) = word.split_at(at);
    line.push_str(head);
    rest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wide_and_combining_text_pads_to_the_same_column() {
        for text in ["abc", "机房七号", "e\u{301}a", "ｶﾅ", ""] {
            assert_eq!(width(&pad(text, 12)), 12, "{text}");
        }
    }

    #[test]
    fn shortened_text_fits_and_keeps_both_ends() {
        assert_eq!(shorten("/usr/share/very/long/path/tool", 13), "/usr/s…h/tool");
        assert_eq!(shorten("short", 5), "short");
        assert_eq!(shorten("保密机房远程控制", 9), "保密…控制");
        for columns in 0..20 {
            assert!(width(&shorten("保密机房abc远程控制xyz", columns)) <= columns.max(1));
        }
    }

    #[test]
    fn a_path_keeps_its_end_words_their_beginning_a_name_both() {
        let unit = "/usr/lib/systemd/system/apt-daily.service";
        let cases = [
            (unit, 41, unit),
            (unit, 40, "…/lib/systemd/system/apt-daily.service"),
            (unit, 26, "…/system/apt-daily.service"),
            (unit, 19, "…/apt-daily.service"),
            (unit, 18, "…apt-daily.service"),
            (unit, 9, "….service"),
            ("/tmp/averylongnameofafolder/x", 12, "/tmp/aver…/x"),
            ("/usr/share/folder/", 9, "…/folder/"),
            ("/home/张伟/远程控制", 10, "…/远程控制"),
            ("/home/张伟/远程控制", 9, "…远程控制"),
            ("/usr/bin/python3 -m http.server 80", 20, "/usr/bin/python3 -m…"),
            ("apt-daily-upgrade.service", 13, "apt-da…ervice"),
        ];
        for (text, columns, cut) in cases {
            assert_eq!(shorten_by_kind(text, columns), cut);
        }
        for (text, columns) in [unit, "a b 机房 c", "机房机房机房"]
            .into_iter()
            .flat_map(|t| (1..30).map(move |n| (t, n)))
        {
            assert!(width(&shorten_by_kind(text, columns)) <= columns, "{text} {columns}");
        }
    }

    #[test]
    fn stacked_marks_are_cut_although_they_take_no_column() {
        let stacked = format!("a{}", "\u{301}".repeat(10_000));
        assert!(shorten(&stacked, 20).chars().count() < 100);
    }

    #[test]
    fn wrapped_lines_fit_and_lose_nothing() {
        let text =
            "A program runs from /tmp/averyverylongnamewithoutanyspace 保密机房里的远程控制软件";
        for columns in 2..60 {
            let lines = wrap(text, columns);
            assert!(lines.iter().all(|line| width(line) <= columns), "{columns}: {lines:?}");
            let joined: String = lines.concat();
            assert_eq!(joined.replace(' ', ""), text.replace(' ', ""), "{columns}");
        }
    }
}
