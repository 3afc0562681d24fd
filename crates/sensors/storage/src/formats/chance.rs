//! Where content gives way to chance: bytes that a decoder took for its own for a while.

use super::picture::is_noise;
use crate::Stretch;

/// How far before the place where it was noticed chance is looked for.
const LATE: u64 = 24 * 1024;
/// Content by which it is told from chance, at least and at most.
const LEAST: u64 = 2048;
const MOST: u64 = 64 * 1024;
/// How much better chance must explain what follows, in natural units.
const SURE: f64 = 12.0;
/// Chance that is looked for in content without proof.
const PART: u64 = 1024;
const STEP: u64 = 128;

/// Where chance begins that ends at `noticed`, in content that is none and begins at `from`.
pub fn before(stretch: &mut Stretch, from: u64, noticed: u64) -> Option<u64> {
    let late = LATE.min((noticed - from.min(noticed)) / 2);
    let border = noticed - late;
    let reference = (border - from.min(border)).min(MOST);
    if reference < LEAST || late < PART {
        return None;
    }
    let own = stretch.peek(border - reference, reference as usize);
    if is_noise(own) {
        return None;
    }
    let weights = weights(own);
    let seen = stretch.peek(border, late as usize);
    let (mut sum, mut most, mut turn) = (0.0, 0.0, 0);
    for (at, byte) in seen.iter().enumerate() {
        sum += weights[usize::from(*byte)];
        if sum > most {
            (most, turn) = (sum, at + 1);
        }
    }
    let rest = seen.get(turn..)?;
    let chance = most - sum > SURE && (rest.len() < PART as usize || is_noise(rest));
    chance.then_some(border + turn as u64)
}

/// How much each byte speaks for this content, and against chance.
fn weights(own: &[u8]) -> [f64; 256] {
    let mut counts = [0_u32; 256];
    own.iter().for_each(|byte| counts[usize::from(*byte)] += 1);
    let all = own.len() as f64 + 256.0;
    counts.map(|count| ((f64::from(count) + 1.0) * 256.0 / all).ln())
}

/// Where chance begins in content that cannot be decoded and is none, or `to`.
pub fn within(stretch: &mut Stretch, from: u64, to: u64) -> u64 {
    let to = to.min(stretch.len());
    let mut at = from;
    while at + PART <= to {
        if is_noise(stretch.peek(at, PART as usize)) {
            let first = at.saturating_sub(PART - STEP).max(from);
            let early = (first..at).step_by(STEP as usize);
            let mut noise = |at: &u64| is_noise(stretch.peek(*at, PART as usize));
            return early.into_iter().find(|at| noise(at)).unwrap_or(at);
        }
        at += PART;
    }
    to
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::chance::noise;

    fn chance(count: usize) -> Vec<u8> {
        noise(7, count)
    }

    /// Dense, but some bytes are more frequent.
    fn dense(count: usize) -> Vec<u8> {
        let mut bytes = chance(count);
        bytes.iter_mut().skip(3).step_by(7).for_each(|byte| *byte |= 0x41);
        bytes
    }

    #[test]
    fn content_ends_where_chance_begins() {
        for own in [20_000, 60_000] {
            let mut bytes = dense(own);
            bytes.extend(&chance(40_000)[..5000]);
            let found = before(&mut Stretch::new(&bytes), 0, bytes.len() as u64).unwrap();
            assert!(found.abs_diff(own as u64) < 400, "{found}");
        }
        let bytes = dense(60_000);
        assert_eq!(before(&mut Stretch::new(&bytes), 0, 60_000), None);
        let bytes = chance(60_000);
        assert_eq!(before(&mut Stretch::new(&bytes), 0, 60_000), None);
    }

    #[test]
    fn chance_in_plain_content_is_found() {
        let mut bytes = b"plain content ".repeat(700);
        let own = bytes.len() as u64;
        bytes.extend(chance(4000));
        let found = within(&mut Stretch::new(&bytes), 0, u64::MAX);
        assert!(found.abs_diff(own) <= 256, "{found} {own}");
        assert_eq!(within(&mut Stretch::new(&bytes), 0, own), own);
    }
}
