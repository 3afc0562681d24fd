//! Inflates what lies in a stretch, piece by piece, with one state for many streams. What comes out is handed on
//! and never held; the caller says how much of it is enough.

use flate2::{Decompress, FlushDecompress, Status};

use crate::Stretch;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wrap {
    Raw,
    /// Two bytes before, and Adler-32 behind, which is checked.
    Zlib,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stop {
    /// The stream closed.
    Done,
    /// No such stream could go on like this, or its checksum is wrong.
    Wrong,
    /// The stretch ended first.
    Short,
    /// As much came out as was wanted.
    Enough,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Inflated {
    /// Bytes that went in.
    pub used: u64,
    pub made: u64,
    pub stop: Stop,
}

impl Inflated {
    /// Whether so much went in, and more came out, that chance did not make it: a block that is only stored holds anything.
    pub fn convinces(&self, least: u64) -> bool {
        self.used >= least && self.made >= self.used + self.used / 16
    }
}

/// How much may come out: `free` in any case, and `each` for each byte that goes in, to `last`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Most {
    pub free: u64,
    pub each: u64,
    pub last: u64,
}

impl Most {
    fn after(&self, used: u64) -> u64 {
        self.free.saturating_add(used.saturating_mul(self.each)).min(self.last)
    }
}

impl From<u64> for Most {
    fn from(most: u64) -> Self {
        Self { free: most, each: 0, last: most }
    }
}

#[derive(Default)]
pub struct Inflater {
    raw: Option<Decompress>,
    zlib: Option<Decompress>,
    out: Vec<u8>,
}

const PIECE: usize = 64 * 1024;
/// So many bytes that come out cost as much as one that is read.
pub const COST: u64 = 16;

impl Inflater {
    /// Reads from `at`, never beyond `end`, until the stream closes or as much came out as is allowed. What comes out costs a part of what it
    /// would cost to read it.
    pub fn run(
        &mut self,
        stretch: &mut Stretch,
        (at, end): (u64, u64),
        wrap: Wrap,
        most: impl Into<Most>,
        take: &mut dyn FnMut(&[u8]),
    ) -> Inflated {
        let most = most.into();
        self.out.resize(PIECE, 0);
        let state = match wrap {
            Wrap::Raw => self.raw.get_or_insert_with(|| Decompress::new(false)),
            Wrap::Zlib => self.zlib.get_or_insert_with(|| Decompress::new(true)),
        };
        state.reset(wrap == Wrap::Zlib);
        loop {
            let (used, made) = (state.total_in(), state.total_out());
            let stopped = |state: &Decompress, stop| Inflated {
                used: state.total_in(),
                made: state.total_out(),
                stop,
            };
            if made >= most.after(used) {
                return stopped(state, Stop::Enough);
            }
            let left = end.saturating_sub(at.saturating_add(used));
            let count = usize::try_from(left).unwrap_or(PIECE).min(PIECE);
            let input = stretch.peek(at.saturating_add(used), count);
            let full = input.len() == PIECE;
            let status = state.decompress(input, &mut self.out, FlushDecompress::None);
            let came = (state.total_out() - made) as usize;
            stretch.spend(came as u64 / COST);
            take(&self.out[..came.min(self.out.len())]);
            match status {
                Ok(Status::StreamEnd) => return stopped(state, Stop::Done),
                Ok(_) if came > 0 || state.total_in() > used => {}
                Ok(_) if !full => return stopped(state, Stop::Short),
                _ => return stopped(state, Stop::Wrong),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::*;

    fn packed() -> (Vec<u8>, Vec<u8>) {
        let plain: Vec<u8> = (0..300_000_u32).map(|at| (at.wrapping_mul(at) >> 7) as u8).collect();
        let mut encoder = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::fast());
        encoder.write_all(&plain).unwrap();
        (plain, encoder.finish().unwrap())
    }

    fn run(bytes: &[u8], range: (u64, u64), wrap: Wrap, most: u64) -> (Inflated, Vec<u8>) {
        let mut out = Vec::new();
        let mut take = |piece: &[u8]| out.extend_from_slice(piece);
        let done = Inflater::default().run(&mut Stretch::new(&bytes), range, wrap, most, &mut take);
        (done, out)
    }

    #[test]
    fn a_stream_ends_where_it_says() {
        let (plain, zlib) = packed();
        let mut followed = zlib.clone();
        followed.extend([0x55; 9000]);
        let (done, out) = run(&followed, (0, u64::MAX), Wrap::Zlib, u64::MAX);
        assert_eq!((done.used, done.stop), (zlib.len() as u64, Stop::Done));
        assert!(out == plain);
        let (done, _) = run(&followed, (2, u64::MAX), Wrap::Raw, u64::MAX);
        assert_eq!((done.used, done.stop), (zlib.len() as u64 - 6, Stop::Done));
        assert_eq!(run(&followed, (0, 5000), Wrap::Zlib, u64::MAX).0.stop, Stop::Short);
        let (done, _) = run(&followed, (0, u64::MAX), Wrap::Zlib, 1000);
        assert!(done.stop == Stop::Enough && done.made < 100_000);
    }

    #[test]
    fn what_goes_in_allows_more_to_come_out() {
        let plain = vec![0_u8; 1 << 20];
        let mut encoder =
            flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::default());
        encoder.write_all(&plain).unwrap();
        let packed = encoder.finish().unwrap();
        let run = |each| {
            let most = Most { free: 4096, each, last: u64::MAX };
            let range = (0, u64::MAX);
            let mut stretch = Stretch::new(&packed);
            Inflater::default().run(&mut stretch, range, Wrap::Zlib, most, &mut |_| ()).stop
        };
        assert_eq!((run(16), run(2048)), (Stop::Enough, Stop::Done));
    }

    #[test]
    fn a_wrong_byte_is_noticed() {
        let (_, mut zlib) = packed();
        let half = zlib.len() / 2;
        zlib[half..half + 600].fill(0xA5);
        let (done, _) = run(&zlib, (0, u64::MAX), Wrap::Zlib, u64::MAX);
        assert_eq!(done.stop, Stop::Wrong);
        assert!(done.used >= half as u64 && done.used <= zlib.len() as u64, "{done:?}");
    }
}
