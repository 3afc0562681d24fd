//! What could not be told, one line for each reason.

use super::{Page, counted, some};
use crate::{
    safe_text::visible,
    text_width::shorten,
    unknowns::{self, Group},
};

const REASONS: usize = 12;
const NAMED_CHECKS: usize = 3;
const SUBJECT: usize = 40;

impl Page<'_> {
    pub(super) fn unknowns(&mut self) {
        let groups = unknowns::groups(self.judgement);
        if groups.is_empty() {
            return;
        }
        self.blank();
        self.title("Could not tell");
        for group in groups.iter().take(REASONS) {
            let count = format!("{:>4}  ", group.checks.len());
            let line = format!("{} – {}", reason(group), self.extent(group));
            self.labelled(2, (&count, &count), &line);
        }
        let more = groups.len().saturating_sub(REASONS);
        if more > 0 {
            self.paragraph(8, &format!("and {}", counted(more, "more reason")));
        }
    }

    fn extent(&self, group: &Group) -> String {
        let checks = some(group.checks.iter().copied(), NAMED_CHECKS);
        if self.one_target() {
            return checks;
        }
        format!("{checks} (on {})", counted(group.targets.len(), "target"))
    }
}

fn reason(group: &Group) -> String {
    let mut line = visible(&group.reason).into_owned();
    if let Some(subject) = group.subject {
        line.push_str(&format!(" ({})", shorten(&visible(subject), SUBJECT)));
    }
    if let Some(hint) = group.hint {
        line.push_str(&format!("; {}", visible(hint)));
    }
    line
}
