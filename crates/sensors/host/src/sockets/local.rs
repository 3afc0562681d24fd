//! `/proc/net/unix`: sockets for processes of this machine alone.

use super::{Lines, Listed, body};
use crate::name;

/// SO_ACCEPTCON: someone waits for connections.
const LISTENS: u32 = 0x0001_0000;
const DATAGRAM: u32 = 2;

/// Keeps the sockets with a name that take connections or messages. The accepted end of a
/// connection bears the listener's name and is not one.
pub fn unix(content: &[u8]) -> Lines {
    let mut lines = Lines::default();
    let mut last: Option<(Listed, bool)> = None;
    for line in body(content) {
        match entry(line) {
            Some(next) => keep(last.replace(next), &mut lines.sockets),
            // A line break in a name goes on with the name.
            None => match &mut last {
                Some((socket, _)) if !socket.local.0.is_empty() => {
                    socket.local.0.push('\n');
                    socket.local.0.push_str(&name::text(line));
                }
                _ => lines.not_understood += 1,
            },
        }
    }
    keep(last, &mut lines.sockets);
    lines
}

fn keep(entry: Option<(Listed, bool)>, sockets: &mut Vec<Listed>) {
    if let Some((socket, true)) = entry {
        sockets.push(socket);
    }
}

/// One line, and whether its socket is of interest.
fn entry(line: &[u8]) -> Option<(Listed, bool)> {
    let mut rest = line;
    hexadecimal(field(&mut rest)?.strip_suffix(b":")?)?;
    let [_, _, flags, kind] = [(); 4].map(|()| field(&mut rest).and_then(hexadecimal));
    let (flags, kind) = (flags?, kind?);
    field(&mut rest)?;
    let inode = std::str::from_utf8(field(&mut rest)?).ok()?.parse().ok()?;
    let path = rest.strip_prefix(b" ").unwrap_or(rest);
    let open = flags & u64::from(LISTENS) != 0 || kind == u64::from(DATAGRAM);
    let socket = Listed {
        protocol: "unix",
        family: "unix",
        local: (name::text(path), None),
        state: "listen",
        reach: "local",
        inode,
        ..Listed::default()
    };
    Some((socket, open && !path.is_empty()))
}

/// Takes the next field and leaves what follows it untouched, blanks and all.
fn field<'a>(rest: &mut &'a [u8]) -> Option<&'a [u8]> {
    let start = rest.iter().position(|byte| *byte != b' ')?;
    let from = rest.get(start..)?;
    let length = from.iter().position(|byte| *byte == b' ').unwrap_or(from.len());
    *rest = from.get(length..)?;
    from.get(..length)
}

fn hexadecimal(field: &[u8]) -> Option<u64> {
    u64::from_str_radix(std::str::from_utf8(field).ok()?, 16).ok()
}
