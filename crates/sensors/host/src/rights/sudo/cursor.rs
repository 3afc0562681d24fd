//! Words of a line of sudoers. A backslash takes the next character as it is, and `\xNN` is the
//! character of that number; double quotes hold what may have blanks in it.

pub struct Cursor<'a> {
    text: &'a str,
    at: usize,
}

/// No nesting, no list and no word can make reading slow: each step moves on.
impl<'a> Cursor<'a> {
    pub fn new(text: &'a str) -> Self {
        Self { text, at: 0 }
    }

    pub fn rest(&self) -> &'a str {
        self.text.get(self.at..).unwrap_or_default()
    }

    pub fn blanks(&mut self) {
        self.at += self.rest().len() - self.rest().trim_start().len();
    }

    pub fn is_done(&self) -> bool {
        self.rest().trim_start().is_empty()
    }

    pub fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    /// Goes past a character, and blanks before it.
    pub fn take(&mut self, wanted: char) -> bool {
        let rest = self.rest().trim_start();
        let found = rest.starts_with(wanted);
        if found {
            self.at = self.text.len() - rest.len() + wanted.len_utf8();
        }
        found
    }

    /// Goes past a text that stands here as it is.
    pub fn take_text(&mut self, wanted: &str) -> bool {
        let found = self.rest().starts_with(wanted);
        if found {
            self.at += wanted.len();
        }
        found
    }

    /// How many exclamation marks stand here.
    pub fn negations(&mut self) -> bool {
        let mut odd = false;
        while self.take('!') {
            odd = !odd;
        }
        self.blanks();
        odd
    }

    /// A word up to a blank or one of the ends, unescaped, and whether it stood in quotes.
    pub fn word(&mut self, ends: &[char]) -> Option<(String, bool)> {
        self.blanks();
        if self.peek() == Some('"') {
            return self.quoted().map(|word| (word, true));
        }
        let end = |c: char| c.is_whitespace() || ends.contains(&c);
        let raw = self.raw(end);
        (!raw.is_empty()).then(|| (unescaped(raw), false))
    }

    /// What stands up to an end that no backslash takes, as it is written.
    pub fn raw(&mut self, end: impl Fn(char) -> bool) -> &'a str {
        let rest = self.rest();
        let mut escaped = false;
        let length = rest.find(|c: char| {
            let ends = !escaped && end(c);
            escaped = c == '\\' && !escaped;
            ends
        });
        let (raw, _) = rest.split_at(length.unwrap_or(rest.len()));
        self.at += raw.len();
        raw
    }

    fn quoted(&mut self) -> Option<String> {
        self.take('"');
        let raw = self.raw(|c| c == '"');
        self.take('"').then(|| unescaped(raw))
    }
}

pub fn unescaped(raw: &str) -> String {
    let mut text = String::with_capacity(raw.len());
    let mut chars = raw.chars();
    while let Some(c) = chars.next() {
        if c != '\\' {
            text.push(c);
            continue;
        }
        let rest = chars.as_str();
        match hexadecimal(rest) {
            Some(c) => {
                text.push(c);
                chars = rest.get(3..).unwrap_or_default().chars();
            }
            None => text.extend(chars.next()),
        }
    }
    text
}

fn hexadecimal(rest: &str) -> Option<char> {
    let digits = rest.strip_prefix('x')?.get(..2)?;
    u8::from_str_radix(digits, 16).ok().map(char::from)
}
