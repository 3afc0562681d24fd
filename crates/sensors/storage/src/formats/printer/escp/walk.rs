//! One way through a job.

use memchr::memmem;

use super::{
    super::trail::{Body, Ending, Stop, Trail, UEL},
    table::{self, Sequence},
};

const ESC: u8 = 0x1B;
const LOOK: usize = 64;
/// So many of a job's first bytes tell whether its driver began a page or another job.
const FIRST: usize = 11;
/// The most of text, or of packed runs, that is looked at at once.
const RUN: usize = 4096;

#[derive(Default)]
struct Job {
    pages: u32,
    elements: u64,
    printed: bool,
    ever: bool,
    /// The job's first bytes: where they stand again, it is the same driver's next page.
    first: Vec<u8>,
    /// Behind what may be the job's end, where nothing of another kind came since.
    complete: Option<u64>,
    /// A reset came behind something printed.
    reset: bool,
    texts: bool,
    wrote: bool,
    /// Pictures came before any text: this job prints none.
    pictures: bool,
    /// The last element was a picture, behind which a form feed may be chance.
    data: bool,
    /// What made the job complete may have been chance.
    weak: bool,
}

enum Next {
    More,
    Stop(Stop),
}

pub fn walk(trail: &mut Trail) -> Body {
    let first = trail.peek(FIRST).to_vec();
    let mut job = Job { first, ..Job::default() };
    if trail.starts(&[0, 0, 0, ESC, 1]) {
        trail.take(3);
    }
    let stop = loop {
        if let Next::Stop(stop) = job.element(trail) {
            break stop;
        }
    };
    let pages = job.pages + u32::from(job.printed && stop != Stop::Broken);
    Body { decoded: trail.short, ..Body::new(stop, pages, job.elements) }
}

fn more(taken: bool) -> Next {
    if taken { Next::More } else { Next::Stop(Stop::Broken) }
}

impl Job {
    fn element(&mut self, trail: &mut Trail) -> Next {
        match trail.byte() {
            Some(ESC) => self.escape(trail),
            Some(0x0C) => self.feed(trail),
            // Of Japanese printers: two letters and a value.
            Some(0x1C) => more(trail.take(3)),
            Some(b'\r' | b'\n' | b'\t' | 8 | 0x0B | 0x0E | 0x0F | 0x11..=0x14 | 0x18) => {
                self.control(trail)
            }
            Some(0x20..=0xFE) => self.text(trail),
            _ => self.end(trail),
        }
    }

    /// Whether what stands here may be another thing's, because the job may have ended.
    fn may_have_ended(&self) -> bool {
        self.complete.is_some() && !self.texts
    }

    fn control(&mut self, trail: &mut Trail) -> Next {
        if self.pictures && !trail.peek(1).iter().all(|byte| b"\r\n\t\x0f\x12".contains(byte)) {
            return self.end(trail);
        }
        self.data = false;
        if self.may_have_ended() && !trail.peek(4).iter().any(|byte| matches!(*byte, ESC | 0x0C)) {
            return self.end(trail);
        }
        more(trail.take(1))
    }

    fn feed(&mut self, trail: &mut Trail) -> Next {
        if self.may_have_ended() && !self.printed && !self.reset {
            return self.end(trail);
        }
        self.pages += u32::from(self.printed);
        self.printed = false;
        if self.texts || !self.wrote {
            trail.confirm();
            self.elements += 1;
        }
        let taken = trail.take(1);
        self.weak = std::mem::take(&mut self.data) && !self.reset;
        self.complete = Some(trail.at);
        if taken && self.reset && self.ever && trail.peek(FIRST) != self.first {
            return Next::Stop(Stop::Closed);
        }
        more(taken)
    }

    fn text(&mut self, trail: &mut Trail) -> Next {
        if self.may_have_ended() || self.pictures {
            return self.end(trail);
        }
        let seen = trail.peek(RUN);
        let count =
            seen.iter().position(|byte| *byte < 0x20 || *byte == 0xFF).unwrap_or(seen.len());
        (self.printed, self.ever, self.wrote) = (true, true, true);
        more(trail.take(count as u64))
    }

    fn escape(&mut self, trail: &mut Trail) -> Next {
        if trail.starts(UEL) {
            trail.confirm();
            return Next::Stop(Stop::Uel);
        }
        let Some(sequence) = table::escape(trail.peek(LOOK)) else { return self.end(trail) };
        let remote = matches!(sequence, Sequence::Remote(..));
        // Behind a last reset only remote commands are the same job's.
        let other = self.ever && self.complete.is_some() && self.is_other(trail, sequence);
        if other {
            return self.end(trail);
        }
        if self.reset
            && self.ever
            && !remote
            && (trail.at.is_multiple_of(512) || self.begins_again(trail, sequence))
        {
            let again = !trail.at.is_multiple_of(512) && trail.peek(FIRST) == self.first;
            if !again {
                return Next::Stop(Stop::Closed);
            }
            self.reset = false;
        }
        trail.confirm();
        (self.data, self.weak) = (false, false);
        self.texts |= std::mem::take(&mut self.wrote);
        self.elements += 1;
        match sequence {
            Sequence::Reset => self.reset(trail),
            Sequence::Remote(head, count) => self.remote(trail, head, count),
            Sequence::Plain(bytes) => {
                self.complete = None;
                more(trail.take(bytes as u64))
            }
            Sequence::Data(head, count) => {
                self.complete = None;
                self.picture(trail.peek(2), count);
                more(trail.take(head as u64) && trail.data(count))
            }
            Sequence::Runs(head, count) => {
                self.complete = None;
                self.picture(b"\x1b.", count);
                more(trail.take(head as u64) && runs(trail, count))
            }
            Sequence::Settings(head) => more(trail.take(head as u64) && settings(trail)),
            Sequence::Line(head) => more(trail.take(head as u64) && line(trail)),
            Sequence::List(head) => {
                let end = trail.peek(LOOK).iter().skip(head).position(|byte| *byte == 0);
                more(end.is_some_and(|end| trail.take((head + end + 1) as u64)))
            }
        }
    }

    /// Whether another driver's job begins here, behind what may be the end of this one.
    fn is_other(&self, trail: &mut Trail, sequence: Sequence) -> bool {
        match sequence {
            Sequence::Line(_) => !matches!(self.first.as_slice(), [0, ..] | [ESC, 1, ..]),
            // A last reset stands before the next job.
            Sequence::Reset if trail.job_ahead(2) => false,
            Sequence::Reset => {
                let seen = trail.peek(FIRST);
                matches!(seen.get(2..4), Some([ESC, next]) if !matches!(next, b'@' | b'('))
                    && seen != self.first
            }
            _ => false,
        }
    }

    /// Whether a sequence behind the last reset begins another job.
    fn begins_again(&self, trail: &mut Trail, sequence: Sequence) -> bool {
        matches!(sequence, Sequence::Reset | Sequence::Line(_)) || trail.job_ahead(0)
    }

    /// A sequence with data: whether it prints.
    fn picture(&mut self, head: &[u8], count: u64) {
        let prints = !matches!(head, [_, b'('] | [_, b'[']) || count > 16;
        if prints && count > 0 {
            self.pictures |= !self.texts && !self.wrote;
            self.data = true;
            (self.printed, self.ever, self.reset) = (true, true, false);
        }
    }

    fn reset(&mut self, trail: &mut Trail) -> Next {
        let taken = trail.take(2);
        if self.ever {
            self.pages += u32::from(self.printed);
            (self.printed, self.reset, self.complete) = (false, true, Some(trail.at));
        }
        more(taken)
    }

    /// Remote commands: two letters, a length, values; then `ESC 0 0 0`.
    fn remote(&mut self, trail: &mut Trail, head: usize, count: u64) -> Next {
        if !trail.take(head as u64) || !trail.data(count) {
            return Next::Stop(Stop::Broken);
        }
        for _ in 0..1000 {
            match *trail.peek(4) {
                [ESC, 0, 0, 0] => {
                    let taken = trail.take(4);
                    trail.confirm();
                    if self.ever && taken {
                        self.complete = Some(trail.at);
                        self.reset = true;
                    }
                    return more(taken);
                }
                [a, b, low, high] if a.is_ascii_uppercase() && b.is_ascii_uppercase() => {
                    let count = u64::from(u16::from_le_bytes([low, high]));
                    if !trail.take(4) || !trail.data(count) {
                        return Next::Stop(Stop::Broken);
                    }
                }
                // ESC/P-R is opened like remote commands, and goes on with sequences.
                [ESC, ..] => return Next::More,
                _ => return Next::Stop(Stop::Broken),
            }
        }
        Next::Stop(Stop::Broken)
    }

    fn end(&mut self, trail: &mut Trail) -> Next {
        let Self { ever, complete, texts, weak, .. } = *self;
        Next::Stop(trail.end(Ending { ever, complete, texts, weak }))
    }
}

/// Lines of `@EJL`, up to one that none follows.
fn line(trail: &mut Trail) -> bool {
    for _ in 0..64 {
        let seen = trail.peek(1024);
        let Some(end) = seen.iter().position(|byte| *byte == b'\n') else { return false };
        if seen[..end].iter().any(|byte| *byte < 0x20 && *byte != b'\r') {
            return false;
        }
        if !trail.take(end as u64 + 1) {
            return false;
        }
        if !trail.starts(b"@EJL") {
            return true;
        }
    }
    false
}

/// Lines up to the one that closes them.
fn settings(trail: &mut Trail) -> bool {
    let end = memmem::find(trail.peek(RUN), b"BJLEND\n");
    end.is_some_and(|end| trail.take(end as u64 + 7))
}

/// Takes runs that unpack to exactly so many bytes.
fn runs(trail: &mut Trail, bytes: u64) -> bool {
    let mut made = 0;
    while made < bytes {
        let seen = trail.peek(RUN);
        let mut at = 0;
        while made < bytes {
            let Some(code) = seen.get(at).copied() else { break };
            let (take, count) = match code {
                0..=0x7F => (usize::from(code) + 1, usize::from(code) + 1),
                _ => (1, 257 - usize::from(code)),
            };
            if at + 1 + take > seen.len() {
                break;
            }
            at += 1 + take;
            made += count as u64;
        }
        if at == 0 || made > bytes || !trail.take(at as u64) {
            return false;
        }
    }
    true
}
