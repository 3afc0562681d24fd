//! One TCP connection to a printer, for one kind of packet at a time.

use std::{
    io::{self, Read, Write},
    net::{Shutdown, TcpStream},
    time::Instant,
};

use super::{Wire, WireError};
use crate::plan::Packet;

pub struct Line<'a> {
    wire: &'a Wire,
    stream: TcpStream,
    port: u16,
    packet: Packet,
    until: Instant,
}

impl<'a> Line<'a> {
    pub(super) fn new(
        wire: &'a Wire,
        stream: TcpStream,
        port: u16,
        packet: Packet,
    ) -> Result<Self, WireError> {
        stream.set_nodelay(true).map_err(WireError::of)?;
        Ok(Self { wire, stream, port, packet, until: wire.answer_until() })
    }

    pub fn port(&self) -> u16 {
        self.port
    }

    /// What is sent from here on; its answer may take its own time.
    pub fn turn_to(&mut self, packet: Packet) {
        self.packet = packet;
        self.until = self.wire.answer_until();
    }

    pub fn send(&mut self, bytes: &[u8]) -> Result<(), WireError> {
        self.wire.spend(self.packet, self.port, bytes.len())?;
        let left = self.left()?;
        self.stream.set_write_timeout(Some(left)).map_err(WireError::of)?;
        self.stream.write_all(bytes).map_err(|error| self.failed(WireError::of(error)))
    }

    /// Reads what there is; nothing means that the other side ended.
    pub fn receive(&mut self, into: &mut [u8]) -> Result<usize, WireError> {
        let wait = self.left()?.min(self.wire.patience.idle);
        self.stream.set_read_timeout(Some(wait)).map_err(WireError::of)?;
        let got = self.stream.read(into).map_err(|error| self.failed(self.in_time(error)))?;
        self.wire.take(self.packet, self.port, got)?;
        Ok(got)
    }

    /// Reads until `enough` is content with what came, the other side ends, or `most` bytes are there. What came before an
    /// error is kept in `into`.
    pub fn receive_until(
        &mut self,
        into: &mut Vec<u8>,
        most: usize,
        enough: impl Fn(&[u8]) -> bool,
    ) -> Result<(), WireError> {
        let mut piece = [0; 4096];
        while !enough(into) {
            if into.len() >= most {
                return Err(WireError::TooMuch);
            }
            let room = piece.len().min(most - into.len());
            match self.receive(&mut piece[..room])? {
                0 => return Ok(()),
                got => into.extend_from_slice(&piece[..got]),
            }
        }
        Ok(())
    }

    fn left(&self) -> Result<std::time::Duration, WireError> {
        let left = self.until.saturating_duration_since(Instant::now());
        if left.is_zero() { Err(self.failed(WireError::Late)) } else { Ok(left) }
    }

    /// A wait that the answer's own time cut short is no silence.
    fn in_time(&self, error: io::Error) -> WireError {
        match WireError::of(error) {
            WireError::Silent if Instant::now() >= self.until => WireError::Late,
            other => other,
        }
    }

    fn failed(&self, error: WireError) -> WireError {
        self.wire.ledger().fail(self.packet, self.port);
        error
    }
}

impl Drop for Line<'_> {
    fn drop(&mut self) {
        let _ = self.stream.shutdown(Shutdown::Both);
    }
}

/// For a TLS library, which reads and writes by itself: under the same plan, caps and times.
impl Read for Line<'_> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        self.receive(into).map_err(io::Error::other)
    }
}

impl Write for Line<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.send(bytes).map_err(io::Error::other)?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
