//! Code without its comments and, where code stands in tags, without what is around them. Lines stay
//! lines, so that their numbers do.

use super::language::Language;

pub fn without(text: &str, language: &Language) -> String {
    let mut code = Code { text, at: 0, language, shown: String::with_capacity(text.len()) };
    let Some((open, close)) = language.tags else {
        code.copy(None);
        return code.shown;
    };
    while let Some(at) = code.rest().find(open) {
        code.pass(at);
        code.at += open.len();
        code.shown.push(';');
        code.copy(Some(close));
    }
    code.pass(code.rest().len());
    code.shown
}

struct Code<'a> {
    text: &'a str,
    at: usize,
    language: &'a Language,
    shown: String,
}

impl<'a> Code<'a> {
    fn rest(&self) -> &'a str {
        self.text.get(self.at..).unwrap_or_default()
    }

    /// Leaves out so much, but for its line breaks.
    fn pass(&mut self, length: usize) {
        let passed = self.rest().get(..length).unwrap_or_default();
        let breaks = memchr::memchr_iter(b'\n', passed.as_bytes()).count();
        self.shown.extend(std::iter::repeat_n('\n', breaks));
        self.at += length;
    }

    fn take(&mut self, length: usize) {
        let end = self.text.ceil_char_boundary(self.at + length);
        self.shown.push_str(self.text.get(self.at..end).unwrap_or_default());
        self.at = end;
    }

    /// Copies code up to its end.
    fn copy(&mut self, close: Option<&str>) {
        let mut quote = None;
        while !self.rest().is_empty() {
            let plain = self.rest().bytes().position(|byte| b"\"'`\\/#?".contains(&byte));
            self.take(plain.unwrap_or(self.rest().len()));
            let rest = self.rest();
            match (rest.bytes().next(), quote) {
                (None, _) => return,
                (Some(b'\\'), Some(_)) => self.take(2),
                (Some(byte), Some(open)) if byte == open => {
                    quote = None;
                    self.take(1);
                }
                (Some(b'`'), Some(_)) => {
                    // In a text it runs nothing.
                    self.shown.push(' ');
                    self.at += 1;
                }
                (Some(_), Some(_)) => self.take(1),
                (Some(byte @ (b'"' | b'\'')), None) => {
                    quote = Some(byte);
                    self.take(1);
                }
                _ if close.is_some_and(|close| rest.starts_with(close)) => {
                    self.at += close.map_or(0, str::len);
                    return self.shown.push(';');
                }
                _ => self.outside_quotes(close),
            }
        }
    }

    fn outside_quotes(&mut self, close: Option<&str>) {
        let rest = self.rest();
        let slashes = self.language.comments.contains(&"//");
        if slashes && rest.starts_with("/*") {
            self.pass(rest.find("*/").map_or(rest.len(), |end| end + 2));
        } else if self.begins_comment() {
            let line = rest.find('\n').unwrap_or(rest.len());
            let text = rest.get(..line).unwrap_or_default();
            self.pass(close.and_then(|close| text.find(close)).unwrap_or(line));
        } else {
            self.take(1);
        }
    }

    /// In a shell and in Perl a `#` begins a comment only behind a blank.
    fn begins_comment(&self) -> bool {
        let (rest, before) = (self.rest(), self.shown.chars().next_back());
        let free = before.is_none_or(|c| c.is_whitespace() || c == ';');
        self.language.comments.iter().any(|start| {
            let fits =
                if *start == "#" { free && !rest.starts_with("#[") } else { before != Some(':') };
            rest.starts_with(start) && fits
        })
    }
}
