//! ESC/POS of receipt printers: text between short commands, pictures and codes whose lengths stand before them.
//!
//! A receipt ends where its paper is cut; what follows is the same job's only if it is a command, and no reset. Without a cut it
//! ends with its last line or picture, where nothing but zeros follows.

use super::{
    ESCPOS,
    trail::{BAIT, Body, Stop, Trail},
};
use crate::{
    Stretch,
    formats::{End, Format, Proof, Signature, Texts, Walked},
};

pub static FORMAT: Format = Format {
    kind: ESCPOS,
    signatures: &[
        Signature::new(b"\x1b@").aligned(),
        Signature::new(b"\x1b@\x1b").aligned(),
        Signature::new(b"\x1b@\x1d").aligned(),
        Signature::new(b"\x1b@\x1ba"),
        Signature::new(b"\x1b@\x1b!"),
        Signature::new(b"\x1b@\x1bt"),
        Signature::new(b"\x1b@\x1d!"),
        Signature::new(b"\x1b@\x1dv0"),
        Signature::new(b"\x1b@\x1d(L"),
        Signature::new(b"\x1bE\x01\x1ba").aligned(),
        Signature::new(b"\x1ba").aligned(),
        Signature::new(b"\x1b3").aligned(),
        Signature::new(b"\x1dv0").aligned(),
        Signature::new(b"\x1d(L").aligned(),
        Signature::new(b"\x1d(k").aligned(),
    ],
    looks: |seen| commands(seen) >= 3,
    walk: walk_bare,
    texts: Some(texts),
    picture: None,
};

const ESC: u8 = 0x1B;
const GS: u8 = 0x1D;
const LOOK: usize = 272;
/// The most text that is looked at at once.
const RUN: usize = 1024;

/// A command: its head, the data behind it, and whether it cuts the paper.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Command {
    head: usize,
    data: u64,
    cuts: bool,
}

fn two(seen: &[u8], at: usize) -> Option<u64> {
    Some(u16::from_le_bytes(*seen.get(at..)?.first_chunk()?).into())
}

fn command(seen: &[u8]) -> Option<Command> {
    let plain = |head| Some(Command { head, data: 0, cuts: false });
    let data = |head, data| Some(Command { head, data, cuts: false });
    let value = |at: usize| seen.get(at).copied();
    match (*seen.first()?, value(1)?) {
        (ESC, b'@' | b'2' | b'i' | b'm' | b'<' | b'L' | b'S' | 0x0C) => plain(2),
        (
            ESC,
            b'!' | b'a' | b'd' | b'e' | b'J' | b'K' | b'E' | b'G' | b'-' | b't' | b'R' | b'M',
        ) => plain(3),
        (
            ESC,
            b'3' | b'{' | b'V' | b' ' | b'r' | b'=' | b'%' | b'T' | b'U' | b'v' | b'u' | b'B',
        ) => plain(3),
        (ESC, b'c') if matches!(value(2), Some(b'0'..=b'5')) => plain(4),
        (ESC, b'$' | b'\\') => plain(4),
        (ESC, b'p') => plain(5),
        (ESC, b'W') => plain(10),
        (ESC, b'D') => list(seen, 2),
        (ESC, b'*') => match value(2)? {
            0 | 1 => data(5, two(seen, 3)?),
            32 | 33 => data(5, two(seen, 3)? * 3),
            _ => None,
        },
        (
            GS,
            b'!' | b'h' | b'w' | b'H' | b'f' | b'B' | b'r' | b'a' | b'I' | b'b' | b'/' | b'T'
            | b'E',
        ) => plain(3),
        (GS, b'L' | b'W' | b'P' | b'$' | b'\\') => plain(4),
        (GS, b':') => plain(2),
        (GS, b'^') => plain(5),
        (GS, b'V') => match value(2)? {
            0 | 1 | b'0' | b'1' => Some(Command { head: 3, data: 0, cuts: true }),
            b'A' | b'B' | b'a' | b'b' | b'g' | b'h' => {
                Some(Command { head: 4, data: 0, cuts: true })
            }
            _ => None,
        },
        (GS, b'v') if matches!(seen.get(2..4)?, [b'0', 0..=3 | b'0'..=b'3']) => {
            data(8, two(seen, 4)? * two(seen, 6)?)
        }
        (GS, b'(') if value(2)?.is_ascii_alphabetic() => data(5, two(seen, 3)?),
        (GS, b'8') if value(2)? == b'L' => {
            data(7, u32::from_le_bytes(*seen.get(3..)?.first_chunk()?).into())
        }
        (GS, b'*') => data(4, u64::from(value(2)?) * u64::from(value(3)?) * 8),
        (GS, b'k') => match value(2)? {
            0..=6 => list(seen, 3),
            b'A'..=b'N' => data(4, value(3)?.into()),
            _ => None,
        },
        (0x1C, b'.' | b'&') => plain(2),
        (0x1C, b'!' | b'-' | b'C' | b'W') => plain(3),
        (0x1C, b'p' | b'S') => plain(4),
        (0x10, 4) => plain(3),
        (0x10, 0x14) => plain(5),
        _ => None,
    }
}

/// Values up to a zero.
fn list(seen: &[u8], head: usize) -> Option<Command> {
    let end = seen.get(head..)?.iter().position(|byte| *byte == 0)?;
    Some(Command { head: head + end + 1, data: 0, cuts: false })
}

/// How many commands stand at the beginning, among plain text; 0 where something else stands before three.
fn commands(seen: &[u8]) -> u32 {
    let (mut at, mut held, mut own) = (0, 0, false);
    while let Some(here) = seen.get(at..).filter(|here| !here.is_empty() && held < 3) {
        if matches!(here[0], 0x20..=0x7E | 0x80.. | b'\n' | b'\r' | b'\t') && at > 0 {
            at += 1;
            continue;
        }
        let Some(command) = command(here) else { return 0 };
        // What only receipt printers have.
        own |= here[0] == GS;
        held += 1;
        at = at
            .saturating_add(command.head)
            .saturating_add(usize::try_from(command.data).unwrap_or(usize::MAX));
    }
    match held {
        _ if at >= seen.len() && (own || held >= 2) => 3,
        3 => 3,
        _ => 0,
    }
}

/// Takes the text of a receipt.
type Print<'p> = &'p mut dyn FnMut(u64, &[u8]);

struct Receipt {
    body: Body,
    /// Commands that no other printer has.
    own: u32,
}

fn walk(trail: &mut Trail, print: Print) -> Receipt {
    let (mut elements, mut own, mut pages) = (0_u64, 0, 0);
    // Behind the last cut; behind the last line or picture.
    let (mut cut, mut line): (Option<u64>, Option<u64>) = (None, None);
    let stop = loop {
        let first = trail.byte();
        match first {
            Some(ESC | GS | 0x1C | 0x10) => {
                let Some(command) = command(trail.peek(LOOK)) else { break Stop::Foreign };
                if cut.is_some()
                    && (trail.starts(b"\x1b@")
                        || trail.job_ahead(0)
                        || trail.at.is_multiple_of(512))
                {
                    break Stop::Closed;
                }
                trail.confirm();
                elements += 1;
                own += u32::from(first == Some(GS));
                pages += u32::from(command.cuts);
                if !trail.take(command.head as u64) || !trail.data(command.data) {
                    break Stop::Broken;
                }
                cut = command.cuts.then_some(trail.at);
                line = (cut.is_some() || command.data > 0).then_some(trail.at);
            }
            Some(b'\n' | b'\r' | b'\t' | 0x0C) if cut.is_none() => {
                print(trail.at, b"\n");
                if !trail.take(1) {
                    break Stop::Broken;
                }
                line = Some(trail.at);
            }
            Some(0x20..=0xFE) if cut.is_none() => {
                let at = trail.at;
                let seen = trail.peek(RUN);
                let count = seen
                    .iter()
                    .position(|byte| *byte < 0x20 || *byte == 0xFF)
                    .unwrap_or(seen.len());
                print(at, &seen[..count]);
                if !trail.take(count as u64) {
                    break Stop::Broken;
                }
            }
            _ => break Stop::Foreign,
        }
    };
    let stop = match (stop, cut, line) {
        (Stop::Closed, ..) => Stop::Closed,
        (Stop::Foreign, Some(place), _) => {
            trail.at = place;
            Stop::Closed
        }
        (Stop::Foreign, None, Some(place)) if trail.before_nothing() && place == trail.at => {
            Stop::Foreign
        }
        _ => Stop::Broken,
    };
    Receipt { body: Body::new(stop, pages, elements), own }
}

fn walk_bare(stretch: &mut Stretch) -> Option<Walked> {
    let mut trail = Trail::new(stretch, 0);
    let Receipt { body, own } = walk(&mut trail, &mut |_, _| {});
    let whole = body.stop != Stop::Broken;
    let length = if whole { trail.at } else { trail.broken() };
    if body.elements < 4 && !(own > 0 && whole && body.elements >= 2)
        || own == 0
        || (!whole && trail.sure.min(length) < BAIT)
    {
        return None;
    }
    let mut walked = Walked::whole(length, Proof::Structure);
    walked.end = if whole { End::Whole } else { End::Broken };
    walked.details.pages = Some(body.pages.max(u32::from(whole)));
    Some(walked)
}

fn texts(stretch: &mut Stretch, walked: &Walked, texts: &mut dyn Texts) {
    texts.begin("esc-pos");
    let mut trail = Trail::new(stretch, 0);
    walk(&mut trail, &mut |at, bytes| {
        if at < walked.length {
            texts.push(bytes);
        }
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    fn receipt() -> Vec<u8> {
        let mut bytes =
            b"\x1b@\x1ba\x01\x1d!\x11Shop\n\x1d!\x00secret total 10\n\x1dv0\x00\x02\x00\x03\x00"
                .to_vec();
        bytes.extend([0, 1, 2, 3, 4, 5]);
        bytes.extend(b"\x1dk\x04123\x00\x1dVA\x03");
        bytes
    }

    #[test]
    fn a_receipt_ends_where_it_is_cut() {
        let whole = receipt();
        for tail in [vec![], vec![0; 40], vec![0xFF; 40], b"text behind".to_vec(), receipt()] {
            let bytes = [whole.clone(), tail].concat();
            let walked = (FORMAT.walk)(&mut Stretch::new(&bytes)).unwrap();
            assert_eq!((walked.length, walked.end), (whole.len() as u64, End::Whole));
        }
        let lines = b"\x1b!\x00a line of text\n".repeat(20);
        let long = [&whole[..40], &lines].concat();
        let cut = [&long[..200], &[0; 600]].concat();
        let walked = (FORMAT.walk)(&mut Stretch::new(&cut)).unwrap();
        assert!(walked.length <= 200 && walked.end == End::Broken);
    }
}
