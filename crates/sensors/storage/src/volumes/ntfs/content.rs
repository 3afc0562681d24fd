//! Where a stream lies, or its bytes; of deleted ones, whether its clusters are still its own.

use super::{
    attributes::{ENCRYPTED, PACKED},
    boot::Boot,
    file::Stream,
    lznt1,
    runs::{self, Extent},
};
use crate::{
    Bytes, Pieces, Run, Stretch,
    volumes::{Content, MOST_HELD, tell::Teller},
};

/// The largest unit that is packed together.
const MOST_UNIT: u64 = 1 << 20;

pub fn of(mut stream: Stream, bytes: &dyn Bytes, boot: &Boot, teller: &mut Teller) -> Content {
    if stream.flags & ENCRYPTED != 0 {
        return Content::Absent("encrypted");
    }
    if let Some(value) = stream.resident.take() {
        return Content::Held(value);
    }
    let extents = stream.extents();
    if stream.flags & PACKED != 0 && stream.unit != 0 {
        return packed(&stream, &extents, bytes, boot, teller);
    }
    let runs = runs::placed(&extents, boot.cluster, boot.count);
    let had = runs.bytes.min(stream.size);
    let mut runs = runs.cut(stream.size.min(stream.written));
    let unwritten = had.saturating_sub(stream.written);
    runs.extend((unwritten > 0).then_some(Run::new(Run::HOLE, unwritten)));
    let holes = runs.iter().filter(|run| run.start == Run::HOLE).map(|run| run.bytes);
    if holes.fold(0, u64::saturating_add) > boot.bytes {
        return Content::Absent("too large");
    }
    Content::Runs(runs)
}

fn packed(
    stream: &Stream,
    extents: &[Extent],
    bytes: &dyn Bytes,
    boot: &Boot,
    teller: &mut Teller,
) -> Content {
    let unit = boot.cluster.checked_shl(u32::from(stream.unit)).unwrap_or(u64::MAX);
    if stream.size > MOST_HELD || unit > MOST_UNIT || !teller.unpack(stream.size) {
        return Content::Absent("too large");
    }
    let runs = runs::placed(extents, boot.cluster, boot.count).runs;
    let written = stream.written.min(stream.size);
    let mut into = Vec::new();
    let mut units = Units { rest: &runs, skip: 0 };
    while (into.len() as u64) < written {
        let most = unit.min(stream.size - into.len() as u64);
        let own = units.next(unit);
        if own.is_empty() {
            break;
        }
        unpack(&own, unit, most, bytes, &mut into);
    }
    let whole = into.len() as u64 >= written;
    into.truncate(written as usize);
    if whole {
        into.resize(stream.size as usize, 0);
    }
    Content::Held(into)
}

/// A unit is stored, or empty, or packed where holes take its end.
fn unpack(own: &[Run], unit: u64, most: u64, bytes: &dyn Bytes, into: &mut Vec<u8>) {
    let stored: Vec<Run> = own.iter().copied().filter(|run| run.start != Run::HOLE).collect();
    let pieces = Pieces::new(bytes, &stored);
    let start = into.len();
    let end = start + most as usize;
    match pieces.len() {
        0 => (),
        all if all >= unit => {
            into.resize(end, 0);
            pieces.read_at(0, &mut into[start..]);
        }
        count => {
            let mut read = vec![0; count as usize];
            pieces.read_at(0, &mut read);
            lznt1::unpack(&read, most as usize, into);
        }
    }
    into.resize(end, 0);
}

/// Cuts runs into units.
struct Units<'a> {
    rest: &'a [Run],
    skip: u64,
}

impl Units<'_> {
    fn next(&mut self, unit: u64) -> Vec<Run> {
        let mut own = Vec::new();
        let mut left = unit;
        while let Some((run, tail)) = self.rest.split_first().filter(|_| left > 0) {
            let count = (run.bytes - self.skip).min(left);
            let start = if run.start == Run::HOLE { Run::HOLE } else { run.start + self.skip };
            own.push(Run::new(start, count));
            left -= count;
            self.skip += count;
            if self.skip == run.bytes {
                (self.rest, self.skip) = (tail, 0);
            }
        }
        own
    }
}

/// What `$Bitmap` says of clusters.
pub struct Used<'a> {
    bits: Stretch<'a>,
    cluster: u64,
    /// Bytes of it that may still be looked at.
    left: u64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Share {
    None,
    Some,
    All,
}

impl<'a> Used<'a> {
    pub fn new(bitmap: &'a Pieces<'a>, boot: &Boot) -> Self {
        let left = bitmap.len().saturating_mul(16).saturating_add(64 << 20);
        Self { bits: Stretch::new(bitmap), cluster: boot.cluster, left }
    }

    /// How much of these runs is in use.
    pub fn share(&mut self, runs: &[Run]) -> Share {
        let (mut used, mut all) = (0, 0);
        for run in runs.iter().filter(|run| run.start != Run::HOLE) {
            let (first, count) = (run.start / self.cluster, run.bytes.div_ceil(self.cluster));
            all += count;
            match self.ones(first, count) {
                Some(ones) => used += ones,
                None => return Share::Some,
            }
        }
        match used {
            0 => Share::None,
            _ if used >= all => Share::All,
            _ => Share::Some,
        }
    }

    fn ones(&mut self, first: u64, count: u64) -> Option<u64> {
        let end = first.checked_add(count)?;
        self.left = self.left.checked_sub(count / 8 + 1)?;
        let (mut at, mut ones) = (first / 8, 0);
        while at * 8 < end {
            let wanted = (end.div_ceil(8) - at).min(4096) as usize;
            let seen = self.bits.peek(at, wanted);
            if seen.is_empty() {
                break;
            }
            for (byte, place) in seen.iter().zip(at..) {
                let low = first.saturating_sub(place * 8).min(8) as u32;
                let high = (end - place * 8).min(8) as u32;
                let mask = (0xFF_u32 << low) & (0xFF >> (8 - high));
                ones += u64::from((u32::from(*byte) & mask).count_ones());
            }
            at += seen.len() as u64;
        }
        Some(ones)
    }
}
