//! EPS behind the header of DOS: places and lengths of the PostScript and of its preview, which is a TIFF or a WMF.

use super::{
    super::{EPS_FILE, trail::Trail},
    walk::walk,
};
use crate::{
    Stretch,
    formats::{End, Format, Proof, Signature, Texts, Walked, picture},
};

pub static FORMAT: Format = Format {
    kind: EPS_FILE,
    signatures: &[Signature::new(b"\xc5\xd0\xd3\xc6")],
    looks: |seen| sections(seen).is_some(),
    walk: walk_header,
    texts: Some(texts),
    picture: None,
};

const HEADER: u32 = 30;

/// Place and length of PostScript, WMF and TIFF, where they do not overlap.
fn sections(seen: &[u8]) -> Option<[(u32, u32); 3]> {
    let word = |at: usize| Some(u32::from_le_bytes(*seen.get(at..)?.first_chunk()?));
    let all = [(word(4)?, word(8)?), (word(12)?, word(16)?), (word(20)?, word(24)?)];
    let mut used: Vec<(u32, u32)> = all.into_iter().filter(|(_, bytes)| *bytes > 0).collect();
    used.sort_unstable();
    let mut end = HEADER;
    for (start, bytes) in used {
        if start < end || start - end > 4096 {
            return None;
        }
        end = start.checked_add(bytes)?;
    }
    (all[0].1 > 64).then_some(all)
}

fn walk_header(stretch: &mut Stretch) -> Option<Walked> {
    let sections = sections(stretch.peek(0, HEADER as usize))?;
    let (start, bytes) = sections[0];
    let used = sections.iter().filter(|(_, bytes)| *bytes > 0);
    let end = used.map(|(start, bytes)| u64::from(*start) + u64::from(*bytes)).max()?;
    let mut trail = Trail::new(stretch, start.into());
    let found = walk(&mut trail)?;
    let sure = trail.sure;
    let inner = u64::from(start) + u64::from(bytes);
    let broken = if trail.at.max(sure) + 4 < inner { Some(trail.broken()) } else { None };
    let broken = broken.or_else(|| foreign(stretch, sections));
    if broken.is_some_and(|broken| broken < u64::from(start) + super::FEWEST) {
        return None;
    }
    let length = broken.unwrap_or(end).min(stretch.len());
    let mut walked = Walked::whole(length, Proof::Structure);
    let preview = preview(stretch, sections);
    if broken.is_some() || end > stretch.len() {
        walked.end = End::Broken;
    } else if let Some(at) = preview {
        walked.end = End::Damaged { at };
    }
    walked.details = found.details;
    walked.details.pages = Some(found.pages.max(1));
    Some(walked)
}

/// Where another file begins in a preview, of which nothing is decoded. Behind one that stands before the document, that is where it
/// should be.
fn foreign(stretch: &mut Stretch, sections: [(u32, u32); 3]) -> Option<u64> {
    let (document, previews) = sections.split_first()?;
    let end = |start: u32, bytes: u32| u64::from(start) + u64::from(bytes);
    let mut room = picture::Room::beside(document.1.into());
    let found =
        |(start, bytes): &(u32, u32)| room.foreign(stretch, (*start).into(), end(*start, *bytes));
    previews.iter().filter(|(start, _)| *start > document.0).filter_map(found).min()
}

/// Where a preview stands that is none.
fn preview(stretch: &mut Stretch, sections: [(u32, u32); 3]) -> Option<u64> {
    let (start, bytes) = sections[2];
    let at = u64::from(start);
    let known = stretch.starts(at, b"II*\0") || stretch.starts(at, b"MM\0*");
    (bytes > 0 && !known).then_some(at)
}

fn texts(stretch: &mut Stretch, walked: &Walked, texts: &mut dyn Texts) {
    let Some(sections) = sections(stretch.peek(0, HEADER as usize)) else { return };
    let (start, bytes) = (u64::from(sections[0].0), u64::from(sections[0].1));
    super::texts_of(stretch, start, (start + bytes).min(walked.length), texts);
}
