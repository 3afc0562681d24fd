//! The pages of an SQLite 3 file: the b-trees of tables with their overflow pages.

use std::borrow::Cow;

use super::{
    Visitor,
    record::{Value, values, varint},
};

const MAGIC: &[u8] = b"SQLite format 3\0";
const INTERIOR: u8 = 5;
const LEAF: u8 = 13;

pub struct Pages<'a> {
    content: &'a [u8],
    page_size: usize,
    /// The page without what is kept free at its end.
    usable: usize,
    used: Vec<bool>,
    /// How many bytes the records still to come may have. Sound records do not overlap.
    left: usize,
}

/// Where a table begins, and the statement that made it.
pub struct Table {
    pub root: usize,
    pub definition: Vec<u8>,
}

type EachRow<'a> = &'a mut dyn FnMut(&mut dyn Visitor, i64, &[u8]);

impl<'a> Pages<'a> {
    pub fn open(content: &'a [u8]) -> Result<Self, &'static str> {
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
        let (used, left) = (vec![false; pages + 1], content.len());
        Ok(Self { content, page_size, usable, used, left })
    }

    /// Whether pages are missing at the end, by the header's own count.
    pub fn cut(&self) -> Option<String> {
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

    pub fn table(&mut self, name: &str, visitor: &mut dyn Visitor) -> Option<Table> {
        let mut found = None;
        self.tree(1, visitor, &mut |_, _, payload| {
            let values = values(payload).unwrap_or_default();
            if let [
                Value::Bytes(b"table"),
                Value::Bytes(entry),
                _,
                Value::Number(page),
                Value::Bytes(made),
                ..,
            ] = values.as_slice()
                && *entry == name.as_bytes()
                && let Ok(root) = usize::try_from(*page)
            {
                found = Some(Table { root, definition: made.to_vec() });
            }
        });
        found
    }

    /// Shows each row's number and record below a page.
    pub fn tree(&mut self, root: usize, visitor: &mut dyn Visitor, each: EachRow<'_>) {
        let mut todo = vec![root];
        while let Some(number) = todo.pop() {
            if visitor.over() {
                return;
            }
            if todo.len() > self.used.len() {
                return visitor.end("more pages in a tree than in the file");
            }
            let place = format!("page {number}");
            let Some(bytes) = self.page(number) else {
                visitor.fault(&place, "the page is not there, or is used twice".into());
                continue;
            };
            let page = Page { bytes, start: if number == 1 { 100 } else { 0 } };
            match bytes.get(page.start) {
                Some(&INTERIOR) => todo.extend(page.children()),
                Some(&LEAF) => self.rows(&page, &place, visitor, each),
                _ => visitor.fault(&place, "no page of a table".into()),
            }
        }
    }

    fn rows(&mut self, page: &Page<'a>, place: &str, visitor: &mut dyn Visitor, each: EachRow<'_>) {
        for cell in page.cells(8) {
            if visitor.over() {
                return;
            }
            let Some((number, payload)) = cell.and_then(|cell| self.row(cell)) else {
                visitor.fault(place, "a row lies outside, or its rest is lost".into());
                continue;
            };
            match self.left.checked_sub(payload.len()) {
                Some(left) => self.left = left,
                None => return visitor.end("its records are larger than the file"),
            }
            each(visitor, number, &payload);
        }
    }

    /// The number and the record of a row, whose end may lie on other pages.
    fn row(&mut self, cell: &'a [u8]) -> Option<(i64, Cow<'a, [u8]>)> {
        let (size, cell) = varint(cell)?;
        let (number, cell) = varint(cell)?;
        let number = number.cast_signed();
        let size = usize::try_from(size).ok().filter(|size| *size <= self.content.len())?;
        let here = self.local(size);
        let (first, rest) = cell.split_at_checked(here)?;
        if here == size {
            return Some((number, first.into()));
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
        Some((number, payload.into()))
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

fn half(bytes: &[u8], at: usize) -> Option<usize> {
    let (first, _) = bytes.get(at..)?.split_first_chunk::<2>()?;
    Some(usize::from(u16::from_be_bytes(*first)))
}

fn word(bytes: &[u8], at: usize) -> Option<usize> {
    let (first, _) = bytes.get(at..)?.split_first_chunk::<4>()?;
    Some(u32::from_be_bytes(*first) as usize)
}
