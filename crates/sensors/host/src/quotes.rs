//! Texts between double quotes, as JSON and APT's configuration write them.

/// How long such a text is, with both quotes: it ends at the next one, and a backslash keeps what
/// follows it. One that does not end goes to the end.
pub fn length(text: &[u8]) -> usize {
    let mut at = 1;
    while let Some(byte) = text.get(at) {
        match byte {
            b'"' => return at + 1,
            b'\\' => at += 2,
            _ => at += 1,
        }
    }
    text.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_ends_at_the_quote_that_no_backslash_keeps() {
        let cases: [(&[u8], usize); 6] = [
            (br#""a" b"#, 3),
            (br#""a\"b" c"#, 6),
            (br#""\\" c"#, 4),
            (br#""a"#, 2),
            (br#""a\"#, 3),
            (b"\"", 1),
        ];
        for (text, expected) in cases {
            assert_eq!(length(text), expected, "{}", String::from_utf8_lossy(text));
        }
    }
}
