//! What is passed over without being read as text: stretches that are too short for a run.

use super::{LEAST, lines::is_foreign, wide};

/// The next place from `from` on at which a run in a code of bytes may begin.
pub fn next_narrow(from: usize, bytes: &[u8]) -> usize {
    long(from, bytes.len(), LEAST as usize, |at| !is_foreign(bytes[at]))
}

/// The same for so many units of UTF-16, of which the first of a run may be the mark.
pub fn next_wide(from: usize, all: usize, unit: impl Fn(usize) -> u16) -> usize {
    let least = (LEAST / 2) as usize - 1;
    let next = long(from, all, least, |at| wide::is_text(unit(at)));
    let marked = next > from && unit(next - 1) == wide::MARK;
    next - usize::from(marked)
}

/// The first place from `from` on at which so many in a row fit; where fewer are left, the place behind the last that is seen not to.
/// It looks from behind: most places are passed over unseen.
fn long(from: usize, all: usize, least: usize, fits: impl Fn(usize) -> bool) -> usize {
    let mut at = from;
    while at + least <= all {
        match (at..at + least).rev().find(|place| !fits(*place)) {
            Some(unfit) => at = unfit + 1,
            None => break,
        }
    }
    at
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::chance::noise;

    #[test]
    fn nothing_that_is_long_enough_is_passed_over() {
        for seed in 1..40 {
            let fits: Vec<bool> = noise(seed, 900).iter().map(|byte| byte % 16 > 0).collect();
            let least = 20 + seed as usize;
            let window = |at: usize| fits.get(at..at + least);
            for from in [0, 1, 17, 450, 899, 900] {
                let found = long(from, fits.len(), least, |at| fits[at]);
                let passed = from..found;
                let missed = |at: usize| window(at).is_some_and(|all| all.iter().all(|fits| *fits));
                assert!(!passed.into_iter().any(missed), "{seed} {from}");
                assert!(window(found).is_none_or(|all| all.iter().all(|fits| *fits)));
            }
        }
    }
}
