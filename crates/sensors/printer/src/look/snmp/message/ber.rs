//! The Basic Encoding Rules (X.690), as far as SNMP uses them (RFC 3417, 8): definite lengths, tags of one byte.
//!
//! A value is read only if it is there as a whole. What holds other values is opened also where its length goes beyond the end:
//! then it is cut, and what is whole in it still counts. Nothing is nested deeper than the reader goes by itself.

use thiserror::Error;

use super::super::{oid, oid::Oid, value::Value};

pub const INTEGER: u8 = 0x02;
pub const OCTETS: u8 = 0x04;
pub const NULL: u8 = 0x05;
pub const OID: u8 = 0x06;
pub const SEQUENCE: u8 = 0x30;

/// What is wrong with bytes that should be a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum Damage {
    #[error("it ends early")]
    Short,
    #[error("a length in it makes no sense")]
    Length,
    #[error("something else stands where a part is expected")]
    Tag,
    #[error("a number in it is too large")]
    Number,
    #[error("it holds more than is kept")]
    TooMany,
}

/// Bytes that are read from their beginning; it knows where in the whole it stands.
#[derive(Clone, Copy)]
pub struct Reader<'a> {
    rest: &'a [u8],
    at: usize,
    /// Whether more was announced than there is.
    pub cut: bool,
}

impl<'a> Reader<'a> {
    pub fn new(bytes: &'a [u8]) -> Self {
        Self { rest: bytes, at: 0, cut: false }
    }

    /// Where in the whole it stands.
    pub fn place(&self) -> usize {
        self.at
    }

    pub fn is_empty(&self) -> bool {
        self.rest.is_empty()
    }

    pub fn peek(&self) -> Option<u8> {
        self.rest.first().copied()
    }

    /// The next value: its tag, its bytes, and where they begin.
    pub fn item(&mut self) -> Result<(u8, &'a [u8], usize), Damage> {
        let (tag, length, header) = self.header()?;
        let content = self.rest.get(header..).unwrap_or_default();
        let content = content.get(..length).ok_or(Damage::Short)?;
        let begins = self.at + header;
        self.skip(header + length);
        Ok((tag, content, begins))
    }

    /// The next value, if it has this tag.
    pub fn expect(&mut self, tag: u8) -> Result<&'a [u8], Damage> {
        match self.peek() {
            Some(found) if found == tag => Ok(self.item()?.1),
            Some(_) => Err(Damage::Tag),
            None => Err(Damage::Short),
        }
    }

    pub fn integer(&mut self) -> Result<i64, Damage> {
        integer(self.expect(INTEGER)?)
    }

    /// Goes into what holds others.
    pub fn open(&mut self, tag: u8) -> Result<Reader<'a>, Damage> {
        let (found, length, header) = self.header()?;
        if found != tag {
            return Err(Damage::Tag);
        }
        let all = self.rest.get(header..).unwrap_or_default();
        let content = all.get(..length).unwrap_or(all);
        let inner =
            Reader { rest: content, at: self.at + header, cut: self.cut || length > all.len() };
        self.skip(header + content.len());
        Ok(inner)
    }

    /// Tag, length, and how many bytes both take.
    fn header(&self) -> Result<(u8, usize, usize), Damage> {
        let (&tag, rest) = self.rest.split_first().ok_or(Damage::Short)?;
        let (&first, rest) = rest.split_first().ok_or(Damage::Short)?;
        if first < 0x80 {
            return Ok((tag, usize::from(first), 2));
        }
        let count = usize::from(first & 0x7F);
        if !(1..=4).contains(&count) {
            return Err(Damage::Length);
        }
        let bytes = rest.get(..count).ok_or(Damage::Short)?;
        let length = bytes.iter().fold(0_u64, |sum, byte| sum << 8 | u64::from(*byte));
        Ok((tag, usize::try_from(length).map_err(|_| Damage::Length)?, 2 + count))
    }

    fn skip(&mut self, count: usize) {
        self.rest = self.rest.get(count..).unwrap_or_default();
        self.at += count;
    }
}

fn integer(bytes: &[u8]) -> Result<i64, Damage> {
    let sign = match bytes.first() {
        None => return Err(Damage::Length),
        Some(first) if first & 0x80 != 0 => -1_i64,
        Some(_) => 0,
    };
    if bytes.len() > 8 {
        return Err(Damage::Number);
    }
    Ok(bytes.iter().fold(sign, |sum, byte| sum << 8 | i64::from(*byte)))
}

/// Agents write counters with and without the zero in front, and some let them be negative.
fn unsigned(bytes: &[u8]) -> Result<u64, Damage> {
    let bytes = match bytes {
        [0, rest @ ..] if rest.len() == 8 => rest,
        all => all,
    };
    if bytes.is_empty() || bytes.len() > 8 {
        return Err(Damage::Number);
    }
    Ok(bytes.iter().fold(0, |sum, byte| sum << 8 | u64::from(*byte)))
}

pub fn identifier(bytes: &[u8]) -> Result<Oid, Damage> {
    let mut numbers = Vec::new();
    let mut number = 0_u64;
    for byte in bytes {
        number = number << 7 | u64::from(byte & 0x7F);
        if number > u64::from(u32::MAX) + 80 {
            return Err(Damage::Number);
        }
        if byte & 0x80 == 0 {
            push(&mut numbers, number)?;
            number = 0;
        }
    }
    if bytes.last().is_some_and(|last| last & 0x80 != 0) {
        return Err(Damage::Short);
    }
    Ok(Oid::from(numbers.as_slice()))
}

/// The first number holds two.
fn push(numbers: &mut Vec<u32>, number: u64) -> Result<(), Damage> {
    let rest = if numbers.is_empty() {
        let first = (number / 40).min(2);
        numbers.push(first as u32);
        number - first * 40
    } else {
        number
    };
    if numbers.len() >= oid::MOST {
        return Err(Damage::TooMany);
    }
    numbers.push(u32::try_from(rest).map_err(|_| Damage::Number)?);
    Ok(())
}

/// What an object holds.
pub fn value(tag: u8, bytes: &[u8]) -> Result<Value, Damage> {
    Ok(match tag {
        INTEGER => Value::Integer(integer(bytes)?),
        // Opaque bytes are bytes.
        OCTETS | 0x44 => Value::Octets(bytes.to_vec()),
        NULL => Value::Null,
        OID => Value::Oid(identifier(bytes)?),
        0x40 => Value::Address(bytes.try_into().map_err(|_| Damage::Length)?),
        0x41 | 0x42 | 0x46 => Value::Count(unsigned(bytes)?),
        0x43 => Value::Ticks(unsigned(bytes)?),
        0x80 | 0x81 => Value::Absent,
        0x82 => Value::End,
        _ => return Err(Damage::Tag),
    })
}

/// A value with its tag and length.
pub fn write(tag: u8, content: &[u8]) -> Vec<u8> {
    let mut bytes = vec![tag];
    match content.len() {
        short @ 0..=0x7F => bytes.push(short as u8),
        long => {
            let length = (long as u32).to_be_bytes();
            let zeros = length.iter().take_while(|byte| **byte == 0).count();
            bytes.push(0x80 | (length.len() - zeros) as u8);
            bytes.extend(length.iter().skip(zeros));
        }
    }
    bytes.extend_from_slice(content);
    bytes
}

pub fn write_integer(number: i64) -> Vec<u8> {
    let bytes = number.to_be_bytes();
    let sign = if number < 0 { 0xFF } else { 0 };
    let spare = |pair: &&[u8]| pair[0] == sign && (pair[1] ^ sign) & 0x80 == 0;
    let spared = bytes.windows(2).take_while(|pair| spare(pair)).count();
    write(INTEGER, &bytes[spared..])
}

pub fn write_identifier(oid: &Oid) -> Vec<u8> {
    let numbers = oid.numbers();
    let first = numbers.first().copied().unwrap_or_default().min(2);
    let second = numbers.get(1).copied().unwrap_or_default();
    let mut bytes = Vec::new();
    write_number(u64::from(first) * 40 + u64::from(second), &mut bytes);
    numbers.iter().skip(2).for_each(|number| write_number(u64::from(*number), &mut bytes));
    write(OID, &bytes)
}

fn write_number(number: u64, bytes: &mut Vec<u8>) {
    let groups = (1..10).take_while(|group| number >> (7 * group) != 0).count();
    for group in (0..=groups).rev() {
        let more = if group > 0 { 0x80 } else { 0 };
        bytes.push((number >> (7 * group)) as u8 & 0x7F | more);
    }
}
