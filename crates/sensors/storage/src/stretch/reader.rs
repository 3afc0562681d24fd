//! A stretch read from one place on, for decoders.

use std::io::{self, Read};

use super::Stretch;

/// See [`Stretch::reader`].
pub struct Reader<'s, 'a> {
    pub(super) stretch: &'s mut Stretch<'a>,
    pub(super) at: u64,
    pub(super) end: u64,
}

impl Reader<'_, '_> {
    /// The next byte's place in the stretch.
    pub fn place(&self) -> u64 {
        self.at
    }
}

impl Read for Reader<'_, '_> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let left = usize::try_from(self.end.saturating_sub(self.at)).unwrap_or(usize::MAX);
        let seen = self.stretch.peek(self.at, into.len().min(left));
        into[..seen.len()].copy_from_slice(seen);
        self.at += seen.len() as u64;
        Ok(seen.len())
    }
}
