//! What a walker sees: the bytes of a candidate from its first on, through a window that moves.
//! One window for each thread, of a fixed size, whatever the input claims.
//!
//! A walker of what begins at a place looks at most [`looks::LOOKS`] times, and [`looks::AGAIN`] times for each byte that it read: one that input leads
//! round in circles sees nothing more then, as where a medium ends. What it reads anew is bounded, too.

mod looks;
mod reader;
#[cfg(test)]
mod tests;

use std::{any::Any, cell::RefCell};

use crate::{Bytes, Pieces, landmarks::Landmarks};
use looks::Looks;
pub use reader::Reader;

/// The most that one look can show.
pub const WINDOW: usize = 256 * 1024;
/// Read at once where something is looked for.
const STEP: usize = 64 * 1024;

/// What a walker keeps of its way through the first part of a file that is walked again and again with other bytes behind it.
#[derive(Default)]
pub struct Checkpoints(RefCell<Vec<(u64, Box<dyn Any>)>>);

impl Checkpoints {
    const MOST: usize = 16_384;
    /// So far are they apart at least.
    const APART: u64 = 1024;
}

pub struct Stretch<'a> {
    of: &'a dyn Bytes,
    start: u64,
    len: u64,
    window: Vec<u8>,
    /// Where the window's first byte lies, from the stretch's first.
    at: u64,
    proven: u64,
    checkpoints: Option<&'a Checkpoints>,
    landmarks: Option<&'a Landmarks<'a>>,
    read: u64,
    looks: Looks,
}

impl<'a> Stretch<'a> {
    pub fn new(of: &'a dyn Bytes) -> Self {
        Self {
            of,
            start: 0,
            len: of.len(),
            window: Vec::new(),
            at: 0,
            proven: 0,
            checkpoints: None,
            landmarks: None,
            read: 0,
            looks: Looks::any(),
        }
    }

    /// With so many bytes of which the same walker said before that they are sound, and what it kept of them.
    pub fn proven(of: &'a dyn Bytes, bytes: u64, checkpoints: &'a Checkpoints) -> Self {
        let looks = Looks::few();
        Self { proven: bytes, checkpoints: Some(checkpoints), looks, ..Self::new(of) }
    }

    /// With what others found out about the same medium.
    pub fn beside(of: &'a dyn Bytes, landmarks: &'a Landmarks<'a>) -> Self {
        Self { landmarks: Some(landmarks), ..Self::new(of) }
    }

    /// Keeps how far a walker is, if it may come here again: `state` depends on no byte from `place` on.
    pub fn keep<T: Any>(&self, place: u64, state: impl FnOnce() -> T) {
        let Some(checkpoints) = self.checkpoints.filter(|_| self.is_proven(place)) else { return };
        let mut kept = checkpoints.0.borrow_mut();
        let apart = kept.last().is_none_or(|(last, _)| place >= last + Checkpoints::APART);
        if apart && kept.len() < Checkpoints::MOST {
            kept.push((place, Box::new(state())));
        }
    }

    /// The farthest that was kept of what is proven.
    pub fn kept<T: Any + Clone>(&self) -> Option<T> {
        let kept = self.checkpoints?.0.borrow();
        let proven = kept.partition_point(|(place, _)| self.is_proven(*place));
        kept[..proven].last()?.1.downcast_ref().cloned()
    }

    /// Whether what ends here was seen to be sound: it need not be decoded again.
    pub fn is_proven(&self, end: u64) -> bool {
        end <= self.proven
    }

    /// Looks at another stretch of the same; the window is kept where it still serves.
    pub fn aim(&mut self, start: u64, bytes: u64) {
        self.proven = 0;
        self.checkpoints = None;
        self.looks.again();
        let place = self.start.wrapping_add(self.at);
        self.start = start.min(self.of.len());
        self.len = bytes.min(self.of.len() - self.start);
        match place.checked_sub(self.start) {
            Some(at) => self.at = at,
            None => {
                let gone = usize::try_from(self.start - place).unwrap_or(usize::MAX);
                self.window.drain(..gone.min(self.window.len()));
                self.at = 0;
            }
        }
    }

    /// Whether a walker looked too often since this was asked last: it was led round in circles.
    pub fn gave_up(&mut self) -> bool {
        self.looks.gave_up()
    }

    /// Says the same of this one where another walker, of a part of it, looked too often.
    pub fn join_gave_up(&mut self, lost: bool) {
        self.looks.join_gave_up(lost);
    }

    /// How many bytes were read so far: what the work on it costs.
    pub fn cost(&self) -> u64 {
        self.read
    }

    /// Adds work that costs more than to read what it is done on.
    pub fn spend(&mut self, bytes: u64) {
        self.read = self.read.saturating_add(bytes);
        self.looks.spend(bytes);
    }

    /// How many bytes there are at most: to the end of the medium or of what is known to be the file's.
    pub fn len(&self) -> u64 {
        self.len
    }

    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// All of it, to be read at many places.
    pub fn whole(&self) -> Pieces<'a> {
        Pieces::part(self.of, self.start, self.len)
    }

    /// `count` bytes from `at` on, at most [`WINDOW`]; fewer only where the stretch ends.
    pub fn peek(&mut self, at: u64, count: usize) -> &[u8] {
        let left = usize::try_from(self.len.saturating_sub(at)).unwrap_or(usize::MAX);
        let count = count.min(WINDOW).min(left);
        if count == 0 || !self.looks.take() {
            return &[];
        }
        if self.held(at) < count {
            self.fill(at, count);
        }
        let skip = (at - self.at) as usize;
        let end = (skip + count).min(self.window.len());
        &self.window[skip.min(end)..end]
    }

    /// Small steps first: most candidates are denied by their first bytes.
    fn fill(&mut self, at: u64, count: usize) {
        let follows = at.checked_sub(self.at).is_some_and(|skip| skip <= self.window.len() as u64);
        let wanted = if follows { self.window.len() * 2 } else { 4096 };
        let wanted = wanted.clamp(count.max(4096), WINDOW);
        self.window.resize(wanted, 0);
        let read = self.of.read_at(self.start.saturating_add(at), &mut self.window);
        self.window.truncate(read);
        self.read = self.read.saturating_add(read as u64);
        self.looks.read(read as u64, at.saturating_add(read as u64));
        self.at = at;
    }

    pub fn array<const N: usize>(&mut self, at: u64) -> Option<[u8; N]> {
        self.peek(at, N).try_into().ok()
    }

    pub fn u8(&mut self, at: u64) -> Option<u8> {
        self.array::<1>(at).map(|bytes| bytes[0])
    }

    pub fn u16_le(&mut self, at: u64) -> Option<u16> {
        self.array(at).map(u16::from_le_bytes)
    }

    pub fn u16_be(&mut self, at: u64) -> Option<u16> {
        self.array(at).map(u16::from_be_bytes)
    }

    pub fn u32_le(&mut self, at: u64) -> Option<u32> {
        self.array(at).map(u32::from_le_bytes)
    }

    pub fn u32_be(&mut self, at: u64) -> Option<u32> {
        self.array(at).map(u32::from_be_bytes)
    }

    pub fn u64_le(&mut self, at: u64) -> Option<u64> {
        self.array(at).map(u64::from_le_bytes)
    }

    pub fn u64_be(&mut self, at: u64) -> Option<u64> {
        self.array(at).map(u64::from_be_bytes)
    }

    pub fn starts(&mut self, at: u64, with: &[u8]) -> bool {
        self.peek(at, with.len()) == with
    }

    /// Where `needle` stands next, from `from` on and before `to`; it must end before `to` too.
    pub fn find(&mut self, from: u64, to: u64, needle: &[u8]) -> Option<u64> {
        let finder = memchr::memmem::Finder::new(needle);
        let mut at = from;
        let to = to.min(self.len);
        while at.saturating_add(needle.len() as u64) <= to {
            // What the window holds comes first: to fill it again for every find would read everything many times.
            let held = self.held(at);
            let step = if held >= needle.len() { held } else { STEP };
            let count = usize::try_from(to - at).unwrap_or(usize::MAX).min(step);
            let seen = self.peek(at, count);
            if let Some(found) = finder.find(seen) {
                return Some(at + found as u64);
            }
            if seen.len() < needle.len() || seen.len() < count {
                return None;
            }
            at += (seen.len() - needle.len() + 1) as u64;
        }
        None
    }

    /// The same far behind the end of what is known, where others may have looked before.
    pub fn find_far(&mut self, from: u64, to: u64, needle: &'static [u8]) -> Option<u64> {
        let Some(landmarks) = self.landmarks else { return self.find(from, to, needle) };
        let place = |at: u64| self.start.saturating_add(at.min(self.len));
        Some(landmarks.next(place(from), place(to), needle)? - self.start)
    }

    /// Bytes of the window from a place on.
    fn held(&self, at: u64) -> usize {
        let inside = at.checked_sub(self.at).and_then(|skip| usize::try_from(skip).ok());
        inside.map_or(0, |skip| self.window.len().saturating_sub(skip))
    }

    /// Reads on from `at` as a stream of at most `bytes`, for decoders.
    pub fn reader(&mut self, at: u64, bytes: u64) -> Reader<'_, 'a> {
        let end = at.saturating_add(bytes).min(self.len);
        Reader { stretch: self, at, end }
    }
}
