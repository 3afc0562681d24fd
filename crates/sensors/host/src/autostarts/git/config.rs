//! The grammar of Git's configuration: sections, subsections in quotes, values with quotes, escapes,
//! continued lines and comments. Names of sections and variables have no case; subsections have.

use crate::{
    autostarts::{Lines, MAX_LINES},
    name,
};

/// A variable that is set; without `=` it is true and has no value.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Setting {
    pub line: usize,
    pub section: String,
    pub subsection: Option<String>,
    pub name: String,
    pub value: Option<String>,
}

#[derive(Debug, Default, Clone)]
struct Section {
    name: String,
    subsection: Option<String>,
}

struct Text<'a> {
    rest: std::iter::Peekable<std::slice::Iter<'a, u8>>,
    line: usize,
}

/// Of a line that makes no sense nothing counts, and its section goes on.
pub fn parse(content: &[u8]) -> Lines<Setting> {
    let content = content.strip_prefix(b"\xef\xbb\xbf").unwrap_or(content);
    let mut text = Text { rest: content.iter().peekable(), line: 1 };
    let mut found = Lines::default();
    let mut section = None;
    while let Some(byte) = text.next() {
        let line = text.line;
        let sound = match byte {
            b'#' | b';' => {
                text.skip_line();
                true
            }
            b'[' => {
                section = text.section();
                section.is_some()
            }
            byte if byte.is_ascii_whitespace() => true,
            byte if byte.is_ascii_alphabetic() => {
                let setting = text.variable(byte);
                let whole = setting.zip(section.as_ref());
                let sound = whole.is_some();
                if let Some(((name, value), section)) = whole {
                    take(&mut found, line, section, name, value);
                }
                sound
            }
            _ => false,
        };
        if !sound {
            found.note(line);
            text.skip_line();
        }
        if found.found.len() >= MAX_LINES {
            break;
        }
    }
    found
}

fn take(
    found: &mut Lines<Setting>,
    line: usize,
    section: &Section,
    name: Vec<u8>,
    value: Option<Vec<u8>>,
) {
    found.take(Setting {
        line,
        section: section.name.clone(),
        subsection: section.subsection.clone(),
        name: name::text(&name).to_ascii_lowercase(),
        value: value.map(|value| name::text(&value)),
    });
}

impl Text<'_> {
    /// The next byte; an end of line of two bytes is one.
    fn next(&mut self) -> Option<u8> {
        let byte = *self.rest.next()?;
        if byte == b'\r' && self.peek() == Some(b'\n') {
            return self.next();
        }
        self.line += usize::from(byte == b'\n');
        Some(byte)
    }

    fn peek(&mut self) -> Option<u8> {
        self.rest.peek().map(|byte| **byte)
    }

    /// Leaves the end of the line to be read, so that whoever reads it counts it.
    fn skip_line(&mut self) {
        while self.peek().is_some_and(|byte| byte != b'\n') {
            self.rest.next();
        }
    }

    /// `name]`, `name "sub"]` or `name.sub]`
    fn section(&mut self) -> Option<Section> {
        let mut name = Vec::new();
        loop {
            match self.peek()? {
                b']' => {
                    self.rest.next();
                    return Some(dotted(&name));
                }
                b' ' | b'\t' => {
                    let subsection = self.subsection()?;
                    let name = name::text(&name).to_ascii_lowercase();
                    return Some(Section { name, subsection: Some(subsection) });
                }
                byte if byte.is_ascii_alphanumeric() || b".-".contains(&byte) => {
                    name.push(byte);
                    self.rest.next();
                }
                _ => return None,
            }
        }
    }

    fn subsection(&mut self) -> Option<String> {
        while matches!(self.peek()?, b' ' | b'\t') {
            self.rest.next();
        }
        if self.next()? != b'"' {
            return None;
        }
        let mut name = Vec::new();
        loop {
            match self.peek()? {
                b'\n' => return None,
                b'"' => break,
                b'\\' => {
                    self.rest.next();
                    name.push(self.peek().filter(|byte| *byte != b'\n')?);
                }
                byte => name.push(byte),
            }
            self.rest.next();
        }
        self.rest.next();
        (self.next()? == b']').then(|| name::text(&name))
    }

    /// A name that began with `first`, and its value.
    fn variable(&mut self, first: u8) -> Option<(Vec<u8>, Option<Vec<u8>>)> {
        let mut name = vec![first];
        while let Some(byte) =
            self.peek().filter(|byte| byte.is_ascii_alphanumeric() || *byte == b'-')
        {
            name.push(byte);
            self.rest.next();
        }
        while matches!(self.peek(), Some(b' ' | b'\t' | b'\r')) {
            self.rest.next();
        }
        match self.peek() {
            None | Some(b'\n' | b'#' | b';') => Some((name, None)),
            Some(b'=') => {
                self.rest.next();
                Some((name, Some(self.value()?)))
            }
            _ => None,
        }
    }

    fn value(&mut self) -> Option<Vec<u8>> {
        let mut value = Vec::new();
        // Blanks at the end do not count unless something follows them.
        let mut blanks = Vec::new();
        let mut quoted = false;
        loop {
            match self.peek() {
                None | Some(b'\n') if quoted => return None,
                None | Some(b'\n') => return Some(value),
                Some(b'#' | b';') if !quoted => {
                    self.skip_line();
                    return Some(value);
                }
                Some(byte) if byte.is_ascii_whitespace() && !quoted => {
                    self.rest.next();
                    if !value.is_empty() {
                        blanks.push(byte);
                    }
                }
                Some(byte) => {
                    self.rest.next();
                    value.append(&mut blanks);
                    match byte {
                        b'"' => quoted = !quoted,
                        b'\\' => value.extend(self.escaped()?),
                        byte => value.push(byte),
                    }
                }
            }
        }
    }

    /// What a backslash and the byte after it stand for; at the end of a line, for nothing.
    fn escaped(&mut self) -> Option<Option<u8>> {
        Some(match self.next()? {
            b'\n' => None,
            b'n' => Some(b'\n'),
            b't' => Some(b'\t'),
            b'b' => Some(8),
            byte @ (b'"' | b'\\') => Some(byte),
            _ => return None,
        })
    }
}

/// An old way to write a subsection, without case.
fn dotted(name: &[u8]) -> Section {
    let text = name::text(name).to_ascii_lowercase();
    match text.split_once('.') {
        Some((name, subsection)) => {
            Section { name: name.to_owned(), subsection: Some(subsection.to_owned()) }
        }
        None => Section { name: text, subsection: None },
    }
}
