//! What Net-SNMP's `snmpwalk` prints with `-On`, and with `-OnU`, `-Ov` aside: `identifier = TYPE: value`. A value may go on over several
//! lines; a line that begins no object belongs to the one before.

use super::{Read, hex};
use crate::look::snmp::{oid::Oid, value::Value};

/// The longest value that is put together from lines.
const LONGEST: usize = 65_536;

pub fn read(bytes: &[u8]) -> Read {
    let mut read = Read::default();
    let mut open: Option<(usize, Oid, Vec<u8>)> = None;
    for (at, line) in bytes.split(|byte| *byte == b'\n').enumerate() {
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        if let Some((oid, value)) = beginning(line) {
            close(open.replace((at, oid, value.to_vec())), &mut read);
        } else if let Some((_, _, value)) = &mut open {
            if value.len() + line.len() < LONGEST {
                value.push(b'\n');
                value.extend_from_slice(line);
            }
        } else if !line.trim_ascii().is_empty() {
            read.unread(at);
        }
    }
    close(open, &mut read);
    read
}

fn close(object: Option<(usize, Oid, Vec<u8>)>, read: &mut Read) {
    let Some((at, oid, text)) = object else { return };
    match value(&text) {
        Some(value) => read.full |= !read.walk.insert(oid, value),
        None => read.unread(at),
    }
}

/// An object and what is printed behind its sign.
fn beginning(line: &[u8]) -> Option<(Oid, &[u8])> {
    let at = line.windows(2).position(|pair| pair == b" =")?;
    let (name, rest) = line.split_at(at);
    let name = std::str::from_utf8(name).ok()?;
    let oid = match name.strip_prefix("iso.") {
        Some(rest) => Oid::parse(&format!("1.{rest}"))?,
        None if name.starts_with(['.', '1']) => Oid::parse(name)?,
        None => return None,
    };
    Some((oid, rest.get(2..)?.trim_ascii_start()))
}

fn value(text: &[u8]) -> Option<Value> {
    let text = match text.strip_prefix(b"Wrong Type (") {
        Some(rest) => rest.get(rest.windows(3).position(|part| part == b"): ")? + 3..)?,
        None => text,
    };
    let trimmed = text.trim_ascii();
    if trimmed.is_empty() || trimmed == b"\"\"" {
        return Some(Value::Octets(Vec::new()));
    }
    if trimmed.starts_with(b"No Such") || trimmed.starts_with(b"No more") || trimmed == b"NULL" {
        return Some(Value::Absent);
    }
    let at = text.iter().position(|byte| *byte == b':')?;
    let (sort, rest) = text.split_at(at);
    of_sort(sort, rest.get(1..)?)
}

fn of_sort(sort: &[u8], text: &[u8]) -> Option<Value> {
    let trimmed = text.trim_ascii();
    let words = || std::str::from_utf8(trimmed).ok();
    Some(match sort {
        b"STRING" => Value::Octets(unquoted(text)),
        b"Hex-STRING" => Value::Octets(hex(trimmed, |byte| byte.is_ascii_whitespace())?),
        // The numbers of the bits stand behind the bytes.
        b"BITS" => {
            let words = trimmed.split(|byte| *byte == b' ').take_while(|word| word.len() == 2);
            Value::Octets(hex(&words.collect::<Vec<_>>().concat(), |_| false)?)
        }
        b"Network Address" => Value::Octets(hex(trimmed, |byte| byte == b':')?),
        b"INTEGER" => Value::Integer(number(words()?)?.parse().ok()?),
        b"Counter32" | b"Gauge32" | b"Counter64" | b"Unsigned32" => {
            Value::Count(number(words()?)?.parse().ok()?)
        }
        b"Timeticks" => Value::Ticks(number(words()?)?.parse().ok()?),
        b"OID" => Value::Oid(Oid::parse(&words()?.replace("iso.", "1."))?),
        b"IpAddress" => Value::Address(words()?.parse::<std::net::Ipv4Addr>().ok()?.octets()),
        _ => return None,
    })
}

/// A number in brackets behind its name, or at the beginning, before its unit.
fn number(text: &str) -> Option<&str> {
    let bracketed = text.split_once('(').and_then(|(_, rest)| rest.split_once(')'));
    if let Some((inside, _)) = bracketed
        && inside.parse::<i64>().is_ok()
    {
        return Some(inside);
    }
    text.split_ascii_whitespace().next()
}

/// Without the quotes round it, and without what escapes a quote in it.
fn unquoted(text: &[u8]) -> Vec<u8> {
    let text = text.strip_prefix(b" ").unwrap_or(text);
    let Some(inside) = text.trim_ascii_end().strip_prefix(b"\"") else { return text.to_vec() };
    let inside = inside.strip_suffix(b"\"").unwrap_or(inside);
    let mut bytes = Vec::with_capacity(inside.len());
    let mut rest = inside;
    while let Some((&first, after)) = rest.split_first() {
        rest = after;
        match (first, rest.split_first()) {
            (b'\\', Some((escaped @ (b'"' | b'\\'), after))) => {
                bytes.push(*escaped);
                rest = after;
            }
            _ => bytes.push(first),
        }
    }
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    fn one(text: &str) -> Value {
        value(text.as_bytes()).unwrap_or_else(|| panic!("{text}"))
    }

    fn octets(text: &[u8]) -> Value {
        Value::Octets(text.to_vec())
    }

    #[test]
    fn every_sort_is_read() {
        assert_eq!(one("STRING: \"HP \\\"Jet\\\"\""), octets(b"HP \"Jet\""));
        assert_eq!(one("STRING: eth0"), octets(b"eth0"));
        assert_eq!(one("STRING: a: b"), octets(b"a: b"));
        assert_eq!(one("\"\""), octets(b""));
        assert_eq!(one("Hex-STRING: 00 11 22 \nAA BB "), octets(&[0, 0x11, 0x22, 0xAA, 0xBB]));
        assert_eq!(one("BITS: 80 00 0"), octets(&[0x80, 0]));
        assert_eq!(one("INTEGER: up(1)"), Value::Integer(1));
        assert_eq!(one("INTEGER: -3"), Value::Integer(-3));
        assert_eq!(one("INTEGER: 1024 Bytes"), Value::Integer(1024));
        assert_eq!(one("Timeticks: (90117500) 10 days, 10:19:35.00"), Value::Ticks(90_117_500));
        assert_eq!(one("Gauge32: 100000000"), Value::Count(100_000_000));
        assert_eq!(one("OID: .1.3.6.1"), Value::Oid(Oid::parse("1.3.6.1").unwrap()));
        assert_eq!(one("IpAddress: 192.0.2.1"), Value::Address([192, 0, 2, 1]));
        assert_eq!(one("Wrong Type (should be INTEGER): STRING: x"), octets(b"x"));
        assert_eq!(one("No Such Object available on this agent at this OID"), Value::Absent);
        for wrong in ["nonsense", "INTEGER: five", "OID: x", "Hex-STRING: 0", "Elephant: 3"] {
            assert_eq!(value(wrong.as_bytes()), None, "{wrong}");
        }
    }

    #[test]
    fn a_value_goes_on_until_the_next_object() {
        let text =
            b".1.3.6.1 = STRING: \"one\ntwo = 2\"\niso.3.6.2 = INTEGER: 7\n.1.3.7 = Elephant: 1\n";
        let read = read(text);
        assert_eq!(read.walk.get(&[1, 3, 6, 1]), Some(&octets(b"one\ntwo = 2")));
        assert_eq!(read.walk.get(&[1, 3, 6, 2]), Some(&Value::Integer(7)));
        assert_eq!((read.unread, read.first_unread), (1, Some(4)));
    }

    #[test]
    fn what_comes_before_the_first_object_is_named() {
        let read = read(b"Timeout: No Response from printer\n");
        assert_eq!((read.unread, read.walk.is_empty()), (1, true));
    }
}
