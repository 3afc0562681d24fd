//! Packed lines: a count of how often the line repeats, then runs of units: one that repeats, or several as they are. Each
//! line must come out at exactly its length.

use super::{super::trail::Trail, header::Page};

/// Takes lines as they come out: the first's number, how often it stands, and its bytes.
pub trait Lines {
    /// Whether the bytes of this line are wanted; else they come empty.
    fn wants(&mut self, first: u64, times: u64) -> bool;
    fn line(&mut self, first: u64, times: u64, bytes: &[u8]);
}

/// Wants none.
pub struct Unseen;

impl Lines for Unseen {
    fn wants(&mut self, _: u64, _: u64) -> bool {
        false
    }
    fn line(&mut self, _: u64, _: u64, _: &[u8]) {}
}

/// The most bytes of one packed line: each unit by itself with its count.
const PACKED: usize = 128 * 1024;

/// So many bytes that are all zeros, or all ones, are no packed line.
const FILLING: usize = 24;

/// Takes all lines of a page. False where one does not come out at its length.
pub fn unpack(trail: &mut Trail, page: &Page, fill: bool, lines: &mut dyn Lines) -> bool {
    let mut at = 0;
    let mut held = Vec::new();
    while at < page.lines {
        let Some(repeat) = trail.byte() else { return false };
        let times = u64::from(repeat) + 1;
        if at + times > page.lines {
            return false;
        }
        trail.confirm();
        let wanted = lines.wants(at, times);
        held.clear();
        let out = wanted.then_some(&mut held);
        if !line(trail, page, fill, out) {
            return false;
        }
        if wanted {
            lines.line(at, times, &held);
        }
        at += times;
    }
    true
}

/// Takes one packed line, its count included.
fn line(trail: &mut Trail, page: &Page, fill: bool, mut out: Option<&mut Vec<u8>>) -> bool {
    let unit = page.unit as usize;
    let length = page.bytes_per_line as usize;
    let mut count = 0;
    let mut skip = 1;
    loop {
        // What is left of the window is enough for most lines; the rest is looked at in further steps.
        let seen = trail.peek(PACKED.min(skip + length * 2 + 2));
        let mut at = skip;
        while count < length {
            let Some(code) = seen.get(at).copied() else { break };
            let (take, units) = match code {
                0x80 if fill => (0, (length - count) / unit),
                0x80 => (128 * unit, 0),
                0..=0x7F => (unit, usize::from(code) + 1),
                _ => ((257 - usize::from(code)) * unit, 0),
            };
            let Some(data) = seen.get(at + 1..at + 1 + take) else { break };
            let made = if units > 0 { units * unit } else { take };
            if made == 0 || count + made > length {
                return false;
            }
            if let Some(out) = out.as_deref_mut() {
                match (take, units) {
                    (0, units) => out.extend(std::iter::repeat_n(0xFF, units * unit)),
                    (_, 0) => out.extend(data),
                    (_, units) => (0..units).for_each(|_| out.extend(data)),
                }
            }
            count += made;
            at += 1 + take;
        }
        let ended = count == length;
        // No packer writes runs of one zero after another, or pairs of ones: that is a medium's filling.
        let long = seen.get(skip..at).filter(|packed| packed.len() > FILLING);
        if long.is_some_and(|packed| {
            [0, 0xFF].iter().any(|byte| packed.iter().all(|seen| seen == byte))
        }) {
            return false;
        }
        let stuck = at == skip && !ended;
        if stuck || !trail.take(at as u64) {
            return false;
        }
        if ended {
            return true;
        }
        skip = 0;
    }
}

/// Takes the lines of a page that is not packed.
pub fn plain(trail: &mut Trail, page: &Page, lines: &mut dyn Lines) -> bool {
    for at in 0..page.lines {
        let count = page.bytes_per_line;
        if lines.wants(at, 1) {
            lines.line(at, 1, trail.peek(count as usize));
        }
        if !trail.data(count.into()) {
            return false;
        }
    }
    true
}
