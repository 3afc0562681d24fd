//! The form that the script shows. Its fields are in the address too, as in `#severity=high`.

use std::collections::BTreeSet;

use leaksweep_facts::verdict::{CheckPage, Severity};
use maud::{Markup, html};

use super::Page;
use crate::{safe_text::visible, text_width::shorten};

const TITLE: usize = 60;

pub fn form(page: &Page) -> Markup {
    html! {
        @if !page.judgement.verdicts.is_empty() {
            form id="filter" hidden role="search" aria-label="Filter" {
                label { span { "Measure" } (measure_field(page)) }
                label { span { "Severity" } (severity_field()) }
                label { span { "Verdict" } (verdict_field()) }
                label { span { "Text" } input type="search" name="text" autocomplete="off"; }
                p { output id="shown" aria-live="polite" {} " " button type="reset" { "Show all" } }
            }
        }
    }
}

fn measure_field(page: &Page) -> Markup {
    let served: BTreeSet<&str> = page
        .judgement
        .verdicts
        .iter()
        .flat_map(|verdict| verdict.check.measures.iter().map(String::as_str))
        .collect();
    let measures = page.judgement.measures.iter().filter(|m| served.contains(m.id.as_str()));
    html! {
        select name="measure" {
            option value="" { "all" }
            @for measure in measures {
                option value=(visible(&measure.id)) {
                    (visible(&measure.id)) " " (shorten_end(&visible(&measure.title)))
                }
            }
        }
    }
}

fn shorten_end(title: &str) -> String {
    match title.char_indices().nth(TITLE) {
        Some((end, _)) => format!("{}…", title[..end].trim_end()),
        None => shorten(title, TITLE).into_owned(),
    }
}

fn severity_field() -> Markup {
    html! {
        select name="severity" {
            option value="" { "all" }
            @for severity in Severity::ALL.into_iter().rev().take(4) {
                option value=(severity) {
                    (severity) @if severity != Severity::Critical { " or worse" }
                }
            }
        }
    }
}

fn verdict_field() -> Markup {
    html! {
        select name="verdict" {
            option value="" { "all" }
            @for verdict in ["fail", "unknown", "excepted", "pass", "not applicable"] {
                option value=(verdict) { (verdict) }
            }
        }
    }
}

/// What the script compares with the field: ids between spaces.
pub fn measures(check: &CheckPage) -> String {
    visible(&check.measures.join(" ")).into_owned()
}
