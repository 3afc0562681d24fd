//! The way of a walker of a printer's language through a job: where it is, up to where it is sure, and where another
//! file begins that no job may swallow.
//!
//! Data whose length a job gives may hold anything, so a job that is cut would take what follows for its own. Two things
//! are never data: a UEL (by the specification of PJL the end of every language; nine bytes that chance does not make),
//! and, on a sector's boundary from the job's first byte, the whole beginning of another print job.

use memchr::memmem;

use crate::{Stretch, stretch::WINDOW};

/// Universal Exit Language: begins and ends what is wrapped in PJL.
pub const UEL: &[u8] = b"\x1b%-12345X";

/// A job that broke must have so many bytes that are sure: a bait has a real beginning, too.
pub const BAIT: u64 = 128;

/// Data that nothing decodes leave no place where a job may have been torn and joined another way, if they are no longer.
pub const SHORT: u64 = 16 * 1024;

/// Behind fewer bytes no command has data longer than [`LONGEST_EARLY`]. Records of spool files may: their heads are shorter, and say more
/// than a few letters do.
const EARLY: u64 = 100;
const LONGEST_EARLY: u64 = 8 << 20;

const SECTOR: u64 = 512;
/// How far back a border is looked for.
const LAG: u64 = 4096;
/// The most filling before another file that is not told as a job's.
const FILLING: u64 = 64 << 20;
/// How much of data is looked through at once.
const STEP: usize = WINDOW / 4;

/// What stands first in print jobs, and never on a sector's boundary inside another one.
const JOBS: &[&[u8]] = &[
    UEL,
    b"\x1bE\x1b&",
    b"\x1bE\x1b*",
    b"\x1bE\x1b%",
    b"\x1bE\x1b(",
    b"\x1b*rbC\x1b",
    b"\x1b*rB\x1b*",
    b"\x1b%1BBPIN",
    b"\x1b@\x1b(",
    b"\x1b@\x1bP",
    b"\x1b[K\x02\x00",
    b"\x1b\x01@EJL",
    b"\x00\x00\x00\x1b\x01@EJL",
    b"%!PS-Adobe-3.",
    b"%!PS-Adobe-2.",
    b"%PDF-1.",
    b") HP-PCL XL;",
    b"( HP-PCL XL;",
    b"RaS2PwgRaster",
    b"UNIRAST\x00",
    b"JZJZ\x00\x00\x00",
    b"\xa5SLX\x00\x00\x00",
    b"OAKTP\x00\x00\x00",
];

/// What stands first in other files; data of a job may hold such a one whole.
const OTHERS: &[&[u8]] = &[
    b"%PDF-2.",
    b"%!PS",
    b"PK\x03\x04",
    b"\xff\xd8\xff\xe0",
    b"\xff\xd8\xff\xe1",
    b"\xff\xd8\xff\xdb",
    b"\x89PNG\r\n\x1a\n",
    b"GIF8",
    b"^XA",
    b"~DG",
    b"II*\x00",
    b"MM\x00*",
    b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
    b"SQLite format 3\x00",
    b"{\\rtf",
    b"\x1f\x8b\x08",
    b"7z\xbc\xaf\x27\x1c",
    b"RaSt",
    b"tSaR",
    b"RaS3",
    b"3SaR",
    b"RaS2",
    b"2SaR",
    b"\x1b@\x1b",
    b"\xc5\xd0\xd3\xc6",
];

fn begins_with(seen: &[u8], list: &[&[u8]]) -> bool {
    list.iter().any(|magic| seen.starts_with(magic))
}

pub struct Trail<'t, 'a> {
    pub stretch: &'t mut Stretch<'a>,
    begin: u64,
    /// The next byte.
    pub at: u64,
    /// Up to here what follows confirmed that the bytes are the job's own.
    pub sure: u64,
    /// What was confirmed last: sure as soon as something is confirmed behind it.
    last: u64,
    /// A few KiB before the last byte that is sure.
    older: [u64; 2],
    /// Where another job begins: nothing is taken from there on.
    pub foreign: Option<u64>,
    /// All data so far were short.
    pub short: bool,
}

impl<'t, 'a> Trail<'t, 'a> {
    pub fn new(stretch: &'t mut Stretch<'a>, at: u64) -> Self {
        Self {
            stretch,
            begin: at,
            at,
            sure: at,
            last: at,
            older: [at; 2],
            foreign: None,
            short: true,
        }
    }

    /// At most `count` of the next bytes.
    pub fn peek(&mut self, count: usize) -> &[u8] {
        self.stretch.peek(self.at, count)
    }

    pub fn byte(&mut self) -> Option<u8> {
        self.peek(1).first().copied()
    }

    pub fn starts(&mut self, with: &[u8]) -> bool {
        self.stretch.starts(self.at, with)
    }

    /// Takes bytes that were seen and are of the grammar. False where another job begins among them.
    pub fn take(&mut self, count: u64) -> bool {
        let end = self.at.saturating_add(count);
        if self.at / SECTOR != end / SECTOR && !self.borders_are_clear(end) {
            return false;
        }
        self.at = end.min(self.stretch.len());
        end == self.at
    }

    /// Takes data of any content. False where another job begins inside, or the stretch ends, or a few bytes of a bait tell of more than
    /// they are worth.
    pub fn data(&mut self, count: u64) -> bool {
        let early = self.at < self.begin + EARLY && count > LONGEST_EARLY;
        !early && self.pass(count)
    }

    /// The same, however few bytes came before.
    pub fn pass(&mut self, count: u64) -> bool {
        let end = self.at.saturating_add(count);
        self.short &= count <= SHORT;
        while self.at < end {
            let step = (end - self.at).min(STEP as u64);
            let seen = self.stretch.peek(self.at, step as usize + UEL.len() - 1);
            if let Some(place) = memmem::find(seen, UEL).filter(|place| (*place as u64) < step) {
                self.at += place as u64;
                self.foreign = Some(self.at);
                return false;
            }
            if !self.take(step) {
                return false;
            }
        }
        true
    }

    /// Looks at every sector's boundary behind the next byte and before `end`.
    fn borders_are_clear(&mut self, end: u64) -> bool {
        let mut border = (self.at / SECTOR + 1) * SECTOR;
        while border < end && border < self.stretch.len() {
            if self.job_begins(border) {
                self.at = border;
                self.foreign = Some(border);
                return false;
            }
            border += SECTOR;
        }
        true
    }

    fn job_begins(&mut self, at: u64) -> bool {
        let seen = self.stretch.peek(at, 16);
        // All of them begin with one of a few bytes.
        let possible = matches!(
            seen.first(),
            Some(0x1B | b'%' | b')' | b'(' | b'R' | b'U' | b'J' | 0xA5 | b'O' | 0)
        );
        possible && begins_with(seen, JOBS)
    }

    /// Something of the grammar stands here, so that what came before the last such place is surely the job's own.
    pub fn confirm(&mut self) {
        if self.at == self.last {
            return;
        }
        (self.sure, self.last) = (self.last, self.at);
        if self.sure - self.older[1] >= LAG {
            self.older = [self.older[1], self.sure];
        }
    }

    /// What came so far is sure by itself.
    pub fn settle(&mut self) {
        (self.sure, self.last) = (self.at, self.at);
    }

    /// How long a job is that broke here: up to where another file, or nothing but zeros or ones, begins behind the last
    /// byte that is sure, or not long before, because zeros may be packed lines too; that byte itself where no border is seen.
    pub fn broken(&mut self) -> u64 {
        let end = self.foreign.unwrap_or(self.at).min(self.stretch.len());
        let mut border = self.older[0].next_multiple_of(SECTOR).max(SECTOR);
        while border <= end {
            if self.is_border(border) {
                return border;
            }
            border += SECTOR;
        }
        match self.foreign {
            Some(foreign) => foreign,
            None => self.sure.min(end),
        }
    }

    /// The same where data are only counted, and zeros or ones may be a picture's white: all up to where another file begins, but for
    /// what fills the sectors before that.
    pub fn broken_counted(&mut self) -> u64 {
        let mut end = self.foreign.unwrap_or(self.at).min(self.stretch.len());
        let least = self.sure.max(end.saturating_sub(FILLING));
        while end > least {
            let from = least.max((end - 1) / STEP as u64 * STEP as u64);
            let seen = self.stretch.peek(from, (end - from) as usize);
            let filler = |sector: &&[u8]| {
                matches!(sector[0], 0 | 0xFF) && sector.iter().all(|byte| *byte == sector[0])
            };
            let filled: usize =
                seen.rchunks(SECTOR as usize).take_while(filler).map(<[u8]>::len).sum();
            end -= filled as u64;
            if filled == 0 || end > from {
                break;
            }
        }
        end
    }

    fn is_border(&mut self, at: u64) -> bool {
        let seen = self.stretch.peek(at, SECTOR as usize);
        if begins_with(seen, JOBS) || begins_with(seen, OTHERS) {
            return true;
        }
        let same = |byte: u8| seen.iter().all(|seen| *seen == byte);
        seen.first().is_some_and(|first| matches!(first, 0 | 0xFF) && same(*first))
    }

    /// Whether the beginning of a job stands so many bytes ahead.
    pub fn job_ahead(&mut self, skip: u64) -> bool {
        self.job_begins(self.at + skip)
    }

    /// Whether nothing but the end, zeros or ones follow: a text's last line needs no mark of its end then.
    pub fn before_nothing(&mut self) -> bool {
        let seen = self.peek(64);
        seen.iter().all(|byte| *byte == 0) || seen.iter().all(|byte| *byte == 0xFF)
    }
}

/// What a walk knows of a job in a language without an end of its own, where what follows is not that language.
pub struct Ending {
    /// Anything was printed at all.
    pub ever: bool,
    /// Behind the last element at which the job was complete.
    pub complete: Option<u64>,
    /// Text was printed since.
    pub texts: bool,
    /// What made the job complete may have been chance.
    pub weak: bool,
}

impl Trail<'_, '_> {
    /// The job ended where it was complete last, or with its last text, or it broke.
    pub fn end(&mut self, job: Ending) -> Stop {
        let more = self.at > job.complete.unwrap_or(self.sure);
        let text_to_the_end = job.texts && more && self.before_nothing();
        match job.complete {
            _ if !job.ever => Stop::Broken,
            Some(_) if job.weak && !self.before_nothing() => Stop::Broken,
            _ if text_to_the_end => Stop::Foreign,
            Some(place) => {
                self.at = place;
                Stop::Foreign
            }
            None => Stop::Broken,
        }
    }
}

/// How a walk through one language came to its end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stop {
    /// The language says itself that it ends here.
    Closed,
    /// A UEL stands here.
    Uel,
    /// What stands here is not of this language, which has no end of its own; all before it is complete.
    Foreign,
    /// It broke: something is missing.
    Broken,
}

/// What one language's part of a job is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Body {
    pub stop: Stop,
    pub pages: u32,
    /// Elements of the grammar that held together; none where nothing but chance speaks for it.
    pub elements: u64,
    /// Whether everything inside was decoded.
    pub decoded: bool,
}

impl Body {
    pub fn new(stop: Stop, pages: u32, elements: u64) -> Self {
        Self { stop, pages, elements, decoded: false }
    }
}
