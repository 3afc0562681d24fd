//! The manifests beside recovered files: one for programs, and DFXML, which forensic tools read.

use std::{collections::BTreeMap, fmt::Write};

use leaksweep_facts::{Manifest, tables::storage::Artifact};
use serde_json::{Value, json};

use crate::Run;

/// The version of `manifest.json`.
const VERSION: u32 = 1;

pub type Runs = BTreeMap<i64, Vec<Run>>;

/// Everything that was written, with where it lay and what it is.
pub fn json(manifest: &Manifest, artifacts: &[Artifact], runs: &Runs) -> String {
    let artifacts: Vec<Value> =
        written(artifacts, runs).map(|(artifact, runs)| entry(artifact, runs)).collect();
    let manifest = json!({
        "version": VERSION,
        "tool": "leaksweep",
        "tool_version": manifest.tool_version,
        "target": manifest.target,
        "started": manifest.started,
        "artifacts": artifacts,
    });
    serde_json::to_string_pretty(&manifest).unwrap_or_default() + "\n"
}

fn entry(artifact: &Artifact, runs: &[Run]) -> Value {
    let runs: Vec<Value> =
        runs.iter().map(|run| json!({ "start": start(*run), "bytes": run.bytes })).collect();
    json!({
        "number": artifact.number,
        "file": artifact.written,
        "kind": artifact.kind,
        "family": artifact.family,
        "state": artifact.state,
        "proof": artifact.proof,
        "bytes": artifact.bytes,
        "runs": runs,
        "ways": artifact.ways,
        "path": artifact.path,
        "deleted": artifact.deleted,
        "title": artifact.title,
        "author": artifact.author,
        "user": artifact.user,
        "host": artifact.host,
        "pages": artifact.pages,
        "created": artifact.created,
        "modified": artifact.modified,
        "marks": artifact.marks,
        "sha256": artifact.sha256,
    })
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
pub fn dfxml(manifest: &Manifest, artifacts: &[Artifact], runs: &Runs) -> String {
    let mut xml =
        String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<dfxml version=\"1.2.0\" ");
    xml.push_str("xmlns=\"http://www.forensicswiki.org/wiki/Category:Digital_Forensics_XML\">\n");
    let _ = writeln!(
        xml,
        "  <creator><program>leaksweep</program><version>{}</version></creator>\n  \
         <source><image_filename>{}</image_filename></source>",
        escaped(&manifest.tool_version),
        escaped(&manifest.target),
    );
    for (artifact, runs) in written(artifacts, runs) {
        object(&mut xml, artifact, runs);
    }
    xml.push_str("</dfxml>\n");
    xml
}

fn object(xml: &mut String, artifact: &Artifact, runs: &[Run]) {
    xml.push_str("  <fileobject>\n");
    let mut element = |name: &str, value: Option<&str>| {
        if let Some(value) = value {
            let _ = writeln!(xml, "    <{name}>{}</{name}>", escaped(value));
        }
    };
    element("filename", artifact.written.as_deref());
    element("original_filename", artifact.path.as_deref());
    element("filesize", Some(&artifact.bytes.to_string()));
    element("alloc", artifact.deleted.map(|deleted| if deleted { "0" } else { "1" }));
    element("mtime", artifact.modified.map(|time| time.to_string()).as_deref());
    element("crtime", artifact.created.map(|time| time.to_string()).as_deref());
    element("libmagic", Some(&artifact.kind));
    let mut offset = 0;
    xml.push_str("    <byte_runs>");
    for run in runs {
        let place =
            start(*run).map_or("fill=\"0\"".into(), |start| format!("img_offset=\"{start}\""));
        let _ = write!(xml, "<byte_run offset=\"{offset}\" {place} len=\"{}\"/>", run.bytes);
        offset += run.bytes;
    }
    xml.push_str("</byte_runs>\n");
    if let Some(sha256) = &artifact.sha256 {
        let _ = writeln!(xml, "    <hashdigest type=\"sha256\">{sha256}</hashdigest>");
    }
    xml.push_str("  </fileobject>\n");
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
