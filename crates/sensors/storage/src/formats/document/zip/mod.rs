//! ZIP and what is one: office documents, OFD, XPS, EPUB, packages.
//!
//! The walk goes from member to member by their own headers, inflates what is deflated to its checksum, and ends with the
//! directory, whose places are held against where members stand. Of members with unknown lengths that cannot be inflated, the
//! end is looked for within 256 MiB. At most 256 MiB come out, and sixteen times what went in. A front part alone ends behind its last
//! whole member, or in one that is deflated and of which enough came out. Self-extracting ones begin with their first member.

mod details;
mod directory;
pub mod joint;
mod member;
mod names;
#[cfg(test)]
mod tests;
mod texts;

use member::{Ending, Member, Reader};
use names::Names;

use super::inflate::Inflater;
use super::opaque;
use crate::Stretch;
use crate::formats::{Details, End, Format, Proof, Signature, Walked, resync};

pub static ZIP: Format = Format {
    kind: names::ZIP,
    signatures: &[Signature::new(b"PK\x03\x04")],
    looks,
    walk,
    texts: Some(texts::texts),
    picture: None,
};

/// The most of a member that is kept to read what it tells.
const HELD: usize = 64 * 1024;
/// What may come out of members, beside sixteen times what went in.
const BUDGET: u64 = 256 << 20;
/// How much of a member that is cut must have been inflated without an error to be more than chance.
const LEAST: u64 = 2048;

fn looks(bytes: &[u8]) -> bool {
    let Some(head) = bytes.get(..30) else { return false };
    let u16_at = |at: usize| u16::from_le_bytes([head[at], head[at + 1]]);
    let (time, date) = (u16_at(10), u16_at(12));
    let clock =
        time >> 11 < 24 && (time >> 5 & 63) < 60 && (time & 31) < 31 && (date >> 5 & 15) < 13;
    let name = bytes[30..].iter().take(usize::from(u16_at(26)));
    head.starts_with(b"PK\x03\x04")
        && u16_at(4) & 0xFF <= 63
        && u16_at(6) & 0xC000 == 0
        && member::is_method(u16_at(8))
        && clock
        && (1..2048).contains(&u16_at(26))
        && name.clone().all(|byte| *byte >= b' ')
}

/// What a walk along the members saw.
#[derive(Default)]
struct Seen {
    places: Vec<u64>,
    names: Names,
    details: Details,
    verified: bool,
    /// Behind the last whole member.
    good: u64,
    damaged: Option<u64>,
}

pub fn walk(stretch: &mut Stretch) -> Option<Walked> {
    if !looks(stretch.peek(0, 512)) {
        return None;
    }
    let mut budget = BUDGET;
    let mut reader = Reader { inflater: Inflater::default(), budget: &mut budget };
    let mut seen = Seen::default();
    let mut at = 0;
    let broke = loop {
        if let Some(end) = member::signatures(stretch, at) {
            at = end;
        }
        if stretch.u32_le(at) == Some(directory::ENTRY) && at > 0 {
            match directory::read(stretch, at) {
                Ok(directory) => return Some(closed(seen, &directory)),
                Err(_) => break at,
            }
        }
        let Some(member) = Member::read(stretch, at) else { break at };
        match seen.follow(stretch, &mut reader, &member) {
            Ok(next) => at = next,
            Err(at) => break at,
        }
    };
    broken(stretch, seen, broke)
}

impl Seen {
    fn follow(
        &mut self,
        stretch: &mut Stretch,
        reader: &mut Reader,
        member: &Member,
    ) -> Result<u64, u64> {
        let wanted = names::tells(&member.name);
        let mut held = Vec::new();
        let mut take = |piece: &[u8]| {
            if wanted {
                held.extend_from_slice(&piece[..piece.len().min(HELD - held.len().min(HELD))]);
            }
        };
        let ending = reader.follow(stretch, member, &mut take);
        let next = match ending {
            Ending::Broken { at } => return Err(at),
            Ending::Whole { next, verified } => {
                self.verified |= verified;
                next
            }
            Ending::Damaged { next, at } => {
                self.damaged.get_or_insert(at);
                next
            }
        };
        self.note(member, &held);
        self.good = next;
        Ok(next)
    }

    fn note(&mut self, member: &Member, held: &[u8]) {
        self.names.take(&member.name);
        if self.places.len() < directory::MOST {
            self.places.push(member.at);
        }
        if member.is_encrypted() {
            self.details.encrypted = Some(true);
        }
        match &member.name[..] {
            b"mimetype" => self.names.mimetype = String::from_utf8_lossy(held).into_owned(),
            name if !held.is_empty() => details::take(name, held, &mut self.details),
            _ => {}
        }
    }

    fn into_walked(self, length: u64, end: End) -> Walked {
        let proof = if self.verified { Proof::Checksum } else { Proof::Structure };
        let mut details = self.details;
        details.encrypted = details.encrypted.or(Some(false));
        if self.names.pages > 0 {
            details.pages = Some(self.names.pages);
        }
        Walked { kind: Some(self.names.kind()), end, details, ..Walked::whole(length, proof) }
    }
}

fn closed(seen: Seen, directory: &directory::Directory) -> Walked {
    let stands = |place: &&u64| seen.places.binary_search(place).is_ok();
    let astray = directory.places.iter().find(|place| !stands(place));
    let shifted = directory.at != directory.recorded
        || astray.is_some() && seen.places.len() < directory::MOST;
    let last = directory.places.iter().filter(stands).max().copied().unwrap_or(0);
    let end = match (seen.damaged, shifted) {
        (Some(at), false) => End::Damaged { at },
        (Some(at), true) => End::Damaged { at: at.min(last) },
        (None, true) => End::Damaged { at: last },
        (None, false) => End::Whole,
    };
    seen.into_walked(directory.end, end)
}

fn broken(stretch: &mut Stretch, mut seen: Seen, broke: u64) -> Option<Walked> {
    if let Some((member, length)) = cut_member(stretch, seen.good, broke) {
        seen.names.take(&member.name);
        return Some(seen.into_walked(length, End::Broken));
    }
    let length = seen.good;
    (length > 64).then(|| seen.into_walked(length, End::Broken))
}

/// The member within which it is cut, and where its own bytes end.
fn cut_member(stretch: &mut Stretch, at: u64, broke: u64) -> Option<(Member, u64)> {
    let member = Member::read(stretch, at)?;
    let packed = if member.packed > 0 { member.packed } else { u64::MAX };
    let last = member.data.saturating_add(packed).min(broke);
    (broke.checked_sub(member.data)? >= LEAST).then_some(())?;
    let length = opaque::extent(stretch, member.data, last);
    let length = resync::late(stretch, member.data, length).at.min(last);
    Some((member, length))
}
