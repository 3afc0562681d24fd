//! Datagrams to and from one port of a printer. What comes from elsewhere is not seen.

use std::{
    net::{Ipv4Addr, Ipv6Addr, SocketAddr, UdpSocket},
    time::{Duration, Instant},
};

use super::{Wire, WireError};
use crate::plan::Packet;

/// The largest datagram.
const MOST: usize = 65_535;

pub struct Datagrams<'a> {
    wire: &'a Wire,
    socket: UdpSocket,
    port: u16,
}

impl<'a> Datagrams<'a> {
    pub(super) fn new(wire: &'a Wire, port: u16) -> Result<Self, WireError> {
        let own: SocketAddr = if wire.address.is_ipv4() {
            (Ipv4Addr::UNSPECIFIED, 0).into()
        } else {
            (Ipv6Addr::UNSPECIFIED, 0).into()
        };
        let socket = UdpSocket::bind(own).map_err(WireError::of)?;
        socket.connect((wire.address, port)).map_err(WireError::of)?;
        Ok(Self { wire, socket, port })
    }

    /// Sends one datagram and waits for the first answer that `mine` takes; others are dropped.
    pub fn ask<T>(
        &self,
        packet: Packet,
        bytes: &[u8],
        wait: Duration,
        mine: impl Fn(&[u8]) -> Option<T>,
    ) -> Result<T, WireError> {
        self.wire.wait();
        self.wire.spend(packet, self.port, bytes.len())?;
        let outcome = self.exchange(packet, bytes, wait, mine);
        self.wire.ledger().enter(packet, self.port, outcome.is_err());
        outcome
    }

    fn exchange<T>(
        &self,
        packet: Packet,
        bytes: &[u8],
        wait: Duration,
        mine: impl Fn(&[u8]) -> Option<T>,
    ) -> Result<T, WireError> {
        self.socket.send(bytes).map_err(WireError::of)?;
        let until = self.wire.until.min(Instant::now() + wait);
        let mut answer = vec![0; MOST];
        loop {
            let left = until.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return Err(WireError::Silent);
            }
            self.socket.set_read_timeout(Some(left)).map_err(WireError::of)?;
            let got = self.socket.recv(&mut answer).map_err(WireError::of)?;
            self.wire.take(packet, self.port, got)?;
            if let Some(found) = mine(&answer[..got]) {
                return Ok(found);
            }
        }
    }
}
