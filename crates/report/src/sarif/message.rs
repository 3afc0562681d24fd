//! Text in messages. There, brackets are links and braces are placeholders, which a fact must not
//! be able to write.

use crate::safe_text::visible;

pub fn plain(text: &str) -> String {
    let mut message = String::with_capacity(text.len());
    for c in visible(text).chars() {
        match c {
            '\\' | '[' | ']' => message.extend(['\\', c]),
            '{' | '}' => message.extend([c, c]),
            c => message.push(c),
        }
    }
    message
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fact_writes_neither_link_nor_placeholder() {
        assert_eq!(plain("[a](http://x) {0}\n"), "\\[a\\](http://x) {{0}}\\\\n");
    }
}
