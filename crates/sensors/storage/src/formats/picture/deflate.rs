//! Unpacks zlib streams piece by piece, without holding more than a window of them.

use std::io::Read;

use flate2::{Decompress, FlushDecompress, Status};

/// Small steps, so that the place of a wrong byte is told nearly.
const STEP: usize = 512;
const WINDOW: usize = 32 * 1024;

/// What a stream unpacks to. It ends where the stream does, or is wrong.
pub struct Inflate<R> {
    packed: R,
    state: Decompress,
    input: Vec<u8>,
    used: usize,
    output: Vec<u8>,
    at: usize,
    pub end: Ending,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ending {
    /// There may be more.
    Open,
    /// The stream ended, with its checksum right.
    Whole,
    /// The input ended first.
    Short,
    Wrong,
}

impl<R: Read> Inflate<R> {
    pub fn new(packed: R) -> Self {
        Self {
            packed,
            state: Decompress::new(true),
            input: Vec::new(),
            used: 0,
            output: Vec::with_capacity(WINDOW),
            at: 0,
            end: Ending::Open,
        }
    }

    /// Packed bytes that were read.
    pub fn packed(&self) -> u64 {
        self.state.total_in()
    }

    /// What is unpacked and not taken yet; empty at the end.
    pub fn ready(&mut self) -> &[u8] {
        while self.at == self.output.len() && self.end == Ending::Open {
            self.unpack();
        }
        &self.output[self.at..]
    }

    pub fn take(&mut self, count: usize) {
        self.at = (self.at + count).min(self.output.len());
    }

    fn unpack(&mut self) {
        if self.used == self.input.len() {
            self.input.resize(STEP, 0);
            let read = self.packed.read(&mut self.input).unwrap_or(0);
            self.input.truncate(read);
            self.used = 0;
        }
        self.output.clear();
        self.at = 0;
        let before = self.state.total_in();
        let input = &self.input[self.used..];
        let status = self.state.decompress_vec(input, &mut self.output, FlushDecompress::None);
        self.used += (self.state.total_in() - before) as usize;
        self.end = match status {
            Ok(Status::StreamEnd) => Ending::Whole,
            Err(_) => Ending::Wrong,
            Ok(_) if input.is_empty() && self.output.is_empty() => Ending::Short,
            Ok(_) => Ending::Open,
        };
    }

    pub fn byte(&mut self) -> Option<u8> {
        let byte = self.ready().first().copied();
        self.take(1);
        byte
    }

    /// Goes over so many bytes; false where there are not so many.
    pub fn skip(&mut self, mut count: u64) -> bool {
        while count > 0 {
            let ready = self.ready().len();
            if ready == 0 {
                return false;
            }
            let step = usize::try_from(count).unwrap_or(usize::MAX).min(ready);
            self.take(step);
            count -= step as u64;
        }
        true
    }

    /// Fills all of it, or as much as there is.
    pub fn fill(&mut self, mut into: &mut [u8]) -> bool {
        while !into.is_empty() {
            let ready = self.ready();
            if ready.is_empty() {
                return false;
            }
            let step = into.len().min(ready.len());
            let (now, later) = into.split_at_mut(step);
            now.copy_from_slice(&ready[..step]);
            self.take(step);
            into = later;
        }
        true
    }
}
