//! JSON, with the comments and trailing commas that editors allow. What stands before a fault is
//! kept, and of a key that stands there twice both values.

use serde::de::{DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};

use super::super::entries::{Entries, Path, TOO_DEEP};
use crate::quotes;

pub fn parse(text: &str, entries: &mut Entries) {
    let strict = strict(text);
    let mut flat = Flat { entries, path: Path::default() };
    let mut reader = serde_json::Deserializer::from_slice(&strict);
    let read = Deserializer::deserialize_any(&mut reader, &mut flat).and_then(|()| reader.end());
    if let Err(error) = read {
        flat.entries.fault(Some(error.line()), error.to_string());
    }
}

struct Flat<'a> {
    entries: &'a mut Entries,
    path: Path,
}

impl Flat<'_> {
    fn push(&mut self, value: &str) {
        self.entries.push(self.path.key(), value, None);
    }
}

impl<'de> DeserializeSeed<'de> for &mut Flat<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, value: D) -> Result<(), D::Error> {
        value.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for &mut Flat<'_> {
    type Value = ();

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("a value")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        while let Some(key) = map.next_key::<String>()? {
            if !self.path.enter(&key) {
                return Err(A::Error::custom(TOO_DEEP));
            }
            map.next_value_seed(&mut *self)?;
            self.path.leave();
        }
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<(), A::Error> {
        for at in 0_usize.. {
            if !self.path.enter(&at.to_string()) {
                return Err(A::Error::custom(TOO_DEEP));
            }
            let item = list.next_element_seed(&mut *self)?;
            self.path.leave();
            if item.is_none() {
                break;
            }
        }
        Ok(())
    }

    fn visit_str<E>(self, value: &str) -> Result<(), E> {
        self.push(value);
        Ok(())
    }

    fn visit_bool<E>(self, value: bool) -> Result<(), E> {
        self.push(&value.to_string());
        Ok(())
    }

    fn visit_i64<E>(self, value: i64) -> Result<(), E> {
        self.push(&value.to_string());
        Ok(())
    }

    fn visit_u64<E>(self, value: u64) -> Result<(), E> {
        self.push(&value.to_string());
        Ok(())
    }

    fn visit_f64<E>(self, value: f64) -> Result<(), E> {
        self.push(&value.to_string());
        Ok(())
    }

    fn visit_unit<E>(self) -> Result<(), E> {
        self.push("");
        Ok(())
    }
}

/// The same text with blanks instead of comments and trailing commas: every line keeps its number.
fn strict(text: &str) -> Vec<u8> {
    let mut strict = text.as_bytes().to_vec();
    let mut comma = None;
    let mut at = 0;
    while let Some(byte) = strict.get(at).copied() {
        let rest = strict.get(at..).unwrap_or_default();
        let length = match byte {
            b'"' => quotes::length(rest),
            b'/' => comment(rest),
            _ => 1,
        };
        match byte {
            b'/' if length > 1 => blank(&mut strict, at, length),
            b']' | b'}' => comma.take().into_iter().for_each(|at| blank(&mut strict, at, 1)),
            b',' => comma = Some(at),
            byte if byte.is_ascii_whitespace() => {}
            _ => comma = None,
        }
        at += length;
    }
    strict
}

fn blank(text: &mut [u8], at: usize, length: usize) {
    let blanks = text.iter_mut().skip(at).take(length);
    blanks.filter(|byte| **byte != b'\n').for_each(|byte| *byte = b' ');
}

/// How long a comment is; 1 where there is none.
fn comment(text: &[u8]) -> usize {
    let end = |mark: &[u8]| memchr::memmem::find(text.get(2..).unwrap_or_default(), mark);
    match text.get(1) {
        Some(b'/') => end(b"\n").map_or(text.len(), |at| at + 2),
        Some(b'*') => end(b"*/").map_or(text.len(), |at| at + 4),
        _ => 1,
    }
}
