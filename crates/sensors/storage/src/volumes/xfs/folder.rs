//! The entries of a folder: inside the inode, or in blocks, where deleted ones leave a stretch that begins with FFFF and
//! its length and keeps the rest.

use super::{
    super::fields::Fields,
    Xfs,
    inode::{Inode, LOCAL},
};
use crate::{Bytes, Pieces, Run};

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Of a deleted one the low 32 bits.
    pub inode: u64,
    /// Zero where it is not known.
    pub kind: u8,
    pub name: Box<[u8]>,
    pub live: bool,
}

/// Leaves and free lists stand from here on in a folder.
const LEAVES: u64 = 1 << 35;
const UNUSED: u16 = 0xFFFF;

impl Xfs<'_> {
    /// Whether all of its blocks are blocks of a folder.
    pub fn entries(&self, folder: &Inode, told: &mut dyn FnMut(Entry)) -> bool {
        if folder.format() == LOCAL {
            return self.short(folder.fork(), told);
        }
        let size = self.superblock.folder_block;
        let runs = self.runs(folder, folder.size().min(LEAVES));
        let content = Pieces::new(self.volume, &runs);
        let mut raw = vec![0; size as usize];
        let mut whole = content.len() >= folder.size().min(LEAVES);
        for at in (0..content.len()).step_by(size as usize) {
            let Some(left) = self.budget.get().checked_sub(1) else { return false };
            self.budget.set(left);
            let read = content.read_at(at, &mut raw);
            let places = content.places(Run::new(at, size));
            let hole = places.iter().all(|run| run.start == Run::HOLE);
            whole &= hole || self.block_entries(&raw[..read], told);
        }
        whole
    }

    /// The kind stands behind the name, where there is one.
    fn kind(&self, raw: &[u8], at: usize) -> u8 {
        if self.superblock.kinds { Fields(raw).u8(at) } else { 0 }
    }

    /// Whether all entries that it counts are there.
    fn short(&self, fork: &[u8], told: &mut dyn FnMut(Entry)) -> bool {
        let wide = Fields(fork).u8(1) != 0;
        let number = if wide { 8 } else { 4 };
        let mut at = 2 + number;
        for _ in 0..Fields(fork).u8(0) {
            let length = usize::from(Fields(fork).u8(at));
            let name = Fields(fork).bytes(at + 3, length);
            let after = at + 3 + length + usize::from(self.superblock.kinds);
            let inode =
                if wide { Fields(fork).be64(after) } else { Fields(fork).be32(after).into() };
            if length == 0 || after + number > fork.len() {
                return false;
            }
            let kind = self.kind(fork, at + 3 + length);
            told(Entry { inode, kind, name: name.into(), live: true });
            at = after + number;
        }
        true
    }

    fn block_entries(&self, block: &[u8], told: &mut dyn FnMut(Entry)) -> bool {
        let (mut at, end) = match block.first_chunk::<4>() {
            Some(b"XD2B") => (16, tail(block)),
            Some(b"XDB3") => (64, tail(block)),
            Some(b"XD2D") => (16, block.len()),
            Some(b"XDD3") => (64, block.len()),
            _ => return false,
        };
        while at + 16 <= end {
            if Fields(block).be16(at) == UNUSED {
                let length = usize::from(Fields(block).be16(at + 2));
                if length < 8 || !length.is_multiple_of(8) || at + length > end {
                    return false;
                }
                self.unused(block, at, at + length, told);
                at += length;
                continue;
            }
            let name = Fields(block).bytes(at + 9, usize::from(Fields(block).u8(at + 8)));
            if !name.is_empty() && !matches!(name, b"." | b"..") {
                let (inode, kind) = (Fields(block).be64(at), self.kind(block, at + 9 + name.len()));
                told(Entry { inode, kind, name: name.into(), live: true });
            }
            at += self.entry_size(name.len());
        }
        true
    }

    fn entry_size(&self, name: usize) -> usize {
        (8 + 1 + name + usize::from(self.superblock.kinds) + 2).next_multiple_of(8)
    }

    /// A deleted entry ends with its own place in the block, or with that of the stretch that swallowed it.
    fn unused(&self, block: &[u8], from: usize, to: usize, told: &mut dyn FnMut(Entry)) {
        let mut at = from;
        while at + 16 <= to {
            let name = Fields(block).bytes(at + 9, usize::from(Fields(block).u8(at + 8)));
            let after = at + self.entry_size(name.len());
            let place = usize::from(Fields(block).be16(after.saturating_sub(2)));
            let ends = place == at || (after == to && place == from);
            let clean = !name.is_empty() && name.iter().all(|byte| *byte >= b' ' && *byte != b'/');
            if after <= to && ends && clean {
                told(Entry {
                    inode: Fields(block).be32(at + 4).into(),
                    kind: self.kind(block, at + 9 + name.len()),
                    name: name.into(),
                    live: false,
                });
                at = after;
            } else {
                at += 8;
            }
        }
    }
}

/// Where the entries of a folder of one block end: before the hashes and their count.
fn tail(block: &[u8]) -> usize {
    let last = block.len().saturating_sub(8);
    last.saturating_sub((Fields(block).be32(last) as usize).saturating_mul(8))
}
