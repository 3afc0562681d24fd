//! What fails: a heading for each measure, a block for each check.

use leaksweep_facts::verdict::{Exception, Value, Verdict};

use super::{Page, counted, some, table::TextTable};
use crate::{
    markdown::first_sentence,
    moment,
    safe_text::visible,
    sections::{self, Finding, Section},
    text_width::{pad, shorten, width, wrap},
};

const INDENT: usize = 2;
/// `critical` and two spaces.
const TITLE: usize = 10;
const BODY: usize = INDENT + TITLE;
const NAMED_TARGETS: usize = 8;
const WIDEST_TARGET: usize = 40;
const WIDEST_ID: usize = 8;

impl Page<'_> {
    pub(super) fn failures(&mut self) {
        for section in sections::failures(self.judgement) {
            self.blank();
            self.section_title(&section);
            for finding in &section.findings {
                self.blank();
                self.finding(finding);
            }
        }
    }

    fn section_title(&mut self, section: &Section) {
        let id = shorten(&visible(section.measure), WIDEST_ID).into_owned();
        let hang = width(&id) + 2;
        let lines = wrap(&visible(&section.title()), self.width.saturating_sub(hang));
        for (at, line) in lines.iter().enumerate() {
            let margin = if at == 0 { format!("{id}  ") } else { " ".repeat(hang) };
            let title = self.paint.bold(&format!("{margin}{line}"));
            self.line(&title);
        }
    }

    fn finding(&mut self, finding: &Finding) {
        let check = finding.check;
        let severity = check.severity.as_str();
        let gap = " ".repeat(TITLE.saturating_sub(severity.len()));
        let painted = self.paint.severity(check.severity, severity) + &gap;
        self.labelled(INDENT, (&pad(severity, TITLE), &painted), &visible(&check.title));
        let origin = self.paint.dim(&self.origin(finding));
        self.line(&format!("{}{origin}", " ".repeat(BODY)));
        self.targets(finding);
        self.evidence(finding);
        self.expired(finding);
        self.fix(finding);
    }

    /// The check's id, and the other measures that it serves.
    fn origin(&self, finding: &Finding) -> String {
        let id = visible(&finding.check.id).into_owned();
        let others = finding.other_measures();
        let text = match others {
            [] => id,
            _ => format!("{id} · also {}", some(others.iter().map(String::as_str), 6)),
        };
        shorten(&text, self.width.saturating_sub(BODY)).into_owned()
    }

    fn targets(&mut self, finding: &Finding) {
        if self.one_target() {
            return;
        }
        let names: Vec<String> = finding.verdicts.iter().map(|v| target_name(v)).collect();
        let names = some(names.iter().map(String::as_str), NAMED_TARGETS);
        let count = counted(finding.verdicts.len(), "target");
        self.paragraph(BODY, &format!("{count}: {names}"));
    }

    fn evidence(&mut self, finding: &Finding) {
        let (table, shown) = self.first_rows(finding);
        if shown == 0 {
            return;
        }
        let room = self.width.saturating_sub(BODY);
        for (at, line) in table.lines(room).into_iter().enumerate() {
            let line = if at == 0 { self.paint.dim(&line) } else { line };
            self.line(&format!("{}{line}", " ".repeat(BODY)));
        }
        let more = finding.rows().saturating_sub(shown);
        if more > 0 {
            let text = self.paint.dim(&format!("and {more} more"));
            self.line(&format!("{}{text}", " ".repeat(BODY)));
        }
    }

    /// The first rows; of many targets, the first row of each comes first.
    fn first_rows(&self, finding: &Finding) -> (TextTable, usize) {
        let one = self.one_target();
        let columns = finding.evidence().map(|(_, evidence)| &evidence.columns).next();
        let mut header: Vec<String> = if one { Vec::new() } else { vec!["target".into()] };
        header.extend(columns.into_iter().flat_map(|names| names.iter()).map(|n| shown_text(n)));
        let per_target = if finding.verdicts.len() > 1 { 1 } else { self.rows };
        let mut rows = Vec::new();
        for (verdict, evidence) in finding.evidence() {
            for row in evidence.rows.iter().take(per_target) {
                if rows.len() < self.rows {
                    let target = (!one).then(|| target_name(verdict));
                    rows.push(target.into_iter().chain(row.iter().map(cell)).collect());
                }
            }
        }
        let shown = rows.len();
        (TextTable { header, rows }, shown)
    }

    fn expired(&mut self, finding: &Finding) {
        let mut named: Vec<&Exception> = Vec::new();
        for exception in finding.verdicts.iter().filter_map(|v| v.expired.as_deref()) {
            if !named.contains(&exception) {
                named.push(exception);
            }
        }
        for exception in named.into_iter().take(self.rows) {
            let (owner, day) = (visible(&exception.owner), exception.until.date());
            self.paragraph(BODY, &format!("The exception of {owner} ended on {day}."));
        }
    }

    fn fix(&mut self, finding: &Finding) {
        let sentence = first_sentence(&finding.check.fix);
        if sentence.is_empty() {
            return;
        }
        let label = self.paint.good("fix");
        let room = self.width.saturating_sub(BODY + 4);
        let sentence = shorten_end(&visible(&sentence), room * 2);
        self.labelled(BODY, ("fix ", &format!("{label} ")), &sentence);
    }
}

/// The beginning of a sentence that is too long to be a line or two.
fn shorten_end(text: &str, columns: usize) -> String {
    if width(text) <= columns {
        return text.to_owned();
    }
    let mut lines = wrap(text, columns.saturating_sub(2));
    lines.truncate(1);
    lines.concat() + " …"
}

fn target_name(verdict: &Verdict) -> String {
    shorten(&visible(&verdict.target), WIDEST_TARGET).into_owned()
}

fn shown_text(text: &str) -> String {
    visible(text).into_owned()
}

/// A cell as people read it.
fn cell(value: &Value) -> String {
    match value {
        Value::Null => "–".into(),
        Value::Time(time) => moment::short(*time),
        other => shown_text(&other.to_string()),
    }
}
