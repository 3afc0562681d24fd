//! Why checks could not tell, condensed: one line for each kind of reason, with the checks that
//! share it.

use std::{
    cmp::Reverse,
    collections::{BTreeMap, BTreeSet},
};

use leaksweep_facts::verdict::{Doubt, Judgement, Outcome, Verdict};

/// One reason with everything that it kept from being judged.
pub struct Group<'a> {
    /// Facts are in it: escape before showing.
    pub reason: String,
    pub wants_privilege: bool,
    /// What was looked at in vain, the first of perhaps many, and what helps against it. Want of
    /// rights has its own answer.
    pub subject: Option<&'a str>,
    pub hint: Option<&'a str>,
    pub checks: BTreeSet<&'a str>,
    pub targets: BTreeSet<&'a str>,
    pub verdicts: usize,
}

/// The groups: what more rights would settle first, then by number of verdicts.
pub fn groups(judgement: &Judgement) -> Vec<Group<'_>> {
    let mut groups: BTreeMap<(bool, String), Group> = BTreeMap::new();
    for verdict in &judgement.verdicts {
        let Outcome::Unknown(doubts) = &verdict.outcome else { continue };
        let (wants_privilege, reason) = key(doubts);
        let slot = groups.entry((wants_privilege, reason.clone()));
        slot.or_insert_with(|| Group::new(reason, wants_privilege, doubts)).add(verdict);
    }
    let mut groups: Vec<Group> = groups.into_values().collect();
    groups.sort_by_key(|group| (Reverse(group.wants_privilege), Reverse(group.verdicts)));
    groups
}

impl<'a> Group<'a> {
    fn new(reason: String, wants_privilege: bool, doubts: &'a [Doubt]) -> Self {
        let (subject, hint) = match doubts.first() {
            Some(Doubt::Problem { subject, hint, .. }) if !wants_privilege => (subject, hint),
            _ => (const { &String::new() }, const { &String::new() }),
        };
        let some = |text: &'a String| (!text.is_empty()).then_some(text.as_str());
        Self {
            reason,
            wants_privilege,
            subject: some(subject),
            hint: some(hint),
            checks: BTreeSet::new(),
            targets: BTreeSet::new(),
            verdicts: 0,
        }
    }

    fn add(&mut self, verdict: &'a Verdict) {
        self.checks.insert(&verdict.check.id);
        self.targets.insert(&verdict.target);
        self.verdicts += 1;
    }
}

/// A verdict with several doubts counts once: under want of rights where one of them is that.
fn key(doubts: &[Doubt]) -> (bool, String) {
    if doubts.iter().any(Doubt::wants_privilege) {
        return (true, "more rights are needed to look".into());
    }
    let reason = match doubts.first() {
        // Subjects differ from machine to machine; what they share is the line.
        Some(Doubt::Problem { table, reason, .. }) => format!("{table}: {reason}"),
        Some(doubt) => doubt.to_string(),
        None => "no reason was recorded".into(),
    };
    (false, reason)
}
