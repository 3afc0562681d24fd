//! Which values of coefficients can be.

use super::super::frame::Frame;

/// The largest value that a coefficient can have, with what rounding adds.
pub fn most(frame: &Frame) -> u32 {
    1280 << (frame.precision - 8)
}

/// How many bits a value can have whatever coefficient it is.
pub fn safe(frame: &Frame, quantisers: &[u16; 64]) -> u32 {
    let largest = u32::from(quantisers.iter().copied().max().unwrap_or(1));
    let fits = |size: &u32| (1 << (size - 1)) * largest <= most(frame) + largest;
    (1..=15).take_while(fits).last().unwrap_or(0)
}

pub fn fits(frame: &Frame, quantisers: &[u16; 64], at: u32, size: u32) -> Option<()> {
    let quantiser = u32::from(*quantisers.get(at as usize)?);
    let least = 1_u64 << size.saturating_sub(1);
    let most = u64::from(most(frame) + quantiser);
    (least * u64::from(quantiser) <= most).then_some(())
}
