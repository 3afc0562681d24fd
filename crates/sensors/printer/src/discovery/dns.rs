//! DNS messages as far as multicast DNS needs them: RFC 1035, RFC 2782 (SRV), RFC 6762, RFC 6763 (TXT as keys and values).
//!
//! Limits: 512 records, names of 255 bytes. Pointers of a name lead only back, so that no name turns in a circle. What stands before
//! a fault is kept: a library would refuse the whole message.

const MOST_RECORDS: usize = 512;
const LONGEST_NAME: usize = 255;
const MOST_KEYS: usize = 64;

const A: u16 = 1;
const PTR: u16 = 12;
const TXT: u16 = 16;
const AAAA: u16 = 28;
const SRV: u16 = 33;
const INTERNET: u16 = 1;
/// In a question: answers may come to the asker alone.
const UNICAST: u16 = 0x8000;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Record {
    pub name: String,
    pub data: Data,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Data {
    Pointer(String),
    Service { port: u16, host: String },
    Text(Vec<(String, String)>),
    Address(std::net::IpAddr),
}

/// One question for all services of each of those types.
pub fn question(id: u16, types: &[&str]) -> Vec<u8> {
    let count = u16::try_from(types.len()).unwrap_or(u16::MAX);
    let mut bytes = Vec::new();
    for word in [id, 0, count, 0, 0, 0] {
        bytes.extend_from_slice(&word.to_be_bytes());
    }
    for name in types.iter().take(count.into()) {
        for label in name.split('.').filter(|label| !label.is_empty() && label.len() < 64) {
            bytes.push(label.len() as u8);
            bytes.extend_from_slice(label.as_bytes());
        }
        bytes.push(0);
        bytes.extend_from_slice(&PTR.to_be_bytes());
        bytes.extend_from_slice(&(INTERNET | UNICAST).to_be_bytes());
    }
    bytes
}

/// The records of an answer; nothing for a question or what is no message.
pub fn records(bytes: &[u8]) -> Vec<Record> {
    let mut records = Vec::new();
    let _ = read(bytes, &mut records);
    records
}

/// None as soon as the message ends or makes no sense.
fn read(bytes: &[u8], records: &mut Vec<Record>) -> Option<()> {
    let flags = number(bytes, 2)?;
    let is_answer = flags & 0x8000 != 0;
    let mut at = 12;
    for _ in 0..number(bytes, 4)? {
        at = name(bytes, at)?.1.checked_add(4)?;
    }
    let count = [6, 8, 10].map(|at| number(bytes, at).map(usize::from));
    let count: usize = count.into_iter().flatten().sum();
    for _ in 0..count.min(MOST_RECORDS) {
        let (name, after) = name(bytes, at)?;
        let kind = number(bytes, after)?;
        let length = usize::from(number(bytes, after.checked_add(8)?)?);
        let start = after.checked_add(10)?;
        at = start.checked_add(length)?;
        bytes.get(start..at)?;
        if let Some(data) = data(bytes, kind, start, at).filter(|_| is_answer) {
            records.push(Record { name, data });
        }
    }
    Some(())
}

/// What a record says; none for a kind that is not needed or content that makes no sense.
fn data(bytes: &[u8], kind: u16, start: usize, end: usize) -> Option<Data> {
    let own = bytes.get(start..end)?;
    Some(match kind {
        PTR => Data::Pointer(name(bytes, start)?.0),
        SRV => Data::Service { port: number(own, 4)?, host: name(bytes, start.checked_add(6)?)?.0 },
        TXT => Data::Text(keys(own)),
        A => Data::Address(<[u8; 4]>::try_from(own).ok()?.into()),
        AAAA => Data::Address(<[u8; 16]>::try_from(own).ok()?.into()),
        _ => return None,
    })
}

/// Keys are told without regard to case, and the first of each counts.
fn keys(mut bytes: &[u8]) -> Vec<(String, String)> {
    let mut keys: Vec<(String, String)> = Vec::new();
    while let Some((&length, rest)) = bytes.split_first() {
        let Some(text) = rest.get(..usize::from(length)) else { break };
        bytes = rest.get(usize::from(length)..).unwrap_or_default();
        let text = String::from_utf8_lossy(text);
        let (key, value) = text.split_once('=').unwrap_or((&text, ""));
        let key = key.to_ascii_lowercase();
        let new = !key.is_empty() && keys.iter().all(|(known, _)| *known != key);
        if new && keys.len() < MOST_KEYS {
            keys.push((key, value.to_owned()));
        }
    }
    keys
}

/// The name that begins there, and where what follows it begins. Dots within a label are kept as they are: a name is only held
/// against others, and shown by its first label.
fn name(bytes: &[u8], at: usize) -> Option<(String, usize)> {
    let mut text = String::new();
    let (mut at, mut earliest, mut after) = (at, at, None);
    loop {
        let length = usize::from(*bytes.get(at)?);
        match length {
            0 => return Some((text, after.unwrap_or(at.checked_add(1)?))),
            1..=63 => {
                let start = at.checked_add(1)?;
                at = start.checked_add(length)?;
                let label = String::from_utf8_lossy(bytes.get(start..at)?);
                text = if text.is_empty() { label.into() } else { format!("{text}.{label}") };
                if text.len() > LONGEST_NAME {
                    return None;
                }
            }
            192.. => {
                let to = usize::from(number(bytes, at)? & 0x3FFF);
                after = after.or(at.checked_add(2));
                if to >= earliest {
                    return None;
                }
                (at, earliest) = (to, to);
            }
            _ => return None,
        }
    }
}

fn number(bytes: &[u8], at: usize) -> Option<u16> {
    let two = bytes.get(at..at.checked_add(2)?)?;
    Some(u16::from_be_bytes(two.try_into().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// An answer whose first name stands at 12, to which others point.
    fn answer(records: &[(u16, &[u8])]) -> Vec<u8> {
        let mut bytes = vec![0, 0, 0x84, 0, 0, 0, 0, records.len() as u8, 0, 0, 0, 0];
        for (at, (kind, data)) in records.iter().enumerate() {
            if at == 0 {
                bytes.extend_from_slice(b"\x04_ipp\x04_tcp\x05local\0");
            } else {
                bytes.extend_from_slice(&[0xC0, 12]);
            }
            bytes.extend_from_slice(&kind.to_be_bytes());
            bytes.extend_from_slice(&[0, 1, 0, 0, 0, 120]);
            bytes.extend_from_slice(&(data.len() as u16).to_be_bytes());
            bytes.extend_from_slice(data);
        }
        bytes
    }

    #[test]
    fn records_are_read_through_pointers() {
        let bytes = answer(&[
            (PTR, b"\x06Hall 1\xC0\x0C"),
            (SRV, b"\0\0\0\0\x02\x77\x01p\xC0\x16"),
            (TXT, b"\x09ty=P 1 xl\x04note\x0ANOTE=again\x06rp=ipp"),
            (A, &[192, 0, 2, 7]),
            (47, &[1, 2, 3]),
        ]);
        let found = records(&bytes);
        assert!(found.iter().all(|record| record.name == "_ipp._tcp.local"));
        let data: Vec<_> = found.into_iter().map(|record| record.data).collect();
        let text = [("ty", "P 1 xl"), ("note", ""), ("rp", "ipp")];
        let text = text.map(|(key, value)| (key.to_owned(), value.to_owned()));
        assert_eq!(
            data,
            [
                Data::Pointer("Hall 1._ipp._tcp.local".into()),
                Data::Service { port: 631, host: "p.local".into() },
                Data::Text(text.to_vec()),
                Data::Address([192, 0, 2, 7].into()),
            ]
        );
    }

    #[test]
    fn a_name_that_turns_in_a_circle_or_leads_forward_ends() {
        for pointer in [[0xC0, 12], [0xC0, 14], [0xFF, 0xFF]] {
            let mut bytes = vec![0, 0, 0x84, 0, 0, 0, 0, 1, 0, 0, 0, 0];
            bytes.extend_from_slice(&pointer);
            bytes.extend_from_slice(&[0; 40]);
            assert_eq!(records(&bytes), []);
        }
        let long: Vec<u8> =
            [&[0u8, 0, 0x84, 0, 0, 0, 0, 1, 0, 0, 0, 0][..], &b"\x01a".repeat(500), b"\0"].concat();
        assert_eq!(records(&long), []);
    }

    #[test]
    fn what_stands_before_a_fault_is_kept_and_a_question_tells_nothing() {
        let whole = answer(&[(A, &[192, 0, 2, 7]), (A, &[192, 0, 2, 8])]);
        assert_eq!(records(&whole[..whole.len() - 2]).len(), 1);
        let mut question = whole;
        question[2] = 0;
        assert_eq!(records(&question), []);
        assert_eq!(records(&super::question(7, &["_ipp._tcp.local"])), []);
    }

    #[test]
    fn a_question_asks_for_every_type_and_for_answers_to_the_asker() {
        let bytes = question(0x0102, &["_ipp._tcp.local", "_scanner._tcp.local"]);
        assert_eq!(&bytes[..6], &[1, 2, 0, 0, 0, 2]);
        assert!(bytes.ends_with(&[0, 0, 12, 0x80, 1]));
        assert_eq!(name(&bytes, 12).unwrap().0, "_ipp._tcp.local");
    }
}
