//! What an examiner wrote into an E01 image.

use std::fmt::Write;

use super::About;
use crate::formats::Details;

/// Unpacked records are no longer.
const MOST_TEXT: u64 = 256 * 1024;

#[derive(Default)]
pub struct Case {
    /// By their short names, in the order of the record.
    fields: Vec<(String, String)>,
    /// Whether they come from the record with the full characters.
    wide: bool,
    pub md5: Option<[u8; 16]>,
    pub sha1: Option<[u8; 20]>,
}

impl Case {
    pub fn read_header(&mut self, packed: &[u8]) {
        use std::io::Read;
        let mut bytes = Vec::new();
        // What could be unpacked before an error counts.
        let _ = flate2::read::ZlibDecoder::new(packed).take(MOST_TEXT).read_to_end(&mut bytes);
        let wide = matches!(bytes.get(..2), Some([0xFF, 0xFE] | [0xFE, 0xFF]));
        if self.fields.is_empty() || (wide && !self.wide) {
            self.fields = fields(&text(&bytes));
            self.wide = wide;
        }
    }

    pub fn read_digest(&mut self, content: &[u8]) {
        let part =
            |from: usize, to: usize| content.get(from..to).filter(|d| d.iter().any(|b| *b != 0));
        self.md5 = part(0, 16).and_then(|md5| md5.try_into().ok()).or(self.md5);
        self.sha1 = part(16, 36).and_then(|sha1| sha1.try_into().ok()).or(self.sha1);
    }

    fn field(&self, name: &str) -> Option<String> {
        let (_, value) = self.fields.iter().find(|(field, _)| field == name)?;
        Details::text(value)
    }

    pub fn tell(&self, about: &mut About) {
        about.model = self.field("md");
        about.serial = self.field("sn");
        let told = [
            ("c", "case"),
            ("n", "evidence"),
            ("a", "description"),
            ("e", "examiner"),
            ("l", "label"),
            ("t", "notes"),
            ("m", "acquired"),
            ("ov", "by"),
        ];
        for (field, word) in told {
            if let Some(value) = self.field(field) {
                about.notes.add(format!("{word} {value}"));
            }
        }
        if self.field("p").is_some_and(|password| password != "0") {
            about.notes.add("a password is set in the image, which hides nothing");
        }
        for (word, digest) in
            [("MD5", self.md5.map(Vec::from)), ("SHA-1", self.sha1.map(Vec::from))]
        {
            if let Some(digest) = digest {
                about.notes.add(format!("{word} by its own record {}", hex(&digest)));
            }
        }
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

fn text(bytes: &[u8]) -> String {
    let pairs = |of: fn([u8; 2]) -> u16| {
        let units: Vec<u16> = bytes[2..].chunks_exact(2).map(|two| of([two[0], two[1]])).collect();
        String::from_utf16_lossy(&units)
    };
    match bytes {
        [0xFF, 0xFE, ..] => pairs(u16::from_le_bytes),
        [0xFE, 0xFF, ..] => pairs(u16::from_be_bytes),
        _ => String::from_utf8_lossy(bytes).into_owned(),
    }
}

/// Two lines with tabs behind `main`: names and values.
fn fields(text: &str) -> Vec<(String, String)> {
    let mut lines = text.lines().skip_while(|line| line.trim() != "main").skip(1);
    let (Some(names), Some(values)) = (lines.next(), lines.next()) else { return Vec::new() };
    let pairs = names.split('\t').zip(values.split('\t')).take(64);
    pairs.map(|(name, value)| (name.trim().to_owned(), value.trim().to_owned())).collect()
}
