//! What went to a printer and what came from it, by kind of packet and port.

use std::{
    collections::BTreeMap,
    time::{Duration, Instant},
};

use leaksweep_facts::tables::printer::Look;

use super::{MOST_RECEIVED, MOST_SENT, WireError};
use crate::plan::Packet;

#[derive(Default)]
pub struct Ledger {
    pub sent: u64,
    pub received: u64,
    entries: BTreeMap<(Packet, u16), Entry>,
    next: Option<Instant>,
}

#[derive(Default)]
struct Entry {
    count: u32,
    sent: u64,
    received: u64,
    failed: u32,
}

impl Ledger {
    pub fn enter(&mut self, packet: Packet, port: u16, failed: bool) {
        let entry = self.entry(packet, port);
        entry.count += 1;
        entry.failed += u32::from(failed);
    }

    pub fn fail(&mut self, packet: Packet, port: u16) {
        self.entry(packet, port).failed += 1;
    }

    pub fn send(&mut self, packet: Packet, port: u16, bytes: usize) -> Result<(), WireError> {
        let bytes = bytes as u64;
        if self.sent + bytes > MOST_SENT {
            return Err(WireError::Spent);
        }
        self.sent += bytes;
        self.entry(packet, port).sent += bytes;
        Ok(())
    }

    pub fn receive(&mut self, packet: Packet, port: u16, bytes: usize) -> Result<(), WireError> {
        self.received += bytes as u64;
        self.entry(packet, port).received += bytes as u64;
        if self.received > MOST_RECEIVED { Err(WireError::TooMuch) } else { Ok(()) }
    }

    /// When the next packet may go.
    pub fn turn(&mut self, pause: Duration) -> Instant {
        let now = Instant::now();
        let turn = self.next.map_or(now, |next| next.max(now));
        self.next = Some(turn + pause);
        turn
    }

    pub fn looks(&self) -> Vec<Look> {
        let row = |(&(packet, port), entry): (&(Packet, u16), &Entry)| Look {
            packet: packet.name().into(),
            port: port.into(),
            count: entry.count.into(),
            sent_bytes: entry.sent as i64,
            received_bytes: entry.received as i64,
            failed: entry.failed.into(),
        };
        self.entries.iter().map(row).collect()
    }

    fn entry(&mut self, packet: Packet, port: u16) -> &mut Entry {
        self.entries.entry((packet, port)).or_default()
    }
}
