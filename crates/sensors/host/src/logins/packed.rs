//! Rotated files that are packed with gzip, xz or zstd. Of one that unpacks to more than is wanted
//! nothing counts, for its newest records are its last.

use std::{
    io::{BufReader, Read},
    path::Path,
};

use crate::{
    packing::{MAGIC, Packing},
    root::{Failure, Root},
};

/// Records pack to a tenth.
const FILE_CAP: u64 = 64 << 20;

pub fn read(root: &Root, path: &Path, cap: u64) -> Result<Vec<u8>, Failure> {
    unpack(root.reader(path, FILE_CAP)?, cap)
}

fn unpack(file: impl Read, cap: u64) -> Result<Vec<u8>, Failure> {
    let mut input = BufReader::new(file);
    let mut start = Vec::new();
    Read::take(&mut input, MAGIC).read_to_end(&mut start)?;
    let packing = Packing::of(&start)
        .ok_or_else(|| Failure::malformed("it is not packed in a way that is known"))?;
    let whole = BufReader::new(start.chain(input));
    let mut content = Vec::new();
    packing.open(whole)?.take(cap.saturating_add(1)).read_to_end(&mut content).map_err(
        |error| match error.raw_os_error() {
            Some(_) => error.into(),
            None => Failure::malformed(format!("it cannot be unpacked: {error}")),
        },
    )?;
    if content.len() as u64 > cap {
        return Err(Failure::too_large(cap));
    }
    Ok(content)
}
