//! The write-ahead log, `FILE-wal`: where SQLite writes changed pages first, until nobody reads the
//! database any more and it moves them there. A header and frames; a frame is one page, and the last frame of a
//! transaction tells how many pages the database then has. Frames of a transaction that did not
//! end, and those left over from before the file was begun anew, do not count.
//!
//! Limits: what the file grows to may not go beyond the cap of a database.

const MAGIC: u32 = 0x377f_0682;
const VERSION: u32 = 3_007_000;
const HEADER: usize = 32;
const FRAME_HEADER: usize = 24;

/// Brings a database to the state after the last transaction that ended. A file of no bytes is what
/// SQLite leaves when everything is moved.
pub fn apply(database: &mut Vec<u8>, wal: &[u8], cap: usize) -> Result<(), String> {
    if wal.is_empty() {
        return Ok(());
    }
    let log = Log::open(wal)?;
    // Before the first move the database may be empty.
    if database.get(16..18).is_some_and(|size| size != log.size_as_database()) {
        return Err("its pages are not of the database's size".into());
    }
    let (mut waiting, mut pages) = (Vec::new(), None);
    for frame in log.frames() {
        waiting.push(frame);
        if frame.pages > 0 {
            pages = Some(frame.pages);
            waiting.drain(..).for_each(|frame| frame.put(database, cap));
        }
    }
    // Only once: sizes that go up and down would make endless work.
    if let Some(pages) = pages {
        let length = pages.checked_mul(log.page_size).filter(|length| *length <= cap);
        database.resize(length.ok_or("it makes the database too large")?, 0);
    }
    Ok(())
}

struct Log<'a> {
    page_size: usize,
    salts: &'a [u8],
    sums: Sums,
    frames: &'a [u8],
}

#[derive(Clone, Copy)]
struct Frame<'a> {
    page: usize,
    /// How many pages the database has after it; 0 within a transaction.
    pages: usize,
    content: &'a [u8],
}

impl Frame<'_> {
    fn put(&self, database: &mut Vec<u8>, cap: usize) {
        let start = self.page.saturating_sub(1).saturating_mul(self.content.len());
        let end = start.saturating_add(self.content.len());
        if end > database.len() && end <= cap {
            database.resize(end, 0);
        }
        if let Some(place) = database.get_mut(start..end) {
            place.copy_from_slice(self.content);
        }
    }
}

impl<'a> Log<'a> {
    fn open(wal: &'a [u8]) -> Result<Self, &'static str> {
        let (header, frames) = wal.split_at_checked(HEADER).ok_or("it ends within its header")?;
        let magic = word(header, 0).unwrap_or_default();
        if magic & !1 != MAGIC || word(header, 4) != Some(VERSION) {
            return Err("no file of SQLite's changes");
        }
        let page_size = word(header, 8).unwrap_or_default() as usize;
        if !page_size.is_power_of_two() || !(512..=65_536).contains(&page_size) {
            return Err("a page size that SQLite does not have");
        }
        let mut sums = Sums { big: magic & 1 == 1, sums: [0, 0] };
        sums.add(header.get(..24).unwrap_or_default());
        if !sums.are(header, 24) {
            return Err("its header does not fit its sum");
        }
        Ok(Self { page_size, salts: header.get(16..24).unwrap_or_default(), sums, frames })
    }

    /// The page size as a database's header has it, where 65,536 does not fit.
    fn size_as_database(&self) -> [u8; 2] {
        u16::try_from(self.page_size).unwrap_or(1).to_be_bytes()
    }

    fn frames(&self) -> impl Iterator<Item = Frame<'a>> {
        let mut sums = self.sums;
        let salts = self.salts;
        let frame = move |bytes: &'a [u8]| {
            let (header, content) = bytes.split_at_checked(FRAME_HEADER)?;
            sums.add(header.get(..8)?);
            sums.add(content);
            let page = word(header, 0)? as usize;
            let pages = word(header, 4)? as usize;
            let sound = header.get(8..16)? == salts && sums.are(header, 16) && page > 0;
            sound.then_some(Frame { page, pages, content })
        };
        self.frames.chunks_exact(FRAME_HEADER + self.page_size).map_while(frame)
    }
}

/// The running sums over everything before, as two numbers.
#[derive(Clone, Copy)]
struct Sums {
    /// The byte order of the machine that wrote.
    big: bool,
    sums: [u32; 2],
}

impl Sums {
    fn add(&mut self, bytes: &[u8]) {
        let number =
            |bytes| if self.big { u32::from_be_bytes(bytes) } else { u32::from_le_bytes(bytes) };
        let [mut first, mut second] = self.sums;
        for [a, b, c, d, e, f, g, h] in bytes.as_chunks::<8>().0 {
            first = first.wrapping_add(number([*a, *b, *c, *d])).wrapping_add(second);
            second = second.wrapping_add(number([*e, *f, *g, *h])).wrapping_add(first);
        }
        self.sums = [first, second];
    }

    fn are(&self, bytes: &[u8], at: usize) -> bool {
        self.sums.map(Some) == [word(bytes, at), word(bytes, at + 4)]
    }
}

fn word(bytes: &[u8], at: usize) -> Option<u32> {
    let (first, _) = bytes.get(at..)?.split_first_chunk::<4>()?;
    Some(u32::from_be_bytes(*first))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The changes that write each page (its number, the count of pages after it), well summed.
    fn wal(frames: &[(u32, u32)]) -> Vec<u8> {
        let mut sums = Sums { big: true, sums: [0, 0] };
        let words = |words: &[u32]| words.iter().flat_map(|word| word.to_be_bytes()).collect();
        let mut file: Vec<u8> = words(&[MAGIC | 1, VERSION, 512, 0, 7, 8]);
        sums.add(&file);
        file.extend::<Vec<u8>>(words(&sums.sums));
        for (page, pages) in frames {
            let (head, content): (Vec<u8>, _) = (words(&[*page, *pages]), [*page as u8; 512]);
            sums.add(&head);
            sums.add(&content);
            file.extend([head, words(&[7, 8]), words(&sums.sums), content.to_vec()].concat());
        }
        file
    }

    fn applied(wal: &[u8]) -> Result<Vec<u8>, String> {
        let mut database = vec![0; 1024];
        database[16] = 2;
        apply(&mut database, wal, 4096)?;
        Ok(database.chunks(512).map(|page| page[511]).collect())
    }

    #[test]
    fn only_what_was_finished_counts() {
        type Case = (&'static [(u32, u32)], &'static [u8]);
        let cases: [Case; 6] = [
            (&[], &[0, 0]),
            (&[(2, 0)], &[0, 0]),
            (&[(2, 2), (1, 0)], &[0, 2]),
            (&[(1, 0), (3, 3)], &[1, 0, 3]),
            (&[(1, 1)], &[1]),
            (&[(9, 2), (0, 2)], &[0, 0]),
        ];
        for (frames, expected) in cases {
            assert_eq!(applied(&wal(frames)).as_deref(), Ok(expected), "{frames:?}");
        }
    }

    #[test]
    fn a_byte_that_is_wrong_ends_the_changes() {
        let whole = wal(&[(1, 2), (2, 2)]);
        for at in 0..whole.len() {
            let mut wal = whole.clone();
            wal[at] ^= 1;
            let found = applied(&wal);
            assert!(found.is_err() || found != applied(&whole), "{at}");
            assert!(at >= HEADER || found.is_err(), "{at}");
        }
    }

    #[test]
    fn a_size_beyond_the_cap_is_refused() {
        for pages in [9, u32::MAX] {
            assert_eq!(applied(&wal(&[(1, pages)])), Err("it makes the database too large".into()));
        }
    }
}
