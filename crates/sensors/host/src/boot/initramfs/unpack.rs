//! The layers of an initramfs: archives one behind the other, as they are or packed by gzip, zstd,
//! xz, lzma or lz4. Everything is a stream. Limits: what comes out is counted against one budget for
//! all images of a machine, and an unpacker may keep 64 MiB of what it unpacked in memory. bzip2 and
//! lzo are not known.

use std::{
    io::{self, BufRead, BufReader, Read},
    sync::atomic::{AtomicU64, Ordering},
};

use leaksweep_facts::Reason;

use super::cpio::{self, Each};
use crate::{
    packing::{MAGIC, Packing},
    root::Failure,
};

const BUFFER: usize = 64 << 10;
/// No image has more layers.
const MAX_LAYERS: usize = 100;

/// How many unpacked bytes there may still be.
pub struct Budget(AtomicU64);

impl Budget {
    pub fn new(bytes: u64) -> Self {
        Self(AtomicU64::new(bytes))
    }

    fn spend(&self, count: usize) -> io::Result<()> {
        let less = |left: u64| left.checked_sub(count as u64);
        match self.0.fetch_update(Ordering::Relaxed, Ordering::Relaxed, less) {
            Ok(_) => Ok(()),
            Err(_) => Err(io::Error::new(io::ErrorKind::FileTooLarge, "unpacked it is too large")),
        }
    }
}

struct Counted<'a, R> {
    inner: R,
    budget: &'a Budget,
}

impl<R: Read> Read for Counted<'_, R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.inner.read(buffer).map_err(senseless)?;
        self.budget.spend(count)?;
        Ok(count)
    }
}

/// What the unpacker cannot make sense of; an error of the system stays what it is.
fn senseless(error: io::Error) -> io::Error {
    if error.raw_os_error().is_some() {
        return error;
    }
    io::Error::new(io::ErrorKind::InvalidData, error.to_string())
}

/// Shows each member of each layer, and gives how many there were.
pub fn members(
    input: &mut dyn BufRead,
    budget: &Budget,
    each: &mut Each<'_>,
) -> (usize, Result<(), Failure>) {
    let mut count = 0;
    let outcome = layers(input, budget, &mut count, each);
    (count, outcome)
}

fn layers(
    input: &mut dyn BufRead,
    budget: &Budget,
    count: &mut usize,
    each: &mut Each<'_>,
) -> Result<(), Failure> {
    for _ in 0..MAX_LAYERS {
        cpio::read(input, count, each)?;
        let mut start = Vec::new();
        Read::take(&mut *input, MAGIC).read_to_end(&mut start)?;
        if start.is_empty() {
            return Ok(());
        }
        let packing = Packing::of(&start).ok_or_else(|| {
            Failure::malformed("neither an archive nor packed in a way that is known")
        })?;
        let mut whole = start.chain(&mut *input);
        let inner = packing.open(&mut whole)?;
        let mut layer = BufReader::with_capacity(BUFFER, Counted { inner, budget });
        cpio::read(&mut layer, count, each)?;
        if !layer.fill_buf()?.is_empty() {
            return Err(Failure::malformed("something else than archives is packed in it"));
        }
    }
    Err(Failure { reason: Reason::TooLarge, detail: format!("more than {MAX_LAYERS} layers") })
}
