//! Whether bytes that should be points are chance.

use crate::{Stretch, formats::resync};

/// So much is looked through at once: not all of it for the one before the other.
const PART: u64 = 4 << 20;

/// Chance has every byte as often as any other. Fewer than 1024 bytes are never told.
pub fn is_noise(bytes: &[u8]) -> bool {
    if bytes.len() < 1024 {
        return false;
    }
    let mut counts = [0_u64; 256];
    bytes.iter().for_each(|byte| counts[usize::from(*byte)] += 1);
    let (total, squares) =
        (bytes.len() as u64, counts.iter().map(|count| count * count).sum::<u64>());
    // The sum of squared differences over the expected count: 255 on average, of chance below 400 always.
    (squares * 256 / total).saturating_sub(total) < 400
}

/// The first stretch of chance among bytes that should be points: looked for at their beginning, and then here and there.
pub fn find(stretch: &mut Stretch, from: u64, to: u64) -> Option<u64> {
    const STEP: u64 = 64 * 1024;
    const SEEN: u64 = 4096;
    let early = [0, 1024].map(|skip| from.saturating_add(skip));
    let later = (1..).map_while(|step| from.checked_add(step * STEP));
    let places = early.into_iter().chain(later).take_while(|at| *at < to);
    let mut noise = |at: &u64| is_noise(stretch.peek(*at, (to - at).min(SEEN) as usize));
    places.into_iter().find(|at| noise(at))
}

/// The first chance, or beginning of another file, among bytes that should be points.
pub fn or_another(stretch: &mut Stretch, from: u64, to: u64) -> Option<u64> {
    let mut at = from;
    while at < to {
        let end = to.min(at.saturating_add(PART));
        let noise = find(stretch, at, end);
        let other = resync::another(stretch, at, noise.unwrap_or(end));
        if other.or(noise).is_some() {
            return other.or(noise);
        }
        at = end;
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chance_is_told_from_points() {
        let mut state = 7_u64;
        let chance: Vec<u8> = std::iter::repeat_with(|| {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            (state >> 56) as u8
        })
        .take(8192)
        .collect();
        assert!(is_noise(&chance) && is_noise(&chance[..1024]));
        let ramp: Vec<u8> = chance.iter().map(|byte| byte / 2).collect();
        assert!(!is_noise(&ramp) && !is_noise(&[255; 8192]) && !is_noise(&chance[..100]));
    }
}
