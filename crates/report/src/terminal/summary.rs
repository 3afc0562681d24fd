//! The line above everything, and the lines below it.

use std::collections::BTreeSet;

use leaksweep_facts::verdict::{Counts, JudgedSweep, Judgement, Refusal};

use super::{Page, counted};
use crate::{moment, safe_text::visible};

impl Page<'_> {
    pub(super) fn heading(&mut self) {
        let text = match self.judgement.sweeps.as_slice() {
            [] => "No sweep was judged.".into(),
            [sweep] => described(sweep),
            sweeps => many(sweeps),
        };
        self.paragraph(0, &text);
    }

    pub(super) fn summary(&mut self) {
        let judgement = self.judgement;
        self.blank();
        if judgement.verdicts.is_empty() {
            return self.title("No check was run, so nothing is known.");
        }
        let counts = judgement.counts();
        if counts.fail == 0 {
            let text = quiet(counts);
            self.paragraph(0, text);
        }
        let line = count_line(judgement, counts);
        self.title(&line);
        self.want_of_privilege();
        self.refused_despite_privilege();
        self.problems();
    }

    fn want_of_privilege(&mut self) {
        let wanting = self.judgement.refused(Refusal::WantOfPrivilege);
        if wanting == 0 {
            return;
        }
        let stay = self.stay_unknown(wanting);
        let place = if self.one_target() { "" } else { " on those machines" };
        let command = self.privileged_command();
        let text = format!("{stay} for want of privilege; to assess, run {command}{place}.");
        self.paragraph(0, &text);
    }

    fn refused_despite_privilege(&mut self) {
        let refused = self.judgement.refused(Refusal::DespitePrivilege);
        if refused == 0 {
            return;
        }
        let stay = self.stay_unknown(refused);
        let text = format!(
            "{stay} although the sweep had all rights: the system refused even root, as a \
             container or a security module does. To assess, sweep from the host itself, outside \
             the container, or where the module allows it."
        );
        self.paragraph(0, &text);
    }

    fn stay_unknown(&self, count: usize) -> String {
        let noun = if self.one_target() { "check" } else { "verdict" };
        let stay = if count == 1 { "stays" } else { "stay" };
        format!("{} {stay} unknown", counted(count, noun))
    }

    fn privileged_command(&self) -> String {
        let sensors: BTreeSet<&str> =
            self.judgement.sweeps.iter().map(|sweep| sweep.manifest.sensor.as_str()).collect();
        match sensors.iter().next() {
            Some(sensor) if sensors.len() == 1 && *sensor != "host" => {
                format!("`sudo leaksweep {}`", visible(sensor))
            }
            _ => "`sudo leaksweep`".into(),
        }
    }

    fn problems(&mut self) {
        let count = self.judgement.problems.len();
        if count == 0 {
            return;
        }
        let was = if count == 1 { "thing" } else { "things" };
        let ask = "leaksweep query \"SELECT * FROM problems\"";
        self.paragraph(0, &format!("{count} {was} could not be observed; see {ask}."));
    }
}

fn described(sweep: &JudgedSweep) -> String {
    let manifest = &sweep.manifest;
    let how = match (manifest.sensor.as_str(), manifest.live) {
        ("printer", true) => "asked over the network".into(),
        ("printer", false) => "from recorded answers".into(),
        (_, live) => format!("{}, {}", running(live), rights(manifest.privileged)),
    };
    let (target, sensor) = (visible(&sweep.target), visible(&manifest.sensor));
    let (zone, when) = (visible(&sweep.zone), moment::text(manifest.started));
    format!("{target} · {sensor} · zone {zone} · swept {when} UTC, {how}")
}

fn running(live: bool) -> &'static str {
    if live { "running" } else { "not running" }
}

fn rights(privileged: bool) -> &'static str {
    if privileged { "with all rights" } else { "without all rights" }
}

fn many(sweeps: &[JudgedSweep]) -> String {
    let targets: BTreeSet<&str> = sweeps.iter().map(|sweep| &*sweep.target).collect();
    let first = sweeps.iter().map(|sweep| sweep.manifest.started).min().unwrap_or_default();
    let last = sweeps.iter().map(|sweep| sweep.manifest.started).max().unwrap_or_default();
    let unprivileged = sweeps.iter().filter(|sweep| !sweep.manifest.privileged).count();
    let mut text = format!(
        "{} of {}, swept {} to {} UTC",
        counted(sweeps.len(), "sweep"),
        counted(targets.len(), "target"),
        moment::text(first),
        moment::text(last)
    );
    if unprivileged > 0 {
        text.push_str(&format!(", {unprivileged} without all rights"));
    }
    text
}

/// What the absence of failures means, and what it does not.
fn quiet(counts: Counts) -> &'static str {
    match counts {
        Counts { pass: 0, unknown: 1.., .. } => "Nothing could be told.",
        Counts { unknown: 1.., .. } => "No check failed; not every check could tell.",
        _ => "No check failed.",
    }
}

fn count_line(judgement: &Judgement, counts: Counts) -> String {
    let Counts { pass, fail, unknown, not_applicable, excepted } = counts;
    let checks: BTreeSet<&str> = judgement.verdicts.iter().map(|v| v.check.id.as_str()).collect();
    let targets: BTreeSet<&str> = judgement.verdicts.iter().map(|v| &*v.target).collect();
    let mut line = format!("{fail} fail · {pass} pass · {unknown} unknown");
    for (count, kind) in [(not_applicable, "not applicable"), (excepted, "excepted")] {
        if count > 0 {
            line.push_str(&format!(" · {count} {kind}"));
        }
    }
    if targets.len() > 1 {
        let (checks, targets) = (counted(checks.len(), "check"), counted(targets.len(), "target"));
        line.push_str(&format!(" ({checks}, {targets})"));
    }
    line
}
