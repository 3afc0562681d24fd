//! The streams of objects: where each ends, and whether it unpacks.

use super::{FARTHEST, LONGEST, MOST, Scanner, tells};
use crate::{
    Pieces, Stretch,
    formats::{
        document::{
            inflate::{Inflated, Stop, Wrap},
            opaque,
            pdf::{
                object::{Facts, Filter, Length, Role, places},
                tokens::{Dict, Token, Tokens, is_space},
            },
        },
        picture,
    },
};

/// The most that is kept of a stream of packed objects or of a table.
const HELD: usize = 1 << 20;

impl Scanner<'_, '_> {
    /// Behind `endstream`, where it stands at `at` but for an end of line.
    fn closes_at(&mut self, at: u64) -> Option<u64> {
        let bytes = self.look(at, 16);
        let space = bytes.iter().take_while(|byte| is_space(**byte)).count();
        bytes[space..].starts_with(b"endstream").then(|| at + space as u64 + 9)
    }

    /// The end of a stream's bytes, and the place behind `endstream`.
    pub(super) fn stream(&mut self, data: u64, facts: &Facts) -> Result<(u64, u64), u64> {
        let length = match facts.length {
            Length::Direct(length) => Some(length),
            Length::In(number) => self.numbers.get(&number).copied(),
            Length::Unknown => None,
        };
        let stop = length.map(|length| data.saturating_add(length));
        if let Some((stop, next)) = stop.and_then(|stop| Some((stop, self.closes_at(stop)?))) {
            if let Some(wrong) = self.check(data, stop, facts) {
                self.scan.damaged.get_or_insert(wrong);
            }
            return Ok((stop, next));
        }
        if facts.filters.first() == Some(&Filter::Flate) && self.verify && !self.scan.encrypted {
            return self.inflate_to_end(data, length, facts);
        }
        self.seek_end(data, data, length, facts)
    }

    /// The place of a known stream's first byte that cannot be right.
    fn check(&mut self, data: u64, stop: u64, facts: &Facts) -> Option<u64> {
        match facts.filters.first() {
            Some(Filter::Jpeg) => return self.picture_breaks(data, stop, facts),
            Some(Filter::Flate) if self.verify && !self.scan.encrypted => {}
            _ => return None,
        }
        self.budget = self.budget.saturating_add((stop - data).saturating_mul(16));
        let done = self.inflate(data, stop, facts);
        match done.stop {
            Stop::Done => {
                self.scan.verified += 1;
                None
            }
            Stop::Enough => None,
            // Some producers leave the checksum out, or cut it.
            Stop::Wrong | Stop::Short if done.used + 4 >= stop - data => None,
            Stop::Wrong | Stop::Short => Some(data + done.used),
        }
    }

    fn inflate(&mut self, data: u64, stop: u64, facts: &Facts) -> Inflated {
        let wanted = matches!(facts.role, Role::Packed | Role::Table) && facts.filters.len() == 1;
        let mut held = Vec::new();
        let mut take = |piece: &[u8]| {
            if wanted && held.len() < HELD {
                held.extend_from_slice(piece);
            }
        };
        let done =
            self.inflater.run(self.stretch, (data, stop), Wrap::Zlib, self.budget, &mut take);
        self.budget = self.budget.saturating_sub(done.made);
        match facts.role {
            Role::Table => {
                let left = MOST.saturating_sub(self.scan.recorded.len());
                self.scan.recorded.extend(places(&held, facts).into_iter().take(left));
            }
            Role::Packed => self.packed(&held, facts),
            _ => {}
        }
        done
    }

    fn packed(&mut self, held: &[u8], facts: &Facts) {
        let mut tokens = Tokens::new(held);
        tokens.at = usize::try_from(facts.first).unwrap_or(usize::MAX).min(held.len());
        while tokens.at < held.len() {
            let start = tokens.at;
            let Ok(first) = tokens.read() else { return };
            if tokens.skip_value(first).is_err() {
                return;
            }
            if first == Token::DictOpen {
                let dict = Dict::read(&held[start..tokens.at]);
                self.count(&Facts::of(&dict));
                if tells(&dict) {
                    self.scan.info = Some(held[start..tokens.at].to_vec());
                }
            }
        }
    }

    /// A stream whose length is wrong or unknown, but which tells its end itself.
    fn inflate_to_end(
        &mut self,
        data: u64,
        length: Option<u64>,
        facts: &Facts,
    ) -> Result<(u64, u64), u64> {
        let done = self.inflate(data, self.limit, facts);
        if done.convinces(0) {
            self.scan.inflated = self.scan.inflated.max(done.used);
        }
        let stop = data + done.used;
        match done.stop {
            Stop::Done => {
                self.scan.verified += 1;
                let end = self.stretch.find(
                    stop,
                    stop.saturating_add(1024).min(self.limit),
                    b"endstream",
                );
                end.map(|at| (at, at + 9)).ok_or(stop)
            }
            Stop::Enough => self.seek_end(data, stop, length, facts),
            Stop::Short => Err(stop),
            Stop::Wrong => {
                // Errors are noticed thousands of bytes too late: another file's beginning may lie before.
                let last = length.map_or(stop, |length| data.saturating_add(length).min(stop));
                let own = opaque::extent(self.stretch, data, last);
                if own < last {
                    return Err(own);
                }
                // With a known length it is looked for near where it should be; else only the next one counts.
                let reach = length.unwrap_or(1 << 20).min(LONGEST).saturating_add(8 << 20);
                let end = self.next_end(stop, data.saturating_add(reach)).ok_or(last)?;
                self.scan.damaged.get_or_insert(stop);
                Ok((end, end + 9))
            }
        }
    }

    /// An `endstream` that an `endobj` follows, with no other file's beginning before it.
    fn next_end(&mut self, from: u64, to: u64) -> Option<u64> {
        let end = self.stretch.find(from, to.min(self.limit), b"endstream")?;
        let after = self.skip(end + 9);
        let closes = self.look(after, 6) == b"endobj";
        (closes && self.stretch.find(from, end, b"%PDF-").is_none()).then_some(end)
    }

    /// Where a picture of JPEG is wrong or breaks off before its stream does.
    fn picture_breaks(&mut self, data: u64, stop: u64, facts: &Facts) -> Option<u64> {
        let alone = facts.filters.len() == 1 && facts.filters[0] == Filter::Jpeg;
        if !alone || !self.verify || self.scan.encrypted {
            return None;
        }
        let whole = self.stretch.whole();
        let part = Pieces::part(&whole, data, stop.min(self.limit).saturating_sub(data));
        let walked = (picture::jpeg::JPEG.walk)(&mut Stretch::new(&part))?;
        let sound = data + walked.sound();
        if walked.is_whole() {
            self.scan.verified += 1;
        }
        // Some leave the last marker out.
        (!walked.is_whole() && sound + 16 < stop).then_some(sound)
    }

    fn seek_end(
        &mut self,
        data: u64,
        from: u64,
        length: Option<u64>,
        facts: &Facts,
    ) -> Result<(u64, u64), u64> {
        let reach = length.map_or(FARTHEST, |length| length.min(LONGEST).saturating_add(8 << 20));
        let to = data.saturating_add(reach);
        let Some(end) = self.next_end(from, to) else {
            let to = data.saturating_add(length.unwrap_or(FARTHEST)).min(self.limit);
            let to = self.picture_breaks(data, to, facts).unwrap_or(to);
            return Err(opaque::extent(self.stretch, data, to));
        };
        let shift = length.map_or(0, |length| end.abs_diff(data.saturating_add(length)));
        // Bytes of whole sectors too many are those of another file.
        if shift >= 512 && (shift % 512 <= 2 || shift % 512 >= 510) {
            let wrong = self.picture_breaks(data, end, facts).unwrap_or(data);
            self.scan.damaged.get_or_insert(wrong);
        }
        Ok((end, end + 9))
    }
}
