//! Where a picture in two pieces was torn: a tile part tells its length, and a marker must stand behind it.

use super::{Part, Size, boxes};
use crate::{
    Stretch,
    formats::{Joint, Walked},
};

const SECTOR: u64 = 512;
/// The most joints that are told.
const MOST: usize = 16;

pub fn boxes(stretch: &mut Stretch, walked: &Walked, largest: u64) -> Vec<Joint> {
    let mut at = 12;
    while let Some(next) = boxes::Box::read(stretch, at).filter(|next| next.end > at) {
        if next.name == *b"jp2c" {
            let end = if next.open { None } else { Some(next.end) };
            return joints(stretch, (next.body, end), walked, largest);
        }
        at = next.end;
    }
    Vec::new()
}

pub fn stream(stretch: &mut Stretch, walked: &Walked, largest: u64) -> Vec<Joint> {
    joints(stretch, (0, None), walked, largest)
}

/// The tile part in which a stream breaks off, and the markers that may stand behind it, a gap farther than they should.
fn joints(
    stretch: &mut Stretch,
    (begins, end): (u64, Option<u64>),
    walked: &Walked,
    largest: u64,
) -> Vec<Joint> {
    let Some((part, closes)) = open_part(stretch, begins, end, walked.sound()) else {
        return Vec::new();
    };
    let gaps = (1..=largest / SECTOR).map(|count| count * SECTOR);
    let marked = |gap: &u64| match stretch.array::<4>(closes.saturating_add(*gap)) {
        Some([0xFF, 0x90, 0, 10]) => true,
        Some([0xFF, 0xD9, ..]) => end.is_none_or(|end| closes + 2 == end),
        _ => false,
    };
    let split = part + 12..closes.saturating_add(1);
    gaps.filter(marked).take(MOST).map(|gap| Joint { split: split.clone(), gap }).collect()
}

/// Where the tile part begins in which `sound` lies, and where it ends.
fn open_part(
    stretch: &mut Stretch,
    begins: u64,
    end: Option<u64>,
    sound: u64,
) -> Option<(u64, u64)> {
    let size = Size::read(stretch.peek(begins, 64))?;
    let mut at = begins + 2;
    while at < sound {
        match stretch.u16_be(at)? {
            0xFF90 => {
                let part = Part::read(stretch, at, &size)?;
                let closes = match part.length {
                    0 => end?.checked_sub(2)?,
                    length => at + length,
                };
                if closes >= sound {
                    return Some((at, closes));
                }
                // A box that ends before the last part of its stream would lead back.
                at = Some(closes).filter(|closes| *closes > at)?;
            }
            0xFF50..=0xFF6F => at += 2 + u64::from(stretch.u16_be(at + 2)?.max(2)),
            _ => return None,
        }
    }
    None
}
