//! Jobs wrapped in PJL: a UEL, lines of commands, a body in the language that they name or that its first bytes show, a UEL,
//! and often lines that end the job with a UEL of their own.
//!
//! Every body is walked by its own language's grammar, so a job that is cut never runs on to the next one's UEL. A body in a
//! language that is not known goes to the next UEL, and only if that one closes the job. Lines: at most 2000 of 4096 bytes.

mod body;
mod lines;
mod walk;

use super::{PJL, trail::UEL};
use crate::formats::{Format, Signature};

pub static FORMAT: Format = Format {
    kind: PJL,
    signatures: &[
        Signature::new(UEL),
        Signature::new(b"\x1bE\x1b%-12345X"),
        Signature::new(b"\x1b%-12345X@PJL\n@PJL JOB NAME=\"").at(LEAD as u64),
    ],
    looks,
    walk: walk::walk,
    texts: Some(walk::texts),
    picture: Some(walk::picture),
};

/// Zeros with which one driver for Brother's printers begins its jobs.
const LEAD: usize = 128;
/// What that driver alone writes.
const LEAD_JOBS: &[u8] = b"@PJL SET RAS1200MODE";

/// How many bytes stand before the first UEL.
fn lead(seen: &[u8]) -> usize {
    let zeros = seen.len() > LEAD && seen[..LEAD].iter().all(|byte| *byte == 0);
    let led = zeros && memchr::memmem::find(&seen[LEAD..], LEAD_JOBS).is_some();
    match seen {
        _ if led => LEAD,
        [0x1B, b'E', rest @ ..] if rest.starts_with(UEL) => 2,
        _ => 0,
    }
}

/// A UEL, and behind it a command, another one, or a language's first bytes.
fn looks(seen: &[u8]) -> bool {
    let Some(rest) = seen[lead(seen)..].strip_prefix(UEL) else { return false };
    lines::is_command(rest.trim_ascii_start()) || rest.starts_with(UEL) || body::begins(rest)
}
