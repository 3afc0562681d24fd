//! The words of a line of a boot loader's script or of a shell's assignments. Variables that are known take their values, others stay as they are written.

use std::collections::HashMap;

const MAX_WORDS: usize = 2_000;
const MAX_VARIABLES: usize = 1_000;
/// Longer values are not remembered, and longer words grow no further.
const MAX_LENGTH: usize = 16 << 10;

/// What `set NAME=VALUE` said.
#[derive(Debug, Default)]
pub struct Variables(HashMap<String, String>);

impl Variables {
    pub fn set(&mut self, name: &str, value: &str) {
        let fits = value.len() <= MAX_LENGTH && self.0.len() < MAX_VARIABLES;
        if fits || self.0.contains_key(name) {
            let end = value.floor_char_boundary(MAX_LENGTH);
            self.0.insert(name.into(), value.get(..end).unwrap_or_default().into());
        }
    }

    fn get(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(String::as_str)
    }
}

#[derive(Default)]
struct Words<'a> {
    all: Vec<String>,
    text: String,
    any: bool,
    variables: Option<&'a Variables>,
}

/// The words up to a comment. Quotes are taken away.
pub fn words(line: &str, variables: Option<&Variables>) -> Vec<String> {
    let mut words = Words { variables, ..Words::default() };
    let mut quote = None;
    let mut rest = line.chars();
    while let Some(c) = rest.next() {
        match (c, quote) {
            _ if words.all.len() >= MAX_WORDS => break,
            ('\\', open) if open != Some('\'') => words.push(rest.next().unwrap_or('\\')),
            (c, Some(open)) if c == open => quote = None,
            ('"' | '\'', None) => {
                quote = Some(c);
                words.any = true;
            }
            ('$', open) if open != Some('\'') => words.variable(&mut rest, open.is_some()),
            ('#', None) if !words.any => break,
            (c, None) if c.is_whitespace() => words.end(),
            (';' | '{' | '}', None) if !words.any => {
                words.push(c);
                words.end();
            }
            (';', None) => {
                words.end();
                words.push(c);
                words.end();
            }
            (c, _) => words.push(c),
        }
    }
    words.end();
    words.all
}

impl Words<'_> {
    fn push(&mut self, c: char) {
        self.any = true;
        if self.text.len() < MAX_LENGTH {
            self.text.push(c);
        }
    }

    fn end(&mut self) {
        if std::mem::take(&mut self.any) {
            self.all.push(std::mem::take(&mut self.text));
        }
    }

    /// A variable that is not quoted may hold several words.
    fn variable(&mut self, rest: &mut std::str::Chars<'_>, quoted: bool) {
        let (name, written) = reference(rest.as_str());
        let written = written.to_owned();
        let value = self.variables.and_then(|known| known.get(name));
        for _ in written.chars() {
            rest.next();
        }
        let Some(value) = value else {
            self.push('$');
            written.chars().for_each(|c| self.push(c));
            return;
        };
        for c in value.chars() {
            if c.is_whitespace() && !quoted { self.end() } else { self.push(c) }
        }
    }
}

/// The name behind a `$`, and how it is written there.
fn reference(rest: &str) -> (&str, &str) {
    if let Some((name, _)) = rest.strip_prefix('{').and_then(|inner| inner.split_once('}')) {
        return (name, rest.get(..name.len() + 2).unwrap_or_default());
    }
    let of_name = |c: char| c.is_ascii_alphanumeric() || c == '_';
    let end = rest.find(|c| !of_name(c)).unwrap_or(rest.len());
    let name = rest.get(..end).unwrap_or_default();
    (name, name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_lose_their_quotes_and_known_variables_their_names() {
        let mut variables = Variables::default();
        variables.set("extra", "init=/bin/sh ro");
        let cases: [(&str, &[&str]); 8] = [
            ("menuentry 'A b' --class x {", &["menuentry", "A b", "--class", "x", "{"]),
            ("linux /v a=\"b c\" $extra # no", &["linux", "/v", "a=b c", "init=/bin/sh", "ro"]),
            ("x \"${extra}\"", &["x", "init=/bin/sh ro"]),
            ("x '$extra' $unknown ${un known}", &["x", "$extra", "$unknown", "${un known}"]),
            ("x a\\ b $", &["x", "a b", "$"]),
            (
                "menuentry \"x\" { linux /v 1; }",
                &["menuentry", "x", "{", "linux", "/v", "1", ";", "}"],
            ),
            ("x ''", &["x", ""]),
            ("# only", &[]),
        ];
        for (line, expected) in cases {
            assert_eq!(words(line, Some(&variables)), expected, "{line}");
        }
    }

    #[test]
    fn words_do_not_grow_without_end() {
        let mut variables = Variables::default();
        variables.set("a", &"x".repeat(10_000));
        let found = words(&"$a".repeat(1_000), Some(&variables));
        assert_eq!(found.len(), 1);
        assert!(found[0].len() <= MAX_LENGTH);
        assert_eq!(words(&"a ".repeat(9_000), None).len(), MAX_WORDS);
    }
}
