//! A kernel's command line as its options, by the kernel's own rules: blanks part them unless a double
//! quote is open, and the first `=` ends the name. Limits: 1,000 options, 4,096 bytes of each.

use crate::{name, secrets};

const MAX_WORDS: usize = 1_000;
const MAX_LENGTH: usize = 4_096;

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Word {
    pub name: String,
    pub value: Option<String>,
}

/// The options, and whether some of them are cut or left out.
pub fn words(line: &str) -> (Vec<Word>, bool) {
    let (mut words, mut cut) = (Vec::new(), false);
    for part in parts(line) {
        if words.len() == MAX_WORDS {
            return (words, true);
        }
        cut |= part.len() > MAX_LENGTH;
        words.push(word(&part));
    }
    (words, cut)
}

fn parts(line: &str) -> impl Iterator<Item = String> {
    let mut chars = line.chars();
    std::iter::from_fn(move || {
        let (mut part, mut quoted, mut any) = (String::new(), false, false);
        for c in chars.by_ref() {
            match c {
                '"' => (quoted, any) = (!quoted, true),
                c if !quoted && (c.is_ascii_whitespace() || c == '\0') => {
                    if any {
                        return Some(part);
                    }
                }
                c => {
                    part.push(c);
                    any = true;
                }
            }
        }
        any.then_some(part)
    })
}

fn word(part: &str) -> Word {
    let mut shown = name::text(&secrets::in_line(part.as_bytes()));
    shown.truncate(shown.floor_char_boundary(MAX_LENGTH));
    match shown.split_once('=') {
        // What follows a secret's name is hidden whole, blanks too.
        Some((name, value)) if value.starts_with("***") => {
            Word { name: name.into(), value: Some("***".into()) }
        }
        Some((name, value)) => Word { name: name.into(), value: Some(value.into()) },
        None => Word { name: shown, value: None },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(line: &str) -> Vec<String> {
        let shown = |word: Word| match word.value {
            Some(value) => format!("{}|{value}", word.name),
            None => word.name,
        };
        words(line).0.into_iter().map(shown).collect()
    }

    #[test]
    fn options_are_parted_as_the_kernel_does() {
        let cases: [(&str, &[&str]); 7] = [
            ("root=UUID=a-b ro  quiet\n", &["root|UUID=a-b", "ro", "quiet"]),
            ("dyndbg=\"file a +p; file b +p\" x", &["dyndbg|file a +p; file b +p", "x"]),
            ("\"init=/bin/my sh\" 1", &["init|/bin/my sh", "1"]),
            ("a=\"open", &["a|open"]),
            (
                "systemd.setenv=API_TOKEN=k wpa-password=\"p q\"",
                &["systemd.setenv|API_TOKEN=***", "wpa-password|***"],
            ),
            ("=x \"\"", &["|x", ""]),
            ("", &[]),
        ];
        for (line, expected) in cases {
            assert_eq!(told(line), expected, "{line}");
        }
    }

    #[test]
    fn what_is_too_long_is_cut_and_said() {
        let (found, cut) = words(&format!("a={}", "x".repeat(9_000)));
        assert!(cut && found[0].value.as_ref().unwrap().len() < 5_000);
        let (found, cut) = words(&"a ".repeat(2_000));
        assert_eq!((found.len(), cut), (MAX_WORDS, true));
        assert!(!words("quiet").1);
    }
}
