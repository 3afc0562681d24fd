//! Text that a machine under observation chose, made harmless to show.
//!
//! Names of files, processes and hosts are an attacker's to choose. Raw, they can move a cursor,
//! hide a line, swap the direction of reading or look like another name. [`visible`] shows such
//! characters as escapes. A backslash stays as it is: unit names are full of them. Where the exact
//! text counts, JSON has it.

use std::{
    borrow::Cow,
    fmt::Write as _,
    io::{self, Write},
};

use serde::Serialize;
use serde_json::ser::{CompactFormatter, Formatter, PrettyFormatter, Serializer};

/// Whether a character acts on its surroundings, or shows nothing at all.
fn is_hazard(c: char) -> bool {
    matches!(c,
        // Controls of ASCII and of Latin-1: ESC and CSI are among them.
        '\0'..='\x1f' | '\x7f'..='\u{9f}'
        // Marks, embeddings, overrides and isolates that change the direction.
        | '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}'
        // Line ends that are not ASCII.
        | '\u{2028}' | '\u{2029}'
        // Invisible: two names that differ by one of these look the same.
        | '\u{ad}' | '\u{34f}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}'
        | '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200d}' | '\u{2060}'..='\u{2065}'
        | '\u{206a}'..='\u{206f}' | '\u{3164}' | '\u{feff}' | '\u{ffa0}'
        | '\u{fff0}'..='\u{fffb}' | '\u{e0000}'..='\u{e0fff}')
}

/// The text with every hazard as a visible escape: `\n`, `\x1b`, `\u{202e}`.
pub fn visible(text: &str) -> Cow<'_, str> {
    if !text.chars().any(is_hazard) {
        return Cow::Borrowed(text);
    }
    let mut shown = String::with_capacity(text.len() + 16);
    for c in text.chars() {
        if is_hazard(c) { escape(c, &mut shown) } else { shown.push(c) }
    }
    Cow::Owned(shown)
}

/// [`visible`] for text of several lines, which stay lines.
pub fn visible_lines(text: &str) -> String {
    text.split('\n').map(visible).collect::<Vec<_>>().join("\n")
}

fn escape(c: char, shown: &mut String) {
    let _ = match c {
        '\n' => shown.write_str("\\n"),
        '\r' => shown.write_str("\\r"),
        '\t' => shown.write_str("\\t"),
        c if (c as u32) < 0x100 => write!(shown, "\\x{:02x}", c as u32),
        c => write!(shown, "\\u{{{:x}}}", c as u32),
    };
}

/// Writes JSON in which hazards are escapes too, so that it is safe to look at in a terminal and
/// still says exactly what was seen.
pub fn json(value: &impl Serialize, out: &mut dyn Write) -> io::Result<()> {
    let formatter = Guarded(PrettyFormatter::new());
    value.serialize(&mut Serializer::with_formatter(&mut *out, formatter))?;
    out.write_all(b"\n")
}

/// Like [`json`], on one line.
pub fn json_line(value: &impl Serialize, out: &mut dyn Write) -> io::Result<()> {
    let formatter = Guarded(CompactFormatter);
    value.serialize(&mut Serializer::with_formatter(&mut *out, formatter))?;
    out.write_all(b"\n")
}

/// A layout of JSON that escapes what JSON itself would let through: C1, DEL, bidi, invisibles.
struct Guarded<F>(F);

macro_rules! delegate {
    ($($name:ident($($argument:ident: $type:ty),*);)+) => {
        $(fn $name<W: ?Sized + Write>(&mut self, out: &mut W, $($argument: $type),*)
            -> io::Result<()> { self.0.$name(out, $($argument),*) })+
    };
}

impl<F: Formatter> Formatter for Guarded<F> {
    delegate! {
        begin_array();
        end_array();
        begin_array_value(first: bool);
        end_array_value();
        begin_object();
        end_object();
        begin_object_key(first: bool);
        end_object_key();
        begin_object_value();
        end_object_value();
    }

    fn write_string_fragment<W: ?Sized + Write>(
        &mut self,
        out: &mut W,
        fragment: &str,
    ) -> io::Result<()> {
        let mut rest = fragment;
        while let Some((at, hazard)) = rest.char_indices().find(|(_, c)| is_hazard(*c)) {
            let (plain, from) = rest.split_at(at);
            out.write_all(plain.as_bytes())?;
            for unit in hazard.encode_utf16(&mut [0; 2]) {
                write!(out, "\\u{unit:04x}")?;
            }
            rest = from.split_at(hazard.len_utf8()).1;
        }
        out.write_all(rest.as_bytes())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hazards_become_visible_and_the_rest_stays() {
        let cases = [
            ("plain /usr/bin/ssh", "plain /usr/bin/ssh"),
            ("\x1b[2Jgone", "\\x1b[2Jgone"),
            ("one\r\n\ttwo", "one\\r\\n\\ttwo"),
            ("\u{9b}31m", "\\x9b31m"),
            ("inno\u{202e}fdp.exe", "inno\\u{202e}fdp.exe"),
            ("a\u{200b}b\u{feff}", "a\\u{200b}b\\u{feff}"),
            ("tag \u{e0041}", "tag \\u{e0041}"),
            ("dev-disk-by\\x2did.device", "dev-disk-by\\x2did.device"),
            ("机房-07 é e\u{301} 🖨", "机房-07 é e\u{301} 🖨"),
            ("", ""),
        ];
        for (text, shown) in cases {
            assert_eq!(visible(text), shown);
            assert!(!visible(text).chars().any(is_hazard));
        }
    }

    #[test]
    fn json_is_harmless_to_look_at_and_says_the_exact_text() {
        let hostile = "\x1b]0;owned\x07 \u{9b}2J \u{7f} \u{202e}x \u{e0041} \" \\ \n 机";
        let mut written = Vec::new();
        json(&[hostile], &mut written).unwrap();
        let written = String::from_utf8(written).unwrap();
        assert!(!written.replace('\n', "").chars().any(is_hazard), "{written}");
        assert_eq!(serde_json::from_str::<Vec<String>>(&written).unwrap(), [hostile]);
    }
}
