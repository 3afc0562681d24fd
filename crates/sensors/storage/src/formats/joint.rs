//! Where a file in two pieces was torn, by what it records of its own places.

use std::ops::Range;

use super::{Format, Walked, document, picture};
use crate::Stretch;

/// A place between two pieces: what stands there up to `split` is the first piece, and the second one goes on `gap` bytes
/// farther than it should. A gap of 0 is not known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Joint {
    /// The first piece is at least `start` bytes long, and shorter than `end`.
    pub split: Range<u64>,
    pub gap: u64,
}

/// Takes the stretch from the file's first byte, what the walk found, and the largest gap in bytes; the likeliest first.
pub type Joints = fn(&mut Stretch, &Walked, u64) -> Vec<Joint>;

impl Format {
    /// How its own records tell where it was torn; none where it keeps none.
    pub fn joints(&self) -> Option<Joints> {
        let all = [document::JOINTS, picture::JOINTS];
        all.into_iter()
            .flatten()
            .find(|(name, _)| *name == self.kind.name)
            .map(|(_, joints)| *joints)
    }
}
