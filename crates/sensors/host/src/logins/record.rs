//! The records of utmp, wtmp and btmp, as glibc keeps them: 384 bytes on x86_64, 400 on aarch64,
//! whose numbers for session and time are wider. Which of them a file holds is told by its content.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use super::text;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A start, an end or another state of the machine.
    RunLevel,
    Boot,
    ClockAfter,
    ClockBefore,
    /// A terminal that waits for somebody.
    Waiting,
    User,
    Dead,
    Other,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Record {
    pub kind: Kind,
    pub pid: i64,
    pub line: String,
    pub user: String,
    pub host: String,
    pub address: Option<IpAddr>,
    pub time: i64,
}

/// The records of a file in their order; one that is nothing but zeros is none.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Records {
    pub size: usize,
    pub found: Vec<Option<Record>>,
    /// Bytes at the end that are no whole record.
    pub remainder: usize,
}

/// Where the fields that differ lie.
#[derive(Debug, Clone, Copy)]
struct Layout {
    size: usize,
    seconds: usize,
    wide: bool,
    address: usize,
}

const NARROW: Layout = Layout { size: 384, seconds: 340, wide: false, address: 348 };
const WIDE: Layout = Layout { size: 400, seconds: 344, wide: true, address: 360 };
/// A whole number of records of either kind.
pub const STEP: u64 = 9600;
/// As many records tell of which kind they are.
const SAMPLE: usize = 64;

pub fn records(bytes: &[u8]) -> Records {
    let layout = if sense(bytes, WIDE) > sense(bytes, NARROW) { WIDE } else { NARROW };
    let chunks = bytes.chunks_exact(layout.size);
    let remainder = chunks.remainder().len();
    Records {
        size: layout.size,
        found: chunks.map(|chunk| record(chunk, layout)).collect(),
        remainder,
    }
}

/// How many of the last records make sense in this layout, of a hundred.
fn sense(bytes: &[u8], layout: Layout) -> usize {
    let whole = bytes.len() - bytes.len() % layout.size;
    let chunks = bytes.get(..whole).unwrap_or_default().rchunks_exact(layout.size);
    let filled = chunks.filter(|chunk| !blank(chunk)).take(SAMPLE);
    let (mut all, mut good) = (0, 0);
    for chunk in filled {
        all += 1;
        good += usize::from(makes_sense(chunk, layout));
    }
    good * 100 / all.max(1)
}

fn makes_sense(chunk: &[u8], layout: Layout) -> bool {
    let ended = |from: usize, length: usize| {
        let field = chunk.get(from..from + length).unwrap_or_default();
        let text = field.iter().position(|byte| *byte == 0).unwrap_or(length);
        field.iter().take(text).all(|byte| *byte >= b' ')
            && field.iter().skip(text).all(|byte| *byte == 0)
    };
    let kind = half(chunk, 0).is_some_and(|kind| (0..=9).contains(&kind));
    kind && ended(8, 32) && ended(44, 32) && ended(76, 256) && seconds(chunk, layout) >= 0
}

fn blank(chunk: &[u8]) -> bool {
    chunk.iter().all(|byte| *byte == 0)
}

fn record(chunk: &[u8], layout: Layout) -> Option<Record> {
    let field =
        |from: usize, length: usize| text(chunk.get(from..from + length).unwrap_or_default());
    (!blank(chunk)).then(|| Record {
        kind: half(chunk, 0).map_or(Kind::Other, kind),
        pid: word(chunk, 4).map_or(0, |pid| i64::from(pid.cast_signed())),
        line: field(8, 32),
        user: field(44, 32),
        host: field(76, 256),
        address: address(chunk, layout),
        time: seconds(chunk, layout),
    })
}

fn kind(number: i16) -> Kind {
    match number {
        1 => Kind::RunLevel,
        2 => Kind::Boot,
        3 => Kind::ClockAfter,
        4 => Kind::ClockBefore,
        5 | 6 => Kind::Waiting,
        7 => Kind::User,
        8 => Kind::Dead,
        _ => Kind::Other,
    }
}

/// The narrow form counts on beyond 2038, without a sign.
fn seconds(chunk: &[u8], layout: Layout) -> i64 {
    let low = word(chunk, layout.seconds).unwrap_or_default();
    let high = if layout.wide { word(chunk, layout.seconds + 4).unwrap_or_default() } else { 0 };
    (u64::from(high) << 32 | u64::from(low)).cast_signed()
}

fn address(chunk: &[u8], layout: Layout) -> Option<IpAddr> {
    let bytes: [u8; 16] = chunk.get(layout.address..layout.address + 16)?.try_into().ok()?;
    let [a, b, c, d, rest @ ..] = bytes;
    let address = match (rest.iter().all(|byte| *byte == 0), Ipv6Addr::from(bytes)) {
        (true, _) => IpAddr::V4(Ipv4Addr::new(a, b, c, d)),
        (false, address) => address.to_ipv4_mapped().map_or(IpAddr::V6(address), IpAddr::V4),
    };
    Some(address).filter(|address| !address.is_unspecified())
}

fn half(bytes: &[u8], from: usize) -> Option<i16> {
    Some(i16::from_le_bytes(bytes.get(from..from + 2)?.try_into().ok()?))
}

fn word(bytes: &[u8], from: usize) -> Option<u32> {
    Some(u32::from_le_bytes(bytes.get(from..from + 4)?.try_into().ok()?))
}
