//! `/proc/PID/stat`, `/proc/PID/status` and `/proc/stat`. A process chooses its name freely, so a
//! name may hold `)`, blanks, line breaks and whole forged fields.

use leaksweep_facts::Time;

/// PF_KTHREAD: the process is part of the kernel.
const KERNEL_THREAD: u64 = 0x0020_0000;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stat {
    pub name: Vec<u8>,
    pub parent: i64,
    /// The process group: the parts of one pipe are one.
    pub group: i64,
    pub kernel_thread: bool,
    /// It has ended and waits for its parent to take note.
    pub ended: bool,
    pub threads: usize,
    /// In ticks since the machine was started.
    pub started: i64,
    /// The process that leads its session, which may have ended.
    pub session: i64,
    /// The device number of its terminal; 0 for none.
    pub terminal: i64,
}

/// Reads the one line of `/proc/PID/stat`. No field after the name can hold `)`, so the last one
/// ends the name.
pub fn stat(line: &[u8]) -> Option<Stat> {
    let open = line.iter().position(|byte| *byte == b'(')?;
    let close = line.iter().rposition(|byte| *byte == b')')?;
    let name = unescaped(line.get(open + 1..close)?);
    let rest = std::str::from_utf8(line.get(close + 1..)?).ok()?;
    let fields: Vec<&str> = rest.split_ascii_whitespace().collect();
    // proc(5) counts from 1 and has three fields up to the state.
    let field = |number: usize| fields.get(number - 3).copied();
    let flags: u64 = field(9)?.parse().ok()?;
    Some(Stat {
        name,
        parent: field(4)?.parse().ok()?,
        group: field(5)?.parse().ok()?,
        kernel_thread: flags & KERNEL_THREAD != 0,
        ended: matches!(field(3)?, "Z" | "X" | "x"),
        session: field(6)?.parse().ok()?,
        terminal: field(7)?.parse().ok()?,
        threads: field(20)?.parse().ok()?,
        started: field(22)?.parse().ok().filter(|ticks| *ticks >= 0)?,
    })
}

/// The kernel writes a line break in a name as `\n` and a backslash as `\\`.
fn unescaped(name: &[u8]) -> Vec<u8> {
    let mut plain = Vec::with_capacity(name.len());
    let mut rest = name;
    while let Some((first, tail)) = rest.split_first() {
        let (byte, taken) = match (first, tail.first()) {
            (b'\\', Some(b'n')) => (b'\n', 2),
            (b'\\', Some(b'\\')) => (b'\\', 2),
            _ => (*first, 1),
        };
        plain.push(byte);
        rest = rest.get(taken..).unwrap_or_default();
    }
    plain
}

/// The real and the effective user in `/proc/PID/status`.
pub fn user_ids(status: &[u8]) -> Option<(u32, u32)> {
    let line = status.split(|byte| *byte == b'\n').find_map(|line| line.strip_prefix(b"Uid:"))?;
    let mut ids = std::str::from_utf8(line).ok()?.split_ascii_whitespace();
    Some((ids.next()?.parse().ok()?, ids.next()?.parse().ok()?))
}

/// `btime` in `/proc/stat`.
pub fn boot_time(content: &[u8]) -> Option<Time> {
    let line =
        content.split(|byte| *byte == b'\n').find_map(|line| line.strip_prefix(b"btime "))?;
    std::str::from_utf8(line).ok()?.trim().parse().ok().map(Time)
}
