//! What is passed over without being read as text: stretches that are too short for a run.

use super::{LEAST, lines::is_foreign, wide};

/// How far a portion was looked at: what lies between the place that was asked for last and this one may be text.
#[derive(Default)]
pub struct Ahead(usize);

impl Ahead {
    /// The next place from `from` on at which a run in a code of bytes may begin.
    pub fn narrow(&mut self, from: usize, bytes: &[u8]) -> usize {
        self.long(from, bytes.len(), LEAST as usize, |at| !is_foreign(bytes[at]))
    }

    /// The same for so many units of UTF-16, of which the first of a run may be the mark.
    pub fn wide(&mut self, from: usize, all: usize, unit: impl Fn(usize) -> u16) -> usize {
        let least = (LEAST / 2) as usize - 1;
        let next = self.long(from, all, least, |at| wide::is_text(unit(at)));
        let marked = next > from && unit(next - 1) == wide::MARK;
        next - usize::from(marked)
    }

    /// The first place from `from` on at which so many in a row fit; where fewer are left, the place behind the last that is seen not
    /// to. It looks from behind: most places are passed over unseen, and none is seen twice.
    fn long(
        &mut self,
        from: usize,
        all: usize,
        least: usize,
        fits: impl Fn(usize) -> bool,
    ) -> usize {
        let mut at = from;
        while at + least <= all {
            let unfit = (at.max(self.0)..at + least).rev().find(|place| !fits(*place));
            self.0 = self.0.max(at + least);
            match unfit {
                Some(unfit) => at = unfit + 1,
                None => break,
            }
        }
        at
    }
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use super::*;
    use crate::chance::noise;

    #[test]
    fn nothing_that_is_long_enough_is_passed_over_and_nothing_seen_twice() {
        for seed in 1..40 {
            let fits: Vec<bool> = noise(seed, 900).iter().map(|byte| byte % 16 > 0).collect();
            let least = 20 + seed as usize;
            let (mut ahead, mut from, seen) = (Ahead::default(), 0, Cell::new(0));
            while from < fits.len() {
                let window = |at: usize| fits.get(at..at + least);
                let found = ahead.long(from, fits.len(), least, |at| {
                    seen.set(seen.get() + 1);
                    fits[at]
                });
                let missed = |at: usize| window(at).is_some_and(|all| all.iter().all(|fits| *fits));
                assert!(!(from..found).any(missed), "{seed} {from}");
                assert!(window(found).is_none_or(|all| all.iter().all(|fits| *fits)));
                from = found + 1 + found % 7;
            }
            assert!(seen.get() <= fits.len());
        }
    }
}
