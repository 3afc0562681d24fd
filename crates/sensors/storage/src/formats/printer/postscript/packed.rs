//! Data in ASCII 85 inside a document, and what was deflated before: content and fonts, as Ghostscript and drivers write
//! them. Of one piece at most 4 MiB are decoded, and at most 16 MiB inflated.

use flate2::{Decompress, FlushDecompress, Status};

use super::strings::strings_in;
use crate::formats::{Texts, document::pdf::filters::ascii85};

const MOST: usize = 4 * 1024 * 1024;
const INFLATED: u64 = 16 * 1024 * 1024;
const PIECE: usize = 64 * 1024;
/// A line of data is no shorter, but for the last.
const LINE: usize = 40;

/// Lines that may be data in ASCII 85: they are as soon as `~>` closes them.
#[derive(Default)]
pub struct Packed {
    lines: Vec<u8>,
}

impl Packed {
    /// Takes a line that may be data; false where it is none.
    pub fn line(&mut self, line: &[u8], texts: &mut dyn Texts) -> bool {
        let line = line.trim_ascii();
        let (data, last) = match line.strip_suffix(b"~>") {
            Some(data) => (data, true),
            None => (line, false),
        };
        let of_85 = data.iter().all(|byte| matches!(byte, b'!'..=b'u' | b'z'));
        let long = data.len() >= LINE || (last && !self.lines.is_empty());
        if !of_85 || !long || self.lines.len() + data.len() > MOST {
            return false;
        }
        self.lines.extend(data);
        if last {
            decode(&self.lines, texts);
            self.lines.clear();
        }
        true
    }

    /// Gives back what was no data after all.
    pub fn drain(&mut self, take: impl FnMut(u8)) {
        self.lines.drain(..).for_each(take);
    }
}

fn decode(lines: &[u8], texts: &mut dyn Texts) {
    let bytes = ascii85(lines);
    let is_zlib = matches!(bytes.first_chunk(), Some([0x78, flags]) if (0x7800 + u16::from(*flags)) % 31 == 0);
    if is_zlib {
        texts.begin("flate");
        inflate(&bytes, texts);
    } else {
        texts.begin("ascii85");
        strings_in(&bytes, texts);
    }
    texts.begin("postscript");
}

fn inflate(bytes: &[u8], texts: &mut dyn Texts) {
    let mut state = Decompress::new(true);
    let mut out = vec![0; PIECE];
    let mut held = Vec::new();
    while state.total_out() < INFLATED {
        let (read, made) = (state.total_in(), state.total_out());
        let rest = bytes.get(read as usize..).unwrap_or(&[]);
        let status = state.decompress(rest, &mut out, FlushDecompress::None);
        let count = (state.total_out() - made) as usize;
        held.extend(&out[..count]);
        if held.len() >= PIECE {
            strings_in(&held, texts);
            held.clear();
        }
        let stuck = count == 0 && state.total_in() == read;
        if stuck || !matches!(status, Ok(Status::Ok | Status::BufError)) {
            break;
        }
    }
    strings_in(&held, texts);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Default)]
    struct Held(Vec<(String, Vec<u8>)>);

    impl Texts for Held {
        fn begin(&mut self, through: &'static str) {
            self.0.push((through.into(), Vec::new()));
        }
        fn push(&mut self, bytes: &[u8]) {
            if let Some((_, held)) = self.0.last_mut() {
                held.extend(bytes);
            }
        }
    }

    fn in_85(bytes: &[u8]) -> Vec<u8> {
        let mut out = Vec::new();
        for four in bytes.chunks(4) {
            let mut full = [0; 4];
            full[..four.len()].copy_from_slice(four);
            let mut word = u32::from_be_bytes(full);
            let mut digits = [0; 5];
            for digit in digits.iter_mut().rev() {
                *digit = b'!' + (word % 85) as u8;
                word /= 85;
            }
            out.extend(&digits[..four.len() + 1]);
        }
        out
    }

    #[test]
    fn strings_are_found_in_what_is_packed() {
        use std::io::Write;
        let content: String = (0..40).map(|n| format!("({n} strictly private) Tj\n")).collect();
        let mut zlib = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::default());
        zlib.write_all(content.as_bytes()).unwrap();
        let data = in_85(&zlib.finish().unwrap());
        let mut document = b"%!PS\n(before) show\n".to_vec();
        for line in data.chunks(72) {
            document.extend(line);
            document.push(b'\n');
        }
        document.truncate(document.len() - 1);
        document.extend(b"~>\n(behind) show\n");
        let mut held = Held::default();
        let end = document.len() as u64;
        super::super::texts_of(&mut crate::Stretch::new(&document), 0, end, &mut held);
        let told = |through: &str| {
            let parts = held.0.iter().filter(|(name, _)| name == through);
            parts.flat_map(|(_, text)| text.clone()).collect::<Vec<u8>>()
        };
        assert!(
            told("flate").windows(19).filter(|part| part == b"39 strictly private").count() == 1
        );
        assert_eq!(told("postscript"), b"before\nbehind\n");
    }
}
