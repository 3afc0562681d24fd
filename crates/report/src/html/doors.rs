//! The pictures of printers: outside on the left, the printer on the right, a line for each door; and before them a table of all.

use leaksweep_facts::verdict::Severity;
use maud::{Markup, html};

use super::{Page, arrow::Arrow, counted, evidence::long, shortened, wide_table};
use crate::{
    doors::{self, Door, Lane, Printer, State},
    safe_text::visible,
};

/// Of how many printers pictures are drawn. JSON holds all.
const PRINTERS: usize = 100;
/// Rows of the table over all, and doors of one lane.
const ROWS: usize = 1000;
const DOORS: usize = 40;
const NAME: usize = 60;

pub fn section(page: &Page) -> Markup {
    let all = doors::all(page.judgement);
    html! {
        @if !all.is_empty() {
            section id="printers" {
                h2 { "What is open" }
                @match all.as_slice() {
                    [printer] => { p.told { (told(printer)) } (drawn(printer)) }
                    _ => { (table(&all)) (pages(&all)) }
                }
            }
        }
    }
}

/// The printer in a sentence.
fn told(printer: &Printer) -> String {
    if !printer.reached() {
        return "Nothing of it answered: no door of it could be tried.".into();
    }
    let open = printer.count(State::Open) + printer.count(State::Weak);
    let model = match printer.model() {
        model if model.is_empty() => String::new(),
        model => format!("{}. ", visible(&model)),
    };
    let unknown = printer.count(State::Unknown);
    let doors = if open == 0 {
        "No door is open".into()
    } else {
        format!("{} open", counted(open, "door"))
    };
    let rest =
        if unknown > 0 { format!("; of {unknown} it could not be told") } else { String::new() };
    format!("{model}{doors}{rest}.")
}

fn table(all: &[Printer]) -> Markup {
    let columns = [
        "Printer",
        "Model",
        "Place",
        "Firmware",
        "Keeps documents",
        "Open doors",
        "Fails",
        "Not known",
    ];
    let rows = html! {
        @for (at, printer) in all.iter().take(ROWS).enumerate() { (row(at, printer)) }
    };
    html! {
        (wide_table("All printers", &columns, rows))
        @if all.len() > ROWS { p.cap { "and " (counted(all.len() - ROWS, "more printer")) ". JSON holds them all." } }
    }
}

fn row(at: usize, printer: &Printer) -> Markup {
    let open = printer.count(State::Open) + printer.count(State::Weak);
    html! {
        tr {
            td {
                @if at < PRINTERS { a href={ "#printer-" (at) } { bdi { (shortened(printer.target, NAME)) } } }
                @else { bdi { (shortened(printer.target, NAME)) } }
            }
            td { (shortened(&printer.model(), NAME)) }
            td { bdi { (shortened(printer.text("location"), NAME)) } }
            td { code { (shortened(printer.text("firmware"), 24)) } }
            td { @if printer.reached() { (printer.storage()) } @else { "no answer" } }
            td.number { (open) }
            td { (failures(printer)) }
            td.number { (printer.unknown) }
        }
    }
}

fn failures(printer: &Printer) -> Markup {
    html! {
        @for (at, (severity, count)) in printer.failures.iter().enumerate() {
            @if at > 0 { " · " }
            span.severity.(class(*severity)) { (count) " " (severity.as_str()) }
        }
    }
}

fn class(severity: Severity) -> &'static str {
    severity.as_str()
}

fn pages(all: &[Printer]) -> Markup {
    html! {
        @for (at, printer) in all.iter().take(PRINTERS).enumerate() {
            details.paper.target id={ "printer-" (at) } open[at == 0] {
                summary { h3 { bdi { (visible(printer.target)) } } " " span.count { (told(printer)) } }
                (drawn(printer))
            }
        }
    }
}

fn drawn(printer: &Printer) -> Markup {
    html! {
        @if printer.reached() {
            div.map.doors {
                div.outside { @for lane in Lane::ALL { (way(printer, lane)) } }
                (machine(printer))
            }
        }
        @for doubt in &printer.doubts { div.note { (long(&visible(doubt))) } }
    }
}

fn way(printer: &Printer, lane: Lane) -> Markup {
    let (drawn, shut) = printer.lane(lane);
    let unknown = printer.unknown_of(lane);
    html! {
        @if !(drawn.is_empty() && shut.is_empty() && unknown.is_empty()) {
            section.way {
                div.from { h4 { (lane.title()) } p { (lane.about()) } }
                ul.lanes {
                    @for one in drawn.iter().take(DOORS) { (door(one)) }
                    @if !unknown.is_empty() { (several("unclear", "Not known", &unknown)) }
                    @if !shut.is_empty() { (several("closed", "Closed", &shut)) }
                }
            }
        }
    }
}

fn door(door: &Door) -> Markup {
    html! {
        li class={ "lane " (door.state.class()) } {
            div.card {
                h5 {
                    (visible(door.title()))
                    span.what {
                        @for text in [door.name, door.place] {
                            @if !text.is_empty() { " · " bdi { (shortened(text, NAME)) } }
                        }
                    }
                }
                p.says { (capital(door.state.word())) @if !door.meaning().is_empty() { ": " (door.meaning()) } "." }
            }
            (arrow(door.state).draw())
        }
    }
}

fn arrow(state: State) -> Arrow {
    match state {
        State::Open => Arrow::Through,
        State::Weak | State::Unknown => Arrow::Perhaps,
        State::Guarded => Arrow::Gate,
        State::Silent | State::Closed => Arrow::Barred,
    }
}

/// Doors of which there is nothing more to say than their names.
fn several(class: &str, word: &str, titles: &[&str]) -> Markup {
    html! {
        li class={ "lane several " (class) } {
            div.card { p.says { (word) ": " (visible(&titles.join(", "))) "." } }
            @if class == "unclear" { (Arrow::Perhaps.draw()) } @else { (Arrow::Barred.draw()) }
        }
    }
}

fn capital(word: &str) -> String {
    let mut letters = word.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

fn machine(printer: &Printer) -> Markup {
    html! {
        div.machine {
            div {
                svg viewBox="0 0 32 30" width="40" height="38" aria-hidden="true" {
                    path fill="none" stroke="currentColor" stroke-width="2"
                        d="M8 11V2h16v9M3 11h26v11h-5M8 22H3V11M8 18h16v10H8zM12 22h8M12 25h8" {}
                }
                bdi { (shortened(printer.target, NAME)) }
                @for column in ["location", "firmware"] {
                    @let text = printer.text(column);
                    @if !text.is_empty() { p.cap { bdi { (shortened(text, NAME)) } } }
                }
            }
        }
    }
}
