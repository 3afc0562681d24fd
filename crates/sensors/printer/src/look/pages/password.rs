//! Whether the maker's documented first password still lets in: one pair, by HTTP Basic, tried once, and only if the user asked for
//! it. The page must demand a password first: what is open to anybody tells nothing of passwords.

use base64::{Engine, engine::general_purpose::STANDARD};
use leaksweep_catalogue::printers::{FirstPassword, Maker};
use leaksweep_facts::{Problem, Reason};

use super::{Context, MOST};
use crate::{Portrait, Topic, Way, http, plan::Packet};

const COLUMNS: &[&str] = &["default_password"];

pub fn look(context: &Context, maker: &Maker, place: (u16, bool), portrait: &mut Portrait) {
    if !context.options.plan.allows(Packet::DefaultPassword) {
        return;
    }
    let Some(first) = &maker.first_password else {
        let detail = "the catalogue knows no documented first password of this maker";
        return portrait.problems.push(problem(&maker.name, Reason::Unsupported, detail));
    };
    match attempt(context, first, place) {
        Ok(Some(in_use)) => {
            let answered = if in_use { "it lets in" } else { "it is refused" };
            let asked = format!("{} as {}", first.path, first.user);
            portrait.learn(Topic::DefaultPassword, in_use, Way::Http, asked, answered);
        }
        Ok(None) => {
            let detail =
                "the page of the catalogue demands no password by HTTP Basic: none was sent";
            portrait.problems.push(problem(&first.path, Reason::Unsupported, detail));
        }
        Err(error) => {
            let problem = error.problem("printer_settings", first.path.clone());
            portrait.problems.push(problem.in_columns(COLUMNS));
        }
    }
}

fn problem(subject: &str, reason: Reason, detail: &str) -> Problem {
    Problem::new("printer_settings", subject, reason, detail).in_columns(COLUMNS)
}

/// Whether the pair lets in; none where nothing demands one.
fn attempt(
    context: &Context,
    first: &FirstPassword,
    (port, tls): (u16, bool),
) -> Result<Option<bool>, http::HttpError> {
    let without = http::get(context, port, tls, &first.path, Packet::HttpPage, MOST)?;
    let demands = |value: &str| value.trim_start().to_ascii_lowercase().starts_with("basic");
    if without.status() != 401 || !without.head.all("www-authenticate").any(demands) {
        return Ok(None);
    }
    let pair = STANDARD.encode(format!("{}:{}", first.user, first.password));
    let place = without.place;
    let with = http::get_as(context, &place, &format!("Basic {pair}"), MOST)?;
    Ok(match with.status() {
        200..=399 => Some(true),
        401 | 403 => Some(false),
        _ => None,
    })
}
