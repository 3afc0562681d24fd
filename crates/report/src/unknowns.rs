//! Why checks could not tell, condensed: one line for each kind of reason, with the checks that
//! share it.

use std::{
    cmp::Reverse,
    collections::{BTreeMap, BTreeSet},
};

use leaksweep_facts::verdict::{Doubt, Judgement, Outcome, Refusal, Verdict};

/// One reason with everything that it kept from being judged.
pub struct Group<'a> {
    /// Facts are in it: escape before showing.
    pub reason: String,
    pub refusal: Option<Refusal>,
    /// What was looked at in vain, the first of perhaps many, and what helps against it. A refusal
    /// has its own remedy.
    pub subject: Option<&'a str>,
    pub hint: Option<&'a str>,
    pub checks: BTreeSet<&'a str>,
    pub targets: BTreeSet<&'a str>,
    pub verdicts: usize,
}

/// The groups: what more rights would settle first, then by number of verdicts.
pub fn groups(judgement: &Judgement) -> Vec<Group<'_>> {
    let privileged = judgement.privileged_targets();
    let mut groups: BTreeMap<(Option<Refusal>, String), Group> = BTreeMap::new();
    for verdict in &judgement.verdicts {
        let Outcome::Unknown(doubts) = &verdict.outcome else { continue };
        let refusal = verdict.refusal(&privileged);
        let reason = reason(refusal, doubts);
        let slot = groups.entry((refusal, reason.clone()));
        slot.or_insert_with(|| Group::new(reason, refusal, doubts)).add(verdict);
    }
    let mut groups: Vec<Group> = groups.into_values().collect();
    groups.sort_by_key(|group| (group.refusal.is_none(), group.refusal, Reverse(group.verdicts)));
    groups
}

impl<'a> Group<'a> {
    fn new(reason: String, refusal: Option<Refusal>, doubts: &'a [Doubt]) -> Self {
        let met = match refusal {
            Some(Refusal::WantOfPrivilege) => None,
            _ => doubts.iter().find_map(problem),
        };
        let some = |text: &'a String| (!text.is_empty()).then_some(text.as_str());
        Self {
            reason,
            refusal,
            subject: met.and_then(|(subject, _)| some(subject)),
            hint: met.filter(|_| refusal.is_none()).and_then(|(_, hint)| some(hint)),
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

fn problem(doubt: &Doubt) -> Option<(&String, &String)> {
    match doubt {
        Doubt::Problem { subject, hint, .. } => Some((subject, hint)),
        _ => None,
    }
}

/// A verdict with several doubts counts once: under a refusal where one of them is that.
fn reason(refusal: Option<Refusal>, doubts: &[Doubt]) -> String {
    match (refusal, doubts.first()) {
        (Some(Refusal::WantOfPrivilege), _) => "more rights are needed to look".into(),
        (Some(Refusal::DespitePrivilege), _) => {
            "refused although the sweep had all rights: a container or a security module".into()
        }
        // Subjects differ from machine to machine; what they share is the line.
        (None, Some(Doubt::Problem { table, reason, .. })) => format!("{table}: {reason}"),
        (None, Some(doubt)) => doubt.to_string(),
        (None, None) => "no reason was recorded".into(),
    }
}
