//! qcow2, versions 2 and 3: the virtual disk of QEMU.
//!
//! Reads: the header, its extensions' flags, the two levels of tables as they are needed (blocks of 4 KiB, held in a
//! bounded cache), plain, zero and packed clusters (zlib, zstd), and subclusters. A backing file is followed where it is a plain
//! name beside the image, or beside the link that led to it, through at most eight of them; else what only it holds counts as lost.
//! An encrypted image and one whose data lie in another file are not read: all of it counts as lost, never as zeros. Snapshots inside
//! are not read, and said to be there. Reference counts are not needed and not believed.

mod header;
mod tables;
mod uniform;

use std::{
    io::Read,
    iter,
    path::{Path, PathBuf},
};

use super::{
    MediaError,
    about::{About, Access, Form},
    cache::Cache,
    files,
    layer::{self, Layer},
    patient::Patient,
};
use crate::{Gap, Run};
pub use header::MAGIC;
use header::{Header, Packing};
use tables::Lies;
use uniform::Uniform;

const MOST_BACKING: usize = 8;
const BLOCK: u64 = 4096;
/// Keys of table blocks in the cache; those of packed clusters are without it.
const TABLE: u64 = 1 << 63;

pub struct Qcow2 {
    file: Box<dyn Layer>,
    header: Header,
    below: Below,
    cache: Cache,
    tables: Cache,
    uniform: Uniform,
}

/// What shows where a cluster was never written.
enum Below {
    Zeros,
    Image(Box<dyn Layer>),
    /// The name of a file that was not followed.
    Lost(String),
}

impl Qcow2 {
    /// `link` is what was named, where that is another.
    pub fn open(
        path: &Path,
        link: Option<&Path>,
        file: Box<dyn Layer>,
    ) -> Result<Self, MediaError> {
        Self::nested(path, link, file, MOST_BACKING)
    }

    fn nested(
        path: &Path,
        link: Option<&Path>,
        file: Box<dyn Layer>,
        depth: usize,
    ) -> Result<Self, MediaError> {
        let damaged =
            |detail: &str| MediaError::Damaged { path: path.to_owned(), detail: detail.into() };
        let header = Header::read(&*file).map_err(damaged)?;
        let below = match &header.backing {
            Some(name) => {
                let below = |image| follow(image, name, header.backing_raw, depth);
                link.into_iter().fold(below(path), |found, link| match found {
                    Below::Lost(_) => below(link),
                    found => found,
                })
            }
            None => Below::Zeros,
        };
        Ok(Self::new(file, header, below))
    }

    /// An image alone, from anywhere.
    pub fn single(file: Box<dyn Layer>) -> Result<Self, &'static str> {
        let header = Header::read(&*file)?;
        let below = header.backing.clone().map_or(Below::Zeros, Below::Lost);
        Ok(Self::new(file, header, below))
    }

    fn new(file: Box<dyn Layer>, header: Header, below: Below) -> Self {
        let size = 1 << header.cluster_bits;
        let (cache, tables) = (Cache::new(size), Cache::new(BLOCK as usize));
        Self { file, header, below, cache, tables, uniform: Uniform::default() }
    }

    pub fn about(&self) -> About {
        let mut about = About::new(Form::Qcow2, self.len());
        about.bus = Some("virtual");
        if let Some(how) = self.header.encrypted {
            about.access = Access::Locked;
            about.password = Some(true);
            about
                .notes
                .add(format!("the image is encrypted ({how}); open it with its key by qemu-img"));
        }
        if self.header.data_elsewhere {
            about.access = Access::Unreadable;
            about.notes.add("the data lie in another file; join them with qemu-img convert -O raw");
        }
        match &self.below {
            Below::Lost(name) if name.is_empty() => {
                about.notes.add("it is on top of an image whose name cannot be read: what only that holds is lost");
            }
            Below::Lost(name) => about.notes.add(format!(
                "only what changed since {name} is here; put that beside the image, or join them with qemu-img convert -O raw"
            )),
            Below::Image(_) => {
                about.notes.add(format!("on top of {}", self.header.backing.as_deref().unwrap_or_default()));
            }
            Below::Zeros => {}
        }
        if self.header.snapshots > 0 {
            about.notes.add(format!("{} snapshots inside are not read", self.header.snapshots));
        }
        if self.header.dirty {
            about.notes.add("it was not closed properly");
        }
        about
    }

    fn unpack(&self, at: u64, bytes: u64) -> Option<Vec<u8>> {
        let size = 1_usize << self.header.cluster_bits;
        // Half a cluster more than a whole one is more than any packer makes of it.
        let bytes = bytes.min(size as u64 * 2).min(self.file.len().checked_sub(at)?);
        let mut packed = vec![0; bytes as usize];
        let mut whole = true;
        self.file.read(at, &mut packed, &mut |_| whole = false);
        let mut unpacked = vec![0; size];
        let read = match self.header.packing {
            Packing::Zlib => {
                flate2::read::DeflateDecoder::new(&packed[..]).read_exact(&mut unpacked)
            }
            Packing::Zstd => zstd::stream::read::Decoder::new(&packed[..])
                .and_then(|unpack| unpack.single_frame().read_exact(&mut unpacked)),
        };
        (read.is_ok() && whole).then_some(unpacked)
    }
}

fn follow(image: &Path, name: &str, raw: Option<bool>, depth: usize) -> Below {
    let lost = || Below::Lost(name.to_owned());
    let path = depth.checked_sub(1).zip(beside(image, name));
    let Some((depth, path)) = path else { return lost() };
    let Ok(file) = files::plain(&path) else { return lost() };
    let Ok(len) = files::length(&file) else { return lost() };
    let layer: Box<dyn Layer> = Box::new(Patient::file(file, len));
    let magic = layer::array::<4>(&*layer, 0).is_some_and(|magic| magic == *MAGIC);
    match raw.unwrap_or(!magic) {
        true => Below::Image(layer),
        false => match Qcow2::nested(&path, None, layer, depth) {
            Ok(image) => Below::Image(Box::new(image)),
            Err(_) => lost(),
        },
    }
}

/// Only a plain name leads to the file beside the image: another one could lead anywhere.
fn beside(image: &Path, name: &str) -> Option<PathBuf> {
    let simple =
        !name.is_empty() && !name.contains(['/', ':', '\0']) && name != "." && name != "..";
    simple.then(|| image.with_file_name(name))
}

/// The files on top of which the image at `path` lies, the nearest first.
pub fn backing(path: &Path) -> impl Iterator<Item = PathBuf> {
    let below = |path: &PathBuf| {
        let file = files::plain(path).ok()?;
        let len = files::length(&file).ok()?;
        let layer = Patient::file(file, len);
        let known = layer::array::<4>(&layer, 0).is_some_and(|magic| magic == *MAGIC);
        beside(path, &Header::read(&layer).ok().filter(|_| known)?.backing?)
    };
    iter::successors(below(&path.to_owned()), below).take(MOST_BACKING)
}

impl Layer for Qcow2 {
    fn len(&self) -> u64 {
        self.header.bytes
    }

    fn read(&self, at: u64, into: &mut [u8], lost: &mut dyn FnMut(Run)) {
        let mut done = 0;
        while done < into.len() {
            let place = at.saturating_add(done as u64);
            let (lies, alike) = self.lies(place);
            let left = into.len() - done;
            let mut count = usize::try_from(alike).unwrap_or(left).min(left);
            // Neighbours that lie behind each other are read at once.
            if let Lies::At(start) = lies {
                while count < left {
                    let (next, alike) = self.lies(place + count as u64);
                    if !matches!(next, Lies::At(at) if at == start.saturating_add(count as u64)) {
                        break;
                    }
                    count += usize::try_from(alike).unwrap_or(left).min(left - count);
                }
            }
            self.bring(lies, place, &mut into[done..done + count], lost);
            done += count;
        }
    }

    fn gap(&self, at: u64, until: u64) -> Option<Gap> {
        let until = until.min(self.len());
        let (mut end, mut lost) = (at, false);
        // Each image below is asked once for each of its gaps, or a chain of images would cost a power of its length.
        let mut below: Option<Gap> = None;
        while end < until {
            below = below.filter(|gap| gap.end > end);
            let Some(gap) = self.gap_of_one(end, until, &mut below) else { break };
            if end > at && gap.lost != lost {
                break;
            }
            (end, lost) = (gap.end.min(self.len()), gap.lost);
        }
        (end > at).then_some(Gap { end, lost })
    }

    fn faults(&self) -> Vec<String> {
        self.file.faults()
    }
}

impl Qcow2 {
    /// The gap of one cluster, or of more that no table is there for, or one that says the same of all.
    fn gap_of_one(&self, at: u64, until: u64, known: &mut Option<Gap>) -> Option<Gap> {
        let (lies, mut alike) = self.lies(at);
        if matches!(lies, Lies::Zeros | Lies::Below | Lies::Lost) {
            alike = self.gap_of_table(at, alike);
        }
        let end = at.saturating_add(alike);
        match (lies, &self.below) {
            (Lies::Zeros, _) | (Lies::Below, Below::Zeros) => Some(Gap::zeros(end)),
            (Lies::Lost, _) | (Lies::Below, Below::Lost(_)) => Some(Gap::lost(end)),
            (Lies::Below, Below::Image(below)) if at >= below.len() => Some(Gap::zeros(end)),
            (Lies::Below, Below::Image(below)) => {
                *known = known.or_else(|| below.gap(at, until.min(below.len())));
                known.map(|gap| Gap { end: gap.end.min(end), ..gap })
            }
            _ => None,
        }
    }

    /// Fills `into`, which lies in one way.
    fn bring(&self, lies: Lies, place: u64, into: &mut [u8], lost: &mut dyn FnMut(Run)) {
        let all = Run::new(place, into.len() as u64);
        match (lies, &self.below) {
            (Lies::At(start), _) if start.saturating_add(all.bytes) <= self.file.len() => {
                let here = |run: Run| Run::new(place + (run.start - start), run.bytes);
                self.file.read(start, into, &mut |run| lost(here(run)));
            }
            (Lies::At(start), _) => {
                let there = self.file.len().saturating_sub(start).min(all.bytes);
                let (there, missing) = into.split_at_mut(there as usize);
                if !there.is_empty() {
                    self.bring(Lies::At(start), place, there, lost);
                }
                missing.fill(0);
                lost(Run::new(place + there.len() as u64, missing.len() as u64));
            }
            (Lies::Packed { at, bytes }, _) => {
                let size = 1_u64 << self.header.cluster_bits;
                let held = self.cache.get(at & !TABLE, || self.unpack(at, bytes));
                let skip = (place % size) as usize;
                match held.as_deref().and_then(|held| held.get(skip..skip + into.len())) {
                    Some(held) => into.copy_from_slice(held),
                    None => {
                        into.fill(0);
                        lost(all);
                    }
                }
            }
            (Lies::Below, Below::Image(below)) => {
                let there = below.len().saturating_sub(place).min(all.bytes) as usize;
                into[there..].fill(0);
                if there > 0 {
                    below.read(place, &mut into[..there], lost);
                }
            }
            (Lies::Zeros, _) | (Lies::Below, Below::Zeros) => into.fill(0),
            (Lies::Lost, _) | (Lies::Below, Below::Lost(_)) => {
                into.fill(0);
                lost(all);
            }
        }
    }
}

#[cfg(test)]
mod tests;
