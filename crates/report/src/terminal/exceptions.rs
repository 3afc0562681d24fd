//! What policy excepts, and what it excepted once.

use std::{collections::BTreeMap, sync::Arc};

use leaksweep_facts::verdict::{Exception, Outcome, Verdict};

use super::{Page, counted};
use crate::safe_text::visible;

const NAMED: usize = 20;

impl<'a> Page<'a> {
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
        for grant in grants.iter().take(NAMED) {
            self.paragraph(2, &grant.described(end));
        }
        let more = grants.len().saturating_sub(NAMED);
        if more > 0 {
            self.paragraph(2, &format!("and {more} more"));
        }
    }

    /// Every exception once.
    fn grants(&self, exception: impl Fn(&Verdict) -> Option<Arc<Exception>>) -> Vec<Grant<'a>> {
        let mut grants: BTreeMap<_, Grant> = BTreeMap::new();
        for verdict in &self.judgement.verdicts {
            let Some(exception) = exception(verdict) else { continue };
            let Exception { check, target, owner, until, .. } = &*exception;
            let key = (check.clone(), target.clone(), owner.clone(), *until);
            let first = || Grant { exception, target: &verdict.target, verdicts: 0 };
            grants.entry(key).or_insert_with(first).verdicts += 1;
        }
        grants.into_values().collect()
    }
}

/// An exception with the verdicts that it touches, of which one is at `target`.
struct Grant<'a> {
    exception: Arc<Exception>,
    target: &'a str,
    verdicts: usize,
}

impl Grant<'_> {
    fn described(&self, end: &str) -> String {
        let Exception { check, owner, reason, until, .. } = &*self.exception;
        let place = match self.verdicts {
            1 => visible(self.target).into_owned(),
            count => counted(count, "target"),
        };
        let (check, owner, reason) = (visible(check), visible(owner), visible(reason));
        format!("{check} on {place}: {owner}, {end} {}: {reason}", until.date())
    }
}
