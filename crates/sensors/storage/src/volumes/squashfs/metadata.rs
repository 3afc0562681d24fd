//! Tables lie in blocks of 8 KiB, each packed on its own behind its length.

use std::{collections::HashMap, rc::Rc};

use super::{packer::Packer, superblock::Table};
use crate::{Bytes, volumes::tell::Teller};

const BLOCK: usize = 8192;
const STORED: u16 = 0x8000;
/// The most blocks that are kept unpacked.
const MOST_KEPT: usize = 256;

/// A place in a table: where its block lies in the volume, and how far in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place {
    pub block: u64,
    pub at: usize,
}

impl Place {
    /// As inodes are referred to: a block from the table's first, and 16 bits for the place in it.
    pub fn new(table: u64, reference: u64) -> Self {
        Self { block: table.saturating_add(reference >> 16), at: (reference & 0xFFFF) as usize }
    }
}

pub struct Metadata<'a> {
    pub bytes: &'a dyn Bytes,
    pub packer: Packer,
    kept: HashMap<u64, (Rc<Vec<u8>>, u64)>,
}

impl<'a> Metadata<'a> {
    pub fn new(bytes: &'a dyn Bytes, packer: Packer) -> Self {
        Self { bytes, packer, kept: HashMap::new() }
    }

    /// A block unpacked, and where the next one begins.
    fn block(&mut self, start: u64, teller: &mut Teller) -> Option<(Rc<Vec<u8>>, u64)> {
        if let Some(kept) = self.kept.get(&start) {
            return Some(kept.clone());
        }
        if !teller.unpack(BLOCK as u64) {
            return None;
        }
        let mut raw = [0; BLOCK + 2];
        let read = self.bytes.read_at(start, &mut raw);
        let head = u16::from_le_bytes([raw[0], raw[1]]);
        let count = usize::from(head & !STORED);
        let packed = raw[..read].get(2..2 + count)?;
        let block = match head & STORED != 0 {
            true => packed.to_vec(),
            false => self.packer.unpack(packed, BLOCK)?,
        };
        if self.kept.len() == MOST_KEPT {
            self.kept.clear();
        }
        let kept = (Rc::new(block), start + 2 + count as u64);
        self.kept.insert(start, kept.clone());
        Some(kept)
    }

    /// Reads on over blocks, and moves the place; none where it ends before.
    pub fn read(&mut self, place: &mut Place, into: &mut [u8], teller: &mut Teller) -> Option<()> {
        let mut done = 0;
        while done < into.len() {
            let (block, next) = self.block(place.block, teller)?;
            let rest = block.get(place.at..).unwrap_or_default();
            if rest.is_empty() {
                // An empty block has nothing after it either.
                if block.is_empty() || place.at > block.len() {
                    return None;
                }
                *place = Place { block: next, at: 0 };
                continue;
            }
            let count = rest.len().min(into.len() - done);
            into[done..done + count].copy_from_slice(&rest[..count]);
            done += count;
            place.at += count;
        }
        Some(())
    }

    pub fn array<const N: usize>(
        &mut self,
        place: &mut Place,
        teller: &mut Teller,
    ) -> Option<[u8; N]> {
        let mut into = [0; N];
        self.read(place, &mut into, teller)?;
        Some(into)
    }

    /// A record of a table whose blocks a list of places tells.
    pub fn record<const N: usize>(
        &mut self,
        table: Table,
        number: u64,
        teller: &mut Teller,
    ) -> Option<[u8; N]> {
        let each = (BLOCK / N) as u64;
        if number >= table.count {
            return None;
        }
        let mut raw = [0; 8];
        let at = table.start.checked_add(number / each * 8)?;
        (self.bytes.read_at(at, &mut raw) == 8).then_some(())?;
        let mut place = Place { block: u64::from_le_bytes(raw), at: (number % each) as usize * N };
        self.array(&mut place, teller)
    }
}
