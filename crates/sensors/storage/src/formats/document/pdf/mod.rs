//! PDF: objects one after the other, tables of their places, `startxref`, `%%EOF`; again for each update.
//!
//! The walk reads every object's words and leaps over streams by their lengths; a wrong or missing length is found again by the
//! stream's own end. Streams of FlateDecode are inflated to their checksum, within 256 MiB and sixteen times what went in.
//! What is recorded of places is held against where things stand: whole sectors too many are another file's.
//! Objects beyond 400,000 are not remembered; packed objects are read up to 1 MiB for each stream.

mod details;
pub(crate) mod filters;
pub mod joint;
mod object;
mod preview;
mod scan;
mod strings;
#[cfg(test)]
mod tests;
mod texts;
mod tokens;
mod unicode;

use scan::{Scan, Scanner};

use super::inflate::Inflater;
use super::opaque;
use crate::Stretch;
use crate::formats::{End, Family, Format, Kind, Proof, Signature, Walked, resync};

pub static PDF: Format = Format {
    kind: Kind { name: "pdf", family: Family::Document, extension: "pdf" },
    signatures: &[Signature::new(b"%PDF-")],
    looks,
    walk,
    texts: Some(texts::texts),
    picture: Some(preview::picture),
};

/// `%PDF-1.7`, an end of line, and then a comment or an object.
fn looks(bytes: &[u8]) -> bool {
    let Some(rest) = bytes.strip_prefix(b"%PDF-") else { return false };
    let plain = |byte: &u8| byte.is_ascii_graphic() || matches!(byte, b' ' | b'\t');
    let [b'1' | b'2', b'.', b'0'..=b'9', line @ ..] = rest else { return rest.len() < 3 };
    let count = line.iter().take_while(|byte| plain(byte)).count();
    let Some(after) = line.get(count..).filter(|_| count < 32) else { return false };
    match after.trim_ascii_start() {
        [] => true,
        [first, ..] => {
            matches!(after[0], b'\r' | b'\n') && (*first == b'%' || first.is_ascii_digit())
        }
    }
}

/// What is there at least of one that is cut: less is a bait.
const LEAST: u64 = 128;

/// A PDF from the stretch's first byte; also of one that lies within a print job or a message.
pub fn walk(stretch: &mut Stretch) -> Option<Walked> {
    if !looks(stretch.peek(0, 512)) || stretch.len() < 5 {
        return None;
    }
    let mut inflater = Inflater::default();
    let limit = stretch.len();
    let scan = Scanner::new(stretch, &mut inflater, limit, true).run(8);
    let mut walked = judge(stretch, &scan)?;
    walked.details = details::of(stretch, &scan);
    Some(walked)
}

fn judge(stretch: &mut Stretch, scan: &Scan) -> Option<Walked> {
    let proof = if scan.verified > 0 { Proof::Checksum } else { Proof::Structure };
    if let Some(broke) = scan.broke {
        // The words that could not be read may be another file's from its sector on.
        let sector = broke - broke % 512;
        let good = scan.good.min(broke);
        let length = own(stretch, scan, sector.max(good).min(broke));
        let length = opaque::trimmed(stretch, good.min(length), length);
        if scan.objects.is_empty() && scan.inflated < 2048 && scan.good < LEAST || length < LEAST {
            return None;
        }
        return Some(Walked::broken(length, proof));
    }
    let eof = scan.eof.filter(|_| !scan.objects.is_empty())?;
    let shifted = scan.start.and_then(|start| shift(scan, start));
    // Only the end tells that streams are encrypted.
    let end = match (scan.damaged.filter(|_| !scan.encrypted), shifted) {
        (Some(at), Some(other)) => End::Damaged { at: at.min(other) },
        (Some(at), None) | (None, Some(at)) => End::Damaged { at },
        (None, None) => End::Whole,
    };
    Some(Walked { end, ..Walked::whole(eof, proof) })
}

/// Where the part that broke ends: as far as it was inflated, or looks like no other's.
fn own(stretch: &mut Stretch, scan: &Scan, broke: u64) -> u64 {
    let good = scan.good.min(broke);
    if scan.inflated >= 512 && good + scan.inflated + 512 >= broke {
        return resync::late(stretch, good, broke).at;
    }
    opaque::strange(stretch, good, broke)
}

/// The most versions of one object, and objects that stand nowhere, that are looked at.
const MOST_VERSIONS: usize = 64;
const MOST_ASTRAY: usize = 1000;

/// Where bytes of whole sectors too many or too few are told by the places recorded.
fn shift(scan: &Scan, start: u64) -> Option<u64> {
    let last = *scan.tables.last()?;
    let apart = last.abs_diff(start);
    if start == 0 || scan.tables.contains(&start) || apart % 512 != 0 {
        return None;
    }
    let mut places: Vec<(u32, u64)> =
        scan.objects.iter().map(|object| (object.number, object.at)).collect();
    places.sort_unstable();
    let of = |number: u32| {
        let first = places.partition_point(|(other, _)| *other < number);
        places[first..].iter().take_while(move |(other, _)| *other == number).map(|(_, at)| *at)
    };
    let mut recorded = scan.recorded.clone();
    recorded.sort_unstable_by_key(|(_, place)| *place);
    let (mut sound, mut checked) = (0, 0);
    for (number, place) in recorded {
        let moved = |at: u64| at > place && (at - place).is_multiple_of(512);
        match of(number)
            .take(MOST_VERSIONS)
            .fold((false, false), |(stands, gone), at| (stands || at == place, gone || moved(at)))
        {
            (true, _) => sound = place,
            (false, true) => break,
            (false, false) => checked += 1,
        }
        if checked > MOST_ASTRAY {
            break;
        }
    }
    Some(sound)
}
