//! What did not fail: unknowns with their reasons, exceptions, passes, and the problems met.

use std::{cmp::Reverse, collections::BTreeMap};

use leaksweep_facts::verdict::{CheckPage, Exception, JudgedProblem, Outcome, Refusal};
use maud::{Markup, html};

use super::{Page, counted, filter, origin, wide_table};
use crate::{
    safe_text::visible,
    sections::{self, Finding, capitalized},
    unknowns::{self, Group},
};

const PROBLEMS: usize = 200;

pub fn unknown(page: &Page) -> Markup {
    let groups = unknowns::groups(page.judgement);
    let pages: BTreeMap<&str, &CheckPage> =
        page.judgement.verdicts.iter().map(|v| (v.check.id.as_str(), &*v.check)).collect();
    html! {
        @if !groups.is_empty() {
            section id="unknown" data-group {
                h2 { "Could not tell" }
                @for group in &groups { (reason(page, group, &pages)) }
            }
        }
    }
}

fn reason(page: &Page, group: &Group, pages: &BTreeMap<&str, &CheckPage>) -> Markup {
    let mut checks: Vec<_> = group.checks.iter().filter_map(|id| pages.get(id)).collect();
    checks.sort_by_key(|check| Reverse(check.severity));
    html! {
        div.reason data-group {
            h3 { (heading(&visible(&group.reason))) }
            p.origin {
                (counted(group.checks.len(), "check"))
                @if !page.one_target() { " on " (counted(group.targets.len(), "target")) }
                (remedy(group.refusal))
                @if let Some(subject) = group.subject {
                    " · first met at " code { (visible(subject)) }
                }
                @if let Some(hint) = group.hint { " · " (visible(hint)) }
            }
            ul.checks { @for check in checks { (item(check, "unknown", html! {})) } }
        }
    }
}

fn remedy(refusal: Option<Refusal>) -> Markup {
    html! {
        @match refusal {
            Some(Refusal::WantOfPrivilege) => { " · sweep again with " code { "sudo leaksweep" } }
            Some(Refusal::DespitePrivilege) => { " · sweep from the host itself" }
            None => {}
        }
    }
}

/// A reason is a heading here, so it begins with a capital, unless with a table's name.
fn heading(reason: &str) -> String {
    if is_name(reason) { reason.to_owned() } else { capitalized(reason) }
}

fn is_name(reason: &str) -> bool {
    reason.split([' ', ':']).next().is_some_and(|word| word.contains('_'))
}

/// One check in one line.
fn item(check: &CheckPage, verdict: &str, more: Markup) -> Markup {
    html! {
        li class={ "line " (check.severity) } data-severity=(check.severity) data-verdict=(verdict)
            data-measures=(filter::measures(check)) {
            span.severity { (check.severity) } " "
            div { (visible(&check.title)) " " span.origin { (origin(check)) } (more) }
        }
    }
}

pub fn passes(page: &Page) -> Markup {
    let passed = sections::findings(page.judgement, |outcome| matches!(outcome, Outcome::Pass));
    let section = ("passes", "Passes", "None of these was found.");
    folded(page, section, "pass", &passed)
}

pub fn not_applicable(page: &Page) -> Markup {
    let outcome = |outcome: &Outcome| matches!(outcome, Outcome::NotApplicable);
    let findings = sections::findings(page.judgement, outcome);
    let section = ("not-applicable", "Not applicable", "These do not concern what was swept.");
    folded(page, section, "not applicable", &findings)
}

fn folded(
    page: &Page,
    (id, title, says): (&str, &str, &str),
    verdict: &str,
    findings: &[Finding],
) -> Markup {
    html! {
        @if !findings.is_empty() {
            section id=(id) data-group {
                details.paper {
                    summary { h2 { (title) " " span.count { (counted(findings.len(), "check")) } } }
                    p.cap { (says) }
                    ul.checks {
                        @for found in findings {
                            (item(found.check, verdict, extent(page, found)))
                        }
                    }
                }
            }
        }
    }
}

fn extent(page: &Page, finding: &Finding) -> Markup {
    let count = counted(finding.verdicts.len(), "target");
    html! { @if !page.one_target() { span.origin { " · " (count) } } }
}

pub fn exceptions(page: &Page) -> Markup {
    let mut grants: BTreeMap<(&str, &str, &str), (&CheckPage, &Exception, usize)> = BTreeMap::new();
    for verdict in &page.judgement.verdicts {
        if let Outcome::Excepted(_, exception) = &verdict.outcome {
            let key =
                (verdict.check.id.as_str(), exception.owner.as_str(), exception.target.as_str());
            grants.entry(key).or_insert((&verdict.check, exception, 0)).2 += 1;
        }
    }
    html! {
        @if !grants.is_empty() {
            section id="exceptions" data-group {
                h2 { "Excepted" }
                ul.checks {
                    @for (check, exception, count) in grants.values() {
                        (item(check, "excepted", granted(page, exception, *count)))
                    }
                }
            }
        }
    }
}

fn granted(page: &Page, exception: &Exception, count: usize) -> Markup {
    html! {
        span.grant {
            "Excepted by " bdi { (visible(&exception.owner)) } " until " (exception.until.date())
            ": " (visible(&exception.reason))
            @if !page.one_target() { " (" (counted(count, "target")) ")" }
        }
    }
}

pub fn problems(page: &Page) -> Markup {
    let problems = &page.judgement.problems;
    let columns = ["Target", "Table", "Subject", "Reason", "Detail", "What helps"];
    let columns = if page.one_target() { &columns[1..] } else { &columns[..] };
    let rows = html! { @for problem in problems.iter().take(PROBLEMS) { (row(page, problem)) } };
    html! {
        @if !problems.is_empty() {
            section id="problems" {
                details.paper {
                    summary { h2 { "Could not be observed " span.count { (problems.len()) } } }
                    (wide_table("Problems", columns, rows))
                    @if problems.len() > PROBLEMS {
                        p.cap {
                            "Shown: " (PROBLEMS) " of " (problems.len()) ". JSON holds them all."
                        }
                    }
                }
            }
        }
    }
}

fn row(page: &Page, problem: &JudgedProblem) -> Markup {
    let JudgedProblem { target, table, subject, reason, detail, hint, .. } = problem;
    html! {
        tr {
            @if !page.one_target() { th scope="row" { (visible(target)) } }
            @for text in [table, subject, reason, detail, hint] { td { (visible(text)) } }
        }
    }
}
