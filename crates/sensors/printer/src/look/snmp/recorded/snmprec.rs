//! snmpsim's records: `identifier|tag|value`, one a line. The tag is that of BER in decimal, with `x` for hexadecimal digits and `e`
//! for Python's escapes; a colon and a word behind it ask for a module of snmpsim. Of these, `error` is understood: an object that is
//! answered with a general error is one that the printer has and does not show.

use super::{Read, hex};
use crate::look::snmp::{oid::Oid, value::Value};

pub fn read(bytes: &[u8]) -> Read {
    let mut read = Read::default();
    for (at, line) in bytes.split(|byte| *byte == b'\n').enumerate() {
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        if line.trim_ascii().is_empty() || line.starts_with(b"#") {
            continue;
        }
        match record(line) {
            Some((oid, Some(value))) => read.full |= !read.walk.insert(oid, value),
            Some((oid, None)) => read.walk.refuse(oid),
            None => read.unread(at),
        }
    }
    read
}

/// An object and its value; without one, the printer refuses it.
fn record(line: &[u8]) -> Option<(Oid, Option<Value>)> {
    let mut parts = line.splitn(3, |byte| *byte == b'|');
    let oid = Oid::parse(std::str::from_utf8(parts.next()?).ok()?)?;
    let tag = std::str::from_utf8(parts.next()?).ok()?;
    let text = parts.next()?;
    if let Some((_, module)) = tag.split_once(':') {
        let refused = module == "error"
            && text.windows(9).any(|part| part.eq_ignore_ascii_case(b"=generror"));
        return refused.then_some((oid, None));
    }
    let digits = tag.trim_end_matches(|c: char| c.is_ascii_alphabetic());
    let (number, form) = tag.split_at(digits.len());
    Some((oid, Some(value(number.parse().ok()?, form, text)?)))
}

fn value(tag: u8, form: &str, text: &[u8]) -> Option<Value> {
    let bytes = match form {
        "" => text.to_vec(),
        "x" => hex(text, |_| false)?,
        "e" => unescaped(text)?,
        _ => return None,
    };
    let number = || std::str::from_utf8(&bytes).ok().map(str::trim);
    Some(match tag {
        2 => Value::Integer(number()?.parse().ok()?),
        4 | 68 => Value::Octets(bytes),
        5 => Value::Null,
        6 => Value::Oid(Oid::parse(number()?)?),
        64 => Value::Address(address(&bytes)?),
        65 | 66 | 70 => Value::Count(number()?.parse().ok()?),
        67 => Value::Ticks(number()?.parse().ok()?),
        128 | 129 => Value::Absent,
        130 => Value::End,
        _ => return None,
    })
}

/// Four bytes, or four numbers with dots.
fn address(bytes: &[u8]) -> Option<[u8; 4]> {
    let written = || std::str::from_utf8(bytes).ok()?.trim().parse::<std::net::Ipv4Addr>().ok();
    written().map(|address| address.octets()).or_else(|| bytes.try_into().ok())
}

/// `\n`, `\xHH` and the like.
fn unescaped(text: &[u8]) -> Option<Vec<u8>> {
    let mut bytes = Vec::new();
    let mut rest = text;
    while let Some((&first, after)) = rest.split_first() {
        rest = after;
        if first != b'\\' {
            bytes.push(first);
            continue;
        }
        let (&kind, after) = rest.split_first()?;
        rest = after;
        bytes.push(match kind {
            b'n' => b'\n',
            b'r' => b'\r',
            b't' => b'\t',
            b'x' => {
                let (pair, after) = rest.split_at_checked(2)?;
                rest = after;
                *hex(pair, |_| false)?.first()?
            }
            other => other,
        });
    }
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn one(line: &str) -> Option<(Oid, Option<Value>)> {
        record(line.as_bytes())
    }

    fn held(line: &str) -> Value {
        one(line).unwrap().1.unwrap()
    }

    #[test]
    fn every_tag_is_read() {
        assert_eq!(held("1.3.6|2|-5"), Value::Integer(-5));
        assert_eq!(held("1.3.6|4|a|b"), Value::Octets(b"a|b".to_vec()));
        assert_eq!(held("1.3.6|4x|00ff"), Value::Octets(vec![0, 255]));
        assert_eq!(held(r"1.3.6|4e|a\x0a\\"), Value::Octets(b"a\n\\".to_vec()));
        assert_eq!(held("1.3.6|6|.1.3"), Value::Oid(Oid::parse("1.3").unwrap()));
        assert_eq!(held("1.3.6|64|192.0.2.1"), Value::Address([192, 0, 2, 1]));
        assert_eq!(held("1.3.6|64x|c0000201"), Value::Address([192, 0, 2, 1]));
        assert_eq!(held("1.3.6|70|18446744073709551615"), Value::Count(u64::MAX));
        assert_eq!(held("1.3.6|67|90117500"), Value::Ticks(90_117_500));
        assert_eq!(held("1.3.6|5|"), Value::Null);
    }

    #[test]
    fn a_general_error_is_a_refusal_and_other_modules_are_not_known() {
        assert_eq!(one("1.3|2:error|op=get,status=genError,value=0").unwrap().1, None);
        assert_eq!(one("1.3|2:error|status=noSuchName"), None);
        assert_eq!(one("1.3|65:numeric|max=100"), None);
    }

    #[test]
    fn what_is_none_is_no_record() {
        for line in
            ["", "1.3.6", "1.3.6|4", "x|4|y", "1.3|4y|z", "1.3|4x|0", "1.3|2|five", "1.3|300|1"]
        {
            assert_eq!(one(line), None, "{line}");
        }
    }
}
