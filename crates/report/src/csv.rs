//! The evidence for spreadsheets: RFC 4180, one line for each row of evidence, failures only
//! (excepted ones too). Columns are the same for every check, so that sheets can be joined.
//!
//! It begins with a byte order mark, without which spreadsheets take Chinese text for something
//! else. Text is shown safely; a program that needs the exact text reads JSON.

use std::{
    borrow::Cow,
    io::{self, Write},
};

use leaksweep_facts::verdict::{Evidence, Judgement, Verdict};

use crate::{Style, safe_text::visible};

const HEADER: [&str; 9] =
    ["check", "title", "severity", "measures", "target", "verdict", "row", "rows", "evidence"];

pub fn write(judgement: &Judgement, _: &Style, out: &mut dyn Write) -> io::Result<()> {
    out.write_all("\u{feff}".as_bytes())?;
    record(out, &HEADER.map(Cow::Borrowed))?;
    for verdict in &judgement.verdicts {
        if let Some(evidence) = verdict.outcome.evidence() {
            rows(verdict, evidence, out)?;
        }
    }
    Ok(())
}

fn rows(verdict: &Verdict, evidence: &Evidence, out: &mut dyn Write) -> io::Result<()> {
    // A failure whose rows were not kept is still a failure: it gets a line of its own.
    let none = Vec::new();
    let rows = if evidence.rows.is_empty() { std::slice::from_ref(&none) } else { &evidence.rows };
    for (at, row) in rows.iter().enumerate() {
        let cells = evidence.columns.iter().zip(row);
        let cells: Vec<String> = cells.map(|(column, value)| format!("{column}={value}")).collect();
        record(out, &fields(verdict, evidence, at + 1, cells.join("; ")))?;
    }
    Ok(())
}

fn fields<'a>(
    verdict: &'a Verdict,
    evidence: &Evidence,
    row: usize,
    cells: String,
) -> [Cow<'a, str>; 9] {
    let check = &verdict.check;
    [
        check.id.as_str().into(),
        check.title.as_str().into(),
        check.severity.as_str().into(),
        check.measures.join(" ").into(),
        verdict.target.as_ref().into(),
        verdict.outcome.as_str().into(),
        row.to_string().into(),
        evidence.total.max(evidence.rows.len()).to_string().into(),
        cells.into(),
    ]
}

/// One line of RFC 4180 that no spreadsheet takes for a formula.
pub fn record(out: &mut dyn Write, fields: &[Cow<str>]) -> io::Result<()> {
    let fields: Vec<String> = fields.iter().map(|text| field(text)).collect();
    write!(out, "{}\r\n", fields.join(","))
}

fn field(text: &str) -> String {
    let shown = inert(visible(text));
    if shown.contains(['"', ',', ' ']) {
        return format!("\"{}\"", shown.replace('"', "\"\""));
    }
    shown.into_owned()
}

/// Spreadsheets run text that begins like a formula; after an apostrophe they show it.
fn inert(text: Cow<str>) -> Cow<str> {
    let acts = ['=', '+', '-', '@', '|', '%', '＝', '＋', '－', '＠'];
    if text.trim_start().starts_with(acts) { format!("'{text}").into() } else { text }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_field_is_quoted_and_never_a_formula() {
        let cases = [
            ("plain", "plain"),
            ("a,b", "\"a,b\""),
            ("say \"x\"", "\"say \"\"x\"\"\""),
            ("=1+1", "'=1+1"),
            ("  =1", "\"'  =1\""),
            ("\t=1", "\\t=1"),
            ("@SUM(A1,B1)", "\"'@SUM(A1,B1)\""),
            ("-5", "'-5"),
            ("＝1", "'＝1"),
            ("two\r\nlines", "two\\r\\nlines"),
            ("保密", "保密"),
        ];
        for (text, written) in cases {
            assert_eq!(field(text), written);
        }
    }
}
