//! What is certified of a medium that was wiped: what it is, what was done to it, what it holds now, who says so. Filled by the
//! wipe, shown by reports, asked by checks.
//!
//! The level is what was *reached*, never what was asked for. A certificate of a wipe that failed says so.

use serde::{Deserialize, Serialize};

use crate::{seal::Purpose, signed::Document};

/// The form of the file; a reader refuses any other. What a signature of it is for has the same name.
pub const FORM: &str = "leaksweep certificate 1";

impl Document for Certificate {
    const PURPOSE: Purpose = Purpose::Certificate;

    fn form(&self) -> &str {
        &self.form
    }
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Certificate {
    pub form: String,
    /// Of this certificate alone: 16 hexadecimal digits of chance.
    pub number: String,
    pub tool: Tool,
    pub medium: Medium,
    pub paper: Paper,
    /// In their order; several where one failed or was interrupted. Empty where others wiped and this is the proof alone.
    pub steps: Vec<Step>,
    pub result: Outcome,
    pub level: Level,
    /// Sentences: why this level and no higher one, and what bounds it.
    pub reasons: Vec<String>,
    /// Areas that no command of this tool reaches or that nobody could read: spare blocks, RPMB, bad sectors.
    pub unreached: Vec<String>,
    pub before: Option<Findings>,
    /// What a sweep found that was made after the wipe; what was read for the proof stands there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub after: Option<Findings>,
    pub proof: Option<Proof>,
    /// RFC 3339, UTC.
    pub started: String,
    pub ended: String,
}

impl Certificate {
    /// Whether it says that the medium is wiped and its own proof or its own sweep says otherwise, or no proof is there. Nobody may
    /// rely on it.
    pub fn contradicts_itself(&self) -> bool {
        let recovered = self.after.as_ref().map_or(0, Findings::recoverable);
        let clean = self.proof.as_ref().is_some_and(Proof::is_clean) && recovered == 0;
        self.result == Outcome::Wiped && !clean
    }

    /// Wiped and proven, and nothing in it speaks against that.
    pub fn is_proven(&self) -> bool {
        self.result == Outcome::Wiped && !self.contradicts_itself()
    }
}

impl Proof {
    /// Nothing of it speaks against a wipe of the whole medium.
    fn is_clean(&self) -> bool {
        let survivors = self.differential.as_ref().map_or(0, |found| found.survivors);
        self.sample.is_none() && self.left_over_count == 0 && survivors == 0
    }
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Tool {
    pub name: String,
    pub version: String,
    /// The machine that did it: name, and serial number where it is known.
    pub machine: String,
    pub machine_serial: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Medium {
    pub maker: Option<String>,
    pub model: Option<String>,
    pub serial: Option<String>,
    pub firmware: Option<String>,
    /// `hard disk`, `flash`, `memory card`, `image`, `unknown`.
    pub kind: String,
    /// `ata`, `nvme`, `scsi`, `usb`, `mmc`, `virtual`, `loop`, `file`.
    pub bus: String,
    pub bytes: u64,
    pub sector: u32,
    /// What lies behind the visible end: the bytes that were opened or are still hidden; none where it could not be asked.
    pub hidden_before: Option<u64>,
    pub hidden_after: Option<u64>,
    /// `none`, `set`, `locked`, `frozen`; none where it could not be asked.
    pub password: Option<String>,
}

/// What the operator says. Every text is the operator's own and was seen by no program.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Paper {
    pub operator: Option<String>,
    pub role: Option<String>,
    pub place: Option<String>,
    pub asset: Option<String>,
    /// Where the medium came from: the printer, the machine, the office.
    pub source: Option<String>,
    /// What becomes of it: reuse, resale, destruction.
    pub destination: Option<String>,
    /// The level that the holder's rules demand.
    pub asked: Option<Level>,
    pub note: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Level {
    None,
    Clear,
    Purge,
}

impl Level {
    pub const ALL: [Level; 3] = [Level::None, Level::Clear, Level::Purge];

    pub fn as_str(self) -> &'static str {
        match self {
            Level::None => "none",
            Level::Clear => "clear",
            Level::Purge => "purge",
        }
    }

    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|level| level.as_str() == text)
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Outcome {
    /// Wiped and proven by reading all of it.
    Wiped,
    /// The device says that it did it; nothing or only a sample was read afterwards.
    Claimed,
    /// Bytes that were there before, or that look like data, are there still; or a step failed.
    Failed,
}

impl Outcome {
    pub fn as_str(self) -> &'static str {
        match self {
            Outcome::Wiped => "wiped",
            Outcome::Claimed => "claimed",
            Outcome::Failed => "failed",
        }
    }
}

/// One technique, from its beginning to its end.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Step {
    /// The name of the method: `nvme-sanitize-crypto`, `overwrite-zero`.
    pub method: String,
    /// The commands as they were sent, one on each line, in words and bytes.
    pub commands: Vec<String>,
    pub started: String,
    pub ended: String,
    pub completed: bool,
    /// What the device said, word for word or as bytes: statuses, the sanitize log.
    pub log: Vec<String>,
    /// How often it was interrupted and went on.
    pub interruptions: u32,
}

/// What lay there, by what the blocks look like.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Findings {
    pub classes: Vec<Share>,
    /// What a sweep of the medium found that can be recovered, by family: `print job`, `document`; then `marked`, how many of all
    /// of them hold words of classification. Empty where none was made.
    pub finds: Vec<Count>,
    /// The sweep that these are of.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub swept: Option<Swept>,
}

impl Findings {
    /// How many things; a marked one is one of its family.
    pub fn recoverable(&self) -> u64 {
        let families = self.finds.iter().filter(|find| find.what != crate::swept::MARKED);
        families.fold(0, |sum: u64, find| sum.saturating_add(find.count))
    }
}

/// A sweep file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Swept {
    /// SHA-256 of the file, in hexadecimal.
    pub sweep: String,
    pub ended: String,
    /// Bytes of the medium that it did not read.
    pub unread: u64,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Share {
    /// `zero`, `ones`, `pattern`, `text`, `structured`, `random`, `bad`.
    pub class: String,
    pub bytes: u64,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Count {
    pub what: String,
    pub count: u64,
}

/// What was read afterwards.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Proof {
    pub started: String,
    pub ended: String,
    pub read_bytes: u64,
    pub bytes: u64,
    /// What was expected of every block: `zero`, `the bytes FF`, `the keyed stream`, or `any that no data is`.
    pub expected: String,
    pub classes: Vec<Share>,
    /// The first of them; `left_over_count` tells all.
    pub left_over: Vec<LeftOver>,
    pub left_over_count: u64,
    pub left_over_bytes: u64,
    pub bad: Vec<Range>,
    pub bad_bytes: u64,
    pub sample: Option<Sample>,
    pub differential: Option<Differential>,
    /// BLAKE3 over all that was read, in hexadecimal.
    pub fingerprint: String,
}

/// An extent that is not what was expected.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LeftOver {
    pub start: u64,
    pub bytes: u64,
    pub class: String,
    /// What its first bytes are known as: `JPEG`, `ext4`; none where they are known as nothing.
    pub kind: Option<String>,
    /// Its first bytes, as printable text or hexadecimal.
    pub preview: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Range {
    pub start: u64,
    pub bytes: u64,
}

impl Range {
    pub fn end(self) -> u64 {
        self.start.saturating_add(self.bytes)
    }
}

/// Only a part was read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sample {
    pub blocks: u64,
    pub of: u64,
    /// A sentence: what this sample can rule out at 95 %.
    pub bound: String,
}

/// Blocks from before were looked for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Differential {
    /// BLAKE3 of the manifest, in hexadecimal.
    pub manifest: String,
    pub made: String,
    /// Blocks of 64 KiB that the manifest knows.
    pub blocks: u64,
    /// Places at which one of them was found again.
    pub survivors: u64,
    pub first: Vec<Range>,
}
