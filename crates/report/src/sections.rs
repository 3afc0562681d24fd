//! The order in which people read: by measure, worst first, and in it by check, with all targets
//! of a check together.

use std::{cmp::Reverse, collections::BTreeMap};

use leaksweep_facts::{
    measure::Measure,
    verdict::{CheckPage, Evidence, Judgement, Outcome, Severity, Verdict},
};

/// The findings under one measure.
pub struct Section<'a> {
    pub measure: &'a str,
    /// The measure's own page; absent where a check names a measure that nobody knows.
    pub page: Option<&'a Measure>,
    pub findings: Vec<Finding<'a>>,
}

/// One check with the targets that gave this kind of answer.
pub struct Finding<'a> {
    pub check: &'a CheckPage,
    pub verdicts: Vec<&'a Verdict>,
}

impl<'a> Finding<'a> {
    /// The other measures that the check serves.
    pub fn other_measures(&self) -> &'a [String] {
        self.check.measures.get(1..).unwrap_or_default()
    }

    /// Evidence with the verdict that it belongs to.
    pub fn evidence(&self) -> impl Iterator<Item = (&'a Verdict, &'a Evidence)> {
        self.verdicts.iter().filter_map(|verdict| Some((*verdict, verdict.outcome.evidence()?)))
    }

    pub fn rows(&self) -> usize {
        self.evidence().map(|(_, evidence)| evidence.total.max(evidence.rows.len())).sum()
    }
}

impl Section<'_> {
    /// What the measure demands, as a heading.
    pub fn title(&self) -> String {
        let title = self.page.map_or("a measure that this version does not know", |m| &m.title);
        capitalized(title)
    }

    fn worst(&self) -> Severity {
        self.findings.iter().map(|f| f.check.severity).max().unwrap_or(Severity::Info)
    }
}

/// The failures, grouped.
pub fn failures(judgement: &Judgement) -> Vec<Section<'_>> {
    let failed = findings(judgement, |outcome| matches!(outcome, Outcome::Fail(_)));
    let mut sections: BTreeMap<&str, Vec<Finding>> = BTreeMap::new();
    for finding in failed {
        let measure = finding.check.measures.first().map_or("", String::as_str);
        sections.entry(measure).or_default().push(finding);
    }
    let place = |id: &str| judgement.measures.iter().position(|measure| measure.id == id);
    let page = |id: &str| judgement.measures.iter().find(|measure| measure.id == id);
    let section = |(measure, findings)| Section { measure, page: page(measure), findings };
    let mut sections: Vec<Section> = sections.into_iter().map(section).collect();
    sections.sort_by_key(|s| (Reverse(s.worst()), place(s.measure).unwrap_or(usize::MAX)));
    sections
}

/// The checks that gave this kind of answer, worst first, each with its targets in order.
pub fn findings(judgement: &Judgement, wanted: impl Fn(&Outcome) -> bool) -> Vec<Finding<'_>> {
    let mut by_check: BTreeMap<&str, Finding> = BTreeMap::new();
    for verdict in judgement.verdicts.iter().filter(|verdict| wanted(&verdict.outcome)) {
        let check = &*verdict.check;
        let empty = || Finding { check, verdicts: Vec::new() };
        by_check.entry(&check.id).or_insert_with(empty).verdicts.push(verdict);
    }
    let mut findings: Vec<Finding> = by_check.into_values().collect();
    for finding in &mut findings {
        finding.verdicts.sort_by(|a, b| a.target.cmp(&b.target));
    }
    findings.sort_by_key(|f| (Reverse(f.check.severity), Reverse(f.verdicts.len())));
    findings
}

/// The text with a capital first letter.
pub fn capitalized(text: &str) -> String {
    let mut rest = text.chars();
    rest.next().map_or_else(String::new, |first| first.to_uppercase().chain(rest).collect())
}
