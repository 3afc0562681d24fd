//! Looks for blocks of a manifest at every sector.

use leaksweep_formats::fingerprint::SEALED;

use super::{
    Digester, Manifest,
    rolling::{SECTORS, STEP, Window},
    sieve::Sieve,
};

pub struct Search<'a> {
    digests: &'a [u64],
    digester: Digester,
    sieve: Sieve,
    /// Where digests with the same upper bits begin.
    starts: Vec<u32>,
    bucket: u32,
}

impl<'a> Search<'a> {
    pub fn new(manifest: &'a Manifest) -> Self {
        let digests = manifest.digests.as_slice();
        let many = (digests.len() as u64).max(64);
        let bucket = 64 - many.next_power_of_two().ilog2();
        let mut starts = vec![0_u32; (1 << (64 - bucket)) + 1];
        for digest in digests {
            starts[(digest >> bucket) as usize + 1] += 1;
        }
        for at in 1..starts.len() {
            starts[at] += starts[at - 1];
        }
        let sieve = Sieve::new(digests);
        Self { digests, digester: Digester::new(&manifest.key), sieve, starts, bucket }
    }

    pub fn begin(&self) -> Looking<'_> {
        let first = Vec::with_capacity(SECTORS - 1);
        Looking { search: self, window: self.window(), first }
    }

    pub(super) fn window(&self) -> Window<'_> {
        self.digester.rolling.begin()
    }

    /// Which of these may be of a block of the manifest, by the 40 bits of the rolling digest.
    pub(super) fn known(&self, rolled: &[u64]) -> impl Iterator<Item = usize> {
        let let_through = self.sieve.let_through(rolled);
        let_through.filter(|at| rolled.get(*at).is_some_and(|rolled| self.has_rolled(*rolled)))
    }

    /// Whether this block, whose rolling digest is known, is one of the manifest.
    pub(super) fn has(&self, rolled: u64, block: &[u8]) -> bool {
        let digest = self.digester.confirmed(rolled, block);
        self.with_upper(digest).binary_search(&digest).is_ok()
    }

    fn with_upper(&self, digest: u64) -> &[u64] {
        let at = (digest >> self.bucket) as usize;
        &self.digests[self.starts[at] as usize..self.starts[at + 1] as usize]
    }

    fn has_rolled(&self, rolled: u64) -> bool {
        self.with_upper(rolled).iter().any(|digest| (digest ^ rolled) & super::ROLLED == 0)
    }

    fn sectors(&self, bytes: &[u8], uniform: bool) -> ([u64; SECTORS], usize) {
        let (sectors, _) = bytes.as_chunks::<STEP>();
        let rolling = &self.digester.rolling;
        let digests = match sectors.first().filter(|_| uniform) {
            Some(one) => [rolling.sector(one); SECTORS],
            None => {
                let mut digests = [0; SECTORS];
                for (digest, sector) in digests.iter_mut().zip(sectors) {
                    *digest = rolling.sector(sector);
                }
                digests
            }
        };
        (digests, sectors.len().min(SECTORS))
    }
}

/// The digests of the sectors at both ends of a stretch: with those of its neighbours they tell of the blocks in between.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Edges {
    pub(super) first: Vec<u64>,
    pub(super) last: Vec<u64>,
}

/// Goes through a stretch of a medium from its first byte on, a block at a time.
pub struct Looking<'a> {
    search: &'a Search<'a>,
    window: Window<'a>,
    first: Vec<u64>,
}

impl Looking<'_> {
    /// Sees the places in `bytes` at which a block of the manifest begins that ends in the block at `start`. `bytes` is the same
    /// each time; `uniform` says that this block is of one byte alone.
    pub fn at(&mut self, start: usize, bytes: &[u8], uniform: bool, mut see: impl FnMut(usize)) {
        let end = bytes.len().min(start.saturating_add(SEALED));
        let block = bytes.get(start..end).unwrap_or_default();
        let (mut digests, many) = self.search.sectors(block, uniform);
        let digests = &mut digests[..many];
        let room = SECTORS - 1 - self.first.len();
        self.first.extend(digests.iter().take(room));
        let (first, from) = self.window.pass(digests);
        let rolled = &digests[first..];
        for number in self.search.known(rolled) {
            let at = (from + number) * STEP;
            if let Some(block) = bytes.get(at..at + SEALED)
                && self.search.has(rolled[number], block)
            {
                see(at);
            }
        }
    }

    pub fn end(self) -> Edges {
        Edges { last: self.window.last(), first: self.first }
    }
}

impl Search<'_> {
    /// A stretch of one byte alone: no block of it is one of a manifest.
    pub fn uniform(&self, bytes: &[u8]) -> Edges {
        let many = (bytes.len() / STEP).min(SECTORS - 1);
        let (digests, _) = self.sectors(bytes.get(..STEP).unwrap_or_default(), true);
        let edge = digests[..many].to_vec();
        Edges { first: edge.clone(), last: edge }
    }
}
