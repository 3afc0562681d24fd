//! One page that needs nothing else: no network, no script from outside, and no script at all to
//! be read. The script in it only filters.
//!
//! Facts are escaped twice: control characters by [`visible`](crate::safe_text::visible), markup by
//! the template. Should both fail, the policy in the head lets nothing run but our own script.

mod arrow;
mod doors;
mod evidence;
mod failures;
mod filter;
mod medium;
mod others;
mod standing;
mod summary;
mod ways;

use std::{
    collections::BTreeSet,
    io::{self, Write},
};

use base64::{Engine, engine::general_purpose::STANDARD as BASE64};
use leaksweep_facts::verdict::{CheckPage, Judgement};
use maud::{DOCTYPE, Markup, PreEscaped, html};
use sha2::{Digest, Sha256};

use crate::{Style, safe_text::visible};

const CSS: &str = include_str!("page.css");
const SCRIPT: &str = include_str!("filter.js");

pub fn write(judgement: &Judgement, _: &Style, out: &mut dyn Write) -> io::Result<()> {
    out.write_all(page(&Page::new(judgement)).into_string().as_bytes())
}

/// What every part of the page looks at.
struct Page<'a> {
    judgement: &'a Judgement,
    targets: BTreeSet<&'a str>,
}

impl<'a> Page<'a> {
    fn new(judgement: &'a Judgement) -> Self {
        let swept = judgement.sweeps.iter().map(|sweep| &*sweep.target);
        let judged = judgement.verdicts.iter().map(|verdict| &*verdict.target);
        Self { judgement, targets: swept.chain(judged).collect() }
    }

    /// Whether targets need no naming.
    fn one_target(&self) -> bool {
        self.targets.len() <= 1
    }

    /// What the report is about, in a heading.
    fn subject(&self) -> String {
        match (self.targets.first(), self.targets.len()) {
            (None, _) => "Nothing was judged".into(),
            (Some(target), 1) => visible(target).into_owned(),
            (_, count) => format!("{count} targets"),
        }
    }
}

fn page(page: &Page) -> Markup {
    html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta http-equiv="Content-Security-Policy" content=(policy());
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                meta name="referrer" content="no-referrer";
                title { "leaksweep: " (page.subject()) }
                style { (PreEscaped(CSS)) }
            }
            body {
                (summary::head(page))
                main {
                    (summary::counts(page))
                    (ways::section(page))
                    (standing::section(page))
                    (medium::section(page))
                    (doors::section(page))
                    (filter::form(page))
                    (failures::section(page))
                    (others::unknown(page))
                    (others::exceptions(page))
                    (others::passes(page))
                    (others::not_applicable(page))
                    (others::problems(page))
                    (summary::sweeps(page))
                }
                (summary::foot(page))
                script { (PreEscaped(SCRIPT)) }
            }
        }
    }
}

/// Only the style and the script of this page, known by their digests, and the pictures inside it.
fn policy() -> String {
    let digest = |text: &str| BASE64.encode(Sha256::digest(text));
    format!(
        "default-src 'none'; img-src data:; style-src 'sha256-{}'; script-src 'sha256-{}'; base-uri 'none'; \
         form-action 'none'",
        digest(CSS),
        digest(SCRIPT)
    )
}

/// `1 check`, `2 checks`.
fn counted(count: usize, noun: &str) -> String {
    if count == 1 { format!("1 {noun}") } else { format!("{count} {noun}s") }
}

/// The check's id, its measures and its techniques.
fn origin(check: &CheckPage) -> Markup {
    html! {
        code { (visible(&check.id)) }
        @for measure in &check.measures { " · " (visible(measure)) }
        @for technique in &check.attack { " · " (visible(technique)) }
    }
}

/// A text as far as there is room for it.
fn shortened(text: &str, most: usize) -> String {
    let text = visible(text);
    match text.char_indices().nth(most) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.into_owned(),
    }
}

/// A table that scrolls by itself where it is wider than the screen.
fn wide_table(label: &str, columns: &[&str], rows: Markup) -> Markup {
    html! {
        div.scroll role="region" aria-label=(label) tabindex="0" {
            table {
                thead { tr { @for name in columns { th scope="col" { (name) } } } }
                tbody { (rows) }
            }
        }
    }
}
