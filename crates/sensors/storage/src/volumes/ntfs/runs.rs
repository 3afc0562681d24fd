//! Runs of clusters, packed: a length and the distance from the last run's first cluster, each in as few bytes as it needs.

use crate::{
    Run,
    volumes::fat::table::{MOST_RUNS, Runs},
};

/// A run, or a hole.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Extent {
    pub first: Option<u64>,
    pub count: u64,
}

pub fn parse(pairs: &[u8]) -> Vec<Extent> {
    let mut extents = Vec::new();
    let (mut rest, mut first) = (pairs, 0_i64);
    while let Some((&head, tail)) = rest.split_first().filter(|(head, _)| **head != 0) {
        let (counted, placed) = (usize::from(head & 15), usize::from(head >> 4));
        let (Some(count), Some(distance)) =
            (tail.get(..counted), tail.get(counted..counted + placed))
        else {
            break;
        };
        let Ok(count) = u64::try_from(number(count)) else { break };
        let moved = first.checked_add(number(distance));
        let Some(place) = moved.filter(|place| *place >= 0) else { break };
        if count == 0 || counted > 8 || placed > 8 || extents.len() == MOST_RUNS {
            break;
        }
        first = place;
        extents.push(Extent { first: (placed > 0).then_some(place as u64), count });
        rest = &tail[counted + placed..];
    }
    extents
}

/// Little-endian with its sign.
fn number(bytes: &[u8]) -> i64 {
    let sign = bytes.last().is_some_and(|last| last & 0x80 != 0);
    let mut all = [if sign { 0xFF } else { 0 }; 8];
    let count = bytes.len().min(8);
    all[..count].copy_from_slice(&bytes[..count]);
    i64::from_le_bytes(all)
}

/// As bytes of a volume with `clusters`; ends before the first run that lies outside.
pub fn placed(extents: &[Extent], cluster: u64, clusters: u64) -> Runs {
    let mut runs = Runs::default();
    place(&mut runs, extents, cluster, clusters);
    runs
}

/// The same behind those that are placed already; whether all of them are now.
pub fn place(runs: &mut Runs, extents: &[Extent], cluster: u64, clusters: u64) -> bool {
    extents.iter().all(|extent| {
        let inside =
            extent.first.is_none_or(|first| first.saturating_add(extent.count) <= clusters);
        let Some(bytes) = extent.count.checked_mul(cluster).filter(|_| inside) else {
            return false;
        };
        let start = extent.first.map_or(Run::HOLE, |first| first * cluster);
        runs.bytes.checked_add(bytes).is_some() && runs.push(Run::new(start, bytes))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn runs_go_forth_and_back() {
        let pairs = [0x21, 0x18, 0x34, 0x56, 0x01, 0x04, 0x11, 0x10, 0xF0, 0x00, 0xFF];
        let extents = parse(&pairs);
        let expected = [(Some(0x5634), 0x18), (None, 4), (Some(0x5624), 0x10)];
        assert_eq!(extents, expected.map(|(first, count)| Extent { first, count }));
        assert_eq!(placed(&extents, 512, 0x5634 + 0x18).bytes, 0x2C * 512);
        assert_eq!(placed(&extents, 512, 0x5634).bytes, 0);
        assert_eq!(parse(&[0x11, 0x10, 0xF0]), []);
        assert_eq!(parse(&[0xFF, 1]), []);
        assert_eq!(parse(&[0x08, 0, 0, 0, 0, 0, 0, 0, 0x80]), []);
    }
}
