//! The GUID partition table: a header in the second sector and its copy in the last, each with CRC-32 over itself and its entries.

use leaksweep_facts::{Observed, Reason};

use super::{Scheme, Slot, State, array, names, problem};
use crate::{Bytes, formats::Details, sums::agree};

const MOST_ENTRIES: u32 = 1024;
const LONGEST_ENTRY: u32 = 4096;

struct Header {
    backup: u64,
    entries: u64,
    count: u32,
    entry: u32,
    entries_sum: u32,
}

/// None where there is neither a header nor a copy.
pub fn read(medium: &dyn Bytes, sector: u64) -> Option<Observed<Slot>> {
    let last = (medium.len() / sector).checked_sub(1)?;
    let (primary, told) = header(medium, sector, 1);
    let backup_at = primary.as_ref().map_or(last, |header| header.backup);
    let (backup, _) = header(medium, sector, backup_at);
    // After an image grew, or was cut, the copy is not where the header says.
    let backup = backup.or_else(|| header(medium, sector, last).0);
    let tables = [primary.as_ref(), backup.as_ref()]
        .map(|header| header.map(|header| header.read(medium, sector)));
    let mut observed = Observed::default();
    let (rows, state) = match tables {
        [Some((rows, true)), copy] => {
            if !copy.is_some_and(|(_, sound)| sound) {
                observed.problem(problem(
                    Reason::Malformed,
                    "the copy of the GPT is missing or damaged",
                ));
            }
            (rows, State::Whole)
        }
        [_, Some((rows, true))] => {
            observed.problem(problem(Reason::Malformed, "the GPT is damaged; its copy was read"));
            (rows, State::Backup)
        }
        [Some((rows, _)), _] | [None, Some((rows, _))] => {
            observed.problem(problem(Reason::Malformed, "the GPT and its copy are damaged"));
            (rows, State::Damaged)
        }
        [None, None] if told => {
            observed.problem(problem(Reason::Malformed, "the GPT is damaged and has no copy"));
            (Vec::new(), State::Damaged)
        }
        [None, None] => return None,
    };
    observed.rows = rows.into_iter().map(|slot| Slot { state: Some(state), ..slot }).collect();
    Some(observed)
}

/// The header in this sector where it has its checksum; and whether there is the signature of one.
fn header(medium: &dyn Bytes, sector: u64, at: u64) -> (Option<Header>, bool) {
    let Some(place) = at.checked_mul(sector) else { return (None, false) };
    let Some(head) = array::<512>(medium, place) else { return (None, false) };
    let told = head.starts_with(b"EFI PART");
    let short = |at: usize| u32::from_le_bytes(head[at..at + 4].try_into().unwrap_or_default());
    let long = |at: usize| u64::from_le_bytes(head[at..at + 8].try_into().unwrap_or_default());
    let size = short(12) as usize;
    if !told || !(92..=512).contains(&size) {
        return (None, told);
    }
    let mut own = head;
    own[16..20].fill(0);
    let header = Header {
        backup: long(32),
        entries: long(72),
        count: short(80),
        entry: short(84),
        entries_sum: short(88),
    };
    let sound = agree(crc32fast::hash(&own[..size]), short(16)) && long(24) == at;
    let possible =
        header.entry.is_multiple_of(128) && (128..=LONGEST_ENTRY).contains(&header.entry);
    ((sound && possible).then_some(header), told)
}

impl Header {
    /// The entries that are used, and whether they have their checksum.
    fn read(&self, medium: &dyn Bytes, sector: u64) -> (Vec<Slot>, bool) {
        let count = self.count.min(MOST_ENTRIES);
        let mut bytes = vec![0; count as usize * self.entry as usize];
        let there = medium.read_at(self.entries.saturating_mul(sector), &mut bytes) == bytes.len();
        let sound =
            there && count == self.count && agree(crc32fast::hash(&bytes), self.entries_sum);
        let entries = (1..).zip(bytes.chunks_exact(self.entry as usize));
        (entries.filter_map(|(number, entry)| slot(number, entry, sector)).collect(), sound)
    }
}

fn slot(number: u32, entry: &[u8], sector: u64) -> Option<Slot> {
    let kind: [u8; 16] = entry.get(..16)?.try_into().ok()?;
    let long = |at: usize| Some(u64::from_le_bytes(entry.get(at..at + 8)?.try_into().ok()?));
    let (first, last) = (long(32)?, long(40)?);
    if kind == [0; 16] || first == 0 || last < first {
        return None;
    }
    let units: Vec<u16> = entry
        .get(56..128)?
        .chunks_exact(2)
        .map(|two| u16::from_le_bytes([two[0], two[1]]))
        .collect();
    let name = units.split(|unit| *unit == 0).next().unwrap_or_default();
    let bytes = (last - first).saturating_add(1).saturating_mul(sector);
    Some(Slot {
        kind: Some(names::of_gpt(kind)),
        name: Details::text(&String::from_utf16_lossy(name)),
        uuid: Some(names::guid(entry.get(16..32)?.try_into().ok()?)),
        ..Slot::new(number, Scheme::Gpt, first.saturating_mul(sector), bytes)
    })
}
