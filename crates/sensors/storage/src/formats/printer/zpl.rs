//! ZPL of label printers: labels from `^XA` to `^XZ`, commands of a sign and two letters, pictures in text (`~DG`, `^GF`)
//! or, with a count, in binary.
//!
//! Labels that follow each other without a gap are one job; it ends behind the last `^XZ` and its line. Exact.

use memchr::memmem;

use super::{
    ZPL,
    trail::{BAIT, Trail},
};
use crate::{
    Stretch,
    formats::{End, Format, Proof, Signature, Texts, Walked},
};

pub static FORMAT: Format = Format {
    kind: ZPL,
    signatures: &[
        Signature::new(b"^XA"),
        Signature::new(b"~DG").aligned(),
        Signature::new(b"~DY").aligned(),
        Signature::new(b"~DGR:"),
        Signature::new(b"~DGE:"),
        Signature::new(b"~DYR:"),
        Signature::new(b"~DYE:"),
    ],
    looks,
    walk,
    texts: Some(texts),
    picture: None,
};

/// The most of one field's text.
const FIELD: usize = 4096;

fn is_command(seen: &[u8]) -> bool {
    matches!(seen, [b'^' | b'~', a, b, ..] if a.is_ascii_uppercase() && (b.is_ascii_alphanumeric() || *b == b'@'))
}

/// What a job must have for chance not to have made it: commands, or so much of a picture in letters.
const FEWEST: u64 = 3;
const PICTURE: usize = 512;

/// Whether pictures are written with it.
fn is_point(byte: &u8) -> bool {
    byte.is_ascii_alphanumeric() || b",:!.\r\n".contains(byte)
}

fn is_text(byte: u8) -> bool {
    matches!(byte, 0x20..=0x7E | b'\r' | b'\n' | b'\t' | 0x80..)
}

/// A label's first commands; of a picture its three numbers.
fn looks(seen: &[u8]) -> bool {
    let start = &seen[..seen.len().min(96)];
    if start.iter().any(|byte| !is_text(*byte)) {
        return false;
    }
    match start {
        [b'~', ..] => {
            let numbers = start.split(|byte| *byte == b',').skip(1).take(2);
            numbers.filter(|part| !part.is_empty() && part.iter().all(u8::is_ascii_digit)).count()
                == 2
        }
        _ => {
            let rest = start.get(3..).unwrap_or(&[]).trim_ascii_start();
            let signs = start.iter().enumerate().filter(|(_, byte)| matches!(byte, b'^' | b'~'));
            let good = signs.clone().filter(|(at, _)| is_command(&start[*at..])).count();
            is_command(rest) && good >= 3 && good + 1 >= signs.count()
        }
    }
}

#[derive(Default)]
struct Labels {
    labels: u32,
    open: bool,
    commands: u64,
    /// Behind the last `^XZ`.
    complete: Option<u64>,
    /// A picture came since, that no label shows.
    unused: bool,
}

fn walk(stretch: &mut Stretch) -> Option<Walked> {
    let mut trail = Trail::new(stretch, 0);
    let mut labels = Labels::default();
    while labels.command(&mut trail) {}
    let whole =
        !labels.open && labels.complete.is_some() && !labels.unused && trail.foreign.is_none();
    let length = match labels.complete {
        Some(place) if whole => place,
        _ => trail.broken(),
    };
    if labels.commands < FEWEST || (!whole && trail.sure.min(length) < BAIT) {
        return None;
    }
    let mut walked = Walked::whole(length, Proof::Structure);
    walked.end = if whole { End::Whole } else { End::Broken };
    walked.details.pages = Some(labels.labels);
    Some(walked)
}

impl Labels {
    /// Takes one command with what follows it; false where none stands.
    fn command(&mut self, trail: &mut Trail) -> bool {
        let blank = trail.peek(64).iter().take_while(|byte| b"\r\n \t".contains(byte)).count();
        let aligned = (trail.at + blank as u64).is_multiple_of(512);
        let name = trail.peek(64).get(blank..blank + 3).unwrap_or(&[]).to_vec();
        let next = self.open || name == b"^XA" || name.starts_with(b"~") || self.complete.is_none();
        if !is_command(&name) || !next || (aligned && self.complete.is_some() && !self.open) {
            return false;
        }
        trail.confirm();
        if !trail.take(blank as u64 + 3) {
            return false;
        }
        self.commands += 1;
        self.unused |= matches!(name.as_slice(), b"~DG" | b"~DY");
        match name.as_slice() {
            b"^XA" => self.open = true,
            b"^XZ" => return self.close(trail),
            b"~DY" | b"^GF" if self.binary(trail, name[0]) == Some(false) => return false,
            _ => {}
        }
        self.text(trail)
    }

    fn close(&mut self, trail: &mut Trail) -> bool {
        self.labels += u32::from(self.open);
        (self.open, self.unused) = (false, false);
        let end = match *trail.peek(2) {
            [b'\r', b'\n'] => 2,
            [b'\n' | b'\r', ..] => 1,
            _ => 0,
        };
        let taken = trail.take(end);
        trail.confirm();
        self.complete = Some(trail.at);
        taken
    }

    /// Text up to the next command.
    fn text(&mut self, trail: &mut Trail) -> bool {
        loop {
            let seen = trail.peek(FIELD);
            let end = memchr::memchr2(b'^', b'~', seen);
            let part = &seen[..end.unwrap_or(seen.len())];
            if seen.is_empty() {
                return false;
            }
            if let Some(odd) = part.iter().position(|byte| !is_text(*byte)) {
                let picture = self.unused && odd >= PICTURE && part[..odd].iter().all(is_point);
                if trail.take(odd as u64) && picture {
                    trail.settle();
                    self.commands += FEWEST;
                }
                return false;
            }
            let count = part.len() as u64;
            let plain = part.iter().all(|byte| *byte < 0x80);
            if !trail.take(count) {
                return false;
            }
            if end.is_none() && plain {
                // Of a picture in letters.
                trail.confirm();
                self.commands += 1;
            }
            match end {
                Some(_) if is_command(trail.peek(3)) => return true,
                Some(_) if !trail.take(1) => return false,
                _ => {}
            }
        }
    }

    /// Binary data with its count: none where it is text, false where it is cut.
    fn binary(&mut self, trail: &mut Trail, sign: u8) -> Option<bool> {
        let seen = trail.peek(128);
        let commas: Vec<usize> = memchr::memchr_iter(b',', seen).take(6).collect();
        let part = |from: usize, to: usize| seen.get(*commas.get(from)? + 1..*commas.get(to)?);
        let number =
            |part: Option<&[u8]>| std::str::from_utf8(part?).ok()?.trim().parse::<u64>().ok();
        // `^GFB,bytes,…,…,data` and `~DYname,B,kind,bytes,…,data`.
        let (count, head) = match sign {
            b'^' if seen.first() == Some(&b'B') => (number(part(0, 1))?, *commas.get(3)? + 1),
            b'~' if part(0, 1) == Some(b"B") => (number(part(2, 3))?, *commas.get(4)? + 1),
            _ => return None,
        };
        Some(trail.take(head as u64) && trail.data(count))
    }
}

/// The text of fields: between `^FD` or `^FV` and the next command.
fn texts(stretch: &mut Stretch, walked: &Walked, texts: &mut dyn Texts) {
    texts.begin("zpl");
    let mut at = 0;
    while let Some(place) = stretch.find(at, walked.length, b"^F") {
        at = place + 2;
        let seen = stretch.peek(at, FIELD);
        if let Some(field) = seen.strip_prefix(b"D").or(seen.strip_prefix(b"V")) {
            let end = memmem::find(field, b"^").unwrap_or(field.len());
            texts.push(&field[..end]);
            texts.push(b"\n");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LABEL: &[u8] =
        b"^XA^FO50,50^A0N,36,36^FDSecret parcel^FS^GFB,6,6,2,\x00^\x01~XZ^FO1,1^XZ\n";

    #[test]
    fn labels_end_with_the_last_of_them() {
        let whole = LABEL.repeat(4);
        for tail in [vec![], vec![0; 40], vec![0xFF; 40], b"other text".to_vec()] {
            let bytes = [whole.clone(), tail].concat();
            let walked = (FORMAT.walk)(&mut Stretch::new(&bytes)).unwrap();
            assert_eq!((walked.length, walked.end), (whole.len() as u64, End::Whole));
            assert_eq!(walked.details.pages, Some(4));
        }
        let cut = [&whole[..whole.len() - 20], &[0; 99]].concat();
        let walked = (FORMAT.walk)(&mut Stretch::new(&cut)).unwrap();
        assert!(walked.end == End::Broken && walked.length <= whole.len() as u64 - 20);
    }

    #[test]
    fn a_picture_that_is_cut_is_told_and_a_short_one_is_none() {
        let cut = |count| {
            [b"~DGR:CUPS.GRF,103530,102,\n", ",::gG0HFCX07".repeat(count).as_bytes()].concat()
        };
        let walk = |own: &[u8]| (FORMAT.walk)(&mut Stretch::new(&[own, &[0; 5000]].concat()));
        let own = cut(300);
        let walked = walk(&own).unwrap();
        assert_eq!((walked.length, walked.end), (own.len() as u64, End::Broken));
        assert_eq!(walk(&cut(20)), None);
    }
}
