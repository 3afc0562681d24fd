//! Looks for blocks of a manifest at every sector.

use leaksweep_formats::fingerprint::SEALED;

use super::{
    Digester, Manifest,
    rolling::{STEP, Window},
};

/// So many bits for each block say quickly that a digest is none of the manifest's.
const BITS: u64 = 16;

pub struct Search<'a> {
    digests: &'a [u64],
    digester: Digester,
    /// One bit of 2^n for the upper n bits of every digest.
    sieve: Vec<u64>,
    shift: u32,
    /// Where digests with the same upper bits begin.
    starts: Vec<u32>,
    bucket: u32,
}

impl<'a> Search<'a> {
    /// What must be read behind a portion, so that blocks that begin in it are whole.
    pub const BEHIND: usize = SEALED - STEP;

    pub fn new(manifest: &'a Manifest) -> Self {
        let digests = manifest.digests.as_slice();
        let many = (digests.len() as u64).max(64);
        // No finer than the 40 bits that the rolling digest has.
        let bits = (many * BITS).next_power_of_two().ilog2().min(36);
        let shift = 64 - bits;
        let mut sieve = vec![0_u64; 1 << (bits - 6)];
        for digest in digests {
            let bit = digest >> shift;
            sieve[(bit >> 6) as usize] |= 1 << (bit & 63);
        }
        let bucket = 64 - many.next_power_of_two().ilog2();
        let mut starts = vec![0_u32; (1 << (64 - bucket)) + 1];
        for digest in digests {
            starts[(digest >> bucket) as usize + 1] += 1;
        }
        for at in 1..starts.len() {
            starts[at] += starts[at - 1];
        }
        Self { digests, digester: Digester::new(&manifest.key), sieve, shift, starts, bucket }
    }

    pub fn begin(&self) -> Looking<'_> {
        Looking { search: self, window: self.digester.rolling.begin(), done: 0 }
    }

    fn may_be(&self, rolled: u64) -> bool {
        let bit = rolled >> self.shift;
        self.sieve[(bit >> 6) as usize] >> (bit & 63) & 1 == 1 && self.has_rolled(rolled)
    }

    fn with_upper(&self, digest: u64) -> &[u64] {
        let at = (digest >> self.bucket) as usize;
        &self.digests[self.starts[at] as usize..self.starts[at + 1] as usize]
    }

    fn has_rolled(&self, rolled: u64) -> bool {
        self.with_upper(rolled).iter().any(|digest| (digest ^ rolled) & super::ROLLED == 0)
    }

    fn is(&self, digest: u64) -> bool {
        self.with_upper(digest).binary_search(&digest).is_ok()
    }
}

/// Goes through a stretch of a medium from its first byte on, as far as it is told each time.
pub struct Looking<'a> {
    search: &'a Search<'a>,
    window: Window<'a>,
    /// All sectors before it were looked at.
    done: usize,
}

impl Looking<'_> {
    /// Sees the places in `bytes` at which a block of the manifest begins that ends before `end`. `bytes` is the same each time.
    pub fn to(&mut self, end: usize, bytes: &[u8], mut see: impl FnMut(usize)) {
        let Self { search, window, done } = self;
        let end = end.min(bytes.len()) / STEP * STEP;
        window.pass(bytes.get(*done..end).unwrap_or_default(), |at, rolled| {
            if search.may_be(rolled)
                && let Some(block) = bytes.get(at..at + SEALED)
                && search.is(search.digester.confirmed(rolled, block))
            {
                see(at);
            }
        });
        *done = end.max(*done);
    }
}
