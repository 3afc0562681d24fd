//! A raw image in parts: `.001`, `.002` …, `.000`, `.00`, or `.aa`, `.ab` …, with endings that grow, read as one.
//!
//! Any part may be named. A part that is missing while a later one is there is an error. A part in the middle that is
//! shorter than the others is filled up with what is lost. At most 100,000 parts.

mod endings;

use std::{
    ffi::OsStr,
    io,
    os::unix::ffi::OsStrExt,
    path::{Path, PathBuf},
    sync::Arc,
};

use super::{
    MediaError, files,
    layer::Layer,
    parts::{Part, Pool},
    patient::Patient,
};
use crate::{Gap, Run};
use endings::Endings;

const MOST_PARTS: usize = 100_000;

/// The parts that belong to the one at `path`; none where it stands alone.
pub fn parts(path: &Path) -> Result<Option<Vec<PathBuf>>, MediaError> {
    let Some(ending) = path.extension().and_then(OsStr::to_str) else { return Ok(None) };
    let stem = path.with_extension("");
    let stem = stem.file_name().unwrap_or_default().as_bytes();
    let rest = |name: &[u8]| {
        let rest = name.strip_prefix(stem)?.strip_prefix(b".")?;
        std::str::from_utf8(rest).ok().map(str::to_owned)
    };
    let there = match files::beside(path, MOST_PARTS, &rest) {
        Ok(there) => there,
        Err(source) if source.kind() == io::ErrorKind::QuotaExceeded => {
            return Err(MediaError::Unopened { path: path.to_owned(), source });
        }
        Err(_) => return Ok(None),
    };
    let there: Vec<&str> = there.iter().map(String::as_str).collect();
    let Some(endings) = Endings::of(ending, &there) else { return Ok(None) };
    let mut there: Vec<u64> = there.iter().filter_map(|ending| endings.number(ending)).collect();
    there.sort_unstable();
    let in_order = (0..).zip(&there).take_while(|(number, there)| number == *there).count() as u64;
    let own = endings.number(ending).unwrap_or(0);
    if there.is_empty() || own >= in_order && !endings.count(own, in_order) {
        return Ok(None);
    }
    let meant =
        |number: &u64| *number >= in_order && (own >= in_order || endings.count(*number, in_order));
    if there.iter().any(meant) {
        return Err(missing(path, endings, in_order));
    }
    let part = |number| path.with_extension(endings.ending(number));
    Ok((in_order > 1).then(|| (0..in_order).map(part).collect()))
}

fn missing(path: &Path, endings: Endings, number: u64) -> MediaError {
    let name = |number| path.with_extension(endings.ending(number));
    let after = match number.checked_sub(1) {
        Some(before) => name(before),
        None => path.to_owned(),
    };
    MediaError::MissingPart {
        name: name(number),
        after: after.file_name().unwrap_or_default().to_string_lossy().into_owned(),
        hint: "put it beside the others",
    }
}

pub struct Split {
    /// Each part after the place at which it begins.
    parts: Vec<(u64, Patient<Part>)>,
    len: u64,
    short: Vec<String>,
}

impl Split {
    pub fn open(paths: Vec<PathBuf>) -> Result<Self, MediaError> {
        let pool = Arc::new(Pool::default());
        let mut parts = Vec::with_capacity(paths.len());
        for path in paths {
            let unopened = |source| MediaError::Unopened { path: path.clone(), source };
            let part = Part::new(path.clone(), &pool).map_err(unopened)?;
            let data = files::plain(&path).ok().and_then(|file| files::data(&file, part.len, 4096));
            parts.push((data, part));
        }
        let full = full(&parts.iter().map(|(_, part)| part.len).collect::<Vec<_>>());
        let mut split = Self { parts: Vec::new(), len: 0, short: Vec::new() };
        let count = parts.len();
        for (at, (data, part)) in parts.into_iter().enumerate() {
            let begins = split.len;
            let last = at + 1 == count;
            let takes = full.filter(|_| !last).unwrap_or(part.len);
            if part.len < takes {
                split
                    .short
                    .push(format!("{} is shorter than the other parts", part.path.display()));
            }
            split.len = split.len.saturating_add(takes);
            let len = part.len;
            split.parts.push((begins, Patient::new(part, len, 512).with_data(data)));
        }
        Ok(split)
    }
}

/// The length that most parts but the last have, and none is above.
fn full(lengths: &[u64]) -> Option<u64> {
    let (_, middle) = lengths.split_last()?;
    let full = *middle.iter().max()?;
    let of_it = middle.iter().filter(|len| **len == full).count();
    (middle.len() > 1 && of_it * 2 > middle.len()).then_some(full)
}

impl Split {
    fn part(&self, at: u64) -> Option<(u64, &Patient<Part>, u64)> {
        let next = self.parts.partition_point(|(begins, _)| *begins <= at);
        let (begins, part) = self.parts.get(next.checked_sub(1)?)?;
        let end = self.parts.get(next).map_or(self.len, |(begins, _)| *begins);
        Some((*begins, part, end))
    }
}

impl Layer for Split {
    fn len(&self) -> u64 {
        self.len
    }

    fn read(&self, at: u64, into: &mut [u8], lost: &mut dyn FnMut(Run)) {
        let mut done = 0;
        while done < into.len() {
            let place = at.saturating_add(done as u64);
            let Some((begins, part, end)) = self.part(place).filter(|(_, _, end)| *end > place)
            else {
                into[done..].fill(0);
                return;
            };
            let (skip, left) = (place - begins, into.len() - done);
            let there = part.len().saturating_sub(skip);
            let (until, whole) = if there > 0 { (begins + part.len(), true) } else { (end, false) };
            let count = usize::try_from(until.min(end) - place).unwrap_or(left).min(left);
            let piece = &mut into[done..done + count];
            if whole {
                part.read(skip, piece, &mut |run| lost(Run::new(run.start + begins, run.bytes)));
            } else {
                piece.fill(0);
                lost(Run::new(place, count as u64));
            }
            done += count;
        }
    }

    fn gap(&self, at: u64, until: u64) -> Option<Gap> {
        let (begins, part, end) = self.part(at)?;
        if at - begins >= part.len() {
            return Some(Gap::lost(end));
        }
        let gap = part.gap(at - begins, until.saturating_sub(begins))?;
        Some(Gap { end: begins + gap.end, ..gap })
    }

    fn again(&self, until: std::time::Instant, gained: &mut dyn FnMut(Run)) {
        for (begins, part) in &self.parts {
            part.again(until, &mut |run| gained(Run::new(run.start + begins, run.bytes)));
        }
    }

    fn faults(&self) -> Vec<String> {
        let parts = self.parts.iter().flat_map(|(_, part)| {
            let name = part.source().path.display();
            part.faults().into_iter().map(move |fault| format!("{name}: {fault}"))
        });
        self.short.iter().cloned().chain(parts).collect()
    }
}

#[cfg(test)]
mod tests;
