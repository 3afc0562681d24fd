//! What could not be told, one line for each reason.

use super::{Page, counted, some};
use crate::{safe_text::visible, unknowns};

const REASONS: usize = 12;
const NAMED_CHECKS: usize = 3;

impl Page<'_> {
    pub(super) fn unknowns(&mut self) {
        let groups = unknowns::groups(self.judgement);
        if groups.is_empty() {
            return;
        }
        self.blank();
        self.title("Could not tell");
        for group in groups.iter().take(REASONS) {
            let reason = visible(&group.reason).into_owned();
            let checks = self.extent(group);
            let count = format!("{:>4}  ", group.checks.len());
            self.labelled(2, (&count, &count), &format!("{reason} – {checks}"));
        }
        let more = groups.len().saturating_sub(REASONS);
        if more > 0 {
            self.paragraph(8, &format!("and {}", counted(more, "more reason")));
        }
    }

    fn extent(&self, group: &unknowns::Group) -> String {
        let checks = some(group.checks.iter().copied(), NAMED_CHECKS);
        if self.one_target() {
            return checks;
        }
        format!("{checks} (on {})", counted(group.targets.len(), "target"))
    }
}
