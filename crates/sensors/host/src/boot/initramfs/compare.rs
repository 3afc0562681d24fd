//! A member of an initramfs beside the files on disk of which it may be a copy, as streams. Limits:
//! the first mebibyte is held in memory; a larger member is compared with the first file that begins
//! alike. A file that is packed on disk, as modules are, is unpacked
//! as far as it is the same.

use std::{
    io::{self, BufReader, Read},
    path::{Path, PathBuf},
};

use leaksweep_facts::sweep::hex;
use rustix::fs::{FileType, Stat};
use sha2::{Digest, Sha256};

use super::{super::digest, sources::Likely};
use crate::{packing::Packing, root::Root};

const HEAD: u64 = 1 << 20;
const CHUNK: usize = 64 << 10;
const PACKED: [(&str, Packing); 3] =
    [(".xz", Packing::Xz), (".zst", Packing::Zstd), (".gz", Packing::Gzip)];

/// A file on disk of which a member may be a copy.
struct Candidate {
    path: PathBuf,
    packing: Option<Packing>,
    stat: Stat,
}

/// What came of the comparison.
#[derive(Debug)]
pub enum Compared {
    Same,
    /// No file has this content: the one that ought to have it, if there is one, and the member's SHA-256.
    Other {
        with: Option<(PathBuf, Stat)>,
        sha256: String,
    },
}

/// The start of a member's content, and what follows it.
pub struct Content<'a> {
    pub head: Vec<u8>,
    rest: &'a mut dyn Read,
    size: u64,
}

impl<'a> Content<'a> {
    pub fn begin(content: &'a mut dyn Read, size: u64) -> io::Result<Self> {
        let mut head = Vec::new();
        Read::take(&mut *content, HEAD).read_to_end(&mut head)?;
        Ok(Self { head, rest: content, size })
    }

    /// Compares with the files at these paths.
    pub fn compare(mut self, root: &Root, likely: &Likely) -> io::Result<Compared> {
        let found = |paths: &[PathBuf]| -> Vec<Candidate> {
            paths.iter().filter_map(|path| find(root, path)).collect()
        };
        let expected = found(&likely.expected);
        let others = found(&likely.others);
        for candidate in expected.iter().chain(&others) {
            if candidate.packing.is_none() && candidate.stat.st_size as u64 != self.size {
                continue;
            }
            let Some(mut file) = candidate.open(root) else { continue };
            if !begins(&mut *file, &self.head) {
                continue;
            }
            if let Some(sha256) = self.follow(&mut *file, root, candidate)? {
                let with = Some((candidate.path.clone(), candidate.stat));
                return Ok(Compared::Other { with, sha256 });
            }
            return Ok(Compared::Same);
        }
        let mut hash = Sha256::new();
        hash.update(&self.head);
        digest::feed(&mut hash, self.rest)?;
        let with = expected.into_iter().next().map(|first| (first.path, first.stat));
        Ok(Compared::Other { with, sha256: hex(&hash.finalize()) })
    }

    /// Compares what follows the head; where it differs, the digest of the member.
    fn follow(
        &mut self,
        file: &mut dyn Read,
        root: &Root,
        candidate: &Candidate,
    ) -> io::Result<Option<String>> {
        let (mut alike, mut own, mut other) = (0, vec![0; CHUNK], vec![0; CHUNK]);
        loop {
            let count = fill(self.rest, &mut own)?;
            let there = fill(file, &mut other).unwrap_or_default();
            let (own, other) = (own.get(..count), other.get(..there));
            if own != other {
                let mut hash = Sha256::new();
                hash.update(&self.head);
                again(root, candidate, self.head.len() as u64, alike, &mut hash)?;
                hash.update(own.unwrap_or_default());
                digest::feed(&mut hash, self.rest)?;
                return Ok(Some(hex(&hash.finalize())));
            }
            if count == 0 {
                return Ok(None);
            }
            alike += count as u64;
        }
    }
}

/// What was the same on disk, a second time, for the digest.
fn again(
    root: &Root,
    candidate: &Candidate,
    from: u64,
    count: u64,
    hash: &mut Sha256,
) -> io::Result<()> {
    let Some(mut file) = candidate.open(root) else { return Ok(()) };
    io::copy(&mut Read::take(&mut file, from), &mut io::sink())?;
    digest::feed(hash, &mut Read::take(&mut file, count))
}

impl Candidate {
    fn open(&self, root: &Root) -> Option<Box<dyn Read>> {
        let file = BufReader::with_capacity(CHUNK, root.reader(&self.path, u64::MAX).ok()?);
        match self.packing {
            Some(packing) => packing.open(file).ok(),
            None => Some(Box::new(file)),
        }
    }
}

fn find(root: &Root, path: &Path) -> Option<Candidate> {
    let plain = |path: PathBuf, packing: Option<Packing>| {
        let stat = root.stat(&path).ok()?;
        let is_plain = FileType::from_raw_mode(stat.st_mode) == FileType::RegularFile;
        is_plain.then_some(Candidate { path, packing, stat })
    };
    plain(path.to_owned(), None).or_else(|| {
        PACKED.iter().find_map(|(ending, packing)| {
            let mut path = path.as_os_str().to_owned();
            path.push(ending);
            plain(path.into(), Some(*packing))
        })
    })
}

fn begins(file: &mut dyn Read, head: &[u8]) -> bool {
    let mut other = Vec::with_capacity(head.len());
    let read = Read::take(file, head.len() as u64).read_to_end(&mut other);
    read.is_ok() && other == head
}

/// As much as the buffer holds, or what is left.
fn fill(reader: &mut dyn Read, buffer: &mut [u8]) -> io::Result<usize> {
    let mut count = 0;
    while let Some(rest) = buffer.get_mut(count..).filter(|rest| !rest.is_empty()) {
        match reader.read(rest)? {
            0 => break,
            more => count += more,
        }
    }
    Ok(count)
}
