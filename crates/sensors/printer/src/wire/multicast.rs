//! One question to a group, over the interface that the user named, and every answer that comes to the asker alone. No group is
//! joined: the question comes from a port of its own, which asks for answers to itself (RFC 6762, section 6.7).

use std::{
    io,
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, SocketAddrV6, UdpSocket},
    time::{Duration, Instant},
};

use rustix::net::{AddressFamily, SocketType, netdevice, sockopt};

use super::WireError;
use crate::plan::{Packet, Plan};

/// The most that is taken of all answers.
const MOST_RECEIVED: usize = 4 << 20;
const MOST_ANSWERS: usize = 4096;

/// A network interface, by the name that the user wrote.
pub struct Interface {
    index: u32,
}

/// Whom a question goes to, and as what.
pub struct Group {
    pub address: IpAddr,
    pub port: u16,
    pub packet: Packet,
}

impl Interface {
    pub fn named(name: &str) -> io::Result<Self> {
        let any = rustix::net::socket(AddressFamily::INET, SocketType::DGRAM, None)
            .or_else(|_| rustix::net::socket(AddressFamily::INET6, SocketType::DGRAM, None))?;
        Ok(Self { index: netdevice::name_to_index(any, name)? })
    }

    /// Sends the question once, and hands on whatever comes until the time is over.
    pub fn ask(
        &self,
        plan: &Plan,
        group: &Group,
        question: &[u8],
        wait: Duration,
        mut answered: impl FnMut(SocketAddr, &[u8]),
    ) -> Result<(), WireError> {
        if !plan.allows(group.packet) {
            return Err(WireError::Unplanned(group.packet));
        }
        let socket = self.socket(group.address).map_err(WireError::of)?;
        socket.send_to(question, self.place(group)).map_err(WireError::of)?;
        let until = Instant::now() + wait;
        let (mut piece, mut taken) = (vec![0; 65_535], 0);
        for _ in 0..MOST_ANSWERS {
            let left = until.saturating_duration_since(Instant::now());
            if left.is_zero() {
                break;
            }
            socket.set_read_timeout(Some(left)).map_err(WireError::of)?;
            let (got, from) = match socket.recv_from(&mut piece).map_err(WireError::of) {
                Ok(answer) => answer,
                Err(WireError::Silent) => break,
                Err(error) => return Err(error),
            };
            taken += got;
            if taken > MOST_RECEIVED {
                return Err(WireError::TooMuch);
            }
            answered(from, piece.get(..got).unwrap_or_default());
        }
        Ok(())
    }

    fn socket(&self, group: IpAddr) -> io::Result<UdpSocket> {
        let own: IpAddr = match group {
            IpAddr::V4(_) => Ipv4Addr::UNSPECIFIED.into(),
            IpAddr::V6(_) => Ipv6Addr::UNSPECIFIED.into(),
        };
        let socket = UdpSocket::bind((own, 0))?;
        if group.is_ipv4() {
            let none = Ipv4Addr::UNSPECIFIED;
            sockopt::set_ip_multicast_if_with_ifindex(&socket, &none, &none, self.index)?;
        }
        Ok(socket)
    }

    fn place(&self, group: &Group) -> SocketAddr {
        match group.address {
            IpAddr::V4(address) => (address, group.port).into(),
            IpAddr::V6(address) => SocketAddrV6::new(address, group.port, 0, self.index).into(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_interface_that_is_not_there_is_an_error() {
        assert!(Interface::named("none-such-0").is_err());
        assert!(Interface::named("lo").is_ok());
    }

    #[test]
    fn nothing_goes_to_a_group_that_the_plan_does_not_name() {
        let group =
            Group { address: [224, 0, 0, 251].into(), port: 5353, packet: Packet::MdnsQuestion };
        let asked = Interface::named("lo").unwrap().ask(
            &Plan::default(),
            &group,
            b"?",
            Duration::ZERO,
            |_, _| {},
        );
        assert!(matches!(asked, Err(WireError::Unplanned(Packet::MdnsQuestion))));
    }
}
