//! Blocks of a manifest that lie across two portions of a medium: told by the digests of the sectors at their edges, so that nothing
//! is read twice but what may be one.

use std::ops::Range;

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
        let end = at + (edges.first.len() * STEP) as u64;
        let (mut again, mut found) = (None, Vec::new());
        for number in self.search.known(rolled) {
            let place = start + ((from + number) * STEP) as u64;
            let stretch = match &mut again {
                Some(stretch) => stretch,
                none => none.insert(self.read(start..end)?),
            };
            if stretch.has(self.search, rolled[number], place) {
                found.push(place);
            }
        }
        self.before = match edges.first.len() < SECTORS - 1 {
            true => window.last(),
            false => edges.last.clone(),
        };
        Ok(found)
    }

    fn read(&self, range: Range<u64>) -> Result<Stretch, Failure> {
        let sector = u64::from(self.device.sector()).max(1);
        let start = range.start / sector * sector;
        let end = range.end.next_multiple_of(sector).min(self.device.bytes());
        let mut bytes = Aligned::new(end.saturating_sub(start) as usize);
        let bad = Attempt { device: self.device }.read(start, &mut bytes)?;
        Ok(Stretch { start, bytes, bad })
    }
}

/// Both sides of a seam, read once more.
struct Stretch {
    start: u64,
    bytes: Aligned,
    bad: Vec<Range<u64>>,
}

impl Stretch {
    /// What cannot be read now is a block of the manifest: forty of its bits said so.
    fn has(&self, search: &Search<'_>, rolled: u64, place: u64) -> bool {
        let end = place + SEALED as u64;
        let from = place.saturating_sub(self.start) as usize;
        let block = self.bytes.get(from..from + SEALED).unwrap_or_default();
        self.bad.iter().any(|bad| bad.start < end && place < bad.end) || search.has(rolled, block)
    }
}
