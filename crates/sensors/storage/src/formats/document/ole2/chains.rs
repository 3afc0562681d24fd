//! Sectors of a compound file, and what is made of them.

use std::collections::HashSet;

use crate::Stretch;

pub const FREE: u32 = 0xFFFF_FFFF;
const END: u32 = 0xFFFF_FFFE;
const TABLE: u32 = 0xFFFF_FFFD;
const TABLE_OF_TABLES: u32 = 0xFFFF_FFFC;

/// The most sectors that are followed.
const MOST: usize = 4 << 20;
const MOST_ENTRIES: usize = 10_000;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    pub name: String,
    /// 1 a folder, 2 a stream, 5 the root.
    pub kind: u8,
    pub class: [u8; 16],
    pub start: u32,
    pub size: u64,
}

pub struct Store {
    pub sector: u64,
    table: Vec<u32>,
    small: Vec<u32>,
    cutoff: u64,
    /// Where the sectors of small streams lie.
    small_sectors: Vec<u32>,
    pub entries: Vec<Entry>,
    /// Behind the highest sector in use.
    pub end: u64,
    /// The first place where a table or the directory is wrong.
    pub damaged: Option<u64>,
    pub directory: u64,
    /// The sectors of tables, each told whether it is right.
    pub marks: Vec<(u64, bool)>,
}

/// A table that cannot be read: where it should be, and how long the file may be at most.
pub struct Lost {
    pub at: u64,
    pub to: u64,
}

impl Store {
    /// None where the first sector is no header.
    pub fn read(stretch: &mut Stretch) -> Option<Result<Self, Lost>> {
        let header: [u8; 512] = stretch.array(0)?;
        let u32_at = |at: usize| {
            u32::from_le_bytes([header[at], header[at + 1], header[at + 2], header[at + 3]])
        };
        let sector = 1_u64 << header[30];
        let tables = u32_at(44) as usize;
        let first: Vec<u32> = (76..512).step_by(4).map(u32_at).collect();
        let told = tables.min(109);
        let fits =
            |at: usize, number: &u32| if at < told { *number < END - 3 } else { *number == FREE };
        if tables == 0 || !first.iter().enumerate().all(|(at, number)| fits(at, number)) {
            return None;
        }
        let most =
            (tables as u64).saturating_mul(sector / 4).saturating_add(1).saturating_mul(sector);
        let mut store = Self {
            sector,
            table: Vec::new(),
            small: Vec::new(),
            cutoff: u64::from(u32_at(56)),
            small_sectors: Vec::new(),
            entries: Vec::new(),
            end: 0,
            damaged: None,
            directory: 0,
            marks: Vec::new(),
        };
        let Some(places) = store.tables(stretch, &first[..told], tables, u32_at(68)) else {
            return Some(Err(Lost { at: sector, to: most }));
        };
        store.fill(stretch, &places);
        if !store.marks.iter().any(|(_, right)| *right) {
            return Some(Err(Lost { at: sector, to: most }));
        }
        let used =
            store.table.iter().rposition(|next| *next != FREE).map_or(0, |last| last as u64 + 1);
        store.end = (used + 1) * sector;
        store.directory = store.place(u32_at(48));
        store.list(stretch, u32_at(48));
        store.small_tables(stretch, u32_at(60));
        Some(Ok(store))
    }

    pub fn place(&self, sector: u32) -> u64 {
        (u64::from(sector) + 1) * self.sector
    }

    fn wrong(&mut self, at: u64) {
        self.damaged = Some(self.damaged.map_or(at, |before| before.min(at)));
    }

    /// The numbers of the table's sectors, by the header and the sectors that list more.
    fn tables(
        &self,
        stretch: &mut Stretch,
        first: &[u32],
        count: usize,
        more: u32,
    ) -> Option<Vec<u32>> {
        let mut places = first.to_vec();
        let mut next = more;
        let each = (self.sector / 4 - 1) as usize;
        let mut lists = HashSet::new();
        // Each turn adds sectors, of which there are no more than bytes.
        while places.len() < count.min(MOST / (each + 1)) && next < TABLE_OF_TABLES {
            let bytes = stretch.peek(self.place(next), self.sector as usize);
            let mut numbers = bytes
                .chunks_exact(4)
                .map(|four| u32::from_le_bytes([four[0], four[1], four[2], four[3]]));
            let before = places.len();
            places.extend(
                numbers
                    .by_ref()
                    .take(each.min(count - before))
                    .take_while(|number| *number < TABLE_OF_TABLES),
            );
            if places.len() == before || bytes.len() as u64 != self.sector || !lists.insert(next) {
                return None;
            }
            let bytes = stretch.peek(self.place(next) + self.sector - 4, 4);
            next = u32::from_le_bytes(bytes.try_into().ok()?);
        }
        Some(places)
    }

    fn fill(&mut self, stretch: &mut Stretch, places: &[u32]) {
        let each = (self.sector / 4) as usize;
        let mut read = HashSet::new();
        for number in places {
            let at = self.place(*number);
            let bytes = stretch.peek(at, self.sector as usize);
            let whole = bytes.len() as u64 == self.sector;
            let numbers = bytes
                .chunks_exact(4)
                .map(|four| u32::from_le_bytes([four[0], four[1], four[2], four[3]]));
            if self.table.len() + each > MOST {
                break;
            }
            // Numbers beyond all that the tables could tell are those of no table.
            let most = (places.len() * each) as u32;
            let own = whole && read.insert(*number);
            let right = own && numbers.clone().all(|next| next < most || next >= TABLE_OF_TABLES);
            if right {
                self.table.extend(numbers);
            } else {
                self.table.resize(self.table.len() + each, FREE);
                self.wrong(at);
            }
            self.marks.push((at, right));
        }
        for (index, number) in places.iter().enumerate() {
            let marked = self.table.get(*number as usize) == Some(&TABLE);
            if let Some(mark) = self.marks.get_mut(index).filter(|mark| mark.1 && !marked) {
                mark.1 = false;
                let at = mark.0;
                self.wrong(at);
            }
        }
    }

    fn list(&mut self, stretch: &mut Stretch, first: u32) {
        let most = MOST_ENTRIES * 128 / self.sector as usize + 1;
        for sector in chain(&self.table, first).take(most).collect::<Vec<_>>() {
            let at = self.place(sector);
            for slot in 0..self.sector / 128 {
                let Some(bytes) = stretch.array::<128>(at + slot * 128) else { break };
                match entry(&bytes) {
                    Some(Some(entry)) if self.entries.len() < MOST_ENTRIES => {
                        self.entries.push(entry)
                    }
                    Some(_) => {}
                    None => return self.wrong(at),
                }
            }
        }
        if self.entries.first().is_none_or(|root| root.kind != 5) {
            self.wrong(self.directory);
        }
    }

    fn small_tables(&mut self, stretch: &mut Stretch, first: u32) {
        for sector in chain(&self.table, first).take(MOST * 4 / self.sector as usize) {
            let bytes = stretch.peek(self.place(sector), self.sector as usize);
            let numbers = bytes
                .chunks_exact(4)
                .map(|four| u32::from_le_bytes([four[0], four[1], four[2], four[3]]));
            self.small.extend(numbers);
        }
        if let Some(root) = self.entries.first() {
            self.small_sectors = chain(&self.table, root.start).collect();
        }
    }

    /// Whether it lies in the sectors of small streams.
    fn is_small(&self, entry: &Entry) -> bool {
        entry.size < self.cutoff && entry.kind == 2
    }

    /// Where the sector begins that holds a byte of a stream; none of a small one.
    pub fn place_in(&self, entry: &Entry, byte: u64) -> Option<u64> {
        let before = usize::try_from(byte / self.sector).ok().filter(|_| !self.is_small(entry))?;
        chain(&self.table, entry.start).nth(before).map(|sector| self.place(sector))
    }

    /// A stream's bytes, at most `most` of them.
    pub fn bytes(&self, stretch: &mut Stretch, entry: &Entry, most: usize) -> Vec<u8> {
        let count = usize::try_from(entry.size).unwrap_or(most).min(most);
        let small = self.is_small(entry);
        let (table, size) = if small { (&self.small, 64) } else { (&self.table, self.sector) };
        let mut out = Vec::new();
        for sector in chain(table, entry.start).take(count / size as usize + 1) {
            let at = if small { self.small_place(sector) } else { Some(self.place(sector)) };
            let Some(at) = at else { break };
            let piece = stretch.peek(at, (size as usize).min(count - out.len()));
            // Of sectors behind the end nothing is read that would be counted: a chain there could be followed for each entry.
            if piece.is_empty() {
                break;
            }
            out.extend_from_slice(piece);
        }
        out
    }

    fn small_place(&self, sector: u32) -> Option<u64> {
        let at = u64::from(sector) * 64;
        let holder = *self.small_sectors.get(usize::try_from(at / self.sector).ok()?)?;
        Some(self.place(holder) + at % self.sector)
    }
}

/// The sectors from one on, each once: a loop ends where it closes.
fn chain(table: &[u32], first: u32) -> impl Iterator<Item = u32> {
    let mut seen = HashSet::new();
    let next = |sector: &u32| table.get(*sector as usize).copied();
    let sectors = std::iter::successors(Some(first), next);
    sectors.take_while(move |sector| (*sector as usize) < table.len() && seen.insert(*sector))
}

/// An entry of the directory; nothing for an empty one, and none for what is no entry.
fn entry(bytes: &[u8; 128]) -> Option<Option<Entry>> {
    let length = usize::from(u16::from_le_bytes([bytes[64], bytes[65]]));
    match bytes[66] {
        0 => return Some(None),
        1 | 2 | 5 if (2..=64).contains(&length) && bytes[67] < 2 => {}
        _ => return None,
    }
    let (name, _) = encoding_rs::UTF_16LE.decode_without_bom_handling(&bytes[..length - 2]);
    let u32_at =
        |at: usize| u32::from_le_bytes([bytes[at], bytes[at + 1], bytes[at + 2], bytes[at + 3]]);
    let class = bytes[80..96].try_into().ok()?;
    let entry = Entry {
        name: name.into_owned(),
        kind: bytes[66],
        class,
        start: u32_at(116),
        size: u64::from(u32_at(120)),
    };
    Some(Some(entry))
}
