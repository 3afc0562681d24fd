//! The manifests beside recovered files: one for programs, and DFXML, which forensic tools read. Each is written entry by entry: there may
//! be very many.

use std::{
    collections::BTreeMap,
    io::{self, Write},
};

use leaksweep_facts::{Manifest, Time, tables::storage::Artifact};
use serde::{Serialize, Serializer};

use crate::Run;

/// The version of `manifest.json`.
const VERSION: u32 = 1;

pub type Runs = BTreeMap<i64, Vec<Run>>;

#[derive(Serialize)]
struct Document<'a> {
    version: u32,
    tool: &'static str,
    tool_version: &'a str,
    target: &'a str,
    started: Time,
    artifacts: Entries<'a>,
}

struct Entries<'a> {
    artifacts: &'a [Artifact],
    runs: &'a Runs,
}

#[derive(Serialize)]
struct Entry<'a> {
    number: i64,
    file: &'a Option<String>,
    kind: &'a str,
    family: &'a str,
    state: &'a str,
    proof: &'a str,
    bytes: i64,
    runs: Vec<Piece>,
    ways: &'a str,
    path: &'a Option<String>,
    deleted: Option<bool>,
    title: &'a Option<String>,
    author: &'a Option<String>,
    user: &'a Option<String>,
    host: &'a Option<String>,
    pages: Option<i64>,
    created: Option<Time>,
    modified: Option<Time>,
    marks: i64,
    sha256: &'a Option<String>,
}

#[derive(Serialize)]
struct Piece {
    start: Option<u64>,
    bytes: u64,
}

/// Everything that was written, with where it lay and what it is.
pub fn json(
    manifest: &Manifest,
    artifacts: &[Artifact],
    runs: &Runs,
    into: &mut dyn Write,
) -> io::Result<()> {
    let document = Document {
        version: VERSION,
        tool: "leaksweep",
        tool_version: &manifest.tool_version,
        target: &manifest.target,
        started: manifest.started,
        artifacts: Entries { artifacts, runs },
    };
    serde_json::to_writer_pretty(&mut *into, &document)?;
    into.write_all(b"\n")
}

impl Serialize for Entries<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let written = written(self.artifacts, self.runs);
        serializer.collect_seq(written.map(|(artifact, runs)| entry(artifact, runs)))
    }
}

fn entry<'a>(artifact: &'a Artifact, runs: &[Run]) -> Entry<'a> {
    Entry {
        number: artifact.number,
        file: &artifact.written,
        kind: &artifact.kind,
        family: &artifact.family,
        state: &artifact.state,
        proof: &artifact.proof,
        bytes: artifact.bytes,
        runs: runs.iter().map(|run| Piece { start: start(*run), bytes: run.bytes }).collect(),
        ways: &artifact.ways,
        path: &artifact.path,
        deleted: artifact.deleted,
        title: &artifact.title,
        author: &artifact.author,
        user: &artifact.user,
        host: &artifact.host,
        pages: artifact.pages,
        created: artifact.created,
        modified: artifact.modified,
        marks: artifact.marks,
        sha256: &artifact.sha256,
    }
}

/// Null for a hole.
fn start(run: Run) -> Option<u64> {
    (run.start != Run::HOLE).then_some(run.start)
}

fn written<'a>(
    artifacts: &'a [Artifact],
    runs: &'a Runs,
) -> impl Iterator<Item = (&'a Artifact, &'a [Run])> {
    let written = artifacts.iter().filter(|artifact| artifact.written.is_some());
    written.map(|artifact| (artifact, runs.get(&artifact.number).map_or(&[][..], Vec::as_slice)))
}

/// Digital Forensics XML: a `fileobject` for each find, with its runs of bytes.
pub fn dfxml(
    manifest: &Manifest,
    artifacts: &[Artifact],
    runs: &Runs,
    into: &mut dyn Write,
) -> io::Result<()> {
    write!(
        into,
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<dfxml version=\"1.2.0\" \
         xmlns=\"http://www.forensicswiki.org/wiki/Category:Digital_Forensics_XML\">\n  \
         <creator><program>leaksweep</program><version>{}</version></creator>\n  \
         <source><image_filename>{}</image_filename></source>\n",
        escaped(&manifest.tool_version),
        escaped(&manifest.target),
    )?;
    for (artifact, runs) in written(artifacts, runs) {
        object(into, artifact, runs)?;
    }
    into.write_all(b"</dfxml>\n")
}

fn object(into: &mut dyn Write, artifact: &Artifact, runs: &[Run]) -> io::Result<()> {
    into.write_all(b"  <fileobject>\n")?;
    let elements = [
        ("filename", artifact.written.clone()),
        ("original_filename", artifact.path.clone()),
        ("filesize", Some(artifact.bytes.to_string())),
        ("alloc", artifact.deleted.map(|deleted| if deleted { "0" } else { "1" }.to_owned())),
        ("mtime", artifact.modified.map(|time| time.to_string())),
        ("crtime", artifact.created.map(|time| time.to_string())),
        ("libmagic", Some(artifact.kind.clone())),
    ];
    for (name, value) in elements {
        if let Some(value) = value {
            writeln!(into, "    <{name}>{}</{name}>", escaped(&value))?;
        }
    }
    let mut offset = 0;
    into.write_all(b"    <byte_runs>")?;
    for run in runs {
        let place =
            start(*run).map_or("fill=\"0\"".into(), |start| format!("img_offset=\"{start}\""));
        write!(into, "<byte_run offset=\"{offset}\" {place} len=\"{}\"/>", run.bytes)?;
        offset += run.bytes;
    }
    into.write_all(b"</byte_runs>\n")?;
    if let Some(sha256) = &artifact.sha256 {
        writeln!(into, "    <hashdigest type=\"sha256\">{sha256}</hashdigest>")?;
    }
    into.write_all(b"  </fileobject>\n")
}

/// Text as XML takes it: no markup, and no characters that XML forbids.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for char in text.chars() {
        match char {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\t' | '\n' | '\r' => out.push(char),
            char if char.is_control() || matches!(char, '\u{FFFE}' | '\u{FFFF}') => {
                out.push('\u{FFFD}')
            }
            char => out.push(char),
        }
    }
    out
}
