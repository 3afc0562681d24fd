//! What a file says of itself.

/// Texts are cut to 200 characters, and hold no control characters: use [`Details::text`].
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Details {
    pub title: Option<String>,
    pub author: Option<String>,
    /// The account that printed it.
    pub user: Option<String>,
    /// The machine that it came from.
    pub host: Option<String>,
    pub application: Option<String>,
    /// The name that it had.
    pub name: Option<String>,
    /// Pages, pictures, messages or rows; of a truncated file those that survive.
    pub pages: Option<u32>,
    /// Seconds since 1970, in UTC; of a time without a zone as if it were UTC.
    pub created: Option<i64>,
    pub modified: Option<i64>,
    pub encrypted: Option<bool>,
    pub settings: Vec<Setting>,
}

/// See the table storage_settings.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Setting {
    pub kind: &'static str,
    pub server: Option<String>,
    pub user: Option<String>,
    /// Whether a password, key or token stands there; never the secret itself.
    pub secret: bool,
    pub entries: Option<u32>,
    pub at: Option<u64>,
}

impl Details {
    const LONGEST: usize = 200;

    /// A foreign text as it may be kept: one line, trimmed, not too long; none where nothing is left.
    pub fn text(foreign: &str) -> Option<String> {
        let line: String = foreign
            .chars()
            .map(|char| if char.is_control() { ' ' } else { char })
            .take(Self::LONGEST)
            .collect();
        let line = line.trim();
        (!line.is_empty()).then(|| line.to_owned())
    }

    /// The same of bytes: UTF-8, or Latin-1 where they are not.
    pub fn bytes(foreign: &[u8]) -> Option<String> {
        let cut = &foreign[..foreign.len().min(Self::LONGEST * 4)];
        match std::str::from_utf8(cut) {
            Ok(text) => Self::text(text),
            // Cut in the middle of a character.
            Err(error) if error.error_len().is_none() => {
                Self::text(&String::from_utf8_lossy(&cut[..error.valid_up_to()]))
            }
            Err(_) => Self::text(&cut.iter().map(|byte| char::from(*byte)).collect::<String>()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn foreign_text_becomes_one_short_line() {
        assert_eq!(Details::text(" a\nb\u{1b}[2J ").as_deref(), Some("a b [2J"));
        assert_eq!(Details::text(" \0 "), None);
        assert_eq!(Details::text(&"长".repeat(500)).unwrap().chars().count(), 200);
        assert_eq!(Details::bytes(b"M\xfcller").as_deref(), Some("Müller"));
        assert_eq!(Details::bytes("密".as_bytes()).as_deref(), Some("密"));
        assert_eq!(Details::bytes(&"密".as_bytes()[..2]), None);
    }
}
