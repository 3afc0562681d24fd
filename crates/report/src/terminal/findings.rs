//! What fails: a heading for each measure, a block for each check.

use leaksweep_facts::verdict::Exception;

use super::{Page, counted, evidence::target_name, some};
use crate::{
    markdown::first_sentence,
    safe_text::visible,
    sections::{self, Finding, Section},
    text_width::{pad, shorten, width, wrap},
};

const INDENT: usize = 2;
/// `critical` and two spaces.
const TITLE: usize = 10;
pub(super) const BODY: usize = INDENT + TITLE;
const NAMED_TARGETS: usize = 8;
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
