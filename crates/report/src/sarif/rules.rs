//! A check as a rule.

use leaksweep_facts::verdict::{CheckPage, Severity};
use serde_json::{Value as Json, json};

use super::{level, message};
use crate::markdown::{first_sentence, is_web};

pub fn rule(check: &CheckPage) -> Json {
    let mut rule = json!({
        "id": check.id,
        "shortDescription": { "text": message::plain(&check.title) },
        "fullDescription": { "text": message::plain(&full(check)) },
        "help": { "text": message::plain(&first_sentence(&check.fix)), "markdown": help(check) },
        "defaultConfiguration": { "level": level(check.severity) },
        "properties": {
            "tags": tags(check),
            "precision": "high",
            "security-severity": score(check.severity),
        },
    });
    if let Some(address) = check.references.iter().find(|address| is_uri(address)) {
        rule["helpUri"] = address.as_str().into();
    }
    rule
}

fn full(check: &CheckPage) -> String {
    let what = first_sentence(&check.what);
    if what.is_empty() { check.title.clone() } else { what }
}

/// The page, in the order in which it helps.
fn help(check: &CheckPage) -> String {
    let parts =
        [("", &check.what), ("Why", &check.why), ("Fix", &check.fix), ("Limits", &check.limits)];
    let mut page = String::new();
    for (title, text) in parts.into_iter().filter(|(_, text)| !text.trim().is_empty()) {
        if !title.is_empty() {
            page.push_str(&format!("## {title}\n\n"));
        }
        page.push_str(text.trim());
        page.push_str("\n\n");
    }
    for reference in &check.references {
        page.push_str(&format!("- {reference}\n"));
    }
    page
}

fn tags(check: &CheckPage) -> Vec<String> {
    let measures = check.measures.iter().map(|id| format!("measure/{id}"));
    let attack = check.attack.iter().map(|id| format!("attack/{id}"));
    std::iter::once("security".to_owned()).chain(measures).chain(attack).collect()
}

/// The middle of the span that code hosts give each severity.
fn score(severity: Severity) -> &'static str {
    match severity {
        Severity::Critical => "9.5",
        Severity::High => "8.0",
        Severity::Medium => "5.5",
        Severity::Low => "2.5",
        Severity::Info => "0.0",
    }
}

fn is_uri(address: &str) -> bool {
    is_web(address)
        && address.bytes().all(|byte| byte.is_ascii_graphic() && !b"<>\"{}|\\^`".contains(&byte))
}
