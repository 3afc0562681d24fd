//! A row as SQLite keeps it: the kinds of its values, then the values.

/// No table that is read here has more columns.
const MAX_VALUES: usize = 16;

#[derive(Debug, PartialEq)]
pub enum Value<'a> {
    Number(i64),
    /// A text or a blob.
    Bytes(&'a [u8]),
    /// Nothing, or a number that is no whole one.
    Other,
}

/// The first values of a record, as many as anyone here asks for.
pub fn values(record: &[u8]) -> Option<Vec<Value<'_>>> {
    let (length, after) = varint(record)?;
    let (head, mut body) = record.split_at_checked(usize::try_from(length).ok()?)?;
    let mut types = head.get(record.len() - after.len()..)?;
    let mut values = Vec::new();
    while !types.is_empty() && values.len() < MAX_VALUES {
        let (kind, rest) = varint(types)?;
        types = rest;
        let (bytes, rest) = body.split_at_checked(size_of_column(kind)?)?;
        body = rest;
        values.push(match kind {
            1..=6 => Value::Number(number(bytes)),
            8 | 9 => Value::Number(kind as i64 - 8),
            12.. => Value::Bytes(bytes),
            _ => Value::Other,
        });
    }
    Some(values)
}

fn size_of_column(kind: u64) -> Option<usize> {
    match kind {
        0 | 8 | 9 => Some(0),
        1..=4 => Some(kind as usize),
        5 => Some(6),
        6 | 7 => Some(8),
        10 | 11 => None,
        _ => usize::try_from((kind - 12) / 2).ok(),
    }
}

fn number(bytes: &[u8]) -> i64 {
    let sign = bytes.first().map_or(0, |first| if *first < 128 { 0 } else { -1 });
    bytes.iter().fold(sign, |number, byte| number << 8 | i64::from(*byte))
}

/// Seven bits of each byte while the highest is set; all eight of a ninth.
pub fn varint(bytes: &[u8]) -> Option<(u64, &[u8])> {
    let mut value = 0;
    for (index, byte) in bytes.iter().enumerate().take(9) {
        if index == 8 {
            return Some((value << 8 | u64::from(*byte), bytes.get(9..)?));
        }
        value = value << 7 | u64::from(byte & 127);
        if byte & 128 == 0 {
            return Some((value, bytes.get(index + 1..)?));
        }
    }
    None
}
