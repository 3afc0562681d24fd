//! Answers to SNMP v1 and v2c over a small table (RFC 1157, RFC 3416), and the engine's id of version 3. Written apart from the
//! sensor's own reader, so that both would have to be wrong in the same way.

/// An element: its tag and what is in it.
pub type Element<'a> = (u8, &'a [u8]);

/// Takes the first element; none for what is no whole element.
pub fn take<'a>(bytes: &mut &'a [u8]) -> Option<Element<'a>> {
    let (&tag, rest) = bytes.split_first()?;
    let (&first, rest) = rest.split_first()?;
    let (length, rest) = match first {
        0x81 => (usize::from(*rest.first()?), rest.get(1..)?),
        0x82 => (usize::from(u16::from_be_bytes([*rest.first()?, *rest.get(1)?])), rest.get(2..)?),
        length if length < 0x80 => (usize::from(length), rest),
        _ => return None,
    };
    let inner = rest.get(..length)?;
    *bytes = rest.get(length..)?;
    Some((tag, inner))
}

fn put(tag: u8, inner: &[u8]) -> Vec<u8> {
    let length = inner.len() as u16;
    let mut bytes = vec![tag, 0x82];
    bytes.extend_from_slice(&length.to_be_bytes());
    bytes.extend_from_slice(inner);
    bytes
}

fn oid(text: &str) -> Vec<u8> {
    let numbers: Vec<u32> = text.split('.').map(|part| part.parse().unwrap()).collect();
    let mut bytes = vec![(numbers[0] * 40 + numbers[1]) as u8];
    for number in &numbers[2..] {
        let mut group = vec![(number & 0x7F) as u8];
        let mut left = number >> 7;
        while left > 0 {
            group.insert(0, (left & 0x7F) as u8 | 0x80);
            left >>= 7;
        }
        bytes.extend(group);
    }
    bytes
}

fn numbers(bytes: &[u8]) -> Vec<u32> {
    let mut numbers = Vec::new();
    let mut number = 0u32;
    for byte in bytes {
        number = number << 7 | u32::from(byte & 0x7F);
        if byte & 0x80 == 0 {
            numbers.push(number);
            number = 0;
        }
    }
    numbers
}

fn table() -> Vec<(Vec<u8>, Vec<u8>)> {
    let text = |at: &str, value: &str| (oid(at), put(0x04, value.as_bytes()));
    let number = |at: &str, value: u8| (oid(at), put(0x02, &[value]));
    vec![
        text("1.3.6.1.2.1.1.1.0", "HP ETHERNET MULTI-ENVIRONMENT"),
        (oid("1.3.6.1.2.1.1.2.0"), put(0x06, &oid("1.3.6.1.4.1.11.2.3.9.1"))),
        (oid("1.3.6.1.2.1.1.3.0"), put(0x43, &[0x10, 0x00])),
        text("1.3.6.1.2.1.1.5.0", "hall"),
        number("1.3.6.1.2.1.25.3.2.1.1.1", 1),
        (oid("1.3.6.1.2.1.25.3.2.1.2.1"), put(0x06, &oid("1.3.6.1.2.1.25.3.1.5"))),
        text("1.3.6.1.2.1.25.3.2.1.3.1", "HP LaserJet 4250"),
        text("1.3.6.1.2.1.43.5.1.1.17.1", "CNX1"),
    ]
}

/// The answer to a question; none for what is no question that a printer answers.
pub fn answer(question: &[u8]) -> Option<Vec<u8>> {
    let mut rest = question;
    let mut inner = take(&mut rest)?.1;
    let version = take(&mut inner)?.1.last().copied()?;
    if version == 3 {
        return engine(inner);
    }
    let community = take(&mut inner)?.1;
    if community != b"public" {
        return None;
    }
    let (kind, mut pdu) = take(&mut inner)?;
    let (id, first, second) = (take(&mut pdu)?.1, take(&mut pdu)?.1, take(&mut pdu)?.1);
    let _ = first;
    let repeat = if kind == 0xA5 { usize::from(second.last().copied()?).min(20) } else { 1 };
    let mut asked = take(&mut pdu)?.1;
    let mut bindings = Vec::new();
    while let Some((_, mut binding)) = take(&mut asked) {
        let wanted = take(&mut binding)?.1;
        bindings.extend(bind(kind, wanted, repeat));
    }
    let pdu = [put(2, id), put(2, &[0]), put(2, &[0]), put(0x30, &bindings)].concat();
    let message = [put(2, &[version]), put(4, community), put(0xA2, &pdu)].concat();
    Some(put(0x30, &message))
}

fn bind(kind: u8, wanted: &[u8], repeat: usize) -> Vec<u8> {
    let table = table();
    let one = |at: &[u8], value: &[u8]| put(0x30, &[put(0x06, at), value.to_vec()].concat());
    if kind == 0xA0 {
        let found = table.iter().find(|(at, _)| at == wanted);
        return one(wanted, found.map_or(&[0x80, 0], |(_, value)| value.as_slice()));
    }
    let after = table.iter().filter(|(at, _)| numbers(at) > numbers(wanted));
    let mut bytes: Vec<u8> = after.take(repeat).flat_map(|(at, value)| one(at, value)).collect();
    if bytes.is_empty() {
        bytes = one(wanted, &[0x82, 0]);
    }
    bytes
}

/// A report with the engine's id, which is what a question without one gets.
fn engine(mut inner: &[u8]) -> Option<Vec<u8>> {
    let mut global = take(&mut inner)?.1;
    let id = take(&mut global)?.1;
    let engine = b"\x80\x00\x00\x0b\x03\x00\x01\x02\x03\x04\x05";
    let global = [put(2, id), put(2, &[4, 0]), put(4, &[0]), put(2, &[3])].concat();
    let usm = [put(4, engine), put(2, &[1]), put(2, &[9]), put(4, b""), put(4, b""), put(4, b"")];
    let unknown = put(0x06, &oid("1.3.6.1.6.3.15.1.1.4.0"));
    let binding = put(0x30, &put(0x30, &[unknown, put(0x41, &[1])].concat()));
    let pdu = put(0xA8, &[put(2, &[0]), put(2, &[0]), put(2, &[0]), binding].concat());
    let scoped = put(0x30, &[put(4, engine), put(4, b""), pdu].concat());
    let usm = put(4, &put(0x30, &usm.concat()));
    let message = [put(2, &[3]), put(0x30, &global), usm, scoped].concat();
    Some(put(0x30, &message))
}
