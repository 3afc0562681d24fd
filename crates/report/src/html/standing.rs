//! The picture of standing access: a time line with a lane for each kind of way, and beneath it
//! the same as a list, for who cannot see it and for the file and line.

use leaksweep_facts::Time;
use maud::{Markup, html};

use super::{Page, counted, evidence::long, shortened, wide_table};
use crate::{
    moment,
    safe_text::visible,
    standing::{self, Standing, Tone, Way},
};

/// Of how many targets a line is drawn, and how many ways are listed of one. JSON holds all.
const TARGETS: usize = 20;
const LISTED: usize = 40;
/// Characters of a cell.
const CELL: usize = 160;

/// The drawing's own units.
const WIDTH: i64 = 960;
const LABELS: i64 = 130;
const LANE: i64 = 30;
const TOP: i64 = 26;
const RADIUS: i64 = 6;
const HOUR: i64 = 3600;
const DAY: i64 = 24 * HOUR;

/// Ages with a line of their own, the youngest first.
const MARKS: [(i64, &str); 7] = [
    (HOUR, "1 hour"),
    (DAY, "1 day"),
    (7 * DAY, "1 week"),
    (30 * DAY, "1 month"),
    (182 * DAY, "6 months"),
    (730 * DAY, "2 years"),
    (3650 * DAY, "10 years"),
];

pub fn section(page: &Page) -> Markup {
    let all = standing::all(page.judgement);
    let with: Vec<&Standing> = all.iter().filter(|standing| !standing.ways.is_empty()).collect();
    html! {
        @if !all.is_empty() {
            section id="standing-access" {
                h2 { "When each way in appeared" }
                @match all.as_slice() {
                    [standing] => { p.told { (told(standing)) } (drawn(standing)) }
                    _ => {
                        p.told { (with.len()) " of " (counted(all.len(), "target")) " have ways in to show." }
                        @for (at, standing) in with.iter().take(TARGETS).enumerate() {
                            details.paper.target open[at == 0] {
                                summary {
                                    h3 { bdi { (visible(&standing.picture.target)) } }
                                    " " span.count { (told(standing)) }
                                }
                                (drawn(standing))
                            }
                        }
                        @if with.len() > TARGETS {
                            p.cap { "and " (counted(with.len() - TARGETS, "more target")) ". JSON holds them all." }
                        }
                    }
                }
            }
        }
    }
}

/// The target in a sentence.
fn told(standing: &Standing) -> String {
    let (alarm, look) = (standing.count(Tone::Alarm), standing.count(Tone::Look));
    match (standing.picture.rows.total, standing.picture.doubts.is_empty()) {
        (0, true) => {
            "Nothing that the system did not bring lets anybody in or starts by itself.".into()
        }
        (0, false) => "Whether something stays could not be told.".into(),
        (total, _) => {
            let rest = total.saturating_sub(alarm + look);
            format!("{alarm} alarming, {look} worth a look, {rest} usual.")
        }
    }
}

fn drawn(standing: &Standing) -> Markup {
    html! {
        @if let Some(ended) = standing.ended() { (line(standing, ended)) (list(standing)) }
        @if let Some(doubts) = standing.doubts() {
            div.note {
                @if !standing.ways.is_empty() { "There may be more: " }
                (long(&visible(&doubts)))
            }
        }
    }
}

/// The time line. What happened lately has most of the room: ages are drawn by their logarithm.
fn line(standing: &Standing, ended: Time) -> Markup {
    let lanes = standing.lanes();
    let ages = lanes.iter().flat_map(|(_, ways)| ways).filter_map(|way| age(way, ended));
    let oldest = ages.max().unwrap_or(DAY).max(DAY);
    let height = TOP + LANE * lanes.len() as i64 + 8;
    html! {
        @if !lanes.is_empty() {
            svg.line-of-time viewBox={ "0 0 " (WIDTH) " " (height) } role="img" aria-label="Ways in by age; the list below says the same" {
                @for (mark, label) in MARKS.iter().filter(|(mark, _)| *mark <= oldest) {
                    @let x = place(*mark, oldest);
                    line.mark x1=(x) y1=(TOP - 6) x2=(x) y2=(height) {}
                    text.mark x=(x) y="14" text-anchor="middle" { (label) }
                }
                text.mark x=(WIDTH) y="14" text-anchor="end" { "now" }
                @for (at, (name, ways)) in lanes.iter().enumerate() {
                    @let y = TOP + LANE * at as i64 + LANE / 2;
                    text.lane-name x="0" y=(y + 4) { (visible(name)) }
                    line.rail x1=(LABELS) y1=(y) x2=(WIDTH) y2=(y) {}
                    // The oldest first, so that what is new lies above.
                    @for way in ways.iter().rev() { (dot(way, y, ended, oldest)) }
                }
            }
        }
    }
}

fn dot(way: &Way, y: i64, ended: Time, oldest: i64) -> Markup {
    let x = place(age(way, ended).unwrap_or_default(), oldest);
    let title = format!("{} {} {}", when(way), way.what(), way.place());
    html! {
        circle class={ "dot " (way.tone().class()) } cx=(x) cy=(y) r=(RADIUS) { title { (brief(&title)) } }
    }
}

fn age(way: &Way, ended: Time) -> Option<i64> {
    Some(ended.0.saturating_sub(way.since()?.0).max(0))
}

/// Where an age stands: now at the right end, the oldest where the names of lanes end.
fn place(age: i64, oldest: i64) -> i64 {
    let scale = |age: i64| ((age as f64) / (HOUR as f64) + 1.0).ln();
    let room = (WIDTH - LABELS - 2 * RADIUS) as f64;
    let share = (scale(age) / scale(oldest)).clamp(0.0, 1.0);
    WIDTH - RADIUS - (share * room) as i64
}

fn list(standing: &Standing) -> Markup {
    let hidden = standing.picture.rows.total.saturating_sub(LISTED);
    let notable = standing.ways.iter().filter(|way| way.tone() != Tone::Usual);
    let usual = standing.ways.iter().filter(|way| way.tone() == Tone::Usual);
    html! {
        (wide_table("Ways in", &["Since (UTC)", "Kind", "What", "Account", "File", ""], html! {
            @for way in notable.chain(usual).take(LISTED) {
                tr {
                    td.time { (when(way)) }
                    td { (visible(way.lane())) }
                    td { bdi { (brief(way.what())) } }
                    td { bdi { (brief(way.user())) } }
                    td { code { bdi { (brief(&way.place())) } } }
                    td class={ "tone " (way.tone().class()) } { (way.tone().word()) }
                }
            }
        }))
        @if hidden > 0 { p.cap { "and " (counted(hidden, "more way")) ". JSON holds them." } }
    }
}

fn when(way: &Way) -> String {
    way.since().map(moment::short).unwrap_or_else(|| "not known".into())
}

/// A cell as far as there is room for it.
fn brief(text: &str) -> String {
    shortened(text, CELL)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ages_keep_their_order_and_stay_on_the_line() {
        let oldest = 3650 * DAY;
        let places: Vec<i64> =
            [0, 60, HOUR, DAY, 30 * DAY, oldest, i64::MAX].map(|age| place(age, oldest)).to_vec();
        assert!(places.is_sorted_by(|a, b| a >= b), "{places:?}");
        assert_eq!(places[0], WIDTH - RADIUS);
        assert!(places.iter().all(|x| (LABELS..=WIDTH).contains(x)), "{places:?}");
    }
}
