//! Bytes of devices as words for people.

use crate::method::Denial;

/// Printable ASCII alone, without what pads it.
pub fn ascii(bytes: &[u8]) -> Option<String> {
    let kept: String = bytes
        .iter()
        .filter(|byte| matches!(byte, b' '..=b'~'))
        .map(|byte| char::from(*byte))
        .collect();
    let text = kept.trim();
    (!text.is_empty()).then(|| text.to_owned())
}

pub fn hexadecimal(bytes: &[u8]) -> String {
    let bytes: Vec<String> = bytes.iter().map(|byte| format!("{byte:02X}")).collect();
    bytes.join(" ")
}

pub fn denial(method: &'static str, reason: impl Into<String>, hint: Option<&str>) -> Denial {
    Denial { method, reason: reason.into(), hint: hint.map(str::to_owned) }
}

/// One denial for each method, all for the same reason.
pub fn denials(methods: &[&'static str], reason: &str, hint: Option<&str>) -> Vec<Denial> {
    methods.iter().map(|method| denial(method, reason, hint)).collect()
}

/// Bytes at a place; zero beyond the end.
pub fn byte(bytes: &[u8], at: usize) -> u8 {
    bytes.get(at).copied().unwrap_or(0)
}

pub fn little<const N: usize>(bytes: &[u8], at: usize) -> [u8; N] {
    std::array::from_fn(|offset| byte(bytes, at.saturating_add(offset)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_printable_text_stays() {
        assert_eq!(ascii(b"  ab\x1b[c \0\0").as_deref(), Some("ab[c"));
        assert_eq!((ascii(b"   "), ascii(b"")), (None, None));
        assert_eq!(hexadecimal(&[0x85, 0x06, 0xFF]), "85 06 FF");
        assert_eq!((byte(&[1], 0), byte(&[1], 1)), (1, 0));
        assert_eq!(little::<2>(&[1, 2, 3], 2), [3, 0]);
    }
}
