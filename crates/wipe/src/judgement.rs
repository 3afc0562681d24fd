//! What a wipe reached, from what was done and what was read afterwards. Never more than both of them show.

use leaksweep_facts::certificate::{Level, Outcome, Proof, Step};

use crate::method::Leaves;

/// What is weighed.
pub struct Case<'a> {
    pub steps: &'a [Step],
    /// Of the last step that completed: what it reaches at best, why, and what it leaves.
    pub best: Option<(Level, &'a str, Leaves)>,
    pub proof: Option<&'a Proof>,
    /// Things that a sweep could recover that was made afterwards.
    pub recovered: u64,
    /// Bytes that stayed hidden behind the visible end.
    pub hidden: u64,
    /// The manifest does not know all that was there.
    pub unread_before: bool,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verdict {
    pub outcome: Outcome,
    pub level: Level,
    pub reasons: Vec<String>,
}

impl Verdict {
    fn failed(reason: impl Into<String>) -> Self {
        Self { outcome: Outcome::Failed, level: Level::None, reasons: vec![reason.into()] }
    }
}

pub fn judge(case: &Case<'_>) -> Verdict {
    let Some(proof) = case.proof else {
        return Verdict::failed("nothing was read back");
    };
    if let Some(reason) = contradiction(proof).or_else(|| recovered(case.recovered)) {
        return Verdict::failed(reason);
    }
    if case.steps.is_empty() {
        return seen_alone(proof, case.unread_before);
    }
    let Some((level, reason, leaves)) = case.best else {
        return Verdict::failed("no method was carried out to its end");
    };
    // Only a technique of the device itself reaches there.
    if case.hidden > 0 && level != Level::Purge {
        let bytes = case.hidden;
        return Verdict::failed(format!("{bytes} bytes behind the visible end were not reached"));
    }
    let mut doubts = doubts(proof, leaves, case.unread_before);
    if case.hidden > 0 {
        doubts.push(format!("{} bytes behind the visible end could not be read", case.hidden));
    }
    let outcome = if doubts.is_empty() { Outcome::Wiped } else { Outcome::Claimed };
    // What an overwrite could not write, it did not wipe.
    if leaves == Leaves::Zeros && proof.bad_bytes > 0 {
        let bytes = proof.bad_bytes;
        return Verdict::failed(format!(
            "{bytes} bytes can be neither written nor read; they may hold what they held"
        ));
    }
    let mut reasons = vec![reason.to_owned()];
    reasons.extend(bound(proof, leaves));
    reasons.extend(doubts);
    Verdict { outcome, level, reasons }
}

/// What no technique can explain away.
fn contradiction(proof: &Proof) -> Option<String> {
    if proof.left_over_count > 0 {
        let (count, bytes) = (proof.left_over_count, proof.left_over_bytes);
        let extents = if count == 1 { "extent is" } else { "extents are" };
        return Some(format!("{count} {extents} left over, {bytes} bytes in all"));
    }
    let survivors = proof.differential.as_ref().map_or(0, |found| found.survivors);
    (survivors > 0).then(|| format!("{survivors} blocks from before the wipe are there still"))
}

fn recovered(count: u64) -> Option<String> {
    let things = if count == 1 { "thing" } else { "things" };
    (count > 0).then(|| format!("a sweep could recover {count} {things} afterwards"))
}

/// Others wiped it, if anybody did.
fn seen_alone(proof: &Proof, unread_before: bool) -> Verdict {
    let mut reasons = vec![
        "what was done to it is not known, so no level is stated; this is what was read".into(),
    ];
    let doubts = doubts(proof, Leaves::Anything, unread_before);
    let outcome = if doubts.is_empty() { Outcome::Wiped } else { Outcome::Claimed };
    reasons.extend(bound(proof, Leaves::Anything));
    reasons.extend(doubts);
    Verdict { outcome, level: Level::None, reasons }
}

/// What a manifest cannot show, where nothing else shows it either.
fn bound(proof: &Proof, leaves: Leaves) -> Option<String> {
    let anything = leaves == Leaves::Anything && looks_like_chance(proof) > 0;
    (anything && proof.differential.is_some()).then(|| {
        "no block of 64 KiB from before was found at any sector; shorter remains that look like chance could not be told from the \
         trace of another key"
            .into()
    })
}

fn looks_like_chance(proof: &Proof) -> u64 {
    let found = proof.classes.iter().find(|share| share.class == "random");
    found.map_or(0, |share| share.bytes)
}

fn doubts(proof: &Proof, leaves: Leaves, unread_before: bool) -> Vec<String> {
    let mut doubts = Vec::new();
    if let Some(sample) = &proof.sample
        && sample.blocks < sample.of
    {
        doubts.push(format!("only a sample was read: {}", sample.bound));
    } else if proof.read_bytes < proof.bytes {
        let (read, all) = (proof.read_bytes, proof.bytes);
        doubts.push(format!("only {read} of {all} bytes were read"));
    }
    if proof.bad_bytes > 0 {
        doubts.push(format!("{} bytes cannot be read", proof.bad_bytes));
    }
    let chance = looks_like_chance(proof);
    if chance > 0 && leaves == Leaves::Anything {
        match &proof.differential {
            None => doubts.push(format!(
                "{chance} bytes look like chance: the trace of a key that was destroyed, or files that are packed or encrypted; \
                 only a manifest from before can tell these apart"
            )),
            Some(_) if unread_before => doubts.push(
                "some of the medium could not be read before the wipe, and is not in the manifest".into(),
            ),
            Some(_) => {}
        }
    }
    doubts
}

#[cfg(test)]
mod tests {
    use super::*;
    use leaksweep_facts::certificate::{Differential, Sample, Share};

    fn step() -> Step {
        Step {
            method: "m".into(),
            commands: vec![],
            started: String::new(),
            ended: String::new(),
            completed: true,
            log: vec![],
            interruptions: 0,
        }
    }

    fn proof() -> Proof {
        Proof {
            started: String::new(),
            ended: String::new(),
            read_bytes: 100,
            bytes: 100,
            expected: String::new(),
            classes: vec![],
            left_over: vec![],
            left_over_count: 0,
            left_over_bytes: 0,
            bad: vec![],
            bad_bytes: 0,
            sample: None,
            differential: None,
            fingerprint: String::new(),
        }
    }

    struct Question {
        steps: Vec<Step>,
        best: Option<(Level, Leaves)>,
        proof: Option<Proof>,
        hidden: u64,
        unread: bool,
        recovered: u64,
    }

    impl Question {
        fn new(level: Level, leaves: Leaves) -> Self {
            let best = Some((level, leaves));
            Self {
                steps: vec![step()],
                best,
                proof: Some(proof()),
                hidden: 0,
                unread: false,
                recovered: 0,
            }
        }

        fn proof(mut self, change: impl FnOnce(&mut Proof)) -> Self {
            change(self.proof.as_mut().unwrap());
            self
        }

        fn answer(&self) -> (Outcome, Level) {
            let verdict = judge(&Case {
                steps: &self.steps,
                best: self.best.map(|(level, leaves)| (level, "because", leaves)),
                proof: self.proof.as_ref(),
                recovered: self.recovered,
                hidden: self.hidden,
                unread_before: self.unread,
            });
            assert!(!verdict.reasons.is_empty());
            (verdict.outcome, verdict.level)
        }
    }

    const FAILED: (Outcome, Level) = (Outcome::Failed, Level::None);

    fn chance(proof: &mut Proof) {
        proof.classes = vec![Share { class: "random".into(), bytes: 50 }];
    }

    fn manifest(survivors: u64) -> impl FnOnce(&mut Proof) {
        move |proof: &mut Proof| {
            chance(proof);
            proof.differential = Some(Differential {
                manifest: String::new(),
                made: String::new(),
                blocks: 5,
                survivors,
                first: vec![],
            });
        }
    }

    #[test]
    fn a_whole_reading_without_a_flaw_confirms_what_was_done() {
        let clear = Question::new(Level::Clear, Leaves::Zeros);
        assert_eq!(clear.answer(), (Outcome::Wiped, Level::Clear));
        let purge = Question::new(Level::Purge, Leaves::Anything);
        assert_eq!(purge.answer(), (Outcome::Wiped, Level::Purge));
        let differential = Question::new(Level::Purge, Leaves::Anything).proof(manifest(0));
        assert_eq!(differential.answer(), (Outcome::Wiped, Level::Purge));
    }

    #[test]
    fn what_is_left_over_fails_whatever_was_done() {
        for (level, leaves) in [(Level::Clear, Leaves::Zeros), (Level::Purge, Leaves::Anything)] {
            let left = Question::new(level, leaves).proof(|proof| proof.left_over_count = 1);
            assert_eq!(left.answer(), FAILED);
            assert_eq!(Question::new(level, leaves).proof(manifest(1)).answer(), FAILED);
            let unproven = Question { proof: None, ..Question::new(level, leaves) };
            assert_eq!(unproven.answer(), FAILED);
            assert_eq!(Question { best: None, ..Question::new(level, leaves) }.answer(), FAILED);
            assert_eq!(Question { recovered: 1, ..Question::new(level, leaves) }.answer(), FAILED);
        }
    }

    #[test]
    fn what_an_overwrite_did_not_reach_it_did_not_wipe() {
        let bad = |leaves| Question::new(Level::Clear, leaves).proof(|proof| proof.bad_bytes = 512);
        assert_eq!(bad(Leaves::Zeros).answer(), FAILED);
        assert_eq!(bad(Leaves::Anything).answer(), (Outcome::Claimed, Level::Clear));
        for leaves in [Leaves::Zeros, Leaves::Anything] {
            let hidden = Question { hidden: 1, ..Question::new(Level::Clear, leaves) };
            assert_eq!(hidden.answer(), FAILED);
            let hidden = Question { hidden: 1, ..Question::new(Level::Purge, leaves) };
            assert_eq!(hidden.answer(), (Outcome::Claimed, Level::Purge));
        }
    }

    #[test]
    fn what_was_not_seen_is_only_claimed() {
        let purge = || Question::new(Level::Purge, Leaves::Anything);
        let claimed = (Outcome::Claimed, Level::Purge);
        assert_eq!(purge().proof(chance).answer(), claimed);
        assert_eq!(purge().proof(|proof| proof.read_bytes = 99).answer(), claimed);
        let sampled = |proof: &mut Proof| {
            proof.sample = Some(Sample { blocks: 1, of: 2, bound: String::new() });
        };
        assert_eq!(purge().proof(sampled).answer(), claimed);
        let unread = Question { unread: true, ..purge().proof(manifest(0)) };
        assert_eq!(unread.answer(), claimed);
    }

    #[test]
    fn of_what_others_wiped_no_level_is_stated() {
        let alone =
            || Question { steps: vec![], best: None, ..Question::new(Level::Clear, Leaves::Zeros) };
        assert_eq!(alone().answer(), (Outcome::Wiped, Level::None));
        assert_eq!(alone().proof(chance).answer(), (Outcome::Claimed, Level::None));
        assert_eq!(alone().proof(manifest(0)).answer(), (Outcome::Wiped, Level::None));
        let unread = Question { unread: true, ..alone().proof(manifest(0)) };
        assert_eq!(unread.answer(), (Outcome::Claimed, Level::None));
        assert_eq!(alone().proof(manifest(1)).answer(), FAILED);
        assert_eq!(alone().proof(|proof| proof.left_over_count = 2).answer(), FAILED);
    }
}
