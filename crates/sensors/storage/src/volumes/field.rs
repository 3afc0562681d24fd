//! Numbers in a record: zero where the record ends before them, as if nothing were written there.

fn array<const N: usize>(record: &[u8], at: usize) -> [u8; N] {
    let end = at.saturating_add(N);
    record.get(at..end).and_then(|bytes| bytes.try_into().ok()).unwrap_or([0; N])
}

pub fn u8(record: &[u8], at: usize) -> u8 {
    record.get(at).copied().unwrap_or(0)
}

pub fn le16(record: &[u8], at: usize) -> u16 {
    u16::from_le_bytes(array(record, at))
}

pub fn le32(record: &[u8], at: usize) -> u32 {
    u32::from_le_bytes(array(record, at))
}

pub fn le64(record: &[u8], at: usize) -> u64 {
    u64::from_le_bytes(array(record, at))
}

pub fn be16(record: &[u8], at: usize) -> u16 {
    u16::from_be_bytes(array(record, at))
}

pub fn be32(record: &[u8], at: usize) -> u32 {
    u32::from_be_bytes(array(record, at))
}

pub fn be64(record: &[u8], at: usize) -> u64 {
    u64::from_be_bytes(array(record, at))
}

/// The bytes of a field, fewer where the record ends before.
pub fn bytes(record: &[u8], at: usize, count: usize) -> &[u8] {
    let rest = record.get(at..).unwrap_or_default();
    &rest[..count.min(rest.len())]
}

/// A text that zeros end, without control characters; none where it is empty.
pub fn text(record: &[u8], at: usize, count: usize) -> Option<String> {
    let field = bytes(record, at, count);
    let end = field.iter().position(|byte| *byte == 0).unwrap_or(field.len());
    crate::formats::Details::bytes(&field[..end])
}

/// Sixteen bytes as ids are written; none where all are zero.
pub fn uuid(record: &[u8], at: usize) -> Option<String> {
    let id: [u8; 16] = array(record, at);
    let digits: String = id.iter().map(|byte| format!("{byte:02x}")).collect();
    let parts = [0..8, 8..12, 12..16, 16..20, 20..32].map(|part| &digits[part]);
    (id != [0; 16]).then(|| parts.join("-"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_record_that_ends_is_zeros() {
        let record = [1, 2, 3, 4];
        assert_eq!(
            (le16(&record, 2), be16(&record, 2), le32(&record, 0)),
            (0x403, 0x304, 0x4030201)
        );
        assert_eq!((le16(&record, 3), be64(&record, 0), u8(&record, usize::MAX)), (0, 0, 0));
        assert_eq!((bytes(&record, 2, 9), bytes(&record, 9, 9)), (&[3, 4][..], &[][..]));
        assert_eq!(text(b"ab\0c", 0, 4).as_deref(), Some("ab"));
        assert_eq!(uuid(&[0; 16], 0), None);
        let id: Vec<u8> = (0..16).collect();
        assert_eq!(uuid(&id, 0).as_deref(), Some("00010203-0405-0607-0809-0a0b0c0d0e0f"));
    }
}
