//! The pictures of a medium: its map with the entropy beneath, what can be recovered by kind, and small previews.

use maud::{Markup, html};

use super::{Page, counted, evidence::long, shortened, wide_table};
use crate::{
    medium::{self, Finds, Medium, Preview, Stretch, size},
    safe_text::visible,
};

/// Of how many media pictures are drawn. JSON holds all.
const MEDIA: usize = 10;
/// Kinds that are listed of one.
const KINDS: usize = 60;
/// Characters of a name and of a first text.
const NAME: usize = 90;
const TEXT: usize = 240;

/// The drawing's own units.
const WIDTH: i64 = 960;
const BAND: i64 = 56;
const CURVE: i64 = 44;
const FOOT: i64 = 18;

pub fn section(page: &Page) -> Markup {
    let all = medium::all(page.judgement);
    html! {
        @if !all.is_empty() {
            section id="media" {
                h2 { "What can still be read" }
                @match all.as_slice() {
                    [medium] => { p.told { (told(medium)) } (drawn(medium)) }
                    _ => {
                        @for (at, medium) in all.iter().take(MEDIA).enumerate() {
                            details.paper.target open[at == 0] {
                                summary {
                                    h3 { bdi { (visible(medium.target)) } }
                                    " " span.count { (told(medium)) }
                                }
                                (drawn(medium))
                            }
                        }
                        @if all.len() > MEDIA {
                            p.cap { "and " (counted(all.len() - MEDIA, "more medium")) ". JSON holds them all." }
                        }
                    }
                }
            }
        }
    }
}

/// The medium in a sentence.
fn told(medium: &Medium) -> String {
    let families = medium.families();
    match (families.as_slice(), medium.doubts()) {
        ([], None) => "Nothing that has a known form can be recovered.".into(),
        ([], Some(_)) => "Whether anything can be recovered could not be told.".into(),
        (families, _) => {
            let each = families.iter().map(|(family, count)| plural(family, *count));
            format!("{}.", each.collect::<Vec<_>>().join(", "))
        }
    }
}

/// `1 print job`, `2 print jobs`, `3 mail`.
fn plural(family: &str, count: i64) -> String {
    let family = visible(family);
    match (count, &*family) {
        (1, _) | (_, "mail" | "contacts" | "settings" | "keys" | "other") => {
            format!("{count} {family}")
        }
        _ => format!("{count} {family}s"),
    }
}

fn drawn(medium: &Medium) -> Markup {
    html! {
        (map(medium))
        (kinds(medium))
        (previews(medium))
        @if let Some(doubts) = medium.doubts() {
            div.note { "There may be more: " (long(&visible(&doubts))) }
        }
    }
}

/// One column of the drawing: what most of its bytes are, and their mean entropy.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Column<'a> {
    class: &'a str,
    most: i64,
    weight: f64,
    bytes: i64,
}

fn columns<'a>(stretches: &[Stretch<'a>], bytes: i64) -> Vec<Column<'a>> {
    let none = Column { class: "zero", most: 0, weight: 0.0, bytes: 0 };
    let mut columns = vec![none; WIDTH as usize];
    for stretch in stretches {
        let place = |at: i64| ((at as f64) / (bytes.max(1) as f64) * WIDTH as f64) as i64;
        let (first, last) =
            (place(stretch.start), place(stretch.start.saturating_add(stretch.bytes) - 1));
        let share = stretch.bytes / (last - first + 1).max(1);
        for at in first.clamp(0, WIDTH - 1)..=last.clamp(0, WIDTH - 1) {
            let column = &mut columns[at as usize];
            column.weight += stretch.entropy as f64 * share.max(1) as f64;
            column.bytes += share.max(1);
            // What somebody could read is drawn before what is blank, be it as thin as a line.
            let rank = |class: &str| !matches!(class, "zero" | "ones" | "pattern");
            if (rank(stretch.class), share.max(1)) > (rank(column.class), column.most) {
                column.class = stretch.class;
                column.most = share.max(1);
            }
        }
    }
    columns
}

fn map(medium: &Medium) -> Markup {
    let columns = columns(&medium.stretches, medium.bytes());
    let runs = columns.chunk_by(|one, other| one.class == other.class);
    let widths = runs.scan(0, |x, run| {
        let start = *x;
        *x += run.len();
        Some((start, run.len(), run[0].class))
    });
    let base = BAND + CURVE;
    let curve: Vec<String> = columns
        .iter()
        .enumerate()
        .map(|(x, column)| {
            let entropy = if column.bytes > 0 { column.weight / column.bytes as f64 } else { 0.0 };
            format!("{x},{:.1}", base as f64 - entropy / 8000.0 * (CURVE - 6) as f64)
        })
        .collect();
    let label = "Map of the medium from its first to its last byte; the list below says the same";
    html! {
        @if !medium.stretches.is_empty() {
            svg.medium-map viewBox={ "0 0 " (WIDTH) " " (base + FOOT) } role="img" aria-label=(label) {
                @for (x, width, class) in widths {
                    rect class={ "class " (known(class)) } x=(x) y="0" width=(width) height=(BAND) {}
                }
                polyline.entropy points=(curve.join(" ")) {}
                line x1="0" y1=(base) x2=(WIDTH) y2=(base) {}
                text x="0" y=(base + 14) { "0" }
                text x=(WIDTH / 2) y=(base + 14) text-anchor="middle" { "entropy" }
                text x=(WIDTH) y=(base + 14) text-anchor="end" { (size(medium.bytes())) }
            }
            ul.legend {
                @for (class, bytes) in medium.classes() {
                    li { span class={ "swatch " (known(class)) } {} (visible(class)) " " span.count { (size(bytes)) } }
                }
            }
        }
    }
}

/// The classes that have a colour.
fn known(class: &str) -> &str {
    match class {
        "zero" | "ones" | "pattern" | "text" | "structured" | "random" | "bad" => class,
        _ => "mixed",
    }
}

fn kinds(medium: &Medium) -> Markup {
    let hidden = medium.finds.len().saturating_sub(KINDS);
    let columns = ["What", "Kind", "Whole", "In part", "Name only", "Deleted", "Bytes", "Marks"];
    html! {
        @if !medium.finds.is_empty() {
            (wide_table("What can be recovered, by kind", &columns, html! {
                @for finds in medium.finds.iter().take(KINDS) { (kind(finds)) }
            }))
        }
        @if hidden > 0 { p.cap { "and " (counted(hidden, "more kind")) ". JSON holds them." } }
    }
}

fn kind(finds: &Finds) -> Markup {
    let number = |count: i64| if count == 0 { "–".into() } else { count.to_string() };
    html! {
        tr {
            td { (visible(finds.family())) }
            td { code { (visible(finds.kind())) } }
            td.number { (number(finds.whole())) }
            td.number { (number(finds.partial())) }
            td.number { (number(finds.named())) }
            td.number { (number(finds.deleted())) }
            td.number { (size(finds.bytes())) }
            td class={ "number tone " (if finds.marks() > 0 { "alarm" } else { "" }) } { (number(finds.marks())) }
        }
    }
}

fn previews(medium: &Medium) -> Markup {
    let hidden = medium.all_previews.saturating_sub(medium.previews.len());
    html! {
        @if !medium.previews.is_empty() {
            details.previews open {
                summary { "Previews: " (counted(medium.previews.len(), "find")) }
                ul.gallery { @for preview in &medium.previews { (card(preview)) } }
                @if hidden > 0 { p.cap { "and " (counted(hidden, "more preview")) "." } }
            }
        }
    }
}

fn card(preview: &Preview) -> Markup {
    let (width, height) = preview.size();
    html! {
        li {
            @if let Some(source) = preview.source() {
                img src=(source) width=(width) height=(height) loading="lazy" alt={ "First page or picture of a " (visible(preview.kind())) };
            } @else {
                blockquote { bdi { (shortened(preview.text(), TEXT)) } }
            }
            p {
                code { (visible(preview.kind())) } " " (size(preview.bytes()))
                @if preview.state() != "whole" { " · " (visible(preview.state())) }
                @if preview.marks() > 0 { " · " span.tone.alarm { "marked" } }
            }
            @if !preview.name().is_empty() { p.name { bdi { (shortened(preview.name(), NAME)) } } }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_thin_stretch_is_seen_on_a_large_medium() {
        let stretch = |start, bytes, class| Stretch { start, bytes, class, entropy: 4000 };
        let bytes = 1_i64 << 40;
        let stretches = [
            stretch(0, 1 << 39, "zero"),
            stretch(1 << 39, 4096, "text"),
            stretch((1 << 39) + 4096, bytes - (1 << 39) - 4096, "zero"),
        ];
        let drawn = columns(&stretches, bytes);
        assert_eq!(drawn.len(), WIDTH as usize);
        let texts: Vec<_> =
            drawn.iter().enumerate().filter(|(_, column)| column.class == "text").collect();
        assert_eq!(texts.len(), 1);
        assert_eq!(texts[0].0, 480);
    }

    #[test]
    fn absurd_stretches_stay_on_the_map() {
        let odd = [Stretch { start: i64::MAX - 1, bytes: i64::MAX, class: "text", entropy: 8000 }];
        assert_eq!(columns(&odd, 10).len(), WIDTH as usize);
    }
}
