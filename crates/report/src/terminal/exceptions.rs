//! What policy excepts, and what it excepted once.

use std::{collections::BTreeMap, sync::Arc};

use leaksweep_facts::verdict::{Exception, Outcome, Verdict};

use super::{Page, counted};
use crate::safe_text::visible;

const NAMED: usize = 20;

impl Page<'_> {
    pub(super) fn exceptions(&mut self) {
        let excepted = |verdict: &Verdict| match &verdict.outcome {
            Outcome::Excepted(_, exception) => Some(exception.clone()),
            _ => None,
        };
        self.list("Excepted", "until", excepted);
        self.list("Exceptions that ended and count no more", "ended", |v| v.expired.clone());
    }

    fn list(
        &mut self,
        title: &str,
        end: &str,
        exception: impl Fn(&Verdict) -> Option<Arc<Exception>>,
    ) {
        let grants = self.grants(exception);
        if grants.is_empty() {
            return;
        }
        self.blank();
        self.title(title);
        for (exception, verdicts) in grants.iter().take(NAMED) {
            let line = described(exception, end, *verdicts);
            self.paragraph(2, &line);
        }
        let more = grants.len().saturating_sub(NAMED);
        if more > 0 {
            self.paragraph(2, &format!("and {more} more"));
        }
    }

    /// Every exception once, with the number of verdicts that it touches.
    fn grants(
        &self,
        exception: impl Fn(&Verdict) -> Option<Arc<Exception>>,
    ) -> Vec<(Arc<Exception>, usize)> {
        let mut grants: BTreeMap<_, (Arc<Exception>, usize)> = BTreeMap::new();
        for granted in self.judgement.verdicts.iter().filter_map(exception) {
            let key = (granted.check.clone(), granted.target.clone(), granted.owner.clone());
            grants.entry((key, granted.until)).or_insert((granted, 0)).1 += 1;
        }
        grants.into_values().collect()
    }
}

fn described(exception: &Exception, end: &str, verdicts: usize) -> String {
    let Exception { check, target, owner, reason, until } = exception;
    let (check, target) = (visible(check), visible(target));
    let on = if verdicts > 1 { counted(verdicts, "target") } else { target.into_owned() };
    let (owner, reason) = (visible(owner), visible(reason));
    format!("{check} on {on}: {owner}, {end} {}: {reason}", until.date())
}
