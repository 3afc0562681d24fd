//! E01: EnCase's image (EWF version 1), in segments `.E01` … `.EZZ`, packed in chunks with zlib.
//!
//! Of each segment the list of sections is followed, its places only ever rising; of each table only where its entries
//! lie is kept, so that memory does not grow with the image. Every chunk is checked by its Adler-32; one that fails is
//! given as it is and counts as lost. Sectors that could not be read when the image was made count as lost too.
//! Limits: chunks of 16 MiB, a million tables, case records of 64 KiB, 14,971 segments.

mod case;
mod sections;

use std::{
    ffi::OsStr,
    path::{Path, PathBuf},
    sync::{Arc, Mutex, PoisonError},
};

use flate2::{Decompress, FlushDecompress, Status};

use super::{
    MediaError,
    about::{About, Form},
    cache::Cache,
    files,
    layer::{self, Layer},
    parts::{Part, Pool},
    patient::Patient,
};
use crate::{Gap, Run, sums::agree};
pub use case::Case;
use sections::{Sections, Table};

pub const MAGIC: &[u8] = b"EVF\x09\x0d\x0a\xff\x00";

pub struct Ewf {
    segments: Vec<Box<dyn Layer>>,
    sections: Sections,
    cache: Cache,
    /// One for each thread that unpacks at the moment.
    scratch: Mutex<Vec<Scratch>>,
    /// Held while a chunk above [`LARGE`] is unpacked, so that memory holds only one.
    large: Mutex<()>,
}

const LARGE: usize = 1 << 20;

struct Scratch {
    unpack: Decompress,
    packed: Vec<u8>,
}

/// The path of the segment of this number, from 1, beside the one at `path`.
fn segment(path: &Path, number: u32) -> Option<PathBuf> {
    let named = path.extension().and_then(OsStr::to_str)?;
    let small = named.starts_with(|first: char| first.is_ascii_lowercase());
    let first = named.bytes().next()?.to_ascii_uppercase();
    let start = if (b'E'..=b'Z').contains(&first) && first < b'S' { b'E' } else { b'S' };
    let letter = |number: u32| char::from(b'A' + (number % 26) as u8);
    let ending = match number.checked_sub(100) {
        None => format!("{}{number:02}", char::from(start)),
        Some(number) => {
            let first = u8::try_from(number / 676).ok()?.checked_add(start)?;
            let first = first.is_ascii_uppercase().then(|| char::from(first))?;
            format!("{first}{}{}", letter(number / 26), letter(number))
        }
    };
    Some(path.with_extension(if small { ending.to_ascii_lowercase() } else { ending }))
}

/// Whether one of the first two segments lies beside the one at `path`.
pub fn has_neighbours(path: &Path) -> bool {
    let mut first = [1, 2].into_iter().filter_map(|number| segment(path, number));
    first.any(|other| other != path && files::kind_of(&other).is_ok())
}

/// The segments that lie beside the one at `path`, by their names.
pub fn segments(path: &Path) -> impl Iterator<Item = PathBuf> {
    let there = |segment: &PathBuf| files::kind_of(segment).is_ok();
    (1..).map_while(|number| segment(path, number)).take_while(there)
}

impl Ewf {
    /// Opens all segments, whichever is named.
    pub fn open(path: &Path) -> Result<Self, MediaError> {
        let pool = Arc::new(Pool::default());
        let mut segments: Vec<Box<dyn Layer>> = Vec::new();
        let mut sections = Sections::default();
        while !sections.done {
            let number = segments.len() as u32 + 1;
            let name = segment(path, number).unwrap_or_else(|| path.to_owned());
            let part = Part::new(name.clone(), &pool).map_err(|source| match source.kind() {
                std::io::ErrorKind::NotFound => MediaError::MissingPart {
                    name: name.clone(),
                    after: path.file_name().unwrap_or_default().to_string_lossy().into_owned(),
                    hint: "put all segments beside each other",
                },
                _ => MediaError::Unopened { path: name.clone(), source },
            })?;
            let len = part.len;
            let layer = Patient::new(part, len, 512);
            sections
                .read(&layer, number)
                .map_err(|detail| MediaError::Damaged { path: name, detail: detail.into() })?;
            segments.push(Box::new(layer));
        }
        let damaged =
            |detail: &str| MediaError::Damaged { path: path.to_owned(), detail: detail.into() };
        Self::new(segments, sections).map_err(damaged)
    }

    /// An image of one segment, from anywhere.
    pub fn single(segment: Box<dyn Layer>) -> Result<Self, &'static str> {
        let mut sections = Sections::default();
        sections.read(&*segment, 1)?;
        if !sections.done {
            return Err("it goes on in other segments");
        }
        Self::new(vec![segment], sections)
    }

    fn new(segments: Vec<Box<dyn Layer>>, sections: Sections) -> Result<Self, &'static str> {
        if sections.volume.chunk_bytes == 0 {
            return Err("no section tells its size");
        }
        let cache = Cache::new(sections.volume.chunk_bytes);
        Ok(Self { segments, sections, cache, scratch: Mutex::default(), large: Mutex::default() })
    }

    pub fn about(&self) -> About {
        let mut about = About::new(Form::Ewf, self.len());
        about.sector = Some(self.sections.volume.sector);
        self.sections.case.tell(&mut about);
        if self.segments.len() > 1 {
            about.notes.add(format!("{} segments", self.segments.len()));
        }
        about
    }

    /// What could not be read when the image was made.
    pub fn lost(&self) -> impl Iterator<Item = Run> + '_ {
        let sector = u64::from(self.sections.volume.sector);
        let inside = |run: &Run| run.start < self.len();
        let scaled = move |(first, count): &(u64, u64)| {
            let start = first.saturating_mul(sector);
            Run::new(start, count.saturating_mul(sector).min(self.len().saturating_sub(start)))
        };
        self.sections.errors.iter().map(scaled).filter(inside)
    }

    /// The table that has a chunk; where none has it the first chunk that a later one has, if there is one.
    fn table(&self, chunk: u64) -> Result<&Table, Option<u64>> {
        let tables = &self.sections.tables;
        let next = tables.partition_point(|table| table.first <= chunk);
        let before = next.checked_sub(1).and_then(|before| tables.get(before));
        let later = || tables.get(next).map(|table| table.first);
        before.filter(|table| chunk - table.first < u64::from(table.count)).ok_or_else(later)
    }

    /// Where a chunk lies, and whether it is packed; none where no table has it.
    fn locate(&self, chunk: u64) -> Option<(&Table, u64, Option<u64>, bool)> {
        let table = self.table(chunk).ok()?;
        let index = chunk - table.first;
        let segment = self.segments.get(table.segment)?;
        let at = table.entries + index * 4;
        let entry = u32::from_le_bytes(layer::array(&**segment, at)?);
        let after = match index + 1 < u64::from(table.count) {
            true => Some(u32::from_le_bytes(layer::array(&**segment, at + 4)?)),
            false => None,
        };
        // Behind two GiB the first bit belongs to the place, and nothing is packed.
        let wide = table.wide_from.is_some_and(|from| index >= u64::from(from));
        let place = |entry: u32, wide: bool| {
            table.base.saturating_add(u64::from(if wide { entry } else { entry & 0x7FFF_FFFF }))
        };
        let start = place(entry, wide);
        let after_wide = table.wide_from.is_some_and(|from| index + 1 >= u64::from(from));
        let end = after.map(|after| place(after, after_wide)).filter(|end| *end > start);
        Some((table, start, end, !wide && entry >> 31 == 1))
    }

    /// A chunk of so many bytes, and one that is not zero where it is as it was.
    fn held(&self, chunk: u64, whole: usize) -> Arc<[u8]> {
        let alone = || self.large.lock().unwrap_or_else(PoisonError::into_inner);
        let _alone = (whole > LARGE).then(alone);
        let made = || {
            let mut bytes = vec![0; whole + 1];
            bytes[whole] = u8::from(self.unpack(chunk, &mut bytes[..whole]));
            Some(bytes)
        };
        self.cache.get(chunk, made).unwrap_or_else(|| vec![0; whole + 1].into())
    }

    /// Fills `into` with a whole chunk; false where it, or a part of it, is not as it was.
    fn unpack(&self, chunk: u64, into: &mut [u8]) -> bool {
        let Some((table, start, end, packed)) = self.locate(chunk) else {
            into.fill(0);
            return false;
        };
        let Some(segment) = self.segments.get(table.segment) else { return false };
        let most = if packed { into.len() + into.len() / 8 + 1024 } else { into.len() + 4 };
        let end = end.unwrap_or(segment.len()).min(segment.len());
        let count = usize::try_from(end.saturating_sub(start)).unwrap_or(most).min(most);
        let lock = || self.scratch.lock().unwrap_or_else(PoisonError::into_inner);
        let new = || Scratch { unpack: Decompress::new(true), packed: Vec::new() };
        let mut scratch = lock().pop().unwrap_or_else(new);
        scratch.packed.resize(count, 0);
        let mut whole = true;
        segment.read(start, &mut scratch.packed, &mut |_| whole = false);
        let good = if packed { scratch.inflate(into) } else { scratch.copy(into) };
        lock().push(scratch);
        good && whole
    }
}

impl Scratch {
    fn inflate(&mut self, into: &mut [u8]) -> bool {
        self.unpack.reset(true);
        let ended = self.unpack.decompress(&self.packed, into, FlushDecompress::Finish);
        let filled = (self.unpack.total_out() as usize).min(into.len());
        into[filled..].fill(0);
        filled == into.len() && matches!(ended, Ok(Status::StreamEnd))
    }

    fn copy(&self, into: &mut [u8]) -> bool {
        let count = self.packed.len().min(into.len());
        into[..count].copy_from_slice(&self.packed[..count]);
        into[count..].fill(0);
        let sum = self.packed.get(into.len()..).and_then(|sum| sum.try_into().ok());
        sum.is_some_and(|sum| agree(simd_adler32::adler32(&&*into), u32::from_le_bytes(sum)))
    }
}

impl Layer for Ewf {
    fn len(&self) -> u64 {
        self.sections.volume.bytes
    }

    fn read(&self, at: u64, into: &mut [u8], lost: &mut dyn FnMut(Run)) {
        let size = self.sections.volume.chunk_bytes;
        let mut done = 0;
        while done < into.len() {
            let place = at.saturating_add(done as u64);
            let (chunk, skip) = (place / size as u64, (place % size as u64) as usize);
            let begins = chunk * size as u64;
            // The last chunk is as short as the medium.
            let whole =
                usize::try_from(self.len().saturating_sub(begins)).unwrap_or(size).min(size);
            let count = whole.saturating_sub(skip).min(into.len() - done);
            if count == 0 {
                into[done..].fill(0);
                return;
            }
            let piece = &mut into[done..done + count];
            let good = if count == whole {
                self.unpack(chunk, piece)
            } else {
                let held = self.held(chunk, whole);
                piece.copy_from_slice(&held[skip..][..count]);
                held[whole] != 0
            };
            if !good {
                lost(Run::new(place, count as u64));
            }
            done += count;
        }
    }

    fn gap(&self, at: u64, _until: u64) -> Option<Gap> {
        let size = self.sections.volume.chunk_bytes as u64;
        let later = self.table(at / size).err().filter(|_| at < self.len())?;
        let end = later.map_or(self.len(), |later| later.saturating_mul(size));
        Some(Gap::lost(end.min(self.len())))
    }

    fn faults(&self) -> Vec<String> {
        let segments = self.segments.iter().flat_map(|segment| segment.faults());
        self.sections.faults.iter().map(|fault| (*fault).to_owned()).chain(segments).collect()
    }
}

#[cfg(test)]
pub mod tests;
