//! `wipe plan`: what would be done.

use std::{fmt::Write, path::Path, time::Duration};

use anyhow::Result;
use leaksweep_report::safe_text::visible;
use leaksweep_wipe::plan::{Plan, Way};

use super::candidate::Candidate;
use crate::{Found, arguments::Technique, console};

pub fn run(device: &Path, technique: &Technique) -> Result<Found> {
    let candidate = Candidate::look(device, technique)?;
    let medium = candidate.reading()?;
    let plan = candidate.plan(&medium, technique)?;
    console::say(text(&candidate, &plan, technique.method.as_deref()))?;
    Ok(Found::Nothing)
}

fn text(candidate: &Candidate, plan: &Plan, named: Option<&str>) -> String {
    let mut text = format!("{}: {}\n", visible(&candidate.name()), visible(&candidate.told()));
    let phrase = &candidate.subject.phrase;
    let _ = writeln!(text, "{}: {}", candidate.subject.phrase_is, visible(phrase));
    if let Some(under_way) = plan.under_way {
        let _ = writeln!(
            text,
            "{under_way} is under way in the device; it would be followed to its end"
        );
    }
    match plan.attempts(named) {
        Ok(ways) => {
            ways.iter().enumerate().for_each(|(number, way)| describe(&mut text, number, way))
        }
        Err(reason) => {
            let _ = writeln!(
                text,
                "\n{} is not offered: {}",
                named.unwrap_or_default(),
                visible(&reason)
            );
        }
    }
    denials(&mut text, plan);
    text.trim_end().to_owned()
}

fn describe(text: &mut String, number: usize, way: &Way) {
    let offer = &way.offer;
    let first = if number == 0 { "would be done" } else { "if that fails" };
    let takes = offer.takes.map(|takes| format!(", about {}", duration(takes))).unwrap_or_default();
    let _ = writeln!(text, "\n{first}: {} (level {}{takes})", offer.method, offer.level.as_str());
    let _ = writeln!(text, "  {}", visible(&offer.reason));
    for command in &offer.commands {
        let _ = writeln!(text, "  - {}", visible(command));
    }
}

fn denials(text: &mut String, plan: &Plan) {
    if !plan.denials.is_empty() {
        text.push_str("\nnot offered:\n");
    }
    for denial in &plan.denials {
        let _ = writeln!(text, "  {}: {}", denial.method, visible(&denial.reason));
        if let Some(hint) = &denial.hint {
            let _ = writeln!(text, "    {}", visible(hint));
        }
    }
    if !plan.unreached.is_empty() {
        text.push_str("\nnot reached by any of them:\n");
    }
    for area in &plan.unreached {
        let _ = writeln!(text, "  {}", visible(area));
    }
}

fn duration(takes: Duration) -> String {
    match takes.as_secs() {
        0..60 => format!("{} s", takes.as_secs().max(1)),
        60..7200 => format!("{} min", takes.as_secs().div_ceil(60)),
        _ => format!("{} h", takes.as_secs().div_ceil(3600)),
    }
}
