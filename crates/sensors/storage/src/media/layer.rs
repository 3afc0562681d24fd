//! What a medium is made of: files below, images that unpack them above.

use crate::{Gap, Run};

/// Bytes at any place, some of which may be lost.
pub trait Layer: Send + Sync {
    fn len(&self) -> u64;

    /// Fills all of `into`, which must not reach behind the end. What cannot be read is zeros, and is told: a stretch that
    /// may begin before or end behind what was asked for never is.
    fn read(&self, at: u64, into: &mut [u8], lost: &mut dyn FnMut(Run));

    /// The stretch at `at`, which lies inside, whose bytes are known without reading them. Looks no further than `until`.
    fn gap(&self, _at: u64, _until: u64) -> Option<Gap> {
        None
    }

    /// Tries again what was left out in haste, until the time is over; tells what can be read now.
    fn again(&self, _until: std::time::Instant, _gained: &mut dyn FnMut(Run)) {}

    /// What went wrong besides places that are lost.
    fn faults(&self) -> Vec<String> {
        Vec::new()
    }
}

/// Memory, for parsers that are tried on their own.
impl Layer for Vec<u8> {
    fn len(&self) -> u64 {
        self.as_slice().len() as u64
    }

    fn read(&self, at: u64, into: &mut [u8], lost: &mut dyn FnMut(Run)) {
        let read = crate::Bytes::read_at(self.as_slice(), at, into);
        if read < into.len() {
            into[read..].fill(0);
            lost(Run::new(at.saturating_add(read as u64), (into.len() - read) as u64));
        }
    }
}

/// Exactly `N` bytes, none where one of them is lost or behind the end.
pub fn array<const N: usize>(layer: &dyn Layer, at: u64) -> Option<[u8; N]> {
    let mut bytes = [0; N];
    exact(layer, at, &mut bytes).then_some(bytes)
}

/// Whether all of `into` could be filled.
pub fn exact(layer: &dyn Layer, at: u64, into: &mut [u8]) -> bool {
    let inside = at.checked_add(into.len() as u64).is_some_and(|end| end <= layer.len());
    let mut whole = true;
    if inside {
        layer.read(at, into, &mut |_| whole = false);
    }
    inside && whole
}
