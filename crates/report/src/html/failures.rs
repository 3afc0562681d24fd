//! What fails, by measure, worst first, each check with its evidence and its page.

use leaksweep_facts::verdict::{CheckPage, Exception};
use maud::{Markup, html};

use super::{Page, evidence, filter, origin};
use crate::{
    markdown::{self, is_web},
    safe_text::visible,
    sections::{self, Finding, Section, capitalized},
};

pub fn section(page: &Page) -> Markup {
    let sections = sections::failures(page.judgement);
    html! {
        @if !sections.is_empty() {
            section id="failures" data-group {
                h2 { "Failures" }
                @for section in &sections { (measure(page, section)) }
            }
        }
    }
}

fn measure(page: &Page, section: &Section) -> Markup {
    html! {
        section.measure data-group {
            h3 { span.id { (visible(section.measure)) } " " span { (visible(&section.title())) } }
            @if let Some(measure) = section.page {
                p.threat { (visible(&capitalized(&measure.threat))) }
            }
            @for found in &section.findings { (finding(page, found)) }
        }
    }
}

fn finding(page: &Page, finding: &Finding) -> Markup {
    let check = finding.check;
    html! {
        article class={ "finding " (check.severity) }
            data-severity=(check.severity) data-verdict="fail"
            data-measures=(filter::measures(check)) {
            h4 { span.severity { (check.severity) } " " (visible(&check.title)) }
            p.origin { (origin(check)) }
            (evidence::targets(page, finding))
            (evidence::table(page, finding))
            (expired(finding))
            div.fix { h5 { "Fix" } (markdown::html(&check.fix)) }
            details.paper { summary { "Why, and how far the check sees" } (about(check)) }
        }
    }
}

fn about(check: &CheckPage) -> Markup {
    let parts = [("What", &check.what), ("Why", &check.why), ("Limits", &check.limits)];
    html! {
        div.about {
            @for (title, text) in parts {
                @if !text.trim().is_empty() { h5 { (title) } (markdown::html(text)) }
            }
            @if !check.references.is_empty() {
                h5 { "References" }
                ul { @for address in &check.references { li { (reference(address)) } } }
            }
        }
    }
}

fn reference(address: &str) -> Markup {
    html! {
        @if is_web(address) { a href=(visible(address)) rel="noreferrer" { (visible(address)) } }
        @else { (visible(address)) }
    }
}

fn expired(finding: &Finding) -> Markup {
    let mut named: Vec<&Exception> = Vec::new();
    for exception in finding.verdicts.iter().filter_map(|verdict| verdict.expired.as_deref()) {
        if !named.contains(&exception) {
            named.push(exception);
        }
    }
    html! {
        @for exception in named {
            p.note {
                "An exception for " code { (visible(&exception.target)) } " ended on "
                (exception.until.date()) " and counts no more (owner: "
                bdi { (visible(&exception.owner)) } "; reason: " (visible(&exception.reason)) ")."
            }
        }
    }
}
