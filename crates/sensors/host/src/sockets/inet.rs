//! The tables `tcp`, `udp`, `udplite`, `raw` and `icmp` of `/proc/net`, which share one form.

use std::net::IpAddr;

use super::{
    Lines, Listed,
    addresses::{ip4, ip6},
    body,
};

/// Every file and what its lines mean.
pub const FILES: [(&str, Layout); 10] = [
    ("tcp", Layout("tcp")),
    ("tcp6", Layout("tcp")),
    ("udp", Layout("udp")),
    ("udp6", Layout("udp")),
    ("udplite", Layout("udplite")),
    ("udplite6", Layout("udplite")),
    ("raw", Layout("raw")),
    ("raw6", Layout("raw")),
    ("icmp", Layout("icmp")),
    ("icmp6", Layout("icmp")),
];

/// A table of the protocol that it names.
#[derive(Debug, Clone, Copy)]
pub struct Layout(pub &'static str);

impl Layout {
    pub fn parse(self, content: &[u8]) -> Lines {
        let mut lines = Lines::default();
        for line in body(content) {
            match self.line(line) {
                Some(socket) => lines.sockets.push(socket),
                None => lines.not_understood += 1,
            }
        }
        lines
    }

    fn line(self, line: &[u8]) -> Option<Listed> {
        let fields: Vec<&str> =
            std::str::from_utf8(line).ok()?.split_ascii_whitespace().take(10).collect();
        let [_, local, remote, state, _, _, _, uid, _, inode] = fields.as_slice() else {
            return None;
        };
        let (local, remote) = (end(local)?, end(remote)?);
        let connected = !remote.0.is_unspecified() || remote.1 != 0;
        let state = self.state(u8::from_str_radix(state, 16).ok()?, connected);
        Some(Listed {
            protocol: self.0,
            family: if local.0.is_ipv4() { "ip4" } else { "ip6" },
            local: (local.0.to_string(), Some(local.1)),
            remote: if connected {
                (Some(remote.0.to_string()), Some(remote.1))
            } else {
                (None, None)
            },
            state,
            reach: if state == "listen" { reach(local.0) } else { "nowhere" },
            uid: Some(uid.parse().ok()?),
            inode: inode.parse().ok()?,
        })
    }

    /// Only TCP has states; the others know whether there is another side.
    fn state(self, number: u8, connected: bool) -> &'static str {
        match (self.0, connected) {
            ("tcp", _) => tcp_state(number),
            (_, true) => "established",
            ("raw" | "icmp", false) => "open",
            (_, false) => "listen",
        }
    }
}

fn tcp_state(number: u8) -> &'static str {
    match number {
        1 => "established",
        2 => "syn sent",
        3 | 12 => "syn received",
        4 => "fin wait 1",
        5 => "fin wait 2",
        6 => "time wait",
        7 => "closed",
        8 => "close wait",
        9 => "last ack",
        10 => "listen",
        11 => "closing",
        _ => "unknown",
    }
}

fn reach(address: IpAddr) -> &'static str {
    if address.is_unspecified() {
        "everywhere"
    } else if address.is_loopback() {
        "loopback"
    } else {
        "address"
    }
}

/// `0100007F:0035`; an IPv4 address inside IPv6 is shown as what it is.
fn end(text: &str) -> Option<(IpAddr, i64)> {
    let (address, port) = text.split_once(':')?;
    let address = match address.len() {
        8 => IpAddr::V4(ip4(address)?),
        _ => IpAddr::V6(ip6(address)?).to_canonical(),
    };
    Some((address, i64::from(u16::from_str_radix(port, 16).ok()?)))
}
