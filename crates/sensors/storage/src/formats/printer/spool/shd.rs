//! Shadow files: a header of places, of 4 bytes up to Windows 2003 and of 8 later, and the strings, the device's settings
//! and the access list that they point to. The last of them ends the file: exact but for what a later version adds behind it.

use super::super::{SHD_FILE, dates};
use crate::{
    Stretch,
    formats::{Details, Format, Proof, Signature, Walked},
};

pub static FORMAT: Format = Format {
    kind: SHD_FILE,
    signatures: &[
        Signature::new(b"\x66\x49\0\0"),
        Signature::new(b"\x67\x49\0\0"),
        Signature::new(b"\x68\x49\0\0"),
        Signature::new(b"\x23\x51\0\0"),
    ],
    looks: |seen| read(seen).is_some(),
    walk,
    texts: None,
    picture: None,
};

/// A file of access lists, names and settings is no larger.
const LARGEST: u64 = 64 * 1024;
const USER: usize = 0;
const DOCUMENT: usize = 2;
const DRIVER: usize = 5;
const SETTINGS: usize = 6;

/// What the header says.
struct Header {
    /// Where the nine things lie, of which the seventh is the device's settings and all others are strings.
    places: [u64; 9],
    submitted: i64,
    pages: u32,
    /// Place and length of the access list.
    access: (u64, u64),
    /// Where the fixed part ends.
    fixed: u64,
    /// Where the machine's name may be found.
    host: Option<u64>,
}

fn read(seen: &[u8]) -> Option<Header> {
    let half = |at: usize| Some(u16::from_le_bytes(*seen.get(at..)?.first_chunk()?));
    let word = |at: usize| Some(u32::from_le_bytes(*seen.get(at..)?.first_chunk()?));
    // Windows NT has no length of the header.
    let (start, each, time) = match seen.first_chunk::<2>()? {
        b"\x66\x49" => (16, 4, 16 + 40),
        b"\x67\x49" | b"\x68\x49" => (20, 4, 20 + 40),
        b"\x23\x51" => (24, 8, 24 + 72 + 8),
        _ => return None,
    };
    let mut places = [0; 9];
    for (index, place) in places.iter_mut().enumerate() {
        *place = u64::from(word(start + index * each)?);
        let high = if each == 8 { word(start + index * each + 4)? } else { 0 };
        if high != 0 || *place >= LARGEST {
            return None;
        }
    }
    let behind = time + 16;
    let (size, access, fixed) = match each {
        4 => (word(behind + 16)?, word(behind + 20)?, behind + 24),
        _ => (word(behind + 16)?, word(behind + 24)?, behind + 32),
    };
    let date = [half(time)?, half(time + 2)?, half(time + 6)?].map(i64::from);
    let clock = [half(time + 8)?, half(time + 10)?, half(time + 12)?].map(i64::from);
    let placed = places.iter().all(|place| *place == 0 || *place >= fixed as u64);
    let named = places[USER] > 0 && places[DOCUMENT] > 0;
    let listed = u64::from(access) + u64::from(size) <= LARGEST;
    let host = match each {
        4 => word(fixed + 12).filter(|_| seen.first() != Some(&0x66)).map(u64::from),
        _ => (fixed..fixed + 64)
            .step_by(4)
            .find_map(|at| word(at).filter(|host| *host >= fixed as u32 + 8).map(u64::from)),
    };
    (placed && named && listed).then_some(Header {
        places,
        submitted: dates::seconds(date, clock)?,
        pages: word(behind + 12)?,
        access: (access.into(), size.into()),
        fixed: fixed as u64,
        host: host.filter(|host| *host > fixed as u64 && *host < LARGEST),
    })
}

fn walk(stretch: &mut Stretch) -> Option<Walked> {
    let header = read(stretch.peek(0, 512))?;
    let mut end = header.fixed;
    let mut strings: [Option<String>; 9] = Default::default();
    for (index, place) in header.places.iter().enumerate().filter(|(_, place)| **place > 0) {
        if index == SETTINGS {
            let own = stretch.u16_le(place + 68)?;
            let driver = stretch.u16_le(place + 70)?;
            end = end.max(place + u64::from(own) + u64::from(driver));
            continue;
        }
        let (text, behind) = super::wide(stretch, *place)?;
        end = end.max(behind);
        strings[index] = super::detail(&text);
    }
    if header.access.1 > 0 {
        end = end.max(header.access.0 + header.access.1);
    }
    let host = header.host.and_then(|at| super::wide(stretch, at));
    if let Some((_, behind)) = &host {
        end = end.max(*behind);
    }
    (end <= stretch.len()).then_some(())?;
    let mut walked = Walked::whole(end, Proof::Structure);
    walked.details = Details {
        user: strings[USER].take(),
        title: strings[DOCUMENT].take(),
        application: strings[DRIVER].take(),
        host: host.and_then(|(text, _)| super::detail(text.trim_start_matches('\\'))),
        created: Some(header.submitted),
        pages: Some(header.pages).filter(|pages| (1..100_000).contains(pages)),
        ..Details::default()
    };
    Some(walked)
}
