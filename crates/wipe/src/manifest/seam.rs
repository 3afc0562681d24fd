//! Blocks of a manifest that lie across two portions of a medium: told by the digests of the sectors at their edges, so that nothing
//! is read twice but what may be one.

use leaksweep_formats::fingerprint::SEALED;

use super::{
    Search,
    looking::Edges,
    rolling::{SECTORS, STEP},
};
use crate::{device::Device, medium::aligned::Aligned, method::Failure, overwrite::Attempt};

/// Goes from portion to portion, in the order of their places.
pub struct Seam<'a> {
    search: &'a Search<'a>,
    device: &'a dyn Device,
    /// The digests of the sectors before the next portion, fewer than a block has.
    before: Vec<u64>,
}

impl<'a> Seam<'a> {
    pub fn new(search: &'a Search<'a>, device: &'a dyn Device) -> Self {
        Self { search, device, before: Vec::new() }
    }

    /// Where blocks of the manifest begin that end in the portion at `at`, and begin before it.
    pub fn take(&mut self, at: u64, edges: &Edges) -> Result<Vec<u64>, Failure> {
        let mut window = self.search.window();
        window.pass(&mut self.before.clone());
        let mut rolled = edges.first.clone();
        let (first, from) = window.pass(&mut rolled);
        let rolled = rolled.get(first..).unwrap_or_default();
        let start = at.saturating_sub((self.before.len() * STEP) as u64);
        let mut found = Vec::new();
        for number in self.search.known(rolled) {
            let place = start + ((from + number) * STEP) as u64;
            if self.has(rolled[number], place)? {
                found.push(place);
            }
        }
        self.before = match edges.first.len() < SECTORS - 1 {
            true => window.last(),
            false => edges.last.clone(),
        };
        Ok(found)
    }

    /// Reads what may be a block once more. What cannot be read now is one: forty of its bits said so.
    fn has(&self, rolled: u64, place: u64) -> Result<bool, Failure> {
        let start = place - place % u64::from(self.device.sector()).max(1);
        let end = (place + SEALED as u64).next_multiple_of(u64::from(self.device.sector()).max(1));
        let mut buffer = Aligned::new((end.min(self.device.bytes()) - start) as usize);
        let bad = Attempt { device: self.device }.read(start, &mut buffer)?;
        let from = (place - start) as usize;
        let block = buffer.get(from..from + SEALED).unwrap_or_default();
        Ok(!bad.is_empty() || self.search.has(rolled, block))
    }
}
