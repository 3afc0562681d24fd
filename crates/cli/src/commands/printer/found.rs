//! Printers that others tell of: who answers on a network interface, and the queues of a print server.

use anyhow::{Result, anyhow};
use leaksweep_printer::{
    Options, Scheme, Source, Target,
    discovery::{Found, discover},
    plan::Plan,
    queues,
    wire::Patience,
};
use leaksweep_report::safe_text;

use crate::failure::hint;

/// Everybody that answers on an interface. What answered and cannot be looked at is said.
pub fn on(interface: &str, plan: &Plan, patience: Patience) -> Result<Vec<Target>> {
    let (found, problems) = discover(interface, plan, patience);
    for problem in &problems {
        say(&problem.subject, &problem.detail);
    }
    for one in &found {
        say(&one.address.to_string(), &told(one));
    }
    match (found.is_empty(), problems.first()) {
        (true, Some(problem)) => Err(hint(&problem.detail, &problem.hint)),
        _ => Ok(found.iter().map(Found::target).collect()),
    }
}

/// What a printer told of itself when it answered.
fn told(found: &Found) -> String {
    let words = [&found.name, &found.model, &found.note].into_iter().flatten();
    let mut words: Vec<&str> = words.map(String::as_str).collect();
    words.dedup();
    format!("found by {}: {}", found.way, words.join(", "))
}

/// A print server's queues in its place; everything else as it is. A server that tells none is said, and is an error if it is
/// all that was named.
pub fn behind(options: Options, alone: bool) -> Result<Vec<Options>> {
    let target = match &options.source {
        Source::Live(target) if is_server(target) => target.clone(),
        _ => return Ok(vec![options]),
    };
    let name = target.name();
    match queues(&options) {
        Ok(queues) if queues.is_empty() && alone => {
            Err(hint(format!("{name} has no queue"), "name a printer, or another server"))
        }
        Ok(queues) => {
            let of = |queue| Options { source: Source::Live(queue), ..options.clone() };
            Ok(queues.into_iter().map(of).collect())
        }
        Err(error) if alone => Err(anyhow!(hint(error.to_string(), error.hint()))),
        Err(error) => {
            say(&name, &error.to_string());
            Ok(Vec::new())
        }
    }
}

/// Whether it stands for several queues.
fn is_server(target: &Target) -> bool {
    match target.scheme {
        Scheme::Cups => true,
        Scheme::Usb => target.path.is_empty(),
        _ => false,
    }
}

fn say(who: &str, what: &str) {
    eprintln!("leaksweep: {}: {}", safe_text::visible(who), safe_text::visible(what));
}
