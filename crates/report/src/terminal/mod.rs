//! The report for people in a terminal: what fails first, then the ways in and what can be recovered, then what could not be
//! told, then the exceptions, then one line of counts. Its length depends on the number of checks, never on the
//! number of machines.

mod doors;
mod evidence;
mod exceptions;
mod findings;
mod medium;
mod paint;
mod summary;
mod table;
mod unknown;
mod ways;

use std::io::{self, Write};

use leaksweep_facts::verdict::Judgement;

use crate::{
    Style,
    safe_text::visible,
    text_width::{width, wrap},
};
use paint::Paint;
pub use table::TextTable;

/// A line longer than this is hard to read, however wide the terminal is.
const WIDEST: usize = 200;
const NARROWEST: usize = 40;

pub fn write(judgement: &Judgement, style: &Style, out: &mut dyn Write) -> io::Result<()> {
    let mut page = Page::new(judgement, style);
    page.heading();
    page.failures();
    page.ways();
    page.media();
    page.printers();
    page.unknowns();
    page.exceptions();
    page.summary();
    out.write_all(page.text.as_bytes())
}

struct Page<'a> {
    judgement: &'a Judgement,
    paint: Paint,
    width: usize,
    rows: usize,
    text: String,
}

impl<'a> Page<'a> {
    fn new(judgement: &'a Judgement, style: &Style) -> Self {
        let width = style.width.clamp(NARROWEST, WIDEST);
        let paint = Paint { color: style.color };
        Self { judgement, paint, width, rows: style.rows.max(1), text: String::new() }
    }

    /// Whether targets need no naming, since there is only one.
    fn one_target(&self) -> bool {
        let mut targets = self.judgement.verdicts.iter().map(|verdict| &verdict.target);
        let Some(first) = targets.next() else { return true };
        self.judgement.sweeps.len() <= 1 && targets.all(|target| target == first)
    }

    fn line(&mut self, text: &str) {
        self.text.push_str(text);
        self.text.push('\n');
    }

    fn blank(&mut self) {
        self.line("");
    }

    /// A paragraph after a label; its later lines stand under its first one.
    fn labelled(&mut self, indent: usize, label: (&str, &str), text: &str) {
        let (plain, painted) = label;
        let hang = indent + width(plain);
        let lines = wrap(text, self.width.saturating_sub(hang));
        for (at, line) in lines.iter().enumerate() {
            let margin = if at == 0 { " ".repeat(indent) + painted } else { " ".repeat(hang) };
            self.line(format!("{margin}{line}").trim_end());
        }
    }

    fn paragraph(&mut self, indent: usize, text: &str) {
        self.labelled(indent, ("", ""), text);
    }

    fn title(&mut self, text: &str) {
        for line in wrap(text, self.width) {
            let line = self.paint.bold(&line);
            self.line(&line);
        }
    }
}

/// The first names and how many more there are.
fn some<'a>(names: impl ExactSizeIterator<Item = &'a str>, most: usize) -> String {
    let more = names.len().saturating_sub(most);
    let shown: Vec<_> = names.take(most).map(visible).collect();
    let shown = shown.join(", ");
    if more > 0 { format!("{shown} and {more} more") } else { shown }
}

/// `1 check`, `2 checks`.
fn counted(count: usize, noun: &str) -> String {
    if count == 1 { format!("1 {noun}") } else { format!("{count} {noun}s") }
}
