//! Asks the kernel by netlink (`sock_diag`) for all its sockets of one kind. This is the only socket
//! that the sensor opens, of a family that leads to the kernel and nowhere else. A million sockets
//! at most, and two seconds for each part of an answer.

use std::time::Duration;

use leaksweep_facts::Reason;
use rustix::{
    io::Errno,
    net::{
        AddressFamily, RecvFlags, SendFlags, SocketFlags, SocketType,
        netlink::{SOCK_DIAG, SocketAddrNetlink},
        recvfrom, sendto, socket_with,
        sockopt::{Timeout, set_socket_timeout},
    },
};

use super::message::{Answered, BY_FAMILY, End, answer};
use crate::root::Failure;

/// The kernel never answers with more at once.
const DATAGRAM: usize = 64 << 10;
const MOST_SOCKETS: usize = 1_000_000;
/// So that no other program can keep this busy for ever.
const MOST_PARTS: usize = 1 << 18;
const PATIENCE: Duration = Duration::from_secs(2);
/// `NLM_F_REQUEST` and `NLM_F_DUMP`
const FLAGS: u16 = 0x301;
/// The states that the lists of `/proc` have too, which lack those that are only bound.
const STATES: u32 = 0x1ffe;

/// Family and protocol, by the kernel's numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Question {
    pub family: u8,
    pub protocol: u8,
    /// How many bytes a question about this family has.
    pub length: usize,
}

impl Question {
    /// Every family's begins with family, protocol, two bytes and what is to be shown.
    fn bytes(self) -> Vec<u8> {
        let length = u32::try_from(16 + self.length).unwrap_or(u32::MAX);
        let mut bytes = length.to_ne_bytes().to_vec();
        bytes.extend(BY_FAMILY.to_ne_bytes());
        bytes.extend(FLAGS.to_ne_bytes());
        bytes.extend([0; 8]);
        bytes.extend([self.family, self.protocol, 0, 0]);
        bytes.extend(STATES.to_ne_bytes());
        bytes.resize(16 + self.length, 0);
        bytes
    }
}

/// Empty where the kernel knows no such sockets.
pub fn ask(question: Question) -> Result<Option<Vec<Answered>>, Failure> {
    let flags = SocketFlags::CLOEXEC;
    let socket = socket_with(AddressFamily::NETLINK, SocketType::RAW, flags, Some(SOCK_DIAG))?;
    set_socket_timeout(&socket, Timeout::Recv, Some(PATIENCE))?;
    let kernel = SocketAddrNetlink::new(0, 0);
    sendto(&socket, &question.bytes(), SendFlags::empty(), &kernel)?;
    let mut sockets = Vec::new();
    let mut buffer = vec![0; DATAGRAM];
    for _ in 0..MOST_PARTS {
        let (_, length, from) = recvfrom(&socket, &mut buffer, RecvFlags::TRUNC)?;
        let from = from.and_then(|from| SocketAddrNetlink::try_from(from).ok());
        // Another program may send to this socket, too.
        if from != Some(kernel) {
            continue;
        }
        let answer =
            answer(buffer.get(..length).ok_or_else(|| Failure::malformed("a part is too long"))?);
        sockets.extend(answer.sockets);
        match answer.end {
            End::More if sockets.len() <= MOST_SOCKETS => {}
            End::More => break,
            End::Done => return Ok(Some(sockets)),
            End::Refused(number) => return refused(number),
            End::Malformed => return Err(Failure::malformed("the kernel's answer makes no sense")),
        }
    }
    Err(too_many())
}

fn refused(number: i32) -> Result<Option<Vec<Answered>>, Failure> {
    match Errno::from_raw_os_error(number) {
        Errno::NOENT | Errno::OPNOTSUPP | Errno::PROTONOSUPPORT | Errno::AFNOSUPPORT => Ok(None),
        errno => Err(errno.into()),
    }
}

fn too_many() -> Failure {
    let detail = format!("more than {MOST_SOCKETS} sockets");
    Failure { reason: Reason::TooLarge, detail }
}
