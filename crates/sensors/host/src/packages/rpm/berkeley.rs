//! `Packages`, the form of rpm up to 4.15: a Berkeley DB hash whose values are the headers. Every
//! page is looked at in turn; a hash page holds pairs of key and value, and a value too large for
//! it lies on a chain of overflow pages.
//!
//! Limits: an overflow page is read once. Encrypted files and those with checksums are refused:
//! rpm makes none.

use super::Records;

const MAGIC: usize = 0x0006_1561;
const META: u8 = 8;
const OVERFLOW: u8 = 7;
/// Sorted hash pages, and the unsorted ones of old versions.
const HASH: [u8; 2] = [13, 2];
const PAGE_HEADER: usize = 26;
const IN_PAGE: u8 = 1;
const OFF_PAGE: u8 = 3;

pub fn read(content: &[u8], records: &mut Records<'_>) {
    let mut file = match Pages::open(content) {
        Ok(file) => file,
        Err(detail) => return records.fault("", detail),
    };
    let last = file.order.word(content, 32).unwrap_or_default();
    if last >= file.used.len() {
        let there = file.used.len();
        records.fault("", format!("{there} pages of {} are there", last.saturating_add(1)));
    }
    for number in 1..file.used.len() {
        if records.over {
            return;
        }
        let Some(page) = file.at(number) else { return };
        if page.get(25).is_some_and(|kind| HASH.contains(kind)) {
            file.pairs(page, &format!("page {number}"), records);
        }
    }
}

/// Files are in the byte order of the machine that made them.
#[derive(Clone, Copy)]
enum Order {
    Little,
    Big,
}

impl Order {
    fn word(self, bytes: &[u8], at: usize) -> Option<usize> {
        let (first, _) = bytes.get(at..)?.split_first_chunk::<4>()?;
        Some(match self {
            Order::Little => u32::from_le_bytes(*first),
            Order::Big => u32::from_be_bytes(*first),
        } as usize)
    }

    fn half(self, bytes: &[u8], at: usize) -> Option<usize> {
        let (first, _) = bytes.get(at..)?.split_first_chunk::<2>()?;
        Some(usize::from(match self {
            Order::Little => u16::from_le_bytes(*first),
            Order::Big => u16::from_be_bytes(*first),
        }))
    }
}

struct Pages<'a> {
    content: &'a [u8],
    order: Order,
    page_size: usize,
    /// The overflow pages that a value has used.
    used: Vec<bool>,
}

impl<'a> Pages<'a> {
    fn open(content: &'a [u8]) -> Result<Self, &'static str> {
        let orders = [Order::Little, Order::Big];
        let order = orders.into_iter().find(|order| order.word(content, 12) == Some(MAGIC));
        let order =
            order.filter(|_| content.get(25) == Some(&META)).ok_or("no Berkeley DB hash")?;
        // The algorithm of encryption, and the flag for checksums.
        if content.get(24) != Some(&0) || content.get(26).is_some_and(|flags| flags & 1 != 0) {
            return Err("a Berkeley DB file with encryption or checksums");
        }
        let sizes = 512..=65_536;
        let page_size = order.word(content, 20).unwrap_or_default();
        if !page_size.is_power_of_two() || !sizes.contains(&page_size) {
            return Err("a page size that Berkeley DB does not have");
        }
        Ok(Self { content, order, page_size, used: vec![false; content.len() / page_size] })
    }

    fn at(&self, number: usize) -> Option<&'a [u8]> {
        let start = number.checked_mul(self.page_size)?;
        self.content.get(start..start.checked_add(self.page_size)?)
    }

    fn pairs(&mut self, page: &'a [u8], place: &str, records: &mut Records<'_>) {
        let count = self.order.half(page, 20).unwrap_or_default();
        for pair in 0..count / 2 {
            if records.over {
                return;
            }
            // Under the key 0 rpm keeps a counter.
            if self.item(page, pair * 2) == Some(&[IN_PAGE, 0, 0, 0, 0]) {
                continue;
            }
            match self.value(page, pair) {
                Some(value) => records.header(place, &value),
                None => records.fault(place, "a value lies outside, or its rest is lost"),
            }
        }
    }

    fn value(&mut self, page: &'a [u8], pair: usize) -> Option<std::borrow::Cow<'a, [u8]>> {
        let value = self.item(page, pair * 2 + 1)?;
        let (kind, content) = value.split_first()?;
        match *kind {
            IN_PAGE => Some(content.into()),
            OFF_PAGE => {
                let first = self.order.word(value, 4)?;
                self.chain(first, self.order.word(value, 8)?).map(Into::into)
            }
            _ => None,
        }
    }

    /// Items fill a page from its end, so each ends where the one before it starts.
    fn item(&self, page: &'a [u8], index: usize) -> Option<&'a [u8]> {
        let start = self.order.half(page, PAGE_HEADER + index * 2)?;
        let end = match index.checked_sub(1) {
            Some(before) => self.order.half(page, PAGE_HEADER + before * 2)?,
            None => page.len(),
        };
        page.get(start..end)
    }

    fn chain(&mut self, first: usize, length: usize) -> Option<Vec<u8>> {
        if length > self.content.len() {
            return None;
        }
        let mut value = Vec::with_capacity(length);
        let mut next = first;
        while value.len() < length {
            let used = self.used.get_mut(next).filter(|used| next > 0 && !**used)?;
            *used = true;
            let page = self.at(next)?;
            let size = self.order.half(page, 22).filter(|_| page.get(25) == Some(&OVERFLOW))?;
            value.extend_from_slice(page.get(PAGE_HEADER..)?.get(..size)?);
            next = self.order.word(page, 16)?;
        }
        (value.len() == length).then_some(value)
    }
}
