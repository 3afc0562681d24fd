//! What was judged, the counts, and at the end every sweep.

use std::collections::BTreeMap;

use leaksweep_facts::verdict::{Counts, JudgedSweep, Outcome, Refusal, Severity};
use maud::{Markup, html};

use super::{Page, counted, wide_table};
use crate::{moment, safe_text::visible};

const SWEEPS: usize = 2000;

pub fn head(page: &Page) -> Markup {
    html! {
        header {
            p.kind { "leaksweep report" }
            h1 { (page.subject()) }
            @if let [sweep] = page.judgement.sweeps.as_slice() { (one(sweep)) }
            @else if !page.judgement.sweeps.is_empty() { (many(page)) }
        }
    }
}

fn one(sweep: &JudgedSweep) -> Markup {
    let manifest = &sweep.manifest;
    html! {
        dl.facts {
            div { dt { "Sensor" } dd { (visible(&manifest.sensor)) } }
            div { dt { "Zone" } dd { (visible(&sweep.zone)) } }
            div { dt { "Swept" } dd { (moment::text(manifest.started)) " UTC" } }
            div { dt { "Rights" } dd { (rights(sweep)) } }
            div { dt { "State" } dd { (state(sweep)) } }
        }
    }
}

fn many(page: &Page) -> Markup {
    let sweeps = &page.judgement.sweeps;
    let started = sweeps.iter().map(|sweep| sweep.manifest.started);
    let (first, last) =
        (started.clone().min().unwrap_or_default(), started.max().unwrap_or_default());
    let privileged = sweeps.iter().filter(|sweep| sweep.manifest.privileged).count();
    html! {
        dl.facts {
            div { dt { "Sweeps" } dd { (sweeps.len()) } }
            div { dt { "First" } dd { (moment::text(first)) " UTC" } }
            div { dt { "Last" } dd { (moment::text(last)) " UTC" } }
            div { dt { "With all rights" } dd { (privileged) " of " (sweeps.len()) } }
        }
    }
}

fn rights(sweep: &JudgedSweep) -> &'static str {
    if sweep.manifest.privileged { "all" } else { "not all" }
}

fn state(sweep: &JudgedSweep) -> &'static str {
    match (&*sweep.manifest.sensor, sweep.manifest.live) {
        ("storage", _) => "a medium, read as it is",
        (_, true) => "running",
        (_, false) => "not running (a mounted disk)",
    }
}

pub fn counts(page: &Page) -> Markup {
    let judgement = page.judgement;
    let Counts { pass, fail, unknown, not_applicable, excepted } = judgement.counts();
    let tiles = [
        ("fail", "fail", fail, "#failures"),
        ("unknown", "unknown", unknown, "#unknown"),
        ("excepted", "excepted", excepted, "#exceptions"),
        ("pass", "pass", pass, "#passes"),
        ("na", "not applicable", not_applicable, "#not-applicable"),
    ];
    html! {
        section.summary aria-label="Summary" {
            @if judgement.verdicts.is_empty() {
                p.lead { "No check was run, so nothing is known." }
            } @else {
                p.lead { (lead(page)) }
                ul.tiles {
                    @for (class, name, count, place) in tiles.into_iter().filter(told) {
                        li.(class).none[count == 0] {
                            a href=[(count > 0).then_some(place)] {
                                strong { (count) } " " span { (name) }
                            }
                        }
                    }
                }
            }
            (privilege(page))
        }
    }
}

/// What policy and applicability leave out is told only where there is some.
fn told((class, _, count, _): &(&str, &str, usize, &str)) -> bool {
    *count > 0 || !["excepted", "na"].contains(class)
}

/// The answer in one sentence.
fn lead(page: &Page) -> String {
    let counts = page.judgement.counts();
    let mut by: BTreeMap<Severity, usize> = BTreeMap::new();
    for verdict in &page.judgement.verdicts {
        if matches!(verdict.outcome, Outcome::Fail(_)) {
            *by.entry(verdict.check.severity).or_default() += 1;
        }
    }
    let by: Vec<String> = by.iter().rev().map(|(severity, n)| format!("{n} {severity}")).collect();
    match counts {
        Counts { fail: 1.., .. } => {
            format!("{}: {}.", counted(counts.fail, "failure"), by.join(", "))
        }
        Counts { pass: 0, unknown: 1.., .. } => "Nothing could be told.".into(),
        Counts { unknown: 1.., .. } => "No check failed; not every check could tell.".into(),
        _ => "No check failed.".into(),
    }
}

fn privilege(page: &Page) -> Markup {
    let wanting = page.judgement.refused(Refusal::WantOfPrivilege);
    let refused = page.judgement.refused(Refusal::DespitePrivilege);
    html! {
        @if wanting > 0 {
            p.note {
                (stay_unknown(wanting)) " for want of privilege. To assess, sweep again with "
                code { "sudo leaksweep" } "."
            }
        }
        @if refused > 0 {
            p.note {
                (stay_unknown(refused)) " although the sweep had all rights: the system refused \
                even root, as a container or a security module does. To assess, sweep from the \
                host itself, outside the container, or where the module allows it."
            }
        }
    }
}

fn stay_unknown(count: usize) -> String {
    let stay = if count == 1 { "stays" } else { "stay" };
    format!("{} {stay} unknown", counted(count, "verdict"))
}

/// Where there are many, each with its failures.
pub fn sweeps(page: &Page) -> Markup {
    let sweeps = &page.judgement.sweeps;
    let failures = failures(page);
    let columns = ["Target", "Zone", "Swept (UTC)", "Rights", "State", "Failures"];
    let rows = html! { @for sweep in sweeps.iter().take(SWEEPS) { (row(sweep, &failures)) } };
    html! {
        @if sweeps.len() > 1 {
            section id="sweeps" {
                details {
                    summary { h2 { "Sweeps " span.count { (sweeps.len()) } } }
                    (wide_table("Sweeps", &columns, rows))
                    @if sweeps.len() > SWEEPS {
                        p.cap { "The first " (SWEEPS) " of " (sweeps.len()) " are shown." }
                    }
                }
            }
        }
    }
}

/// How many checks each target fails.
fn failures<'a>(page: &Page<'a>) -> BTreeMap<&'a str, usize> {
    let mut failures = BTreeMap::new();
    for verdict in &page.judgement.verdicts {
        let failed = matches!(verdict.outcome, Outcome::Fail(_));
        *failures.entry(&*verdict.target).or_default() += usize::from(failed);
    }
    failures
}

fn row(sweep: &JudgedSweep, failures: &BTreeMap<&str, usize>) -> Markup {
    let target = &*sweep.target;
    html! {
        tr {
            th scope="row" { (visible(target)) }
            td { (visible(&sweep.zone)) }
            td { (moment::text(sweep.manifest.started)) }
            td { (rights(sweep)) }
            td { (state(sweep)) }
            td { (failures.get(target).copied().unwrap_or(0)) }
        }
    }
}

pub fn foot(page: &Page) -> Markup {
    let judged = moment::text(page.judgement.judged);
    let version = visible(&page.judgement.tool_version);
    html! {
        footer {
            p { "Judged " (judged) " UTC by leaksweep " (version) "." }
            p {
                "A control character in a name is shown as an escape, such as "
                code { "\\x1b" } "."
            }
        }
    }
}
