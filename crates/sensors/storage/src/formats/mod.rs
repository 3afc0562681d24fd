//! The forms of files that are known, each with its walker. A walker follows a format's own structure from the first byte
//! to the exact last one, and never guesses: what does not hold together ends where it stopped to.
//!
//! Adding a form is one module and one line in its group's list.

mod chance;
mod details;
pub mod document;
mod joint;
pub mod picture;
pub mod printer;
pub mod resync;
mod shrink;

pub use details::{Details, Setting};
pub use joint::{Joint, Joints};
pub use shrink::Shrink;

use crate::Stretch;

/// What something is, and how files of it are called.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Kind {
    /// As the column `kind` has it: `pcl-xl`.
    pub name: &'static str,
    pub family: Family,
    /// Without the dot.
    pub extension: &'static str,
}

/// The column `family`; also the folder that recovered files go to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Family {
    PrintJob,
    Scan,
    Picture,
    Document,
    Mail,
    Text,
    Archive,
    Database,
    Contacts,
    Settings,
    Keys,
    Other,
}

impl Family {
    pub fn as_str(self) -> &'static str {
        match self {
            Family::PrintJob => "print job",
            Family::Scan => "scan",
            Family::Picture => "picture",
            Family::Document => "document",
            Family::Mail => "mail",
            Family::Text => "text",
            Family::Archive => "archive",
            Family::Database => "database",
            Family::Contacts => "contacts",
            Family::Settings => "settings",
            Family::Keys => "keys",
            Family::Other => "other",
        }
    }
}

/// Bytes by which a form is suspected. The triage looks for all of them in one pass.
#[derive(Debug, Clone, Copy)]
pub struct Signature {
    /// At least three bytes, or two where `aligned`.
    pub bytes: &'static [u8],
    /// Where in the file they stand.
    pub at: u64,
    /// Whether only a file that begins on a sector (512 bytes) is meant: for signatures that chance makes often.
    pub aligned: bool,
}

impl Signature {
    pub const fn new(bytes: &'static [u8]) -> Self {
        Self { bytes, at: 0, aligned: false }
    }

    pub const fn at(self, at: u64) -> Self {
        Self { at, ..self }
    }

    pub const fn aligned(self) -> Self {
        Self { aligned: true, ..self }
    }
}

/// A form of file: how it is suspected, walked, and what it tells.
pub struct Format {
    pub kind: Kind,
    pub signatures: &'static [Signature],
    /// Denies, by at most the first 512 bytes, nearly all that chance or a bait put there; it may see fewer. It is called for
    /// every hit of a signature while the medium is read: it must take well under a microsecond.
    pub looks: fn(&[u8]) -> bool,
    /// Follows the file from the stretch's first byte. None where it is no such file: no more than a signature. The stretch goes on far
    /// beyond the file, to the end of the medium.
    pub walk: fn(&mut Stretch) -> Option<Walked>,
    /// Gives its text, decoded, so that words can be looked for in it; also of a truncated file, as far as it goes.
    pub texts: Option<fn(&mut Stretch, &Walked, &mut dyn Texts)>,
    /// A small picture of its first page.
    pub picture: Option<fn(&mut Stretch, &Walked) -> Option<Picture>>,
}

impl Format {
    /// Whether what its structure alone proves was counted without a look: nothing inside speaks against foreign bytes, and another file
    /// is none of its own.
    pub fn only_counts(&self) -> bool {
        [printer::CUPS_RASTER, document::packed::bzip2::BZIP2.kind].contains(&self.kind)
    }
}

/// What a walker found.
#[derive(Debug, Clone, PartialEq)]
pub struct Walked {
    /// What it is more exactly than its form: a ZIP that is a DOCX.
    pub kind: Option<Kind>,
    /// All of its bytes; for one that is cut, those that surely are its own.
    pub length: u64,
    pub end: End,
    pub proof: Proof,
    pub details: Details,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum End {
    /// The structure closes here.
    Whole,
    /// The structure breaks at `length`: what follows is not its own. The rest is missing, or lies elsewhere.
    Broken,
    /// It closes, but a part inside is wrong: from the first byte that is surely wrong, or the block that holds it.
    Damaged { at: u64 },
}

/// By what it is sure that the bytes are its own; the later the surer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Proof {
    /// Lengths and marks of the structure fit each other.
    Structure,
    /// Everything inside was decoded and made sense; in printers' languages short data of a maker's own may only be counted.
    Decoded,
    /// A checksum over the content is right.
    Checksum,
}

impl Proof {
    pub fn as_str(self) -> &'static str {
        match self {
            Proof::Structure => "structure",
            Proof::Decoded => "decoded",
            Proof::Checksum => "checksum",
        }
    }
}

impl Walked {
    pub fn whole(length: u64, proof: Proof) -> Self {
        Self { kind: None, length, end: End::Whole, proof, details: Details::default() }
    }

    /// One whose end is missing; `length` bytes are surely its own.
    pub fn broken(length: u64, proof: Proof) -> Self {
        Self { end: End::Broken, ..Self::whole(length, proof) }
    }

    pub fn is_whole(&self) -> bool {
        self.end == End::Whole
    }

    /// How many bytes from the first on nothing speaks against.
    pub fn sound(&self) -> u64 {
        match self.end {
            End::Whole | End::Broken => self.length,
            End::Damaged { at } => at,
        }
    }
}

/// Takes decoded text. A text is begun, and then comes in as many pieces as are convenient.
pub trait Texts {
    /// `through` is what it was decoded from: `flate`, `pcl-xl` …; see the table storage_marks.
    fn begin(&mut self, through: &'static str);
    fn push(&mut self, bytes: &[u8]);
}

/// A small picture: rows of red, green and blue, at most 400 wide and high.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Picture {
    pub width: u32,
    pub height: u32,
    pub rgb: Vec<u8>,
}

impl Picture {
    pub const LARGEST: u32 = 400;
}

/// All forms. Where several begin at one place, the first whose walk holds is taken: the narrower stands before the wider.
pub fn all() -> impl Iterator<Item = &'static Format> {
    [printer::FORMATS, picture::FORMATS, document::FORMATS].into_iter().flatten().copied()
}

/// What bytes are suspected to be that begin a file: by signature and first look alone.
pub fn suspected(first: &[u8]) -> Option<&'static Format> {
    let begins = |signature: &Signature| {
        let at = usize::try_from(signature.at).unwrap_or(usize::MAX);
        first.get(at..).is_some_and(|rest| rest.starts_with(signature.bytes))
    };
    let head = &first[..first.len().min(512)];
    all().find(|format| format.signatures.iter().any(begins) && (format.looks)(head))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_beginning_is_suspected_by_its_signature() {
        let name = |first: &[u8]| suspected(first).map(|format| format.kind.name);
        assert_eq!(name(b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n1 0 obj\n<< >>\nendobj\n"), Some("pdf"));
        assert_eq!((name(b""), name(&[0; 4096])), (None, None));
    }

    #[test]
    fn signatures_are_long_enough_to_be_looked_for() {
        for format in all() {
            let name = format.kind.name;
            assert!(!format.signatures.is_empty(), "{name}");
            for signature in format.signatures {
                assert!(signature.bytes.len() >= if signature.aligned { 2 } else { 3 }, "{name}");
                assert!(signature.bytes.len() <= 32 && signature.at <= 64 * 1024, "{name}");
            }
        }
    }

    #[test]
    fn nothing_walks_out_of_nothing() {
        for format in all() {
            for filler in [0x00, 0xFF, b' ', b'A', 0x1B] {
                let bytes = vec![filler; 8192];
                assert_eq!((format.walk)(&mut Stretch::new(&bytes)), None, "{}", format.kind.name);
            }
            assert_eq!((format.walk)(&mut Stretch::new(&Vec::new())), None, "{}", format.kind.name);
            assert!(!(format.looks)(&[]), "{}", format.kind.name);
        }
    }
}
