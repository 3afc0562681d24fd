//! `rpmdb.sqlite`: an SQLite 3 file whose table `Packages` has one header in each row. Reads table
//! b-trees and their overflow pages, nothing else of SQLite.
//!
//! Limits: a page is read once, as a part of a tree or of one record, so that pages that point in a
//! circle come to an end and the work grows with the file; nothing calls itself.

use super::Records;

const MAGIC: &[u8] = b"SQLite format 3\0";
const INTERIOR: u8 = 5;
const LEAF: u8 = 13;
const TABLE: &[u8] = b"Packages";

pub fn read(content: &[u8], records: &mut Records<'_>) {
    rows(content, records, &mut |records, place, blob| records.header(place, blob));
}

/// Shows the place and the header of every row.
pub fn rows(content: &[u8], records: &mut Records<'_>, each: EachHeader<'_>) {
    let mut file = match Pages::open(content) {
        Ok(file) => file,
        Err(detail) => return records.fault("", detail),
    };
    if let Some(detail) = file.cut() {
        records.fault("", detail);
    }
    let Some(root) = file.root_of(TABLE, records) else {
        return records.fault("", "no table Packages");
    };
    file.tree(root, records, &mut |records, row, payload| {
        let place = format!("row {row}");
        match columns(payload).as_deref() {
            Some([_, Value::Bytes(blob), ..]) => each(records, &place, blob),
            _ => records.fault(&place, "no record of a number and a header"),
        }
    });
}

struct Pages<'a> {
    content: &'a [u8],
    page_size: usize,
    /// The page without what is kept free at its end.
    usable: usize,
    used: Vec<bool>,
}

type EachHeader<'a> = &'a mut dyn FnMut(&mut Records<'_>, &str, &[u8]);
type EachRow<'a> = &'a mut dyn FnMut(&mut Records<'_>, u64, &[u8]);

impl<'a> Pages<'a> {
    fn open(content: &'a [u8]) -> Result<Self, &'static str> {
        if !content.starts_with(MAGIC) {
            return Err("no SQLite file");
        }
        let page_size = match half(content, 16) {
            Some(1) => 65_536,
            Some(size) if size >= 512 && size.is_power_of_two() => size,
            _ => return Err("a page size that SQLite does not have"),
        };
        let kept = content.get(20).copied().map_or(0, usize::from);
        let pages = content.len() / page_size;
        // SQLite's own least size.
        let usable = page_size.checked_sub(kept).filter(|usable| *usable >= 480 && pages > 0);
        let usable = usable.ok_or("a file without a whole page")?;
        Ok(Self { content, page_size, usable, used: vec![false; pages + 1] })
    }

    /// Whether pages are missing at the end, by the header's own count.
    fn cut(&self) -> Option<String> {
        // Old versions of SQLite do not keep the count; then these two differ.
        let kept = self.content.get(24..28) == self.content.get(92..96);
        let pages = word(self.content, 28).filter(|pages| kept && *pages > 0)?;
        let there = self.used.len() - 1;
        (pages > there).then(|| format!("{there} pages of {pages} are there"))
    }

    /// A page that nothing else has used.
    fn page(&mut self, number: usize) -> Option<&'a [u8]> {
        let used = self.used.get_mut(number).filter(|used| number > 0 && !**used)?;
        *used = true;
        let start = (number - 1) * self.page_size;
        self.content.get(start..start + self.usable)
    }

    /// The first page of a table.
    fn root_of(&mut self, table: &[u8], records: &mut Records<'_>) -> Option<usize> {
        let mut root = None;
        self.tree(1, records, &mut |_, _, payload| {
            let columns = columns(payload).unwrap_or_default();
            if let [Value::Bytes(b"table"), Value::Bytes(name), _, Value::Number(page), ..] =
                columns.as_slice()
                && *name == table
            {
                root = usize::try_from(*page).ok();
            }
        });
        root
    }

    /// Shows each row's number and record below a page.
    fn tree(&mut self, root: usize, records: &mut Records<'_>, each: EachRow<'_>) {
        let mut todo = vec![root];
        while let Some(number) = todo.pop() {
            if records.over {
                return;
            }
            if todo.len() > self.used.len() {
                return records.end("more pages in a tree than in the file");
            }
            let place = format!("page {number}");
            let Some(bytes) = self.page(number) else {
                records.fault(&place, "the page is not there, or is used twice");
                continue;
            };
            let page = Page { bytes, start: if number == 1 { 100 } else { 0 } };
            match bytes.get(page.start) {
                Some(&INTERIOR) => todo.extend(page.children()),
                Some(&LEAF) => self.rows(&page, &place, records, each),
                _ => records.fault(&place, "no page of a table"),
            }
        }
    }

    fn rows(&mut self, page: &Page<'a>, place: &str, records: &mut Records<'_>, each: EachRow<'_>) {
        for cell in page.cells(8) {
            if records.over {
                return;
            }
            match cell.and_then(|cell| self.row(cell)) {
                Some((row, payload)) => each(records, row, &payload),
                None => records.fault(place, "a row lies outside, or its rest is lost"),
            }
        }
    }

    /// The number and the record of a row, whose end may lie on other pages.
    fn row(&mut self, cell: &'a [u8]) -> Option<(u64, std::borrow::Cow<'a, [u8]>)> {
        let (size, cell) = varint(cell)?;
        let (row, cell) = varint(cell)?;
        let size = usize::try_from(size).ok().filter(|size| *size <= self.content.len())?;
        let here = self.local(size);
        let (first, rest) = cell.split_at_checked(here)?;
        if here == size {
            return Some((row, first.into()));
        }
        let mut payload = Vec::with_capacity(size);
        payload.extend_from_slice(first);
        let mut next = word(rest, 0)?;
        while payload.len() < size {
            let page = self.page(next)?;
            next = word(page, 0)?;
            let part = page.get(4..)?;
            payload.extend_from_slice(part.get(..part.len().min(size - payload.len()))?);
        }
        Some((row, payload.into()))
    }

    /// How much of a record is on its own page: the formula of SQLite's file format.
    fn local(&self, size: usize) -> usize {
        if size <= self.usable - 35 {
            return size;
        }
        let least = (self.usable - 12) * 32 / 255 - 23;
        let fitting = least + (size - least) % (self.usable - 4);
        if fitting <= self.usable - 35 { fitting } else { least }
    }
}

struct Page<'a> {
    bytes: &'a [u8],
    /// Where the page's header is: the first page has the file's header before it.
    start: usize,
}

impl<'a> Page<'a> {
    /// What each pointer of the page points to; none for one that points outside.
    fn cells(&self, header: usize) -> impl Iterator<Item = Option<&'a [u8]>> + use<'a> {
        let count = half(self.bytes, self.start + 3).unwrap_or_default();
        let pointers = self.bytes.get(self.start + header..).unwrap_or_default().as_chunks::<2>().0;
        let bytes = self.bytes;
        let cell = move |pointer: &[u8; 2]| bytes.get(usize::from(u16::from_be_bytes(*pointer))..);
        pointers.iter().take(count).map(cell)
    }

    /// The pages below, the last first. A pointer to nowhere becomes page 0, which is no page.
    fn children(&self) -> Vec<usize> {
        let page = |cell: Option<&[u8]>| cell.and_then(|cell| word(cell, 0)).unwrap_or_default();
        let last = word(self.bytes, self.start + 8).unwrap_or_default();
        let mut children: Vec<usize> = self.cells(12).map(page).chain([last]).collect();
        children.reverse();
        children
    }
}

#[derive(Debug, PartialEq)]
enum Value<'a> {
    Number(i64),
    Bytes(&'a [u8]),
    Other,
}

/// The first columns of a record, as many as anyone here asks for.
fn columns(record: &[u8]) -> Option<Vec<Value<'_>>> {
    let (length, after) = varint(record)?;
    let (head, mut body) = record.split_at_checked(usize::try_from(length).ok()?)?;
    let mut types = head.get(record.len() - after.len()..)?;
    let mut columns = Vec::new();
    while !types.is_empty() && columns.len() < 5 {
        let (kind, rest) = varint(types)?;
        types = rest;
        let (bytes, rest) = body.split_at_checked(size_of_column(kind)?)?;
        body = rest;
        columns.push(match kind {
            1..=6 => Value::Number(number(bytes)),
            8 | 9 => Value::Number(kind as i64 - 8),
            12.. => Value::Bytes(bytes),
            _ => Value::Other,
        });
    }
    Some(columns)
}

fn size_of_column(kind: u64) -> Option<usize> {
    match kind {
        0 | 8 | 9 => Some(0),
        1..=4 => Some(kind as usize),
        5 => Some(6),
        6 | 7 => Some(8),
        10 | 11 => None,
        _ => usize::try_from((kind - 12) / 2).ok(),
    }
}

fn number(bytes: &[u8]) -> i64 {
    let sign = bytes.first().map_or(0, |first| if *first < 128 { 0 } else { -1 });
    bytes.iter().fold(sign, |number, byte| number << 8 | i64::from(*byte))
}

/// Seven bits of each byte while the highest is set; all eight of a ninth.
fn varint(bytes: &[u8]) -> Option<(u64, &[u8])> {
    let mut value = 0;
    for (index, byte) in bytes.iter().enumerate().take(9) {
        if index == 8 {
            return Some((value << 8 | u64::from(*byte), bytes.get(9..)?));
        }
        value = value << 7 | u64::from(byte & 127);
        if byte & 128 == 0 {
            return Some((value, bytes.get(index + 1..)?));
        }
    }
    None
}

fn half(bytes: &[u8], at: usize) -> Option<usize> {
    let (first, _) = bytes.get(at..)?.split_first_chunk::<2>()?;
    Some(usize::from(u16::from_be_bytes(*first)))
}

fn word(bytes: &[u8], at: usize) -> Option<usize> {
    let (first, _) = bytes.get(at..)?.split_first_chunk::<4>()?;
    Some(u32::from_be_bytes(*first) as usize)
}
