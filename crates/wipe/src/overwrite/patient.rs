//! Writes and reads that meet bad sectors: tried again, then halved down to a page, so that one bad sector costs no more than itself.

use std::{io, ops::Range};

use crate::{device::Device, medium::ALIGNMENT, method::Failure};

/// How often a stretch is tried before it is halved or given up.
const TRIES: usize = 3;

pub struct Attempt<'a> {
    pub device: &'a dyn Device,
}

impl Attempt<'_> {
    /// Gives what could not be written.
    pub fn write(&self, at: u64, bytes: &[u8]) -> Result<Vec<Range<u64>>, Failure> {
        let mut bad = Vec::new();
        let whole = at..at + bytes.len() as u64;
        self.halves(whole, &mut bad, &mut |range| {
            self.write_once(
                range.start,
                &bytes[(range.start - at) as usize..(range.end - at) as usize],
            )
        })?;
        Ok(bad)
    }

    /// Gives what could not be read; that reads as zeros.
    pub fn read(&self, at: u64, into: &mut [u8]) -> Result<Vec<Range<u64>>, Failure> {
        let mut bad = Vec::new();
        let whole = at..at + into.len() as u64;
        self.halves(whole, &mut bad, &mut |range| {
            let inside = (range.start - at) as usize..(range.end - at) as usize;
            self.read_once(range.start, &mut into[inside])
        })?;
        for range in &bad {
            into[(range.start - at) as usize..(range.end - at) as usize].fill(0);
        }
        Ok(bad)
    }

    /// The smallest stretch that is tried alone.
    fn smallest(&self) -> u64 {
        u64::from(self.device.sector()).max(ALIGNMENT as u64)
    }

    /// Halves what fails; as deep as a portion is long.
    fn halves(
        &self,
        range: Range<u64>,
        bad: &mut Vec<Range<u64>>,
        once: &mut dyn FnMut(Range<u64>) -> io::Result<()>,
    ) -> Result<(), Failure> {
        let mut ahead = vec![range];
        while let Some(range) = ahead.pop() {
            let Err(error) = tried(&mut || once(range.clone())) else { continue };
            if let failure @ Failure::Gone = failure(&error) {
                return Err(failure);
            }
            let smallest = self.smallest();
            let len = range.end - range.start;
            if len <= smallest {
                bad.push(range);
                continue;
            }
            let half = range.start + (len / 2).next_multiple_of(smallest);
            ahead.push(half..range.end);
            ahead.push(range.start..half);
        }
        Ok(())
    }

    fn write_once(&self, at: u64, bytes: &[u8]) -> io::Result<()> {
        let mut done = 0;
        while done < bytes.len() {
            let count = self.device.write_at(at + done as u64, &bytes[done..])?;
            done += self.whole(count, bytes.len() - done)?;
        }
        Ok(())
    }

    fn read_once(&self, at: u64, into: &mut [u8]) -> io::Result<()> {
        let mut done = 0;
        while done < into.len() {
            let left = into.len() - done;
            let count = self.device.read_at(at + done as u64, &mut into[done..])?;
            done += self.whole(count, left)?;
        }
        Ok(())
    }

    /// A direct access goes on at a whole sector alone; no progress is an error.
    fn whole(&self, count: usize, left: usize) -> io::Result<usize> {
        let sector = self.device.sector() as usize;
        let count = if count >= left { left } else { count / sector * sector };
        if count == 0 { Err(io::ErrorKind::UnexpectedEof.into()) } else { Ok(count) }
    }
}

fn tried(once: &mut dyn FnMut() -> io::Result<()>) -> io::Result<()> {
    let mut result = once();
    for _ in 1..TRIES {
        match &result {
            Err(error) if !matches!(failure(error), Failure::Gone) => result = once(),
            _ => break,
        }
    }
    result
}

/// ENODEV, ENXIO, ENOMEDIUM, ESHUTDOWN: there is nothing behind it any more.
pub fn failure(error: &io::Error) -> Failure {
    match error.raw_os_error() {
        Some(6 | 19 | 108 | 123) => Failure::Gone,
        _ => Failure::Failed(error.to_string()),
    }
}
