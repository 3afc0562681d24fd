//! HP-GL/2: commands of two letters with numbers, labels up to their own terminator, polylines in a base of 64 or 32.
//!
//! Inside PCL it ends where an escape begins; alone, as plotters get it, behind the last command that is one. Such a file
//! must begin with `IN;` on a sector's boundary and go on with commands: its end is exact where no text of two known letters follows.

use memchr::memchr;

use super::{HPGL, text::Text, trail::Trail};
use crate::{
    Stretch,
    formats::{End, Format, Proof, Signature, Texts, Walked},
};

pub static FORMAT: Format = Format {
    kind: HPGL,
    signatures: &[Signature::new(b"IN;").aligned(), Signature::new(b"BP;IN").aligned()],
    looks,
    walk,
    texts: Some(texts),
    picture: None,
};

/// The most of one label, and of numbers that are looked at at once.
const LABEL: usize = 4096;
const RUN: usize = 512;
const ESC: u8 = 0x1B;

const COMMANDS: &[&[u8; 2]] = &[
    b"AA", b"AC", b"AD", b"AR", b"AT", b"BL", b"BP", b"BR", b"BZ", b"CF", b"CI", b"CO", b"CP",
    b"CR", b"DF", b"DI", b"DL", b"DR", b"DT", b"DV", b"EA", b"EC", b"EP", b"ER", b"ES", b"EW",
    b"FI", b"FN", b"FP", b"FR", b"FT", b"IN", b"IP", b"IR", b"IW", b"LA", b"LB", b"LM", b"LO",
    b"LT", b"MC", b"MG", b"MT", b"NP", b"NR", b"OE", b"OH", b"OI", b"OP", b"OS", b"PA", b"PC",
    b"PD", b"PE", b"PG", b"PM", b"PP", b"PR", b"PS", b"PU", b"PW", b"QL", b"RA", b"RF", b"RO",
    b"RP", b"RR", b"RT", b"SA", b"SB", b"SC", b"SD", b"SI", b"SL", b"SM", b"SP", b"SR", b"SS",
    b"ST", b"SV", b"TD", b"TR", b"UC", b"UL", b"VS", b"WG", b"WU", b"XT", b"YT",
];

fn looks(seen: &[u8]) -> bool {
    let text = seen.iter().take(64);
    let mut plain = text.clone().filter(|byte| matches!(byte, 0x20..=0x7E | b'\r' | b'\n'));
    seen.len() >= 16
        && plain.by_ref().count() == text.len()
        && seen.split(|byte| *byte == b';').take(6).skip(1).filter(|part| is_command(part)).count()
            >= 3
}

/// Whether at least three commands stand here, as behind `ESC%0B`.
pub fn begins(seen: &[u8]) -> bool {
    let seen = &seen[..seen.len().min(64)];
    let plain = seen.iter().take_while(|byte| matches!(byte, 0x20..=0x7E | b'\r' | b'\n')).count();
    let commands = seen[..plain].split(|byte| *byte == b';').take(3);
    commands.filter(|part| is_command(part)).count() == 3
}

fn is_command(part: &[u8]) -> bool {
    part.trim_ascii_start().first_chunk::<2>().is_some_and(known)
}

fn known(letters: &[u8; 2]) -> bool {
    COMMANDS.contains(&&letters.map(|letter| letter.to_ascii_uppercase()))
}

/// Takes the text of labels.
type Label<'l> = &'l mut dyn FnMut(u64, &[u8]);

/// The plotter's state that decides where a command ends.
struct Plot {
    terminator: u8,
    commands: u64,
    pages: u32,
}

impl Plot {
    fn new() -> Self {
        Self { terminator: 3, commands: 0, pages: 0 }
    }
}

/// Takes commands up to an escape, and says how many; that is an error where something else stands, or the stretch ends.
pub fn inside(trail: &mut Trail, text: &mut dyn Text) -> Result<u64, u64> {
    let mut plot = Plot::new();
    let mut label = |at: u64, bytes: &[u8]| {
        text.text(at, bytes);
        text.text(at, b"\n");
    };
    while plot.command(trail, &mut label) {}
    let ended = trail.byte() == Some(ESC);
    if ended { Ok(plot.commands) } else { Err(plot.commands) }
}

impl Plot {
    /// Takes one command; false where none stands.
    fn command(&mut self, trail: &mut Trail, label: Label) -> bool {
        let blank = trail.peek(RUN).iter().take_while(|byte| b" ;\r\n\t".contains(byte)).count();
        if blank > 0 {
            return trail.take(blank as u64);
        }
        let Some(letters) = trail.peek(2).first_chunk::<2>().copied().filter(known) else {
            return false;
        };
        trail.confirm();
        self.commands += 1;
        if !trail.take(2) {
            return false;
        }
        match &letters.map(|letter| letter.to_ascii_uppercase()) {
            b"LB" => self.label(trail, label),
            b"DT" => self.terminator(trail),
            b"PE" => polyline(trail),
            b"SM" => trail.byte().is_none_or(|byte| byte == b';' || trail.take(1)),
            b"PG" => {
                self.pages += 1;
                numbers(trail)
            }
            _ => numbers(trail),
        }
    }

    fn label(&mut self, trail: &mut Trail, label: Label) -> bool {
        let at = trail.at;
        let seen = trail.peek(LABEL);
        let Some(end) = memchr(self.terminator, seen) else { return false };
        label(at, &seen[..end]);
        trail.take(end as u64 + 1)
    }

    fn terminator(&mut self, trail: &mut Trail) -> bool {
        match trail.byte() {
            Some(b';') | None => self.terminator = 3,
            Some(byte) => {
                self.terminator = byte;
                return trail.take(1) && numbers(trail);
            }
        }
        true
    }
}

/// Numbers, signs, and strings in quotation marks.
fn numbers(trail: &mut Trail) -> bool {
    let mut quoted = false;
    for _ in 0..64 * 1024 {
        let seen = trail.peek(RUN);
        let mut count = 0;
        for byte in seen {
            match byte {
                b'"' => quoted = !quoted,
                0x20..=0x7E if quoted => {}
                b'0'..=b'9' | b'+' | b'-' | b'.' | b',' | b' ' | b'\r' | b'\n' => {}
                _ => break,
            }
            count += 1;
        }
        let full = count == seen.len();
        if !trail.take(count as u64) {
            return false;
        }
        if !full || count == 0 {
            break;
        }
    }
    !quoted
}

fn polyline(trail: &mut Trail) -> bool {
    loop {
        let seen = trail.peek(LABEL);
        let end = memchr(b';', seen);
        let part = &seen[..end.unwrap_or(seen.len())];
        let odd = part.iter().any(|byte| matches!(byte, 0..=9 | 11 | 12 | 14..=0x1F | 0x7F..=0xA0));
        if odd || seen.is_empty() {
            return false;
        }
        let count = part.len() as u64;
        if !trail.take(count) {
            return false;
        }
        if end.is_some() {
            return true;
        }
    }
}

fn walk(stretch: &mut Stretch) -> Option<Walked> {
    looks(stretch.peek(0, 512)).then_some(())?;
    let mut trail = Trail::new(stretch, 0);
    let mut plot = Plot::new();
    while plot.command(&mut trail, &mut |_, _| {}) {}
    let ended = trail.foreign.is_none() && trail.before_nothing();
    let length = if ended { trail.at } else { trail.sure.max(1) };
    if plot.commands < 8 {
        return None;
    }
    let mut walked = Walked::whole(length, Proof::Structure);
    walked.end = if ended { End::Whole } else { End::Broken };
    walked.details.pages = Some(plot.pages.max(1));
    Some(walked)
}

fn texts(stretch: &mut Stretch, walked: &Walked, texts: &mut dyn Texts) {
    texts.begin("hp-gl");
    let mut trail = Trail::new(stretch, 0);
    let mut plot = Plot::new();
    let mut label = |at: u64, bytes: &[u8]| {
        if at < walked.length {
            texts.push(bytes);
            texts.push(b"\n");
        }
    };
    while plot.command(&mut trail, &mut label) {}
}
