//! The sections of EWF segments: where the tables of chunks lie, and what is told beside them.

use crate::sums::agree;

use super::{
    super::layer::{self, Layer},
    Case, MAGIC,
};

/// The most tables, whose entries stay where they are.
const MOST_TABLES: usize = 1 << 20;
/// The most sections of one segment.
const MOST_SECTIONS: usize = 1 << 20;
const MOST_ERRORS: usize = 65_536;
const MOST_CHUNK: u64 = 16 << 20;
const MOST_CASE: u64 = 64 * 1024;

const UNCOUNTED: &str = "a table is lost, and how many chunks it has; what follows is lost";

#[derive(Debug, Default)]
pub struct Volume {
    pub bytes: u64,
    pub sector: u32,
    pub chunk_bytes: usize,
}

#[derive(Debug, Clone, Copy)]
pub struct Table {
    /// The number of its first chunk in the image.
    pub first: u64,
    pub count: u32,
    pub segment: usize,
    /// Where its entries begin.
    pub entries: u64,
    /// What they count from.
    pub base: u64,
    /// From which entry on all 32 bits are the place.
    pub wide_from: Option<u32>,
}

#[derive(Default)]
pub struct Sections {
    pub volume: Volume,
    pub tables: Vec<Table>,
    pub case: Case,
    /// First sectors and counts of what could not be read when the image was made.
    pub errors: Vec<(u64, u64)>,
    pub faults: Vec<&'static str>,
    /// Whether the last segment was seen.
    pub done: bool,
    /// Chunks that all tables have.
    pub chunks: u64,
    /// Whether the table that was seen last has its checksum.
    sound: bool,
    /// Whether it is the last of `tables`.
    taken: bool,
    /// Whether nobody knows how many chunks it has, so that no later one's place is known.
    uncounted: bool,
}

/// A section's own head.
struct Section {
    name: [u8; 16],
    next: u64,
    /// Where its content begins, and ends.
    content: u64,
    end: u64,
}

const HEAD: u64 = 76;

impl Section {
    fn read(segment: &dyn Layer, at: u64) -> Option<Self> {
        let head: [u8; HEAD as usize] = layer::array(segment, at)?;
        let number =
            |at: usize| u64::from_le_bytes(head[at..at + 8].try_into().unwrap_or_default());
        let sum = u32::from_le_bytes(head[72..].try_into().ok()?);
        if !agree(simd_adler32::adler32(&&head[..72]), sum) {
            return None;
        }
        let (next, size) = (number(16), number(24));
        // Some writers leave out the size.
        let end = if size > HEAD { at.saturating_add(size) } else { next };
        // No section reaches into the next, or a few bytes could have all that follows read for each of them.
        let end = if next > at { end.min(next) } else { end };
        let end = end.min(segment.len()).max(at + HEAD);
        Some(Self { name: head[..16].try_into().ok()?, next, content: at + HEAD, end })
    }

    fn name(&self) -> &[u8] {
        self.name.split(|byte| *byte == 0).next().unwrap_or_default()
    }

    fn content(&self, segment: &dyn Layer, most: u64) -> Option<Vec<u8>> {
        let bytes = (self.end - self.content).min(most);
        let mut content = vec![0; bytes as usize];
        layer::exact(segment, self.content, &mut content).then_some(content)
    }
}

impl Sections {
    /// Reads the segment of this number, from 1.
    pub fn read(&mut self, segment: &dyn Layer, number: u32) -> Result<(), &'static str> {
        let head: [u8; 13] = layer::array(segment, 0).ok_or("it is too short")?;
        if !head.starts_with(MAGIC) {
            return Err("it does not begin like a segment of an E01 image");
        }
        if u32::from(u16::from_le_bytes([head[9], head[10]])) != number & 0xFFFF {
            return Err("its number is another than its name's");
        }
        let mut at = 13;
        for _ in 0..MOST_SECTIONS {
            let Some(section) = Section::read(segment, at) else {
                self.broken(
                    "a section is damaged; what follows in its segment and the later ones is lost",
                );
                break;
            };
            match section.name() {
                b"next" => return Ok(()),
                b"done" => {
                    self.done = true;
                    if self.uncounted {
                        self.broken(UNCOUNTED);
                    }
                    return Ok(());
                }
                b"table" if self.uncounted => {
                    self.broken(UNCOUNTED);
                    break;
                }
                _ => self.section(segment, number, &section),
            }
            if section.next <= at {
                self.broken("its sections lead back; what follows is lost");
                break;
            }
            at = section.next;
        }
        self.done = true;
        Ok(())
    }

    /// A segment without an end is the last one.
    fn broken(&mut self, fault: &'static str) {
        if !self.faults.contains(&fault) {
            self.faults.push(fault);
        }
    }

    fn section(&mut self, segment: &dyn Layer, number: u32, section: &Section) {
        match section.name() {
            b"volume" | b"disk" | b"data" if self.volume.chunk_bytes == 0 => {
                let content = section.content(segment, 2048);
                self.volume =
                    content.and_then(|content| Volume::read(&content)).unwrap_or_default();
            }
            b"header" | b"header2" => {
                if let Some(packed) = section.content(segment, MOST_CASE) {
                    self.case.read_header(&packed);
                }
            }
            b"hash" => {
                if let Some(content) = section.content(segment, 16) {
                    self.case.md5 = content.try_into().ok();
                }
            }
            b"digest" => {
                if let Some(content) = section.content(segment, 36) {
                    self.case.read_digest(&content);
                }
            }
            b"error2" => self.errors(segment, section),
            b"table" => self.table(segment, number, section, false),
            b"table2" => self.table(segment, number, section, true),
            _ => {}
        }
    }

    /// The second table repeats the first, and counts where that is damaged.
    fn table(&mut self, segment: &dyn Layer, number: u32, section: &Section, second: bool) {
        if second && self.sound {
            return;
        }
        if !second {
            (self.sound, self.taken, self.uncounted) = (false, false, true);
        }
        let Some(head) = layer::array::<24>(segment, section.content) else { return };
        let told = u32::from_le_bytes(head[..4].try_into().unwrap_or_default());
        let base = u64::from_le_bytes(head[8..16].try_into().unwrap_or_default());
        let entries = section.content + 24;
        let there = (section.end.saturating_sub(entries) / 4).min(u64::from(u32::MAX)) as u32;
        let sum = u32::from_le_bytes(head[20..].try_into().unwrap_or_default());
        let sound = agree(simd_adler32::adler32(&&head[..20]), sum);
        let count = told.min(there);
        let (same, wide_from) = scan(segment, entries, count);
        // A wrong count shifts all that follows: it is believed where it has a checksum, or leads to that of so many entries.
        let counted = sound || (1..=there).contains(&told) && same == Some(true);
        self.sound = sound && told <= there && same != Some(false);
        if second && !self.sound {
            self.broken("both copies of a table are damaged");
        }
        if !counted || second && self.taken && !self.sound {
            return;
        }
        if let Some(first) = self.tables.pop_if(|_| self.taken) {
            self.chunks = first.first;
        }
        self.uncounted = false;
        if count > 0 && self.tables.len() < MOST_TABLES {
            let first = self.chunks;
            let segment = number as usize - 1;
            self.tables.push(Table { first, count, segment, entries, base, wide_from });
            self.chunks = self.chunks.saturating_add(u64::from(told));
            self.taken = true;
        }
    }

    fn errors(&mut self, segment: &dyn Layer, section: &Section) {
        let Some(count) = layer::array::<4>(segment, section.content).map(u32::from_le_bytes)
        else {
            return;
        };
        let there = section.end.saturating_sub(section.content + 520) / 8;
        let most = there.min((MOST_ERRORS - self.errors.len()) as u64);
        let count = u64::from(count).min(most) as usize;
        // The count stands in 520 bytes: itself, zeros and a checksum; older writers use more room for zeros.
        let mut bytes = vec![0; count * 8];
        if !layer::exact(segment, section.content + 520, &mut bytes) {
            return;
        }
        let number =
            |bytes: &[u8]| u64::from(u32::from_le_bytes(bytes.try_into().unwrap_or_default()));
        let entries = bytes.chunks_exact(8).map(|entry| (number(&entry[..4]), number(&entry[4..])));
        self.errors.extend(entries.filter(|(_, count)| *count > 0));
    }
}

/// Whether the entries have their checksum, none where the segment ends before it, and from which on they are wide.
fn scan(segment: &dyn Layer, entries: u64, count: u32) -> (Option<bool>, Option<u32>) {
    let mut sum = simd_adler32::Adler32::new();
    let mut block = vec![0; 16 * 1024];
    let (mut at, end) = (entries, entries + u64::from(count) * 4);
    let (mut last, mut wide_from, mut index) = (0, None, 0);
    while at < end {
        let bytes = (end - at).min(block.len() as u64) as usize;
        let block = &mut block[..bytes];
        if !layer::exact(segment, at, block) {
            return (Some(false), wide_from);
        }
        sum.write(block);
        for entry in block.chunks_exact(4) {
            let entry = u32::from_le_bytes(entry.try_into().unwrap_or_default());
            let place = entry & 0x7FFF_FFFF;
            if wide_from.is_none() && place < last && entry > last {
                wide_from = Some(index);
            }
            last = place;
            index += 1;
        }
        at += bytes as u64;
    }
    let written = layer::array::<4>(segment, end).map(u32::from_le_bytes);
    (written.map(|written| written == sum.finish()), wide_from)
}

impl Volume {
    fn read(content: &[u8]) -> Option<Self> {
        let short = |at: usize| {
            let bytes = content.get(at..at + 4)?;
            Some(u32::from_le_bytes(bytes.try_into().ok()?))
        };
        let (chunks, per_chunk, sector) = (short(4)?, short(8)?, short(12)?);
        let low = u64::from(short(16)?);
        // The short form of SMART has 32 bits for the sectors, and zeros are sure to follow.
        let sectors = if content.len() < 1000 { low } else { low | u64::from(short(20)?) << 32 };
        let chunk = u64::from(per_chunk).checked_mul(u64::from(sector))?;
        if !(512..=MOST_CHUNK).contains(&chunk) || !(256..=65_536).contains(&sector) {
            return None;
        }
        let told = sectors.checked_mul(u64::from(sector))?;
        let bytes = if told == 0 { u64::from(chunks) * chunk } else { told };
        Some(Self { bytes, sector, chunk_bytes: chunk as usize })
    }
}
