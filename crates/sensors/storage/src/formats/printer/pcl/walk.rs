//! One way through a job in PCL, from `ESC E` to where it ends.

use std::ops::Range;

use super::{
    super::{
        hpgl,
        rows::Packing,
        text::Text,
        trail::{Body, Ending, SHORT, Stop, Trail, UEL},
    },
    sequence::{self, Opening, Value},
};

const ESC: u8 = 0x1B;
/// The longest sequence's beginning, and one value.
const LOOK: usize = 16;
/// So many of a job's first bytes tell whether its driver began a page or another job.
const FIRST: usize = 20;
/// The most text that is looked at at once.
const RUN: usize = 1024;
/// No line of a sheet is so long: what goes on without a control character is another file's prose.
const LINE: u64 = 2048;

struct Job<'w> {
    text: &'w mut dyn Text,
    pages: u32,
    elements: u64,
    /// Something was printed since the last page ended.
    printed: bool,
    /// Anything was printed at all.
    ever: bool,
    /// Behind the element that ended a page, a picture or the job, where only text followed since.
    complete: Option<u64>,
    /// The last element was data, behind which a form feed may be chance.
    data: bool,
    /// What made the job complete may have been chance.
    weak: bool,
    /// Text came since the last sequence.
    wrote: bool,
    /// Where the line begins that is being written, and where what came of it ends.
    line: Range<u64>,
    /// Text was confirmed by a sequence behind it: this job prints text.
    texts: bool,
    /// How the rows of pictures are packed.
    packing: Packing,
    /// All data so far came out, or are short.
    decoded: bool,
    /// Units of an inch, for telling a blank from kerning.
    units: i64,
    /// The job's first bytes: where they stand again, it is the same driver's next page.
    first: Vec<u8>,
}

/// Some drivers go on with rows of a picture behind a capital, and printers take it.
fn is_left_open(trail: &mut Trail, prefix: u8, group: u8) -> bool {
    let next =
        if (prefix, group) == (b'*', b'b') { sequence::value(trail.peek(LOOK)) } else { None };
    next.is_some_and(|value| matches!(value.letter, b'V' | b'W') && value.bytes > 1)
}

/// Whether the data that follow are what their packing says, or too short for a doubt.
fn comes_out(trail: &mut Trail, packing: Packing, bytes: u64) -> bool {
    let seen = trail.peek(usize::try_from(bytes).unwrap_or(usize::MAX));
    let holds = if seen.len() as u64 == bytes { packing.holds(seen) } else { Some(false) };
    holds.unwrap_or(bytes <= SHORT)
}

/// What one element led to.
enum Next {
    More,
    Stop(Stop),
}

/// Walks on from the trail's place.
pub fn walk(trail: &mut Trail, text: &mut dyn Text) -> Body {
    let mut job = Job {
        text,
        pages: 0,
        elements: 0,
        printed: false,
        ever: false,
        complete: None,
        data: false,
        weak: false,
        texts: false,
        wrote: false,
        line: 0..0,
        packing: Packing::Plain,
        decoded: true,
        units: 300,
        first: trail.peek(FIRST).to_vec(),
    };
    let stop = loop {
        match job.element(trail) {
            Next::More => {}
            Next::Stop(stop) => break stop,
        }
    };
    if job.printed && stop != Stop::Broken {
        job.pages += 1;
    }
    Body { decoded: job.decoded, ..Body::new(stop, job.pages, job.elements) }
}

impl Job<'_> {
    fn element(&mut self, trail: &mut Trail) -> Next {
        match trail.byte() {
            Some(ESC) => self.escape(trail),
            Some(0x0C) => self.feed(trail),
            Some(byte @ (b'\r' | b'\n')) => {
                self.text.text(trail.at, &[byte]);
                self.unsure(trail)
            }
            Some(0x08 | b'\t' | 0x0E | 0x0F) => self.unsure(trail),
            Some(0x20..=0xFE) => self.text(trail),
            _ => self.end(trail),
        }
    }

    fn feed(&mut self, trail: &mut Trail) -> Next {
        let alone = self.complete.is_some() && !self.printed && !self.texts;
        if alone && trail.peek(2).get(1) != Some(&ESC) {
            return self.end(trail);
        }
        self.pages += 1;
        self.printed = false;
        self.weak = std::mem::take(&mut self.data);
        self.complete = Some(trail.at + 1);
        self.text.text(trail.at, b"\n");
        // A form feed behind text alone may be chance.
        if self.texts || !self.wrote {
            return self.taken(trail, 1);
        }
        if trail.take(1) { Next::More } else { Next::Stop(Stop::Broken) }
    }

    /// A control character, which chance makes often: it confirms nothing.
    fn unsure(&mut self, trail: &mut Trail) -> Next {
        // Behind what may be the job's end it is the next thing's.
        let ends = self.complete.is_some() && !self.texts;
        if ends && !trail.peek(3).iter().any(|byte| matches!(*byte, ESC | 0x0C)) {
            return self.end(trail);
        }
        if trail.take(1) { Next::More } else { Next::Stop(Stop::Broken) }
    }

    fn taken(&mut self, trail: &mut Trail, bytes: u64) -> Next {
        trail.confirm();
        self.elements += 1;
        if trail.take(bytes) { Next::More } else { Next::Stop(Stop::Broken) }
    }

    fn text(&mut self, trail: &mut Trail) -> Next {
        if self.complete.is_some() && !self.texts {
            return self.end(trail);
        }
        let at = trail.at;
        if self.line.end != at {
            self.line.start = at;
        } else if at - self.line.start >= LINE {
            trail.at = self.line.start;
            return self.end(trail);
        }
        let seen = trail.peek(RUN);
        let count =
            seen.iter().position(|byte| *byte < 0x20 || *byte == 0xFF).unwrap_or(seen.len());
        let run = &seen[..count];
        self.line.end = at + count as u64;
        self.text.text(at, run);
        (self.printed, self.ever, self.wrote) = (true, true, true);
        if trail.take(count as u64) { Next::More } else { Next::Stop(Stop::Broken) }
    }

    fn escape(&mut self, trail: &mut Trail) -> Next {
        if trail.starts(UEL) {
            trail.confirm();
            return Next::Stop(Stop::Uel);
        }
        if self.ever
            && trail.byte() == Some(ESC)
            && !trail.starts(b"\x1bE")
            && self.is_another(trail)
        {
            return self.end(trail);
        }
        match sequence::opening(trail.peek(LOOK)) {
            Some(Opening::Short(b'E')) => self.reset(trail),
            Some(Opening::Short(_)) => self.taken(trail, 2),
            Some(Opening::Long { prefix, group, bytes }) => {
                if sequence::value(&trail.peek(LOOK)[bytes..]).is_none() {
                    return self.end(trail);
                }
                self.texts |= std::mem::take(&mut self.wrote);
                trail.confirm();
                if !trail.take(bytes as u64) {
                    return Next::Stop(Stop::Broken);
                }
                self.values(trail, prefix, group)
            }
            None => self.end(trail),
        }
    }

    /// Whether another driver's job begins here.
    fn is_another(&self, trail: &mut Trail) -> bool {
        let aligned = trail.at.is_multiple_of(512);
        let begins = (aligned || self.complete.is_some())
            && trail.job_ahead(0)
            && trail.peek(FIRST) != self.first;
        if begins && aligned {
            trail.foreign = Some(trail.at);
        }
        begins
    }

    /// `ESC E`: the beginning, a new start in the middle, or the end.
    fn reset(&mut self, trail: &mut Trail) -> Next {
        trail.confirm();
        let at = trail.at;
        self.elements += 1;
        let first = !self.ever;
        let page = !first && trail.peek(FIRST) == self.first;
        // The next job's, where this one is complete and another reset with more stands here.
        if !first
            && !page
            && at.is_multiple_of(512)
            && self.complete.is_some()
            && trail.peek(3).get(2) == Some(&ESC)
            && !trail.starts(b"\x1bE\x1b%-12345X")
        {
            return Next::Stop(Stop::Foreign);
        }
        if !trail.take(2) {
            return Next::Stop(Stop::Broken);
        }
        if self.printed {
            self.pages += 1;
        }
        self.printed = false;
        if first {
            return Next::More;
        }
        self.complete = Some(trail.at);
        self.weak = false;
        trail.confirm();
        // Some drivers feed the sheet out behind their last reset.
        let tails = [&b"\x1b&l0H"[..], b"\x1b*rC\x1b%0BPG;"];
        if let Some(tail) = tails.into_iter().find(|tail| trail.starts(tail)) {
            if !trail.take(tail.len() as u64) {
                return Next::Stop(Stop::Broken);
            }
            self.complete = Some(trail.at);
            trail.confirm();
        }
        let next = trail.peek(LOOK).to_vec();
        match () {
            () if page => Next::More,
            () if next.starts_with(UEL) => Next::Stop(Stop::Uel),
            () if !trail.at.is_multiple_of(512) && trail.peek(FIRST) == self.first => Next::More,
            // A second reset is the next job's.
            () if next.starts_with(b"\x1bE") || sequence::opening(&next).is_none() => {
                Next::Stop(Stop::Closed)
            }
            () if trail.job_ahead(0) || trail.at.is_multiple_of(512) => Next::Stop(Stop::Closed),
            () => Next::More,
        }
    }

    fn values(&mut self, trail: &mut Trail, prefix: u8, group: u8) -> Next {
        loop {
            let at = trail.at;
            let Some(value) = sequence::value(trail.peek(LOOK)) else {
                // Some drivers leave a sequence open before the next.
                return match trail.byte() {
                    Some(ESC) => Next::More,
                    _ => Next::Stop(Stop::Broken),
                };
            };
            trail.confirm();
            self.elements += 1;
            if !trail.take(value.bytes as u64) {
                return Next::Stop(Stop::Broken);
            }
            self.note(at, prefix, group, value);
            let data = sequence::data(prefix, group, value);
            if data > 0 {
                let packing =
                    if group == b'b' && prefix == b'*' { self.packing } else { Packing::Unknown };
                self.decoded &= comes_out(trail, packing, data);
            }
            (self.data, self.weak) = (data > 0, false);
            if !self.data(trail, data, prefix == b'&' && group == b'p') {
                return Next::Stop(Stop::Broken);
            }
            if !value.last || is_left_open(trail, prefix, group) {
                continue;
            }
            let graphics = prefix == b'%' && group == 0 && value.letter == b'B';
            if graphics && matches!(value.number, -1..=3) {
                (self.printed, self.ever) = (true, true);
                let plotted = hpgl::inside(trail, self.text);
                self.elements += plotted.unwrap_or_else(|commands| commands);
                if plotted.is_err() {
                    return Next::Stop(Stop::Broken);
                }
            }
            return Next::More;
        }
    }

    fn data(&mut self, trail: &mut Trail, count: u64, is_text: bool) -> bool {
        if count > 0 {
            (self.printed, self.ever, self.complete) = (true, true, None);
            if is_text {
                let at = trail.at;
                let seen = trail.peek(usize::try_from(count).unwrap_or(RUN).min(RUN));
                self.text.text(at, seen);
            }
        }
        trail.data(count)
    }

    /// What a value says of pages and of the cursor.
    fn note(&mut self, at: u64, prefix: u8, group: u8, value: Value) {
        let ends = matches!((prefix, group, value.letter), (b'*', b'r', b'B' | b'C'));
        self.complete = ends.then_some(at + value.bytes as u64);
        match (prefix, group, value.letter) {
            (b'*', b'b', b'M') => self.packing = Packing::of_pcl(value.number),
            (b'*', b'r', b'A') => self.packing = Packing::Plain,
            (b'&', b'u', b'D') if value.number > 0 => self.units = value.number,
            (b'&', b'l', b'H') if value.number == 0 && self.printed => {
                self.pages += 1;
                self.printed = false;
            }
            (b'*', b'p', b'Y') | (b'&', b'a', b'V' | b'R') => self.text.text(at, b"\n"),
            // Kerning moves less than a sixtieth of an inch.
            (b'*', b'p', b'X') if value.signed && value.number <= self.units / 60 => {}
            (b'*', b'p', b'X') => self.text.text(at, b" "),
            (b'&', b'a', b'H' | b'C') => self.text.text(at, b" "),
            _ => {}
        }
    }

    /// What stands here is not PCL: the job ended where it was complete last, or with its last text, or it broke.
    fn end(&mut self, trail: &mut Trail) -> Next {
        let Self { ever, complete, texts, weak, .. } = *self;
        Next::Stop(trail.end(Ending { ever, complete, texts, weak }))
    }
}
