//! The words of Word, Excel, PowerPoint, HWP, and Outlook messages.

use encoding_rs::{UTF_16LE, WINDOWS_1252};

use super::chains::{Entry, Store};
use super::word;
use crate::Stretch;
use crate::formats::document::inflate::{Inflater, Wrap};
use crate::formats::{Texts, Walked};

/// The most that is read of one stream, and of all with what is unpacked of them.
const MOST: usize = 16 << 20;
const MOST_OF_ALL: usize = 128 << 20;

pub fn texts(stretch: &mut Stretch, walked: &Walked, into: &mut dyn Texts) {
    if walked.details.encrypted == Some(true) {
        return;
    }
    let Some(Ok(store)) = Store::read(stretch) else { return };
    let mut left = MOST_OF_ALL;
    for entry in store.entries.iter().filter(|entry| entry.kind == 2) {
        let name = entry.name.as_str();
        let known = matches!(name, "WordDocument" | "Workbook" | "Book" | "PowerPoint Document")
            || name.starts_with("Section")
            || name
                .strip_prefix("__substg1.0_")
                .is_some_and(|rest| rest.ends_with("001F") || rest.ends_with("001E"));
        if !known || left == 0 {
            continue;
        }
        let bytes = store.bytes(stretch, entry, MOST.min(left));
        left -= bytes.len().min(left);
        into.begin("ole2");
        match name {
            "WordDocument" => document(stretch, &store, &bytes, &mut left, into),
            "Workbook" | "Book" => sheets(&bytes, into),
            "PowerPoint Document" => slides(&bytes, into),
            name if name.starts_with("Section") => section(&bytes, &mut left, into),
            name if name.ends_with("001F") => {
                into.push(UTF_16LE.decode_without_bom_handling(&bytes).0.as_bytes())
            }
            _ => into.push(&bytes),
        }
    }
}

fn document(
    stretch: &mut Stretch,
    store: &Store,
    bytes: &[u8],
    left: &mut usize,
    into: &mut dyn Texts,
) {
    let Some(place) = word::place(bytes) else { return };
    let Some(entry) = store.entries.iter().find(|entry: &&Entry| entry.name == place.table) else {
        return;
    };
    let table = store.bytes(stretch, entry, MOST.min(*left));
    *left -= table.len();
    let Some(told) = table.get(place.at..) else { return };
    let told = &told[..place.bytes.min(told.len())];
    let _ = word::pieces(bytes, told, &mut |text| {
        into.push(text.replace(['\r', '\u{7}', '\u{b}'], "\n").as_bytes());
    });
}

/// Records of Excel: their kinds and bytes.
pub fn records(bytes: &[u8]) -> impl Iterator<Item = (u16, &[u8])> {
    let mut rest = bytes;
    std::iter::from_fn(move || {
        let [a, b, c, d, after @ ..] = rest else { return None };
        let count = usize::from(u16::from_le_bytes([*c, *d])).min(after.len());
        rest = &after[count..];
        Some((u16::from_le_bytes([*a, *b]), &after[..count]))
    })
}

const SHARED: u16 = 0xFC;
const CONTINUED: u16 = 0x3C;
const LABELS: [u16; 2] = [0x204, 0xD6];

fn sheets(bytes: &[u8], into: &mut dyn Texts) {
    let mut parts: Vec<&[u8]> = Vec::new();
    for (kind, body) in records(bytes) {
        match kind {
            SHARED => parts = vec![body],
            CONTINUED if !parts.is_empty() => parts.push(body),
            _ => {
                if !parts.is_empty() {
                    let _ = Shared { parts: &parts, part: 0, at: 8 }.tell(into);
                    parts.clear();
                }
                if let Some(label) = body.get(8..).filter(|_| LABELS.contains(&kind)) {
                    into.push(WINDOWS_1252.decode_without_bom_handling(label).0.as_bytes());
                    into.push(b"\n");
                }
            }
        }
    }
}

/// Strings that all sheets share, over records that go on in others.
struct Shared<'p, 'b> {
    parts: &'p [&'b [u8]],
    part: usize,
    at: usize,
}

impl Shared<'_, '_> {
    fn take(&mut self, count: usize) -> Option<&[u8]> {
        let mut part = *self.parts.get(self.part)?;
        if self.at >= part.len() {
            self.part += 1;
            self.at = 0;
            part = self.parts.get(self.part)?;
        }
        let bytes = part.get(self.at..self.at.checked_add(count)?)?;
        self.at += count;
        Some(bytes)
    }

    fn number(&mut self, count: usize) -> Option<usize> {
        Some(self.take(count)?.iter().rev().fold(0, |sum, byte| sum << 8 | usize::from(*byte)))
    }

    fn tell(&mut self, into: &mut dyn Texts) -> Option<()> {
        loop {
            let letters = self.number(2)?;
            let flags = self.number(1)?;
            let runs = if flags & 8 != 0 { self.number(2)? } else { 0 };
            let extra = if flags & 4 != 0 { self.number(4)? } else { 0 };
            self.letters(letters, flags & 1 != 0, into)?;
            into.push(b"\n");
            self.skip((runs * 4).checked_add(extra)?)?;
        }
    }

    /// Letters go on in the next record behind a byte that tells anew how wide they are.
    fn letters(&mut self, mut left: usize, mut wide: bool, into: &mut dyn Texts) -> Option<()> {
        while left > 0 {
            let part = self.parts.get(self.part)?;
            if self.at >= part.len() {
                self.part += 1;
                self.at = 1;
                wide = self.parts.get(self.part)?.first()? & 1 != 0;
                continue;
            }
            let width = if wide { 2 } else { 1 };
            let count = ((part.len() - self.at) / width).min(left);
            let bytes = &part[self.at..self.at + count * width];
            let encoding = if wide { UTF_16LE } else { WINDOWS_1252 };
            into.push(encoding.decode_without_bom_handling(bytes).0.as_bytes());
            self.at = if count == 0 { part.len() } else { self.at + count * width };
            left -= count;
        }
        Some(())
    }

    fn skip(&mut self, mut left: usize) -> Option<()> {
        while left > 0 {
            let there = self.parts.get(self.part)?.len().saturating_sub(self.at);
            let count = there.min(left);
            self.at += count;
            left -= count;
            if left > 0 {
                self.part += 1;
                self.at = 0;
            }
        }
        Some(())
    }
}

fn slides(bytes: &[u8], into: &mut dyn Texts) {
    let mut at = 0_usize;
    while let Some(head) = bytes.get(at..at + 8) {
        let kind = u16::from_le_bytes([head[2], head[3]]);
        let count = u32::from_le_bytes([head[4], head[5], head[6], head[7]]) as usize;
        at += 8;
        // What holds others is entered, what holds bytes leapt over.
        if head[0] & 15 == 15 {
            continue;
        }
        let Some(body) = bytes.get(at..at.saturating_add(count)) else { return };
        let text = match kind {
            0x0FA0 | 0x0FBA => UTF_16LE.decode_without_bom_handling(body).0,
            0x0FA8 => WINDOWS_1252.decode_without_bom_handling(body).0,
            _ => "".into(),
        };
        if !text.is_empty() {
            into.push(text.replace(['\r', '\u{b}'], "\n").as_bytes());
            into.push(b"\n");
        }
        at += count;
    }
}

/// A section of HWP: records, mostly deflated.
fn section(bytes: &[u8], left: &mut usize, into: &mut dyn Texts) {
    // What is not unpacked has no records.
    if *left == 0 {
        return;
    }
    let mut plain = Vec::new();
    let mut take = |piece: &[u8]| plain.extend_from_slice(piece);
    let mut inflater = Inflater::default();
    let range = (0, bytes.len() as u64);
    let most = MOST.min(*left) as u64;
    inflater.run(&mut Stretch::new(&bytes.to_vec()), range, Wrap::Raw, most, &mut take);
    *left = left.saturating_sub(plain.len());
    let mut rest = if plain.is_empty() { bytes } else { &plain };
    const WORDS: u32 = 67;
    while let [a, b, c, d, after @ ..] = rest {
        let head = u32::from_le_bytes([*a, *b, *c, *d]);
        let (mut count, mut body) = ((head >> 20) as usize, after);
        if count == 0xFFF {
            let [a, b, c, d, after @ ..] = after else { return };
            (count, body) = (u32::from_le_bytes([*a, *b, *c, *d]) as usize, after);
        }
        let text = &body[..count.min(body.len())];
        if head & 0x3FF == WORDS {
            into.push(UTF_16LE.decode_without_bom_handling(text).0.as_bytes());
            into.push(b"\n");
        }
        rest = &body[text.len()..];
    }
}
