//! A path of the target as a URI reference that stays under the target's root.

use std::fmt::Write;

/// The reference, or nothing where the text is no absolute path, or climbs.
pub fn relative(path: &str) -> Option<String> {
    let inner = path.strip_prefix('/')?;
    let climbs = inner.split('/').any(|part| matches!(part, "" | "." | ".."));
    if climbs {
        return None;
    }
    Some(encoded(inner))
}

fn encoded(path: &str) -> String {
    path.bytes().fold(String::with_capacity(path.len()), |mut uri, byte| {
        let plain = byte.is_ascii_alphanumeric() || b"/-._~".contains(&byte);
        let _ = if plain { write!(uri, "{}", byte as char) } else { write!(uri, "%{byte:02X}") };
        uri
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_stays_under_its_root() {
        let cases = [
            ("/usr/bin/ssh", Some("usr/bin/ssh")),
            ("/tmp/a b:%\u{e9}", Some("tmp/a%20b%3A%25%C3%A9")),
            ("/../etc/passwd", None),
            ("//host/share", None),
            ("/a//b", None),
            ("relative", None),
            ("/", None),
            ("javascript:alert(1)", None),
        ];
        for (path, uri) in cases {
            assert_eq!(relative(path).as_deref(), uri, "{path}");
        }
    }
}
