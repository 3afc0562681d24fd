//! A raw image in parts: `.001`, `.002` …, `.000`, `.00`, or `.aa`, `.ab` …, read as one.
//!
//! Any part may be named. A part that is missing while a later one is there is an error. A part in the middle that is
//! shorter than the others is filled up with what is lost. At most 100,000 parts.

use std::{
    ffi::OsStr,
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
use crate::Run;

/// How the endings of a set count.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Endings {
    Digits { width: usize, first: u64 },
    Letters { width: usize },
}

impl Endings {
    fn of(ending: &str) -> Option<Self> {
        let width = ending.len();
        let all = |good: fn(&u8) -> bool| ending.bytes().all(|byte| good(&byte));
        match width {
            2..=5 if all(u8::is_ascii_digit) => Some(Self::Digits { width, first: 0 }),
            2..=3 if all(u8::is_ascii_lowercase) => Some(Self::Letters { width }),
            _ => None,
        }
    }

    fn number(self, ending: &str) -> Option<u64> {
        match self {
            Self::Digits { width, first } => {
                let number = (ending.len() == width && ending.bytes().all(|b| b.is_ascii_digit()))
                    .then(|| ending.parse::<u64>().ok())??;
                number.checked_sub(first)
            }
            Self::Letters { width } => {
                let good = ending.len() == width && ending.bytes().all(|b| b.is_ascii_lowercase());
                let add = |sum: u64, byte: u8| sum * 26 + u64::from(byte - b'a');
                good.then(|| ending.bytes().fold(0, add))
            }
        }
    }

    fn ending(self, number: u64) -> String {
        match self {
            Self::Digits { width, first } => format!("{:0width$}", number + first),
            Self::Letters { width } => {
                let letter = |place: usize| (number / 26_u64.pow(place as u32) % 26) as u8 + b'a';
                (0..width).rev().map(|place| char::from(letter(place))).collect()
            }
        }
    }
}

/// The parts that belong to the one at `path`; none where it stands alone.
pub fn parts(path: &Path) -> Result<Option<Vec<PathBuf>>, MediaError> {
    let Some(ending) = path.extension().and_then(OsStr::to_str) else { return Ok(None) };
    let Some(endings) = Endings::of(ending) else { return Ok(None) };
    let Ok(names) = files::beside(path) else { return Ok(None) };
    let stem = path.with_extension("");
    let stem = stem.file_name().unwrap_or_default().as_bytes();
    let endings_there = || {
        names.iter().filter_map(|name| {
            let rest = name.as_bytes().strip_prefix(stem)?.strip_prefix(b".")?;
            std::str::from_utf8(rest).ok()
        })
    };
    let endings = match endings {
        Endings::Digits { width, .. } => {
            let zero = endings_there()
                .any(|ending| ending.len() == width && endings.number(ending) == Some(0));
            Endings::Digits { width, first: u64::from(!zero) }
        }
        letters => letters,
    };
    let mut there: Vec<u64> = endings_there().filter_map(|ending| endings.number(ending)).collect();
    there.sort_unstable();
    let in_order = (0..).zip(&there).take_while(|(number, there)| number == *there).count() as u64;
    let own = endings.number(ending).unwrap_or(0);
    match there.last() {
        // Endings of letters are common for other reasons: a far one means nothing.
        Some(last) if own < in_order || counts(endings, own, in_order) => {
            let meant = *last >= in_order && (own >= in_order || counts(endings, *last, in_order));
            if meant {
                return Err(missing(path, endings, in_order));
            }
        }
        _ => return Ok(None),
    }
    let part = |number| path.with_extension(endings.ending(number));
    Ok((in_order > 1).then(|| (0..in_order).map(part).collect()))
}

/// Whether the part of this number shows that those from `in_order` on are missing.
fn counts(endings: Endings, number: u64, in_order: u64) -> bool {
    match endings {
        Endings::Digits { width, .. } => in_order > 0 || (width == 3 && number < 100),
        Endings::Letters { .. } => in_order > 1 && number < in_order + 16,
    }
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

    fn hole(&self, at: u64) -> Option<u64> {
        let (begins, part, _) = self.part(at)?;
        part.hole(at - begins).map(|end| begins + end)
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
