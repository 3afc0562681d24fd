//! The picture of remote control: outside on the left, the machine on the right, a lane for each
//! tool. It is a list in reading order, so that it needs no second text for who cannot see it; the
//! colours say nothing that the words do not.

use leaksweep_facts::verdict::Picture;
use maud::{Markup, html};

use super::{Page, arrow::Arrow, counted, evidence::long, shortened};
use crate::{
    moment,
    safe_text::visible,
    ways::{self, Access, Lane, Outside, Ways},
};

/// Lanes drawn of one target, and of how many targets.
const LANES: usize = 30;
const TARGETS: usize = 20;
/// Of many targets, so many of the worst are unfolded.
const UNFOLDED: usize = 1;
/// States and ways told of one tool, and characters of each cell. JSON holds all.
const PARTS: usize = 8;
const CELL: usize = 100;

pub fn section(page: &Page) -> Markup {
    let all = ways::all(page.judgement);
    html! {
        @if !all.is_empty() {
            section id="remote-control" {
                h2 { "Ways in by remote control" }
                @match all.as_slice() {
                    [ways] => { (alone(ways)) }
                    _ => { (fleet(&all)) }
                }
            }
        }
    }
}

fn alone(ways: &Ways) -> Markup {
    html! {
        p.told { (told(ways)) }
        (map(ways))
    }
}

fn fleet(all: &[Ways]) -> Markup {
    let with = all.partition_point(|ways| !ways.lanes.is_empty());
    let (with, without) = all.split_at(with);
    let having = |counts: fn(Access) -> bool| with.iter().filter(|w| w.count(counts) > 0).count();
    let (tools, open) = (having(Access::is_tool), having(|access| access == Access::Open));
    html! {
        p.told {
            "Remote-control tools are on " (tools) " of " (counted(all.len(), "target")) ". Into " (open)
            " somebody can come with nobody present."
        }
        @for (at, ways) in with.iter().take(TARGETS).enumerate() {
            (one_of_many(ways, at < UNFOLDED))
        }
        @if with.len() > TARGETS {
            p.cap { "and " (counted(with.len() - TARGETS, "more target")) ". JSON holds them all." }
        }
        (empty(without))
    }
}

fn one_of_many(ways: &Ways, open: bool) -> Markup {
    html! {
        details.paper.target open[open] {
            summary { h3 { bdi { (visible(&ways.picture.target)) } } " " span.count { (told(ways)) } }
            (map(ways))
        }
    }
}

/// What is said of targets on which nothing was seen.
fn empty(without: &[Ways]) -> Markup {
    let doubtful = without.iter().filter(|ways| ways.doubts().is_some()).count();
    let clean = without.len() - doubtful;
    html! {
        @if clean > 0 {
            p.cap { (counted(clean, "target")) ": no remote-control tool was found." }
        }
        @if doubtful > 0 {
            p.cap {
                (counted(doubtful, "target"))
                ": whether there is a remote-control tool could not be told."
            }
        }
    }
}

/// The target in a sentence or two.
fn told(ways: &Ways) -> String {
    let tools = ways.count(Access::is_tool);
    let traces = ways.lanes.len() - tools;
    match (tools, traces, ways.picture.doubts.is_empty()) {
        (0, 0, true) => "No remote-control tool was found.".into(),
        (0, 0, false) => "Whether there is a remote-control tool could not be told.".into(),
        (0, _, _) => {
            format!("No tool is in use. Left over, or idle parts of the system: {traces}.")
        }
        _ => format!("{}. {}", counted(tools, "tool"), open(ways, tools)),
    }
}

fn open(ways: &Ways, tools: usize) -> String {
    let moment = ways.moment();
    let through = format!("somebody can come in {moment}, with nobody present.");
    match (ways.count(|access| access == Access::Open), tools) {
        (0, _) if ways.count(|access| access == Access::Unclear) > 0 => {
            "Whether somebody can come in with nobody present could not be told of every one."
                .into()
        }
        (0, _) => format!("Through none can somebody come in {moment} with nobody present."),
        (1, 1) => format!("Through it {through}"),
        (open, _) => format!("Through {open} of them {through}"),
    }
}

fn map(ways: &Ways) -> Markup {
    let hidden = ways.picture.rows.total.saturating_sub(LANES);
    html! {
        @if !ways.lanes.is_empty() {
            div.map {
                div.outside {
                    @for (outside, lanes) in ways.by_outside(LANES) { (way(outside, &lanes)) }
                }
                (machine(ways.picture))
            }
            @if hidden > 0 { p.cap { "and " (counted(hidden, "more tool")) "." } }
        }
        @if let Some(doubts) = ways.doubts() {
            div.note {
                @if !ways.lanes.is_empty() { "There may be more: " }
                (long(&visible(&doubts)))
            }
        }
    }
}

/// A cell as far as a drawing has room for it.
fn brief(text: &str) -> String {
    shortened(text, CELL)
}

fn machine(picture: &Picture) -> Markup {
    html! {
        div.machine {
            div {
                svg viewBox="0 0 32 28" width="32" height="28" aria-hidden="true" {
                    path fill="none" stroke="currentColor" stroke-width="2"
                        d="M2 2h28v18H2zM16 20v5M9 26h14" {}
                }
                bdi { (brief(&picture.target)) }
            }
        }
    }
}

fn way(outside: Outside, lanes: &[Lane]) -> Markup {
    html! {
        section.way {
            div.from { h4 { (outside.title()) } p { (outside.about()) } }
            ul.lanes { @for tool in lanes { (lane(tool)) } }
        }
    }
}

fn lane(lane: &Lane) -> Markup {
    let access = lane.access();
    html! {
        li class={ "lane " (access.class()) } {
            div.card {
                h5 {
                    bdi { (brief(lane.name())) }
                    span.what { (what(lane)) }
                }
                p.says { (lane.sentence()) "." }
                (badges(lane))
                (ways_in(lane))
                (under(lane))
            }
            (arrow(access))
        }
    }
}

fn what(lane: &Lane) -> Markup {
    html! {
        @for column in ["version", "kind", "maker"] {
            @let text = lane.text(column);
            @if !text.is_empty() { " · " (brief(text)) }
        }
    }
}

fn badges(lane: &Lane) -> Markup {
    let sanction = lane.sanction();
    let confidence = lane.text("confidence");
    html! {
        ul.badges aria-label="States" {
            @for state in lane.states().take(PARTS) { li { (brief(state)) } }
            @if lane.is("renamed") { li.alarm { "under another name" } }
            @if !["", "certain"].contains(&confidence) { li { (brief(confidence)) } }
            @if !sanction.is_empty() { li.sanction { (sanction) } }
        }
    }
}

fn ways_in(lane: &Lane) -> Markup {
    let more = lane.ways().count().saturating_sub(PARTS);
    html! {
        @if lane.ways().next().is_some() {
            ul.through aria-label="Ways in" {
                @for way in lane.ways().take(PARTS) { li { (brief(way)) } }
                @if more > 0 { li { "and " (more) " more" } }
            }
        }
    }
}

/// What lets somebody in, under whose accounts, and since when.
fn under(lane: &Lane) -> Markup {
    let (by, users) = (lane.text("unattended_by"), lane.text("users"));
    html! {
        @if !by.is_empty() || !users.is_empty() || lane.since().is_some() {
            p.under {
                @if !by.is_empty() { "Let in by: " (brief(by)) ". " }
                @if !users.is_empty() { "Accounts: " (brief(users)) ". " }
                @if let Some(since) = lane.since() { "Since " (moment::text(since)) " UTC." }
            }
        }
    }
}

fn arrow(access: Access) -> Markup {
    let arrow = match access {
        Access::Open => Arrow::Through,
        Access::Unclear => Arrow::Perhaps,
        Access::Asks => Arrow::Gate,
        Access::Local | Access::Idle => Arrow::Barred,
        Access::Dormant | Access::Traces => Arrow::Faint,
    };
    arrow.draw()
}
