//! A sheet as one page that needs nothing else: no network, no script, and it prints well.

use base64::{Engine, engine::general_purpose::STANDARD as BASE64};
use leaksweep_facts::certificate::Share;
use maud::{DOCTYPE, Markup, PreEscaped, html};
use sha2::{Digest, Sha256};

use super::{
    qr,
    sheet::{Block, Field, Section, Sheet, grouped, parts},
    words::{self, Words},
};
use crate::{medium::size, safe_text::visible};

/// The style of every page of leaksweep, and what papers have beside it.
const CSS: &str = concat!(include_str!("../html/page.css"), include_str!("paper.css"));
/// The bar's own units.
const WIDTH: f64 = 1000.0;

pub fn page(sheet: &Sheet) -> String {
    let digest = BASE64.encode(Sha256::digest(CSS));
    let policy = format!(
        "default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
    );
    let page = html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta http-equiv="Content-Security-Policy" content=(policy);
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                meta name="referrer" content="no-referrer";
                title { "leaksweep: " (sheet.title.en) " " (visible(&sheet.subject)) }
                style { (PreEscaped(CSS)) }
            }
            body.record {
                (head(sheet))
                main { @for part in &sheet.sections { (section(part)) } }
                (foot(sheet))
            }
        }
    };
    page.into_string()
}

fn both(words: Words) -> Markup {
    html! { (words.en) " " span lang="zh" { (words.zh) } }
}

fn head(sheet: &Sheet) -> Markup {
    let verdict = &sheet.verdict;
    html! {
        header {
            div {
                p.kind { "leaksweep" }
                h1 { (both(sheet.title)) }
                p { bdi { (visible(&sheet.subject)) } }
            }
            (code(&sheet.code))
        }
        div class={ "verdict " (verdict.tone.as_str()) } role="status" {
            strong { (both(verdict.headline)) }
            p { (both(verdict.because)) }
        }
    }
}

fn code(text: &str) -> Markup {
    let Some(rows) = qr::modules(text) else { return html! {} };
    let path: String = rows.iter().enumerate().map(|(y, row)| stretches(y, row)).collect();
    // Four modules of quiet around it.
    let side = rows.len() + 8;
    html! {
        svg.code viewBox={ "-4 -4 " (side) " " (side) } role="img" aria-label=(text) shape-rendering="crispEdges" {
            rect x="-4" y="-4" width=(side) height=(side) fill="#fff" {}
            path d=(path) fill="#000" {}
        }
    }
}

fn stretches(y: usize, row: &[bool]) -> String {
    qr::dark(row).iter().map(|(x, width)| format!("M{x} {y}h{width}v1h-{width}z")).collect()
}

fn section(section: &Section) -> Markup {
    html! {
        section {
            h2 {
                @if !section.mark.is_empty() { span.count { (visible(&section.mark)) } " " }
                (both(section.title))
            }
            @for part in &section.blocks { (block(part)) }
        }
    }
}

fn block(block: &Block) -> Markup {
    match block {
        Block::Fields(fields) => html! { dl.fields { @for one in fields { (field(one)) } } },
        Block::Bar { label, shares } => bar(*label, shares),
        Block::Say(words, tone) => html! { p class={ "say " (tone.as_str()) } { (both(*words)) } },
        Block::List { label, items, all } => {
            let hidden = all.saturating_sub(items.len() as u64);
            html! {
                h5 { (both(*label)) }
                @if items.is_empty() { p { "–" } } @else {
                    ul.items { @for item in items { li { bdi { (visible(item)) } } } }
                }
                @if hidden > 0 { p.cap { "and " (grouped(hidden)) " more, see the JSON" } }
            }
        }
    }
}

fn field(field: &Field) -> Markup {
    html! {
        div {
            dt { (both(field.label)) }
            dd class=(field.tone.as_str()) { bdi { (visible(&field.value)) } }
        }
    }
}

fn bar(label: Words, shares: &[Share]) -> Markup {
    let mut x = 0.0;
    let placed: Vec<(f64, f64, &str)> = shares
        .iter()
        .zip(parts(shares))
        .map(|(share, part)| {
            let start = x;
            x += part * WIDTH;
            (start, part * WIDTH, shade(&share.class))
        })
        .collect();
    html! {
        h5 { (both(label)) }
        svg.bar viewBox={ "0 0 " (WIDTH) " 24" } preserveAspectRatio="none" role="img" aria-label="The list below says the same" {
            @for (start, width, shade) in placed {
                rect class={ "class " (shade) } x=(format!("{start:.2}")) y="0" width=(format!("{width:.2}")) height="24" {}
            }
        }
        ul.legend {
            @for share in shares {
                li {
                    span class={ "swatch " (shade(&share.class)) } {} (visible(&words::class(&share.class)))
                    " " span.count { (size(i64::try_from(share.bytes).unwrap_or(i64::MAX))) " (" (grouped(share.bytes)) ")" }
                }
            }
        }
    }
}

/// The classes that have a colour.
fn shade(class: &str) -> &str {
    match class {
        "zero" | "ones" | "pattern" | "text" | "structured" | "random" | "bad" => class,
        _ => "mixed",
    }
}

fn foot(sheet: &Sheet) -> Markup {
    html! {
        footer {
            @if !sheet.signatures.is_empty() {
                ul.signatures { @for line in &sheet.signatures { li { (both(*line)) } } }
            }
            h5 { "How to check it " span lang="zh" { "核验方法" } }
            @for line in &sheet.checking { p { code { (visible(line)) } } }
        }
    }
}
