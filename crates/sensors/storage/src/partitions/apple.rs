//! Apple's partition map: one block for each partition, from the second block on.

use leaksweep_facts::Observed;

use super::{Scheme, Slot, State, array};
use crate::{Bytes, formats::Details};

const MOST_ENTRIES: u32 = 256;

pub fn read(medium: &dyn Bytes) -> Option<Observed<Slot>> {
    let head: [u8; 4] = array(medium, 0)?;
    let block = u64::from(u16::from_be_bytes([head[2], head[3]]));
    if !head.starts_with(b"ER") || !block.is_power_of_two() || !(512..=4096).contains(&block) {
        return None;
    }
    // The map of many discs has 512 bytes, whatever the block.
    let unit = [block, 512].into_iter().find(|unit| entry(medium, *unit, 1).is_some())?;
    let (_, count) = entry(medium, unit, 1)?;
    let mut observed = Observed::default();
    for number in 1..=count.min(MOST_ENTRIES) {
        let Some((slot, _)) = entry(medium, unit, number) else { break };
        let kind = slot.kind.as_deref().unwrap_or_default();
        if !matches!(kind, "Apple_partition_map" | "Apple_Free" | "Apple_Void") {
            observed.rows.push(slot);
        }
    }
    Some(observed)
}

/// The partition of this number, and how many there are.
fn entry(medium: &dyn Bytes, unit: u64, number: u32) -> Option<(Slot, u32)> {
    let entry: [u8; 80] = array(medium, u64::from(number).checked_mul(unit)?)?;
    let short = |at: usize| u32::from_be_bytes(entry[at..at + 4].try_into().unwrap_or_default());
    if !entry.starts_with(b"PM") {
        return None;
    }
    let text = |from: usize| {
        let text = entry[from..from + 32].split(|byte| *byte == 0).next().unwrap_or_default();
        Details::bytes(text)
    };
    let (start, bytes) = (u64::from(short(8)) * unit, u64::from(short(12)) * unit);
    let slot = Slot {
        name: text(16),
        kind: text(48),
        state: Some(State::Whole),
        ..Slot::new(number, Scheme::Apple, start, bytes)
    };
    Some((slot, short(4)))
}
