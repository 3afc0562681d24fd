//! The kernel's answers on its sockets: messages of netlink, one behind the other, each with a head
//! of 16 bytes. A socket's number, and for those of the Internet its own address and port.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

const HEAD: usize = 16;
const ERROR: u16 = 2;
const DONE: u16 = 3;
/// `SOCK_DIAG_BY_FAMILY`, of questions and answers alike.
pub const BY_FAMILY: u16 = 20;

const UNIX: u8 = 1;
const IP4: u8 = 2;
const IP6: u8 = 10;
const PACKET: u8 = 17;

/// How an answer goes on.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub enum End {
    #[default]
    More,
    Done,
    /// The kernel's number of an error.
    Refused(i32),
    Malformed,
}

#[derive(Debug, Default, PartialEq, Eq)]
pub struct Answer {
    pub sockets: Vec<Answered>,
    pub end: End,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answered {
    pub inode: u32,
    /// Of the Internet's protocols alone.
    pub local: Option<(IpAddr, u16)>,
}

/// One datagram of an answer. What follows the end is not read.
pub fn answer(bytes: &[u8]) -> Answer {
    let mut answer = Answer::default();
    let mut rest = bytes;
    while !rest.is_empty() && answer.end == End::More {
        let Some((kind, body, after)) = message(rest) else {
            answer.end = End::Malformed;
            break;
        };
        match kind {
            BY_FAMILY => match answered(body) {
                Some(socket) => answer.sockets.push(socket),
                None => answer.end = End::Malformed,
            },
            DONE | ERROR => answer.end = end(kind, body),
            _ => {}
        }
        rest = after;
    }
    answer
}

/// Kind, body, and what follows, which begins at a multiple of four.
fn message(bytes: &[u8]) -> Option<(u16, &[u8], &[u8])> {
    let length = usize::try_from(u32::from_ne_bytes(array(bytes, 0)?)).ok()?;
    let kind = u16::from_ne_bytes(array(bytes, 4)?);
    let body = bytes.get(HEAD..length)?;
    let after = bytes.get(length.next_multiple_of(4)..).unwrap_or_default();
    Some((kind, body, after))
}

/// Both begin with a number, below zero for an error. Older kernels end a list without one.
fn end(kind: u16, body: &[u8]) -> End {
    match array(body, 0).map(i32::from_ne_bytes) {
        Some(number) if number < 0 => End::Refused(number.saturating_neg()),
        None if kind == ERROR => End::Malformed,
        _ => End::Done,
    }
}

fn answered(body: &[u8]) -> Option<Answered> {
    match body.first()? {
        family @ (&IP4 | &IP6) => {
            let address = address(*family, body)?;
            let port = u16::from_be_bytes(array(body, 4)?);
            let inode = u32::from_ne_bytes(array(body, 68)?);
            Some(Answered { inode, local: Some((address, port)) })
        }
        &(UNIX | PACKET) => {
            Some(Answered { inode: u32::from_ne_bytes(array(body, 4)?), local: None })
        }
        _ => None,
    }
}

fn address(family: u8, body: &[u8]) -> Option<IpAddr> {
    if family == IP4 {
        return Some(Ipv4Addr::from(array::<4>(body, 8)?).into());
    }
    Some(IpAddr::from(Ipv6Addr::from(array::<16>(body, 8)?)).to_canonical())
}

fn array<const N: usize>(bytes: &[u8], at: usize) -> Option<[u8; N]> {
    bytes.get(at..)?.first_chunk().copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn packed(kind: u16, body: &[u8]) -> Vec<u8> {
        let length = u32::try_from(HEAD + body.len()).unwrap();
        let mut bytes = length.to_ne_bytes().to_vec();
        bytes.extend(kind.to_ne_bytes());
        bytes.extend([0; 10]);
        bytes.extend(body);
        bytes.resize(bytes.len().next_multiple_of(4), 0);
        bytes
    }

    fn inet(family: u8, port: u16, address: &[u8], inode: u32) -> Vec<u8> {
        let mut body = vec![family, 10, 0, 0];
        body.extend(port.to_be_bytes());
        body.extend([0, 0]);
        body.extend(address);
        body.resize(68, 0);
        body.extend(inode.to_ne_bytes());
        body
    }

    #[test]
    fn sockets_of_every_family_are_told() {
        let mut bytes = packed(BY_FAMILY, &inet(IP4, 4444, &[127, 0, 0, 1], 77));
        bytes.extend(packed(BY_FAMILY, &inet(IP6, 22, &[0; 16], 78)));
        bytes.extend(packed(BY_FAMILY, &[UNIX, 1, 10, 0, 9, 0, 0, 0, 1, 1, 1, 1, 1, 1, 1, 1]));
        bytes.extend(packed(DONE, &0_i32.to_ne_bytes()));
        bytes.extend(b"what follows the end");
        let told = answer(&bytes);
        assert_eq!(told.end, End::Done);
        let local = |ip: IpAddr, port| Some((ip, port));
        assert_eq!(
            told.sockets,
            [
                Answered { inode: 77, local: local(Ipv4Addr::LOCALHOST.into(), 4444) },
                Answered { inode: 78, local: local(Ipv6Addr::UNSPECIFIED.into(), 22) },
                Answered { inode: u32::from_ne_bytes([9, 0, 0, 0]), local: None },
            ]
        );
    }

    #[test]
    fn errors_are_told() {
        let refused = packed(ERROR, &(-2_i32).to_ne_bytes());
        assert_eq!(answer(&refused).end, End::Refused(2));
        let refused = packed(DONE, &(-95_i32).to_ne_bytes());
        assert_eq!(answer(&refused).end, End::Refused(95));
        assert_eq!(answer(&packed(DONE, b"")).end, End::Done);
        assert_eq!(answer(b"").end, End::More);
    }

    #[test]
    fn what_is_cut_or_lies_about_its_length_makes_no_sense() {
        let whole = packed(BY_FAMILY, &inet(IP4, 1, &[1, 2, 3, 4], 5));
        for length in 1..whole.len() {
            assert_eq!(answer(&whole[..length]).end, End::Malformed, "{length}");
        }
        for length in [0_u32, 1, 15, 300, u32::MAX] {
            let mut bytes = whole.clone();
            bytes[..4].copy_from_slice(&length.to_ne_bytes());
            assert_eq!(answer(&bytes).end, End::Malformed, "{length}");
        }
        assert_eq!(answer(&packed(BY_FAMILY, &[99; 80])).end, End::Malformed);
        assert_eq!(answer(&packed(ERROR, b"x")).end, End::Malformed);
    }
}
