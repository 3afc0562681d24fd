//! The journal of ext3 and ext4 (JBD2): which old copies of blocks it still holds, and what must be laid over the volume
//! because it was not replayed. Tags of all versions, of 32 and 64 bits, with their checksums; revoked and escaped blocks.

use std::collections::{BTreeMap, HashSet};

use super::{
    super::{fields::Fields, layout::MOST_RUNS},
    checksum::crc32c,
};
use crate::{Bytes, Run};

const MAGIC: u32 = 0xC03B_3998;
/// The most blocks of a journal that are looked at.
const MOST_BLOCKS: usize = 1 << 20;
const WIDE: u32 = 0x2;
const CHECKSUMS_2: u32 = 0x8;
const CHECKSUMS_3: u32 = 0x10;
const FAST: u32 = 0x20;

/// An old block in the journal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct OldBlock {
    /// Of the volume.
    pub block: u64,
    pub sequence: u32,
    /// Its first byte on the volume, in the journal.
    pub place: u64,
    /// Whether its first four bytes are the journal's own mark, and were cleared.
    escaped: bool,
    checksum: Option<u32>,
}

impl OldBlock {
    pub fn restore(&self, raw: &mut [u8]) {
        if let Some(first) = raw.first_chunk_mut::<4>().filter(|_| self.escaped) {
            *first = MAGIC.to_be_bytes();
        }
    }
}

pub struct Journal {
    /// By block and transaction.
    copies: Vec<OldBlock>,
    overlay: BTreeMap<u64, OldBlock>,
    block: usize,
    form: Form,
}

/// What the journal's superblock says.
#[derive(Debug, Clone, Copy)]
struct Form {
    first: usize,
    last: usize,
    sequence: u32,
    start: usize,
    features: u32,
    seed: u32,
}

impl Journal {
    pub fn read(volume: &dyn Bytes, runs: &[Run], block: u64) -> Option<Self> {
        let places: Vec<u64> = places(runs, block);
        let mut raw = vec![0; block as usize];
        volume.read_at(*places.first()?, &mut raw);
        let form = Form::parse(&raw, places.len())?;
        let mut reader = Reader { volume, places: &places, form, raw };
        let copies = reader.copies();
        let overlay = reader.overlay();
        Some(Self { copies, overlay, block: block as usize, form })
    }

    pub fn dirty(&self) -> bool {
        !self.overlay.is_empty()
    }

    /// The copy that replaying would put in a block's place.
    pub fn replayed(&self, block: u64) -> Option<OldBlock> {
        self.overlay.get(&block).copied()
    }

    pub fn copies(&self) -> &[OldBlock] {
        &self.copies
    }

    /// The last copy of a block up to a transaction.
    pub fn before(&self, block: u64, sequence: u32) -> Option<OldBlock> {
        let end =
            self.copies.partition_point(|copy| (copy.block, copy.sequence) <= (block, sequence));
        self.copies.get(end.checked_sub(1)?).copied().filter(|copy| copy.block == block)
    }

    /// A copy's bytes, unless its checksum is wrong: then something else was written over it.
    pub fn load(&self, volume: &dyn Bytes, copy: OldBlock) -> Option<Vec<u8>> {
        let mut raw = vec![0; self.block];
        volume.read_at(copy.place, &mut raw);
        let right = copy.checksum.is_none_or(|wanted| {
            let seen = crc32c(crc32c(self.form.seed, &copy.sequence.to_be_bytes()), &raw);
            if self.form.features & CHECKSUMS_3 != 0 {
                seen == wanted
            } else {
                seen & 0xFFFF == wanted
            }
        });
        copy.restore(&mut raw);
        right.then_some(raw)
    }

    /// Runs of a file, led to the journal where it holds newer bytes; what lies behind the most pieces of a file is lost.
    pub fn overlay(&self, runs: &[Run], block: u64) -> Vec<Run> {
        let led = runs.iter().flat_map(|run| self.led(*run, block));
        led.filter(|run| run.bytes > 0).take(MOST_RUNS).collect()
    }

    /// One run, cut where the journal holds newer bytes: what lies before each such block, the block, and the rest.
    fn led(&self, run: Run, block: u64) -> impl Iterator<Item = Run> {
        let aligned = run.start != Run::HOLE && run.start.is_multiple_of(block);
        let first = run.start / block;
        let blocks = first..if aligned { run.end().div_ceil(block) } else { first };
        let newer = self.overlay.range(blocks).filter(|(_, copy)| !copy.escaped);
        let mut rest = run;
        newer.map(Some).chain([None]).flat_map(move |newer| {
            let Some((number, copy)) = newer else { return [rest, Run::new(rest.end(), 0)] };
            let before = (number * block).saturating_sub(rest.start).min(rest.bytes);
            let taken = block.min(rest.bytes - before);
            let led = [Run::new(rest.start, before), Run::new(copy.place, taken)];
            rest = Run::new(rest.start + before + taken, rest.bytes - before - taken);
            led
        })
    }
}

/// Where each block of the journal lies.
fn places(runs: &[Run], block: u64) -> Vec<u64> {
    let whole = runs.iter().take_while(|run| run.start != Run::HOLE);
    let each = whole.flat_map(|run| (0..run.bytes / block).map(move |at| run.start + at * block));
    each.take(MOST_BLOCKS).collect()
}

impl Form {
    fn parse(raw: &[u8], blocks: usize) -> Option<Self> {
        let second = Fields(raw).be32(4) == 4;
        if Fields(raw).be32(0) != MAGIC
            || !(second || Fields(raw).be32(4) == 3)
            || Fields(raw).be32(12) as usize != raw.len()
        {
            return None;
        }
        let features = if second { Fields(raw).be32(0x28) } else { 0 };
        let fast = match Fields(raw).be32(0x54) {
            _ if features & FAST == 0 => 0,
            0 => 256,
            some => some as usize,
        };
        let last = (Fields(raw).be32(0x10) as usize).min(blocks).saturating_sub(fast);
        Some(Self {
            first: (Fields(raw).be32(0x14) as usize).clamp(1, last.max(1)),
            last,
            sequence: Fields(raw).be32(0x18),
            start: Fields(raw).be32(0x1C) as usize,
            features,
            seed: crc32c(!0, raw.get(0x30..0x40)?),
        })
    }

    fn next(&self, at: usize) -> usize {
        if at + 1 >= self.last { self.first } else { at + 1 }
    }

    fn tag_size(&self) -> usize {
        let wide = if self.features & WIDE != 0 { 12 } else { 8 };
        match self.features {
            features if features & CHECKSUMS_3 != 0 => 16,
            features if features & CHECKSUMS_2 != 0 => wide + 2,
            _ => wide,
        }
    }

    /// The tags of a descriptor: block, whether it is escaped, and its checksum.
    fn tags(&self, raw: &[u8]) -> Vec<(u64, bool, Option<u32>)> {
        let (third, wide) = (self.features & CHECKSUMS_3 != 0, self.features & WIDE != 0);
        let checked = self.features & (CHECKSUMS_2 | CHECKSUMS_3) != 0;
        let end = raw.len() - if checked { 4 } else { 0 };
        let (mut tags, mut at) = (Vec::new(), 12);
        while at + self.tag_size() <= end {
            let tag = &raw[at..];
            let flags = if third { Fields(tag).be32(4) } else { Fields(tag).be16(6).into() };
            let high = if wide { u64::from(Fields(tag).be32(8)) << 32 } else { 0 };
            let sum = if third { Fields(tag).be32(12) } else { Fields(tag).be16(4).into() };
            tags.push((
                high | u64::from(Fields(tag).be32(0)),
                flags & 1 != 0,
                checked.then_some(sum),
            ));
            at += self.tag_size() + if flags & 2 == 0 { 16 } else { 0 };
            if flags & 8 != 0 {
                break;
            }
        }
        tags
    }

    fn revoked(&self, raw: &[u8]) -> Vec<u64> {
        let end = (Fields(raw).be32(12) as usize).min(raw.len()).max(16);
        match self.features & WIDE {
            0 => raw[16..end].chunks_exact(4).map(|entry| Fields(entry).be32(0).into()).collect(),
            _ => raw[16..end]
                .chunks_exact(8)
                .map(|entry| {
                    u64::from(Fields(entry).be32(0)) << 32 | u64::from(Fields(entry).be32(4))
                })
                .collect(),
        }
    }
}

struct Reader<'a> {
    volume: &'a dyn Bytes,
    places: &'a [u64],
    form: Form,
    raw: Vec<u8>,
}

impl Reader<'_> {
    /// The kind and transaction of one of the journal's own blocks.
    fn header(&mut self, at: usize) -> Option<(u32, u32)> {
        let place = *self.places.get(at)?;
        let read = self.volume.read_at(place, &mut self.raw) == self.raw.len();
        (read && Fields(&self.raw).be32(0) == MAGIC)
            .then(|| (Fields(&self.raw).be32(4), Fields(&self.raw).be32(8)))
    }

    /// Every copy that any descriptor still names, whether its transaction was replayed long ago or not. Of two that
    /// name one block of the journal the later is right.
    fn copies(&mut self) -> Vec<OldBlock> {
        let mut holders: Vec<Option<OldBlock>> = vec![None; self.form.last];
        for at in self.form.first..self.form.last {
            let Some((1, sequence)) = self.header(at) else { continue };
            let mut data = at;
            for (block, escaped, checksum) in self.form.tags(&self.raw) {
                data = self.form.next(data);
                let (Some(holder), Some(place)) = (holders.get_mut(data), self.places.get(data))
                else {
                    break;
                };
                if holder.is_none_or(|held| held.sequence < sequence) {
                    *holder = Some(OldBlock { block, sequence, place: *place, escaped, checksum });
                }
            }
        }
        let mut copies: Vec<OldBlock> = holders.into_iter().flatten().collect();
        copies.sort_unstable();
        copies
    }

    /// The last copies of committed transactions from the journal's start on, without those that were revoked since.
    fn overlay(&mut self) -> BTreeMap<u64, OldBlock> {
        let (mut all, mut open) = (BTreeMap::new(), Vec::new());
        // Where they stand: a map of the journal may lead to one block of them any number of times.
        let mut revokes = HashSet::new();
        let (mut at, mut sequence) = (self.form.start, self.form.sequence);
        let mut steps = if self.form.start == 0 { 0 } else { self.form.last };
        while steps > 0 {
            let Some((kind, own)) = self.header(at).filter(|(_, own)| *own == sequence) else {
                break;
            };
            steps -= 1;
            match kind {
                1 => {
                    for (block, escaped, checksum) in self.form.tags(&self.raw) {
                        at = self.form.next(at);
                        steps = steps.saturating_sub(1);
                        let Some(place) = self.places.get(at).copied() else { break };
                        open.push(OldBlock { block, sequence: own, place, escaped, checksum });
                    }
                }
                2 => {
                    all.extend(open.drain(..).map(|copy: OldBlock| (copy.block, copy)));
                    for place in revokes.drain() {
                        self.revoke(place, &mut all);
                    }
                    sequence = sequence.wrapping_add(1);
                }
                5 => revokes.extend(self.places.get(at).copied()),
                _ => break,
            }
            at = self.form.next(at);
        }
        all
    }

    /// Takes out what was revoked: every copy so far is of this transaction, or of one before it.
    fn revoke(&mut self, place: u64, all: &mut BTreeMap<u64, OldBlock>) {
        let read = self.volume.read_at(place, &mut self.raw) == self.raw.len();
        let revoked = if read { self.form.revoked(&self.raw) } else { Vec::new() };
        for block in revoked {
            all.remove(&block);
        }
    }
}

#[cfg(test)]
mod tests;
