//! From a judgement to what a person or another program reads. It knows the contract of `facts`
//! and nothing of the engine, so that it builds and tests in seconds.
//!
//! A format is one module with one function and one line in [`FORMATS`].

mod csv;
mod doors;
mod fingerprint;
mod html;
mod json;
mod markdown;
mod medium;
mod moment;
mod ocsf;
pub mod paper;
mod picture_row;
pub mod rows;
pub mod safe_text;
mod sarif;
mod sections;
mod standing;
mod terminal;
pub mod text_width;
mod unknowns;
mod ways;

use std::io::{self, BufWriter, Write};

use leaksweep_facts::verdict::Judgement;

/// How a report is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Format {
    Terminal,
    Json,
    Csv,
    Sarif,
    Ocsf,
    Html,
}

type Writer = fn(&Judgement, &Style, &mut dyn Write) -> io::Result<()>;

/// Every format: the name that users type, what it is for, and who writes it.
const FORMATS: &[(Format, &str, &str, Writer)] = &[
    (Format::Terminal, "terminal", "for people, in a terminal", terminal::write),
    (Format::Json, "json", "everything, as docs/json.md describes", json::write),
    (Format::Csv, "csv", "the evidence, one row each, for spreadsheets", csv::write),
    (Format::Sarif, "sarif", "SARIF 2.1.0, for code and finding managers", sarif::write),
    (Format::Ocsf, "ocsf", "OCSF events, one on each line, for a SIEM", ocsf::write),
    (Format::Html, "html", "one page that needs nothing else, for screen and paper", html::write),
];

impl Format {
    pub fn all() -> impl Iterator<Item = Format> {
        FORMATS.iter().map(|(format, ..)| *format)
    }

    pub fn name(self) -> &'static str {
        self.entry().1
    }

    /// What the format is for, in half a line.
    pub fn about(self) -> &'static str {
        self.entry().2
    }

    pub fn parse(name: &str) -> Option<Self> {
        Self::all().find(|format| format.name() == name)
    }

    fn entry(self) -> &'static (Format, &'static str, &'static str, Writer) {
        FORMATS.iter().find(|entry| entry.0 == self).expect("a test finds every format listed")
    }
}

/// How a report looks. Formats for programs obey `every` alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Style {
    /// Whether the terminal report is coloured.
    pub color: bool,
    /// Columns of the terminal.
    pub width: usize,
    /// How many rows of evidence a terminal report shows of one check.
    pub rows: usize,
    /// Whether SARIF holds more than failures: passes, unknowns and what does not apply.
    pub every: bool,
}

impl Default for Style {
    fn default() -> Self {
        Self { color: false, width: 100, rows: 5, every: false }
    }
}

pub fn write(
    format: Format,
    judgement: &Judgement,
    style: &Style,
    out: &mut dyn Write,
) -> io::Result<()> {
    let mut out = BufWriter::new(out);
    (format.entry().3)(judgement, style, &mut out)?;
    out.flush()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_format_is_listed_under_its_own_name() {
        let listed = [
            Format::Terminal,
            Format::Json,
            Format::Csv,
            Format::Sarif,
            Format::Ocsf,
            Format::Html,
        ];
        assert_eq!(Format::all().collect::<Vec<_>>(), listed);
        for format in listed {
            assert_eq!(Format::parse(format.name()), Some(format));
        }
        assert_eq!(Format::parse("pdf"), None);
    }
}
