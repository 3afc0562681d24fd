//! Bytes that can be read at any place: a medium, a part of one, the pieces of a file, or memory.

/// Never fails: what could not be read reads as zeros, and the medium remembers where.
pub trait Bytes: Sync {
    fn len(&self) -> u64;

    /// Fills as much of `into` as there is from `at` on, and says how much that is.
    fn read_at(&self, at: u64, into: &mut [u8]) -> usize;

    fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The stretch at `at` whose bytes are known without reading them; one of many pieces may be told as shorter, but not if it goes on
    /// beyond `until`.
    fn gap(&self, _at: u64, _until: u64) -> Option<Gap> {
        None
    }

    /// Whether a part of these bytes could not be read.
    fn is_bad(&self, _at: u64, _bytes: u64) -> bool {
        false
    }
}

/// Bytes that are zeros because nothing is stored for them, or that are lost.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Gap {
    pub end: u64,
    pub lost: bool,
}

impl Gap {
    pub fn zeros(end: u64) -> Self {
        Self { end, lost: false }
    }

    pub fn lost(end: u64) -> Self {
        Self { end, lost: true }
    }
}

impl Bytes for [u8] {
    fn len(&self) -> u64 {
        self.len() as u64
    }

    fn read_at(&self, at: u64, into: &mut [u8]) -> usize {
        let Some(rest) = usize::try_from(at).ok().and_then(|at| self.get(at..)) else { return 0 };
        let count = rest.len().min(into.len());
        into[..count].copy_from_slice(&rest[..count]);
        count
    }
}

impl Bytes for &[u8] {
    fn len(&self) -> u64 {
        (**self).len() as u64
    }

    fn read_at(&self, at: u64, into: &mut [u8]) -> usize {
        (**self).read_at(at, into)
    }
}

impl Bytes for Vec<u8> {
    fn len(&self) -> u64 {
        self.as_slice().len() as u64
    }

    fn read_at(&self, at: u64, into: &mut [u8]) -> usize {
        self.as_slice().read_at(at, into)
    }
}

/// A stretch of bytes of something: where it starts and how long it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Run {
    /// [`Run::HOLE`] for zeros that lie nowhere.
    pub start: u64,
    pub bytes: u64,
}

impl Run {
    pub const HOLE: u64 = u64::MAX;

    pub fn new(start: u64, bytes: u64) -> Self {
        Self { start, bytes }
    }

    pub fn end(self) -> u64 {
        self.start.saturating_add(self.bytes)
    }
}

/// Runs of something, read as one: a file in pieces, or a partition of a disk.
pub struct Pieces<'a> {
    of: &'a dyn Bytes,
    /// Each run after the place at which it begins.
    runs: Vec<(u64, Run)>,
    len: u64,
}

impl<'a> Pieces<'a> {
    pub fn new(of: &'a dyn Bytes, runs: &[Run]) -> Self {
        let mut pieces = Self { of, runs: Vec::with_capacity(runs.len()), len: 0 };
        pieces.grow(runs);
        pieces
    }

    /// Takes the same runs with more at their end: the last one may have become longer, and others may follow.
    pub fn grow(&mut self, runs: &[Run]) {
        if let Some((begins, _)) = self.runs.pop() {
            self.len = begins;
        }
        for run in runs.get(self.runs.len()..).unwrap_or_default() {
            let bytes = run.bytes.min(u64::MAX - self.len);
            self.runs.push((self.len, Run { bytes, ..*run }));
            self.len += bytes;
        }
    }

    pub fn part(of: &'a dyn Bytes, start: u64, bytes: u64) -> Self {
        let bytes = bytes.min(of.len().saturating_sub(start));
        Self::new(of, &[Run::new(start, bytes)])
    }

    /// Where a stretch of the whole lies in what it was made of.
    pub fn places(&self, stretch: Run) -> Vec<Run> {
        let mut places = Vec::new();
        if stretch.start == Run::HOLE {
            return vec![stretch];
        }
        let first = self.runs.partition_point(|(begins, run)| begins + run.bytes <= stretch.start);
        for (begins, run) in
            self.runs[first..].iter().take_while(|(begins, _)| *begins < stretch.end())
        {
            let from = stretch.start.max(*begins);
            let bytes = stretch.end().min(begins.saturating_add(run.bytes)).saturating_sub(from);
            let start = if run.start == Run::HOLE {
                Run::HOLE
            } else {
                run.start.saturating_add(from - begins)
            };
            places.push(Run::new(start, bytes));
        }
        places
    }

    /// Reads what one run has from `skip` on; zeros for a hole, and for what lies behind the end of all.
    fn read_run(&self, run: Run, skip: u64, into: &mut [u8]) {
        let read = match run.start {
            Run::HOLE => 0,
            start => self.of.read_at(start.saturating_add(skip), into),
        };
        into[read..].fill(0);
    }
}

impl Bytes for Pieces<'_> {
    fn len(&self) -> u64 {
        self.len
    }

    fn read_at(&self, at: u64, into: &mut [u8]) -> usize {
        let mut done = 0;
        let first = self.runs.partition_point(|(begins, _)| *begins <= at).saturating_sub(1);
        for (begins, run) in &self.runs[first.min(self.runs.len())..] {
            let skip = (at + done as u64).saturating_sub(*begins);
            let left = run.bytes.saturating_sub(skip);
            let count = usize::try_from(left).unwrap_or(usize::MAX).min(into.len() - done);
            self.read_run(*run, skip, &mut into[done..done + count]);
            done += count;
            if done == into.len() {
                break;
            }
        }
        done
    }

    fn is_bad(&self, at: u64, bytes: u64) -> bool {
        let places = self.places(Run::new(at, bytes));
        places.iter().any(|run| run.start != Run::HOLE && self.of.is_bad(run.start, run.bytes))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all(bytes: &dyn Bytes, at: u64, count: usize) -> Vec<u8> {
        let mut into = vec![0xAA; count];
        let read = bytes.read_at(at, &mut into);
        into.truncate(read);
        into
    }

    #[test]
    fn pieces_read_as_one() {
        let medium: Vec<u8> = (0..100).collect();
        let runs = [Run::new(10, 3), Run::new(Run::HOLE, 2), Run::new(50, 4), Run::new(98, 5)];
        let file = Pieces::new(&medium, &runs);
        assert_eq!(file.len(), 14);
        let whole = [10, 11, 12, 0, 0, 50, 51, 52, 53, 98, 99, 0, 0, 0];
        assert_eq!(all(&file, 0, 99), whole);
        for at in 0..14 {
            assert_eq!(all(&file, at, 5), &whole[at as usize..(at as usize + 5).min(14)]);
        }
        assert!(all(&file, 14, 5).is_empty() && all(&file, u64::MAX, 5).is_empty());
        let mut grown = Pieces::new(&medium, &[]);
        assert!(all(&grown, 0, 5).is_empty());
        for known in [&[Run::new(10, 1)][..], &runs[..1], &runs[..3], &runs, &runs] {
            grown.grow(known);
        }
        assert_eq!((all(&grown, 0, 99), grown.len()), (whole.to_vec(), 14));
    }

    #[test]
    fn what_lies_in_pieces_is_found_in_their_medium() {
        let medium: Vec<u8> = (0..100).collect();
        let file =
            Pieces::new(&medium, &[Run::new(10, 3), Run::new(Run::HOLE, 2), Run::new(50, 4)]);
        let places = file.places(Run::new(1, 6));
        assert_eq!(places, [Run::new(11, 2), Run::new(Run::HOLE, 2), Run::new(50, 2)]);
        assert_eq!(file.places(Run::new(Run::HOLE, 7)), [Run::new(Run::HOLE, 7)]);
        assert_eq!(
            (file.places(Run::new(8, 9)), file.places(Run::new(9, 9))),
            (vec![Run::new(53, 1)], vec![])
        );
    }

    #[test]
    fn a_part_ends_with_its_medium() {
        let medium = vec![7_u8; 10];
        assert_eq!(Pieces::part(&medium, 8, 100).len(), 2);
        assert_eq!(Pieces::part(&medium, 20, 100).len(), 0);
        let huge = [Run::new(0, u64::MAX), Run::new(0, u64::MAX)];
        assert_eq!(Pieces::new(&medium, &huge).len(), u64::MAX);
    }
}
