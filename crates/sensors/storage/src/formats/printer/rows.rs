//! Rows of pictures as PCL and PCL XL pack them: whether what a length covers comes out to the byte.

/// How rows are packed. PCL counts the ways as printers do, PCL XL by its own numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Packing {
    Plain,
    /// Pairs of how often a byte repeats, and the byte.
    Pairs,
    /// Runs that repeat, or bytes as they are, each behind a count.
    Runs,
    /// Changes of the row before.
    Changes,
    /// Any other.
    Unknown,
}

impl Packing {
    /// Of `ESC*b#M`.
    pub fn of_pcl(number: i64) -> Self {
        match number {
            0 => Packing::Plain,
            1 => Packing::Pairs,
            2 => Packing::Runs,
            3 => Packing::Changes,
            _ => Packing::Unknown,
        }
    }

    /// Whether a row comes out to the byte; none where that cannot be told.
    pub fn holds(self, row: &[u8]) -> Option<bool> {
        match self {
            Packing::Plain | Packing::Unknown => None,
            Packing::Pairs => Some(row.len().is_multiple_of(2)),
            Packing::Runs => Some(runs(row).is_some()),
            Packing::Changes => Some(changes(row)),
        }
    }
}

/// How many bytes come out; none where the last run goes on behind the end.
pub fn runs(packed: &[u8]) -> Option<u64> {
    let (mut at, mut made) = (0, 0);
    while let Some(code) = packed.get(at) {
        let (bytes, more) = match *code {
            0x80 => (0, 0),
            code @ 0..=0x7F => (usize::from(code) + 1, u64::from(code) + 1),
            code => (1, 257 - u64::from(code)),
        };
        at += 1 + bytes;
        made += more;
    }
    (at == packed.len()).then_some(made)
}

/// Changes: how many bytes are new, and how far behind the last they stand.
pub fn changes(row: &[u8]) -> bool {
    let mut at = 0;
    while let Some(code) = row.get(at) {
        at += 1;
        if code & 0x1F == 0x1F {
            let Some(more) =
                row.get(at..).and_then(|rest| rest.iter().position(|byte| *byte < 0xFF))
            else {
                return false;
            };
            at += more + 1;
        }
        at += usize::from(code >> 5) + 1;
    }
    at == row.len()
}

/// Rows of changes, each behind its length, as PCL XL has them: whether there are just so many.
pub fn rows_of_changes(packed: &[u8], rows: u64) -> bool {
    let (mut rest, mut count) = (packed, 0);
    while let Some((length, behind)) = rest.split_first_chunk::<2>() {
        let Some((row, behind)) = behind.split_at_checked(u16::from_le_bytes(*length).into())
        else {
            return false;
        };
        if !changes(row) {
            return false;
        }
        (rest, count) = (behind, count + 1);
    }
    rest.is_empty() && count == rows
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_come_out_to_the_byte() {
        assert_eq!(runs(&[2, 7, 7, 7, 0xFE, 1, 0x80]), Some(6));
        assert_eq!(runs(&[2, 7, 7]), None);
        assert!(changes(&[0x21, 1, 2, 0x1F, 0xFF, 3, 9]) && !changes(&[0x21, 1]));
        assert!(!changes(&[0x1F, 0xFF]));
        assert!(rows_of_changes(&[0, 0, 2, 0, 0x01, 5], 2));
        assert!(!rows_of_changes(&[0, 0, 2, 0, 0x01, 5], 3));
        assert!(!rows_of_changes(&[9, 0, 1], 1));
        assert_eq!(Packing::of_pcl(1).holds(&[1, 2, 3]), Some(false));
        assert_eq!(Packing::of_pcl(9).holds(&[1, 2, 3]), None);
    }
}
