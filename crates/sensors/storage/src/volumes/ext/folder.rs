//! The entries of a folder's block: those that stand, and those that were deleted and lie in the slack of others.

use super::super::fields::Fields;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Entry<'b> {
    /// Zero where it is no longer known.
    pub inode: u32,
    pub kind: u8,
    pub name: &'b [u8],
    pub live: bool,
}

/// The record before the name: inode, length, length of the name, kind.
const HEAD: usize = 8;
const FOLDER: u8 = 2;

impl Entry<'_> {
    pub fn is_folder(&self) -> bool {
        self.kind == FOLDER
    }
}

/// Whether the block is the first one of a folder, and of which.
pub fn own(block: &[u8]) -> Option<u32> {
    let dots =
        block.get(6) == Some(&1) && block.get(8) == Some(&b'.') && Fields(block).u16(4) == 12;
    let parent = Fields(block).bytes(18, 4) == [2, FOLDER, b'.', b'.']
        || Fields(block).bytes(18, 4) == [2, 0, b'.', b'.'];
    (dots && parent).then(|| Fields(block).u32(0)).filter(|inode| *inode != 0)
}

/// Tells all but `.` and `..`. In an indexed folder the slack of a block's first entries is the index.
pub fn entries<'b>(block: &'b [u8], inodes: u32, indexed: bool, told: &mut dyn FnMut(Entry<'b>)) {
    let mut at = 0;
    while at + HEAD <= block.len() {
        let length = record(block, at);
        if length < HEAD || !length.is_multiple_of(4) || at + length > block.len() {
            // What follows may still be old entries.
            return slack(block, at, block.len(), inodes, told);
        }
        let (inode, name) = (Fields(block).u32(at), name(block, at));
        let dots = matches!(name, b"." | b"..");
        if !dots && !name.is_empty() && HEAD + name.len() <= length && inode <= inodes {
            let kind = Fields(block).u8(at + 7);
            told(Entry { inode, kind, name, live: inode != 0 });
        }
        let index = indexed && (name == b".." || (inode == 0 && length == block.len()));
        if !index {
            slack(block, at + used(name.len()), at + length, inodes, told);
        }
        at += length;
    }
}

fn used(name: usize) -> usize {
    (HEAD + name).next_multiple_of(4)
}

/// An entry's length; one as long as the largest block does not fit its field.
fn record(block: &[u8], at: usize) -> usize {
    match usize::from(Fields(block).u16(at + 4)) {
        0 | 0xFFFF if block.len() == 1 << 16 => 1 << 16,
        length => length,
    }
}

fn name(block: &[u8], at: usize) -> &[u8] {
    Fields(block).bytes(at + HEAD, usize::from(Fields(block).u8(at + 6)))
}

fn slack<'b>(
    block: &'b [u8],
    from: usize,
    to: usize,
    inodes: u32,
    told: &mut dyn FnMut(Entry<'b>),
) {
    let mut at = from;
    while at + HEAD < to {
        match old(block, at, to, inodes) {
            Some(entry) => {
                at += used(entry.name.len());
                told(entry);
            }
            None => at += 4,
        }
    }
}

fn old(block: &[u8], at: usize, to: usize, inodes: u32) -> Option<Entry<'_>> {
    let (inode, length, name) = (Fields(block).u32(at), record(block, at), name(block, at));
    let kind = Fields(block).u8(at + 7);
    let holds = (1..=inodes).contains(&inode)
        && length >= used(name.len())
        && length.is_multiple_of(4)
        && at + length <= block.len()
        && at + used(name.len()) <= to
        && (1..=7).contains(&kind);
    let named = !name.is_empty()
        && name.iter().all(|byte| *byte >= b' ' && *byte != b'/')
        && !matches!(name, b"." | b"..");
    (holds && named).then_some(Entry { inode, kind, name, live: false })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn put(block: &mut [u8], at: usize, inode: u32, length: u16, name: &[u8]) {
        block[at..at + 4].copy_from_slice(&inode.to_le_bytes());
        block[at + 4..at + 6].copy_from_slice(&length.to_le_bytes());
        block[at + 6] = name.len() as u8;
        block[at + 7] = 1;
        block[at + 8..at + 8 + name.len()].copy_from_slice(name);
    }

    #[test]
    fn entries_and_what_lies_in_their_slack_are_told() {
        let mut block = vec![0; 1024];
        put(&mut block, 0, 12, 60, b"first");
        put(&mut block, 16, 13, 20, "扫描".as_bytes());
        put(&mut block, 36, 14, 24, b"gone.pdf");
        put(&mut block, 60, 15, 964, b"last");
        let mut seen = Vec::new();
        entries(&block, 100, false, &mut |entry| {
            seen.push((entry.inode, entry.name.to_vec(), entry.live))
        });
        let names: Vec<_> =
            seen.iter().map(|(inode, name, live)| (*inode, name.as_slice(), *live)).collect();
        let wanted: [(u32, &[u8], bool); 4] = [
            (12, b"first", true),
            (13, "扫描".as_bytes(), false),
            (14, b"gone.pdf", false),
            (15, b"last", true),
        ];
        assert_eq!(names, wanted);
        let mut count = 0;
        entries(&[0xFF; 4096], 100, false, &mut |_| count += 1);
        entries(&[0; 4096], 100, false, &mut |_| count += 1);
        assert_eq!(count, 0);
    }
}
