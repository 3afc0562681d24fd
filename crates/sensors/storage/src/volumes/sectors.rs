//! For fuzzing: a volume out of few bytes, so that small inputs reach structures that lie far apart.

use std::collections::BTreeMap;

use super::{Content, FileSystem, MOST_HELD};
use crate::{Bytes, Stretch};

const SECTOR: u64 = 512;
const COUNT: u64 = 1 << 16;

/// Sectors by number, each after its number and length in two bytes each; all others are zeros.
struct Sectors(BTreeMap<u64, [u8; SECTOR as usize]>);

impl Sectors {
    fn new(mut rest: &[u8]) -> Self {
        let mut sectors = BTreeMap::new();
        while let [a, b, c, d, tail @ ..] = rest {
            let (number, count) = (u16::from_le_bytes([*a, *b]), u16::from_le_bytes([*c, *d]));
            let count = usize::from(count).min(SECTOR as usize).min(tail.len());
            let mut sector = [0; SECTOR as usize];
            sector[..count].copy_from_slice(&tail[..count]);
            sectors.insert(u64::from(number), sector);
            rest = &tail[count..];
        }
        Self(sectors)
    }
}

impl Bytes for Sectors {
    fn len(&self) -> u64 {
        COUNT * SECTOR
    }

    fn read_at(&self, at: u64, into: &mut [u8]) -> usize {
        let left = self.len().saturating_sub(at);
        let count = usize::try_from(left).unwrap_or(usize::MAX).min(into.len());
        let into = &mut into[..count];
        into.fill(0);
        let end = at.saturating_add(count as u64);
        for (number, sector) in self.0.range(at / SECTOR..end.div_ceil(SECTOR).max(at / SECTOR)) {
            let start = number * SECTOR;
            let (from, to) = (start.max(at), (start + SECTOR).min(end));
            let own = &sector[(from - start) as usize..(to - start) as usize];
            into[(from - at) as usize..(to - at) as usize].copy_from_slice(own);
        }
        count
    }
}

/// Reads a volume of such sectors.
pub fn attempt_sectors(system: &FileSystem, bytes: &[u8]) {
    attempt(system, &Sectors::new(bytes));
}

/// Reads a volume to its end, if it is one; no file may have more bytes than it says.
pub fn attempt(system: &FileSystem, volume: &dyn Bytes) {
    let Some(found) = (system.probe)(&mut Stretch::new(volume)) else { return };
    (system.read)(volume, &found, &mut |named| match named.content {
        Content::Runs(runs) => {
            let placed = runs.iter().fold(0_u64, |all, run| all.saturating_add(run.bytes));
            assert!(placed <= named.bytes, "{}", named.path);
        }
        Content::Held(held) => assert!(held.len() as u64 <= MOST_HELD),
        Content::Absent(_) => {}
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sectors_lie_where_their_numbers_say() {
        let sectors = Sectors::new(&[1, 0, 2, 0, 7, 8, 3, 0, 9, 9, 5]);
        let mut into = vec![1; 1600];
        assert_eq!(sectors.read_at(500, &mut into), 1600);
        let places: Vec<usize> = (0..1600).filter(|at| into[*at] != 0).collect();
        assert_eq!(places, [12, 13, 1036]);
        assert_eq!(sectors.read_at(COUNT * SECTOR - 1, &mut into), 1);
        assert_eq!(sectors.read_at(u64::MAX, &mut into), 0);
    }
}
