//! A medium out of few bytes, so that small inputs reach structures that lie far apart.

use std::collections::BTreeMap;

use crate::{Bytes, Run, media::layer::Layer};

const SECTOR: u64 = 512;
/// Of a number in two bytes.
const LARGE: u64 = SECTOR << 16;

/// Sectors by number, each after its number and length in two bytes each; all others are zeros.
pub struct Sectors {
    sectors: BTreeMap<u64, [u8; SECTOR as usize]>,
    len: u64,
}

impl Sectors {
    pub fn large(bytes: &[u8]) -> Self {
        Self::new(bytes, LARGE)
    }

    pub fn new(mut rest: &[u8], len: u64) -> Self {
        let mut sectors = BTreeMap::new();
        while let [a, b, c, d, tail @ ..] = rest {
            let (number, count) = (u16::from_le_bytes([*a, *b]), u16::from_le_bytes([*c, *d]));
            let count = usize::from(count).min(SECTOR as usize).min(tail.len());
            let mut sector = [0; SECTOR as usize];
            sector[..count].copy_from_slice(&tail[..count]);
            sectors.insert(u64::from(number), sector);
            rest = &tail[count..];
        }
        Self { sectors, len }
    }
}

impl Bytes for Sectors {
    fn len(&self) -> u64 {
        self.len
    }

    fn read_at(&self, at: u64, into: &mut [u8]) -> usize {
        let left = self.len.saturating_sub(at);
        let count = usize::try_from(left).unwrap_or(usize::MAX).min(into.len());
        let into = &mut into[..count];
        into.fill(0);
        let end = at.saturating_add(count as u64);
        let numbers = at / SECTOR..end.div_ceil(SECTOR).max(at / SECTOR);
        for (number, sector) in self.sectors.range(numbers) {
            let start = number * SECTOR;
            let (from, to) = (start.max(at), (start + SECTOR).min(end));
            let own = &sector[(from - start) as usize..(to - start) as usize];
            into[(from - at) as usize..(to - at) as usize].copy_from_slice(own);
        }
        count
    }
}

impl Layer for Sectors {
    fn len(&self) -> u64 {
        self.len
    }

    fn read(&self, at: u64, into: &mut [u8], _: &mut dyn FnMut(Run)) {
        let count = self.read_at(at, into);
        into[count..].fill(0);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sectors_lie_where_their_numbers_say() {
        let sectors = Sectors::large(&[1, 0, 2, 0, 7, 8, 3, 0, 9, 9, 5]);
        let mut into = vec![1; 1600];
        assert_eq!(sectors.read_at(500, &mut into), 1600);
        let places: Vec<usize> = (0..1600).filter(|at| into[*at] != 0).collect();
        assert_eq!(places, [12, 13, 1036]);
        assert_eq!(sectors.read_at(LARGE - 1, &mut into), 1);
        assert_eq!(sectors.read_at(u64::MAX, &mut into), 0);
    }
}
