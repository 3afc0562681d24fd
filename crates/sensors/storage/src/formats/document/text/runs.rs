//! Finds runs of text in stretches of a medium.

use std::{cmp::Reverse, collections::BTreeMap};

use super::{
    LEAST,
    ending::settle,
    passed::Ahead,
    scan::{Code, Scan},
    wide::Wide,
};
use crate::{
    Bytes, Run, Stretch,
    formats::{Details, Kind, Proof, Walked, document::contacts},
};

/// How far a run may reach out of the stretch in which it is looked for.
const MARGIN: u64 = 8192;
const PORTION: usize = 64 * 1024;
/// Bytes of a run that are read for what they tell.
const TOLD: u64 = 256 * 1024;

/// Tells every run of text of a stretch, by place: where it begins, and what it is. The form of all is [`super::TEXT`].
pub fn runs(of: &dyn Bytes, within: Run, found: &mut dyn FnMut(u64, Walked)) {
    let start = within.start.saturating_sub(MARGIN);
    let end = within.end().saturating_add(MARGIN).min(of.len());
    let narrow = narrow(of, start, end);
    // Only UTF-8 is sure: two bytes of UTF-16 may pass for a pair of another code.
    let sure: Vec<Run> = narrow.iter().filter(|(_, sure)| *sure).map(|(run, _)| *run).collect();
    let mut all: Vec<Run> = narrow.into_iter().map(|(run, _)| run).collect();
    for gap in between(start, end, &sure) {
        for order in [u16::from_le_bytes, u16::from_be_bytes] {
            for odd in 0..2 {
                all.extend(wide(of, gap.start.next_multiple_of(2) + odd, gap.end(), order));
            }
        }
    }
    all.retain(|run| run.start < within.end() && run.end() > within.start);
    // ASCII in UTF-16 is read in both orders, a byte apart: the longer is right, or that at an even place.
    all.sort_by_key(|run| Reverse(run.bytes + 2 * u64::from(run.start % 2 == 0)));
    let mut kept: BTreeMap<u64, Run> = BTreeMap::new();
    for run in all {
        let before = kept.range(..run.end()).next_back();
        if before.is_none_or(|(_, before)| before.end() <= run.start) {
            kept.insert(run.start, run);
        }
    }
    let mut stretch = Stretch::new(of);
    for run in kept.into_values() {
        stretch.aim(run.start, run.bytes);
        found(run.start, walked(&mut stretch));
    }
}

/// What these runs, in order, leave of a range.
fn between(start: u64, end: u64, runs: &[Run]) -> Vec<Run> {
    let mut gaps = Vec::new();
    let mut done = start;
    for run in runs.iter().copied().chain([Run::new(end, 0)]) {
        if run.start >= done + LEAST {
            gaps.push(Run::new(done, run.start - done));
        }
        done = done.max(run.end());
    }
    gaps
}

/// The whole stretch as one text, for a file that is named; none where a part of it is none.
pub fn whole(stretch: &mut Stretch) -> Option<Walked> {
    let length = stretch.len();
    let mut scan = Scan::new(0);
    let mut at = 0;
    while at < length {
        let seen = stretch.peek(at, PORTION);
        if seen.is_empty() || !seen.iter().all(|byte| scan.take(*byte)) {
            return None;
        }
        at += seen.len() as u64;
    }
    (length > 0 && scan.finish().0 == length).then(|| walked(stretch))
}

fn walked(stretch: &mut Stretch) -> Walked {
    let length = stretch.len();
    let told = length.min(TOLD) as usize;
    let (kind, settings) = contacts::told(stretch.peek(0, told));
    let details = Details { settings, ..Details::default() };
    let kind: Option<Kind> = kind;
    Walked { kind, details, ..Walked::whole(length, Proof::Structure) }
}

/// Calls for every byte of a range in order; where it is told to go back, it begins there again.
fn each(of: &dyn Bytes, start: u64, end: u64, mut step: impl FnMut(u64, &[u8]) -> u64) {
    let mut buffer = vec![0; PORTION];
    let mut at = start;
    while at < end {
        let count = (end - at).min(PORTION as u64) as usize;
        let read = of.read_at(at, &mut buffer[..count]);
        if read == 0 {
            return;
        }
        let next = step(at, &buffer[..read]);
        at = next.max(at + 1);
    }
}

fn narrow(of: &dyn Bytes, start: u64, end: u64) -> Vec<(Run, bool)> {
    let mut found = Vec::new();
    let mut scan: Option<Scan> = None;
    each(of, start, end, |place, bytes| {
        let (mut done, mut ahead) = (0, Ahead::default());
        loop {
            if scan.is_none() {
                done = ahead.narrow(done, bytes);
            }
            let Some(byte) = bytes.get(done) else { break };
            let at = place + done as u64;
            let open = scan.get_or_insert_with(|| Scan::new(at));
            // Files begin on sectors: what a run has before one may be chance.
            if at.is_multiple_of(SECTOR) && at - open.start < YOUNG {
                *open = Scan::new(at);
            }
            // To the next sector while it is young.
            let young = at - open.start < YOUNG;
            let border = (SECTOR - at % SECTOR) as usize;
            let most = if young { border.min(bytes.len() - done) } else { bytes.len() - done };
            let passed = open.take_ascii(&bytes[done..done + most]);
            done += passed;
            // A text of its own begins.
            if passed == 0 && at.is_multiple_of(SECTOR) && is_mark(&bytes[done..]) {
                found.extend(close(of, open));
                scan = None;
                done += 1;
                continue;
            }
            if passed > 0 || open.take(*byte) {
                done += usize::from(passed == 0);
                continue;
            }
            let run = close(of, open);
            scan = None;
            // UTF-8 that ends in the middle of other letters: those may be a run of their own.
            if let Some((run, sure)) = run
                && run.end() > place
                && run.end() <= at
            {
                found.push((run, sure));
                return run.end();
            }
            found.extend(run);
            done += 1;
        }
        place + bytes.len() as u64
    });
    found.extend(scan.and_then(|scan| close(of, &scan)));
    found
}

/// The mark by which UTF-16 tells its order.
fn is_mark(bytes: &[u8]) -> bool {
    matches!(bytes, [0xFF, 0xFE, ..] | [0xFE, 0xFF, ..])
}

/// Files begin on sectors, and what lies before or behind one passes for text by chance for a few bytes.
const CHANCE: u64 = 12;
const SECTOR: u64 = 512;
pub const YOUNG: u64 = 48;

/// The run, and whether its code is sure.
fn close(of: &dyn Bytes, scan: &Scan) -> Option<(Run, bool)> {
    let (end, code) = scan.finish();
    if end - scan.start < LEAST || !scan.measure.is_text() {
        return None;
    }
    let border = scan.start.next_multiple_of(SECTOR);
    let start = if border - scan.start <= CHANCE { border } else { scan.start };
    let mut stretch = Stretch::new(of);
    stretch.aim(start, u64::MAX);
    let end = match code {
        Code::Utf8 => start + settle(&mut stretch, end - start),
        Code::Pairs | Code::Single => after_line(&mut stretch, start, end, scan.line),
    };
    (end.saturating_sub(start) >= LEAST).then(|| (Run::new(start, end - start), code == Code::Utf8))
}

fn after_line(stretch: &mut Stretch, start: u64, end: u64, line: u64) -> u64 {
    let zeros = matches!(stretch.u8(end - start), None | Some(0));
    if !zeros && line > start && end.saturating_sub(line) <= CHANCE { line.min(end) } else { end }
}

fn wide(of: &dyn Bytes, start: u64, end: u64, unit: fn([u8; 2]) -> u16) -> Vec<Run> {
    let mut found = Vec::new();
    let mut open: Option<Wide> = None;
    let mut close = |open: &mut Option<Wide>| {
        if let Some(run) = open.take()
            && let Some(end) = run.finish()
        {
            found.push(Run::new(run.start, end - run.start));
        }
    };
    each(of, start, end, |place, bytes| {
        let (pairs, _) = bytes.as_chunks::<2>();
        let unit = |number: usize| unit(pairs[number]);
        let (mut number, mut ahead) = (0, Ahead::default());
        while number < pairs.len() {
            if open.is_none() {
                number = ahead.wide(number, pairs.len(), unit);
            }
            if number == pairs.len() {
                break;
            }
            let at = place + number as u64 * 2;
            if at.is_multiple_of(SECTOR)
                && open.is_some_and(|open| open.may_be_chance(at - open.start))
            {
                open = None;
            }
            if !open.get_or_insert_with(|| Wide::new(at)).take(unit(number)) {
                close(&mut open);
            }
            number += 1;
        }
        place + (pairs.len().max(1) * 2) as u64
    });
    close(&mut open);
    found
}
