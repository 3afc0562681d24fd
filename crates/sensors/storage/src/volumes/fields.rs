//! Numbers and texts out of records that may be shorter than they say: what is not there reads as zero.

/// The bytes of one record.
#[derive(Clone, Copy)]
pub struct Fields<'a>(pub &'a [u8]);

impl<'a> Fields<'a> {
    pub fn array<const N: usize>(self, at: usize) -> [u8; N] {
        let mut into = [0; N];
        let rest = self.0.get(at..).unwrap_or_default();
        let count = rest.len().min(N);
        into[..count].copy_from_slice(&rest[..count]);
        into
    }

    pub fn u8(self, at: usize) -> u8 {
        self.array::<1>(at)[0]
    }

    pub fn u16(self, at: usize) -> u16 {
        u16::from_le_bytes(self.array(at))
    }

    pub fn u32(self, at: usize) -> u32 {
        u32::from_le_bytes(self.array(at))
    }

    pub fn u64(self, at: usize) -> u64 {
        u64::from_le_bytes(self.array(at))
    }

    pub fn be16(self, at: usize) -> u16 {
        u16::from_be_bytes(self.array(at))
    }

    pub fn be32(self, at: usize) -> u32 {
        u32::from_be_bytes(self.array(at))
    }

    pub fn be64(self, at: usize) -> u64 {
        u64::from_be_bytes(self.array(at))
    }

    /// A text that a zero ends; none where it is empty.
    pub fn text(self, at: usize, count: usize) -> Option<String> {
        let field = self.bytes(at, count).split(|byte| *byte == 0).next();
        label(&String::from_utf8_lossy(field.unwrap_or_default()))
    }

    /// Sixteen bytes as ids are written; none where all are zero.
    pub fn uuid(self, at: usize) -> Option<String> {
        let id: [u8; 16] = self.array(at);
        let digits: String = id.iter().map(|byte| format!("{byte:02x}")).collect();
        let parts = [0..8, 8..12, 12..16, 16..20, 20..32].map(|part| &digits[part]);
        (id != [0; 16]).then(|| parts.join("-"))
    }

    /// As many of `count` bytes as there are.
    pub fn bytes(self, at: usize, count: usize) -> &'a [u8] {
        let rest = self.0.get(at..).unwrap_or_default();
        &rest[..rest.len().min(count)]
    }

    pub fn from(self, at: usize) -> Fields<'a> {
        Fields(self.0.get(at..).unwrap_or_default())
    }

    pub fn units(self, at: usize, count: usize) -> impl Iterator<Item = u16> {
        self.bytes(at, count * 2).chunks_exact(2).map(|two| u16::from_le_bytes([two[0], two[1]]))
    }
}

/// UTF-16 to its end or the first zero.
pub fn wide(units: impl IntoIterator<Item = u16>) -> String {
    let units = units.into_iter().take_while(|unit| *unit != 0);
    char::decode_utf16(units).map(|char| char.unwrap_or(char::REPLACEMENT_CHARACTER)).collect()
}

/// A label without the blanks that fill it; none where nothing is left.
pub fn label(text: &str) -> Option<String> {
    let kept: String = text.chars().filter(|char| !char.is_control()).take(128).collect();
    let kept = kept.trim();
    (!kept.is_empty()).then(|| kept.to_owned())
}

/// One part of a path: a name cannot make itself two, or climb.
pub fn part(name: &str) -> String {
    match name {
        "" | "." | ".." => {
            name.replace('.', "\u{fffd}") + if name.is_empty() { "\u{fffd}" } else { "" }
        }
        _ => name.replace(['/', '\0'], "\u{fffd}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_there_is_zero() {
        let fields = Fields(&[1, 2, 3]);
        assert_eq!((fields.u16(1), fields.u32(1), fields.u8(9)), (0x302, 0x302, 0));
        assert_eq!((fields.be16(0), fields.be32(0), fields.be64(3)), (0x102, 0x0102_0300, 0));
        assert_eq!(Fields(b"ab\0c").text(0, 4).as_deref(), Some("ab"));
        let id: Vec<u8> = (0..16).collect();
        let written = Some("00010203-0405-0607-0809-0a0b0c0d0e0f");
        assert_eq!((Fields(&id).uuid(0).as_deref(), Fields(&[0; 16]).uuid(0)), (written, None));
        assert_eq!(fields.bytes(2, 9), [3]);
        assert!(fields.bytes(9, 9).is_empty() && fields.from(usize::MAX).0.is_empty());
    }

    #[test]
    fn names_stay_one_part() {
        assert_eq!(part("a/../b\0"), "a\u{fffd}..\u{fffd}b\u{fffd}");
        assert_eq!((part(".."), part("")), ("\u{fffd}\u{fffd}".into(), "\u{fffd}".into()));
        assert_eq!(wide([0x673A, 0x5BC6, 0xD800, 0, 65]), "机密\u{fffd}");
        assert_eq!((label(" A\0 "), label("  ")), (Some("A".into()), None));
    }
}
