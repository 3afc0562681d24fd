//! What an object holds (RFC 2578), and what of it is a text or a number.

use super::oid::Oid;

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Value {
    Integer(i64),
    Octets(Vec<u8>),
    Oid(Oid),
    Address([u8; 4]),
    /// Counters and gauges.
    Count(u64),
    /// Hundredths of a second.
    Ticks(u64),
    Null,
    /// The object or its instance does not exist.
    Absent,
    /// Nothing follows.
    End,
}

impl Value {
    /// Whether an object holds it; the others are answers about the object.
    pub fn is_held(&self) -> bool {
        !matches!(self, Value::Null | Value::Absent | Value::End)
    }

    /// A text for people: UTF-8 or Latin-1, without control characters, and without the two bytes by which HP names the symbol set.
    pub fn text(&self) -> Option<String> {
        let text = match self {
            Value::Octets(bytes) => readable(without_symbol_set(bytes)),
            Value::Integer(number) => number.to_string(),
            Value::Count(number) | Value::Ticks(number) => number.to_string(),
            Value::Oid(oid) => oid.to_string(),
            Value::Address([a, b, c, d]) => format!("{a}.{b}.{c}.{d}"),
            Value::Null | Value::Absent | Value::End => return None,
        };
        Some(text.trim().to_owned()).filter(|text| !text.is_empty())
    }

    /// A number; of at most eight bytes the number that they are, as HP gives collections of bits.
    pub fn number(&self) -> Option<i64> {
        match self {
            Value::Integer(number) => Some(*number),
            Value::Count(number) | Value::Ticks(number) => i64::try_from(*number).ok(),
            Value::Octets(bytes) if (1..=8).contains(&bytes.len()) => {
                let number = bytes.iter().fold(0_u64, |sum, byte| sum << 8 | u64::from(*byte));
                i64::try_from(number).ok()
            }
            _ => None,
        }
    }

    pub fn octets(&self) -> Option<&[u8]> {
        match self {
            Value::Octets(bytes) => Some(bytes),
            _ => None,
        }
    }

    pub fn oid(&self) -> Option<&Oid> {
        match self {
            Value::Oid(oid) => Some(oid),
            _ => None,
        }
    }
}

fn without_symbol_set(bytes: &[u8]) -> &[u8] {
    match bytes {
        [first, second, rest @ ..] if first.is_ascii_control() && second.is_ascii_control() => rest,
        _ => bytes,
    }
}

fn readable(bytes: &[u8]) -> String {
    let text = match std::str::from_utf8(bytes) {
        Ok(text) => text.to_owned(),
        Err(_) => bytes.iter().map(|byte| char::from(*byte)).collect(),
    };
    text.trim_end_matches('\0').replace(|c: char| c.is_control(), " ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn octets(bytes: &[u8]) -> Value {
        Value::Octets(bytes.to_vec())
    }

    #[test]
    fn texts_are_read_in_what_they_are_written_in() {
        assert_eq!(octets(b"\x01\x15VNCRC48198").text().unwrap(), "VNCRC48198");
        assert_eq!(octets("Büro\0\0".as_bytes()).text().unwrap(), "Büro");
        assert_eq!(octets(b"B\xfcro\nWest").text().unwrap(), "Büro West");
        assert_eq!(octets(b" \0").text(), None);
        assert_eq!(Value::Absent.text(), None);
    }

    #[test]
    fn a_few_bytes_are_a_number() {
        assert_eq!(octets(&[0, 0, 0, 2]).number(), Some(2));
        assert_eq!(octets(&[0xFF; 8]).number(), None);
        assert_eq!(octets(&[]).number(), None);
        assert_eq!(octets(&[0; 9]).number(), None);
    }
}
