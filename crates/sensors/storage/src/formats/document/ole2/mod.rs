//! OLE2 compound files: Word, Excel, PowerPoint, HWP, Outlook messages, Visio, installers.
//!
//! The walk reads the table of sectors, whose own sectors must mark themselves, and the directory; the file ends behind the highest
//! sector that is in use. At most 4,194,304 sectors are followed, 10,000 entries of the directory read, and 16 MiB of one stream.
//! The bytes of streams have no checksum: what is foreign within them is noticed only where it moves a table or the directory, and where
//! a packed section of Hangul does not unpack.

mod chains;
mod hangul;
pub mod joint;
mod kinds;
mod properties;
#[cfg(test)]
mod tests;
mod texts;
mod word;

use chains::{Entry, Store};

use super::opaque;
use crate::Stretch;
use crate::formats::{Details, End, Family, Format, Kind, Proof, Signature, Walked};

pub static OLE2: Format = Format {
    kind: Kind { name: "ole2", family: Family::Document, extension: "ole" },
    signatures: &[Signature::new(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")],
    looks,
    walk,
    texts: Some(texts::texts),
    picture: None,
};

fn looks(bytes: &[u8]) -> bool {
    let Some(head) = bytes.get(..76) else { return false };
    let fits = matches!((head[26], head[30]), (3, 9) | (4, 12));
    head.starts_with(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")
        && head[28..30] == [0xFE, 0xFF]
        && fits
        && head[27] == 0
        && head[31..34] == [0, 6, 0]
        && head[34..40] == [0; 6]
        && head[56..60] == [0, 0x10, 0, 0]
}

pub fn walk(stretch: &mut Stretch) -> Option<Walked> {
    if !looks(stretch.peek(0, 512)) {
        return None;
    }
    let store = match Store::read(stretch)? {
        Ok(store) => store,
        Err(lost) => return cut(stretch, lost.at, lost.to),
    };
    let mut walked = match store.damaged {
        _ if store.end > stretch.len() => cut(stretch, store.sector, store.end)?,
        Some(at) => match opaque::strange(stretch, store.sector * 2, at.min(store.end)) {
            own if own < at.min(store.end) => cut(stretch, store.sector, own)?,
            _ => Walked {
                end: End::Damaged { at: at.min(store.end) },
                ..Walked::whole(store.end, Proof::Structure)
            },
        },
        None => match hangul::foreign(stretch, &store) {
            Some(at) => Walked::broken(at, Proof::Structure),
            None => Walked::whole(store.end, Proof::Structure),
        },
    };
    walked.kind = Some(kinds::kind(&store.entries));
    walked.details = details(stretch, &store);
    Some(walked)
}

/// One whose tables lie beyond what is there.
fn cut(stretch: &mut Stretch, from: u64, to: u64) -> Option<Walked> {
    let length = opaque::extent(stretch, from.max(512), to);
    let length = opaque::trimmed(stretch, 512, length);
    (length > 512).then(|| Walked::broken(length, Proof::Structure))
}

fn details(stretch: &mut Stretch, store: &Store) -> Details {
    let mut details = Details::default();
    let named = |name: &str| store.entries.iter().find(|entry| entry.name == name);
    if let Some(entry) = named("\u{5}SummaryInformation").or(named("\u{5}HwpSummaryInformation")) {
        properties::take(&store.bytes(stretch, entry, 64 * 1024), &mut details);
    }
    details.encrypted = Some(is_encrypted(stretch, store));
    let mut told = |property: &str| {
        let entry = store
            .entries
            .iter()
            .find(|entry| entry.name.strip_prefix("__substg1.0_") == Some(property))?;
        let bytes = store.bytes(stretch, entry, 4096);
        Details::text(&encoding_rs::UTF_16LE.decode_without_bom_handling(&bytes).0)
    };
    details.title = details.title.take().or_else(|| told("0037001F"));
    details.author = details.author.take().or_else(|| told("0C1A001F"));
    details
}

fn is_encrypted(stretch: &mut Stretch, store: &Store) -> bool {
    let mut head = |name: &str, count| {
        let entry: Option<&Entry> = store.entries.iter().find(|entry| entry.name == name);
        entry.map(|entry| store.bytes(stretch, entry, count)).unwrap_or_default()
    };
    let word = head("WordDocument", 32);
    let current = head("Current User", 32);
    let hwp = head("FileHeader", 64);
    let book = head("Workbook", 4096);
    store
        .entries
        .iter()
        .any(|entry| entry.name == "EncryptedPackage" || entry.name == "EncryptedSummary")
        || word.get(11).is_some_and(|flags| flags & 1 != 0)
        || current.get(12..16) == Some(&[0xDF, 0xC4, 0xD1, 0xF3])
        || hwp.starts_with(b"HWP Document File") && hwp.get(36).is_some_and(|flags| flags & 2 != 0)
        || texts::records(&book).take(64).any(|(kind, _)| kind == 0x2F)
}
