//! A file's bytes: blocks behind each other, each packed, stored or empty, and its end in a fragment that many files share.

use std::rc::Rc;

use super::{
    inodes::Blocks,
    metadata::{Metadata, Place},
    superblock::Superblock,
};
use crate::{
    Run,
    volumes::{Content, MOST_HELD, fat::table::Runs, fields::Fields, tell::Teller},
};

const STORED: u32 = 1 << 24;
const MOST_BLOCKS: u64 = 1 << 20;
const MOST_FRAGMENTS: usize = 4;
const LOST: Content = Content::Absent("its blocks cannot be unpacked");

#[derive(Debug, Clone, Copy)]
struct Block {
    start: u64,
    /// On the medium.
    count: u32,
    stored: bool,
    /// Unpacked.
    bytes: u64,
}

impl Block {
    fn new(start: u64, word: u32, bytes: u64) -> Self {
        Self { start, count: word & (STORED - 1), stored: word & STORED != 0, bytes }
    }

    /// Where it lies as it is.
    fn run(self) -> Option<Run> {
        match self.count {
            0 => Some(Run::new(Run::HOLE, self.bytes)),
            count if self.stored && u64::from(count) == self.bytes => {
                Some(Run::new(self.start, self.bytes))
            }
            _ => None,
        }
    }
}

#[derive(Default)]
pub struct Fragments {
    kept: Vec<(u32, Rc<Vec<u8>>)>,
}

pub struct Reader<'r, 'a> {
    pub superblock: &'r Superblock,
    pub metadata: &'r mut Metadata<'a>,
    pub fragments: &'r mut Fragments,
}

impl Reader<'_, '_> {
    pub fn content(&mut self, file: &Blocks, teller: &mut Teller) -> Content {
        let tail = file.size % self.superblock.block;
        let mut count = file.size / self.superblock.block;
        if file.fragment.is_none() && tail > 0 {
            count += 1;
        }
        if count > MOST_BLOCKS || !teller.unpack(count * 4) {
            return Content::Absent("too large");
        }
        if let Some(runs) = self.stored(file, count, teller) {
            return Content::Runs(runs);
        }
        if file.size > MOST_HELD || !teller.unpack(file.size) {
            return Content::Absent("too large");
        }
        self.unpacked(file, count, teller).map_or(LOST, Content::Held)
    }

    fn block(
        &mut self,
        place: &mut Place,
        start: u64,
        left: u64,
        teller: &mut Teller,
    ) -> Option<Block> {
        let word = u32::from_le_bytes(self.metadata.array(place, teller)?);
        Some(Block::new(start, word, left.min(self.superblock.block)))
    }

    /// Where it lies, if nothing of it is packed.
    fn stored(&mut self, file: &Blocks, count: u64, teller: &mut Teller) -> Option<Vec<Run>> {
        let (mut place, mut start) = (file.sizes, file.start);
        let mut runs = Runs::default();
        for _ in 0..count {
            let block = self.block(&mut place, start, file.size - runs.bytes, teller)?;
            if !runs.push(block.run()?) {
                return None;
            }
            start = start.checked_add(u64::from(block.count))?;
        }
        let tail = file.size - runs.bytes;
        if let Some((number, at)) = file.fragment.filter(|_| tail > 0) {
            let block = self.fragment_block(number, teller)?;
            let inside = u64::from(at) + tail <= u64::from(block.count) && block.stored;
            let run = Run::new(block.start.checked_add(u64::from(at))?, tail);
            if !inside || !runs.push(run) {
                return None;
            }
        }
        Some(runs.runs)
    }

    fn unpacked(&mut self, file: &Blocks, count: u64, teller: &mut Teller) -> Option<Vec<u8>> {
        let (mut place, mut start) = (file.sizes, file.start);
        let mut into = Vec::new();
        for _ in 0..count {
            let block = self.block(&mut place, start, file.size - into.len() as u64, teller)?;
            let end = into.len() + block.bytes as usize;
            into.extend_from_slice(&self.unpack(block)?);
            // Less than it should be is zeros to the block's end.
            into.resize(end, 0);
            start = start.checked_add(u64::from(block.count))?;
        }
        let tail = file.size as usize - into.len();
        if let Some((number, at)) = file.fragment.filter(|_| tail > 0) {
            let fragment = self.fragment(number, teller)?;
            let at = at as usize;
            into.extend_from_slice(fragment.get(at..at.checked_add(tail)?)?);
        }
        Some(into)
    }

    fn unpack(&self, block: Block) -> Option<Vec<u8>> {
        let most = self.superblock.block;
        if u64::from(block.count) > most {
            return None;
        }
        let mut packed = vec![0; block.count as usize];
        let read = self.metadata.bytes.read_at(block.start, &mut packed);
        if read < packed.len() {
            return None;
        }
        match block.stored || packed.is_empty() {
            true => Some(packed),
            false => self.metadata.packer.unpack(&packed, most as usize),
        }
    }

    fn fragment_block(&mut self, number: u32, teller: &mut Teller) -> Option<Block> {
        let raw: [u8; 16] =
            self.metadata.record(self.superblock.fragments, number.into(), teller)?;
        let fields = Fields(&raw);
        Some(Block::new(fields.u64(0), fields.u32(8), self.superblock.block))
    }

    fn fragment(&mut self, number: u32, teller: &mut Teller) -> Option<Rc<Vec<u8>>> {
        let kept = &mut self.fragments.kept;
        if let Some((_, found)) = kept.iter().find(|(kept, _)| *kept == number) {
            return Some(found.clone());
        }
        let block = self.fragment_block(number, teller)?;
        if !teller.unpack(self.superblock.block) {
            return None;
        }
        let unpacked = Rc::new(self.unpack(block)?);
        let kept = &mut self.fragments.kept;
        if kept.len() == MOST_FRAGMENTS {
            kept.remove(0);
        }
        kept.push((number, unpacked.clone()));
        Some(unpacked)
    }
}
