//! The passes of a progressive picture over bands of coefficients.

use super::{
    super::{entropy::Entropy, frame::Component},
    Data, Means, Running,
    limits::fits,
};

impl<M: Means> Data<'_, '_, M> {
    /// The first pass over a band of coefficients.
    pub(super) fn first_pass(
        &mut self,
        entropy: &mut Entropy,
        running: &mut Running,
        part: usize,
        x: u32,
        y: u32,
    ) -> Option<()> {
        if running.empty > 0 {
            running.empty -= 1;
            return Some(());
        }
        let part = &self.parts[part];
        let block = self.maps[part.index & 3].get_mut(place(part.component, x, y))?;
        let table = part.ac?;
        let mut at = self.scan.first;
        while at <= self.scan.last {
            let (length, symbol) = table.decode(entropy.look())?;
            entropy.skip(length);
            let (run, size) = (u32::from(symbol >> 4), u32::from(symbol & 15));
            match (run, size) {
                (15, 0) => at += 16,
                (_, 0) => {
                    running.empty = (1 << run) - 1 + entropy.take(run);
                    return Some(());
                }
                _ => {
                    at += run;
                    if at > self.scan.last {
                        return None;
                    }
                    entropy.skip(size);
                    fits(self.frame, part.quantisers, at, size + self.scan.low)?;
                    *block |= 1 << at;
                    at += 1;
                }
            }
        }
        (at == self.scan.last + 1).then_some(())
    }

    /// One more bit for each coefficient that is known, and some new ones.
    pub(super) fn refine(
        &mut self,
        entropy: &mut Entropy,
        running: &mut Running,
        part: usize,
        x: u32,
        y: u32,
    ) -> Option<()> {
        let part = &self.parts[part];
        let block = self.maps[part.index & 3].get_mut(place(part.component, x, y))?;
        let (first, last) = (self.scan.first, self.scan.last);
        let known = *block & band(first, last);
        let mut at = first;
        if running.empty == 0 {
            while at <= last {
                let (length, symbol) = part.ac?.decode(entropy.look())?;
                entropy.skip(length);
                let (run, size) = (u32::from(symbol >> 4), u32::from(symbol & 15));
                if size == 0 && run < 15 {
                    running.empty = (1 << run) + entropy.take(run);
                    break;
                }
                if size > 1 {
                    return None;
                }
                entropy.skip(size);
                let new = nth_zero(known, at, last, run);
                // A run of sixteen zeros may end the band; a new coefficient has to have room.
                if new > last && size > 0 {
                    return None;
                }
                let passed = if new > at { known & band(at, new.min(last)) } else { 0 };
                correct(entropy, passed.count_ones());
                if size > 0 {
                    *block |= 1 << new;
                }
                at = new + 1;
            }
        }
        if running.empty > 0 {
            running.empty -= 1;
            if at <= last {
                correct(entropy, (known & band(at, last)).count_ones());
            }
        }
        Some(())
    }
}

/// The place of the zero after `run` zeros, from `at` on; behind `last` where there are not so many.
fn nth_zero(known: u64, at: u32, last: u32, run: u32) -> u32 {
    let mut zeros = !known & band(at, last);
    for _ in 0..run {
        zeros &= zeros.wrapping_sub(1);
    }
    zeros.trailing_zeros().min(last + 1)
}

fn correct(entropy: &mut Entropy, bits: u32) {
    entropy.take(bits.min(31));
    entropy.take(bits.saturating_sub(31).min(31));
    entropy.take(bits.saturating_sub(62));
}

fn band(first: u32, last: u32) -> u64 {
    (u64::MAX << (first & 63)) & (u64::MAX >> (63 - (last & 63)))
}

pub(super) fn place(component: Component, x: u32, y: u32) -> usize {
    y as usize * component.all.0 as usize + x as usize
}
