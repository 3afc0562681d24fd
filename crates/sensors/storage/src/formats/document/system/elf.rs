//! Programs and libraries of Linux: the farthest of sections, segments and their tables, which must fill nearly all before it.

use super::opaque;
use crate::Stretch;
use crate::formats::{Family, Format, Kind, Proof, Signature, Walked};

pub static ELF: Format = Format {
    kind: Kind { name: "elf", family: Family::Other, extension: "elf" },
    signatures: &[Signature::new(b"\x7fELF")],
    looks,
    walk,
    texts: None,
    picture: None,
};

fn looks(bytes: &[u8]) -> bool {
    let Some(head) = bytes.get(..64) else { return false };
    let big = head[5] == 2;
    let u16_at = |at: usize| {
        let two = [head[at], head[at + 1]];
        if big { u16::from_be_bytes(two) } else { u16::from_le_bytes(two) }
    };
    let (size, part, section) = if head[4] == 2 { (52, 54, 58) } else { (40, 42, 46) };
    let fits = |at: usize, whole: u16| u16_at(at) == whole || u16_at(at) == 0;
    head.starts_with(b"\x7fELF")
        && matches!((head[4], head[5], head[6]), (1..=2, 1..=2, 1))
        && head[9..16] == [0; 7]
        && (1..=4).contains(&u16_at(16))
        && u16_at(size) == if head[4] == 2 { 64 } else { 52 }
        && fits(part, if head[4] == 2 { 56 } else { 32 })
        && fits(section, if head[4] == 2 { 64 } else { 40 })
}

/// A dump of memory, whose segments may hold anything.
const DUMP: u64 = 4;
/// The first segment of every dump: what was running.
const NOTES: u64 = 4;
/// A section from which on it must look like one; also all the holes that alignment may leave.
const LARGE: u64 = 8 << 20;
/// The same of a segment: tables that are filled in only when it is loaded are many MiB of zeros.
const LARGE_SEGMENT: u64 = 64 << 20;
/// No other file may begin in a part that ends behind this place: programs carry files before it.
const HUGE: u64 = 1 << 30;
/// How many sectors of a part are looked at.
const SAMPLES: u64 = 64;

/// Bytes that a segment, a section or a table takes.
struct Part {
    at: u64,
    end: u64,
    section: bool,
}

/// Whether parts fill the file, and none that is large is filler or another file.
fn filled(stretch: &mut Stretch, mut parts: Vec<Part>, dump: bool) -> bool {
    parts.sort_by_key(|part| (part.at, part.section));
    let end = parts.iter().map(|part| part.end).max().unwrap_or(0);
    // Small parts may be many.
    if !dump && end >= HUGE && is_filler(stretch, 0, end) {
        return false;
    }
    let (mut covered, mut holes) = (0_u64, 0_u64);
    for part in parts {
        holes = holes.saturating_add(part.at.saturating_sub(covered));
        let from = part.at.max(covered);
        covered = covered.max(part.end);
        let any = part.end <= from || dump && !part.section;
        if holes > LARGE || !any && !is_own(stretch, from, &part) {
            return false;
        }
    }
    true
}

fn is_own(stretch: &mut Stretch, from: u64, part: &Part) -> bool {
    let large = part.end - from >= if part.section { LARGE } else { LARGE_SEGMENT };
    if large && is_filler(stretch, from, part.end) {
        return false;
    }
    let any = part.end < HUGE && !(large && part.section);
    any || opaque::begun(stretch, from, part.end) >= part.end
}

/// Whether most of its sectors are one byte over and over, or begin another file.
fn is_filler(stretch: &mut Stretch, from: u64, to: u64) -> bool {
    let step = (to - from) / SAMPLES;
    let filler = |at: &u64| opaque::extent(stretch, *at, at + 512) <= *at;
    let places = (0..SAMPLES).map(|sample| (from + sample * step).next_multiple_of(512));
    places.filter(filler).count() as u64 * 4 >= SAMPLES * 3
}

struct Reader<'s, 'a> {
    stretch: &'s mut Stretch<'a>,
    wide: bool,
    big: bool,
}

impl Reader<'_, '_> {
    fn half(&mut self, at: u64) -> Option<u64> {
        let two = self.stretch.array(at)?;
        Some(u64::from(if self.big { u16::from_be_bytes(two) } else { u16::from_le_bytes(two) }))
    }

    fn word(&mut self, at: u64) -> Option<u64> {
        let four = self.stretch.array(at)?;
        Some(u64::from(if self.big { u32::from_be_bytes(four) } else { u32::from_le_bytes(four) }))
    }

    /// Of eight bytes in wide files, else of four.
    fn long(&mut self, at: u64) -> Option<u64> {
        if !self.wide {
            return self.word(at);
        }
        let eight = self.stretch.array(at)?;
        Some(if self.big { u64::from_be_bytes(eight) } else { u64::from_le_bytes(eight) })
    }
}

fn walk(stretch: &mut Stretch) -> Option<Walked> {
    let head: [u8; 64] = stretch.array(0)?;
    if !looks(&head) {
        return None;
    }
    let wide = head[4] == 2;
    let mut reader = Reader { stretch, wide, big: head[5] == 2 };
    let pick = |long: u64, short: u64| if wide { long } else { short };
    let (parts, sections) = (reader.long(pick(32, 28))?, reader.long(pick(40, 32))?);
    let (part_size, section_size) = (pick(56, 32), pick(64, 40));
    let part_count = reader.half(pick(56, 44))?;
    let section_count = reader.half(pick(60, 48))?;
    let tables = [
        parts.checked_add(part_count * part_size)?,
        sections.checked_add(section_count * section_size)?,
    ];
    let mut end = tables[0].max(tables[1]);
    let mut taken: Vec<Part> = [0, parts, sections]
        .into_iter()
        .zip([64, tables[0], tables[1]])
        .map(|(at, end)| Part { at, end, section: false })
        .collect();
    let mut known = 0_u64;
    for part in 0..part_count {
        let at = parts + part * part_size;
        let (Some(place), Some(bytes)) =
            (reader.long(at + pick(8, 4)), reader.long(at + pick(32, 16)))
        else {
            break;
        };
        // A segment that is larger in the file than in memory is none.
        let memory = reader.long(at + pick(40, 20))?;
        if memory < bytes && reader.word(at)? == 1 {
            return None;
        }
        known += u64::from(bytes > 0);
        let stop = place.checked_add(bytes)?;
        end = end.max(stop);
        if bytes > 0 {
            taken.push(Part { at: place, end: stop, section: false });
        }
    }
    let mut read = 0;
    let names = reader.half(pick(62, 50))?;
    let named = names == 0
        || reader.word(sections.checked_add(names * section_size)?.checked_add(4)?) == Some(3);
    for section in 0..section_count {
        let at = sections.checked_add(section * section_size)?;
        let Some(kind) = reader.word(at + 4) else { break };
        let (place, bytes) = (reader.long(at + pick(24, 16))?, reader.long(at + pick(32, 20))?);
        // The first section is empty.
        if section == 0 && kind != 0 {
            break;
        }
        if kind != 8 {
            let stop = place.checked_add(bytes)?;
            end = end.max(stop);
            if bytes > 0 {
                taken.push(Part { at: place, end: stop, section: true });
            }
        }
        read += 1;
    }
    let there = named && read == section_count && end <= reader.stretch.len();
    let dump = reader.half(16)? == DUMP && part_count > 0 && reader.word(parts) == Some(NOTES);
    if there && (known > 0 || read > 1) && filled(reader.stretch, taken, dump) {
        return Some(Walked::whole(end, Proof::Structure));
    }
    let front = opaque::extent(reader.stretch, 64, sections.max(64));
    (known > 1 && front > 4096).then(|| Walked::broken(front, Proof::Structure))
}
