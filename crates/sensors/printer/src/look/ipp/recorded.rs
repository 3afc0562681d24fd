//! Answers that the user brought from a place that this machine cannot reach: one message each, all of one printer.

use leaksweep_facts::{Problem, Reason};

use super::{
    jobs::Asked,
    learn,
    message::{Message, tag},
};
use crate::{Portrait, Recorded};

/// What they tell. A refusal among them says nothing: nobody knows what was asked.
pub fn recorded(recorded: &Recorded, portrait: &mut Portrait) {
    let messages: Vec<(&str, Message)> = recorded
        .answers
        .iter()
        .map(|(name, bytes)| (name.as_str(), Message::parse(bytes)))
        .collect();
    for (name, message) in &messages {
        let flaw = message.flaw().map(|flaw| (Reason::Malformed, flaw));
        learn(message, flaw, name, Asked::OF_RECORDING, portrait);
    }
    let of = |tag: u8| messages.iter().any(|(_, message)| message.of(tag).next().is_some());
    // The answer to a question for jobs that has none.
    let bare = |message: &Message| message.went_well() && message.groups.len() == 1;
    let of_jobs = of(tag::JOB) || messages.iter().any(|(_, message)| bare(message));
    if let Some((name, _)) = messages.first() {
        for (table, there) in [("printer_channels", of(tag::PRINTER)), ("printer_jobs", of_jobs)] {
            let what = "no recorded answer tells of it";
            let problem = Problem::new(table, *name, Reason::NotLive, what);
            let hint = "record the answers to Get-Printer-Attributes and Get-Jobs";
            portrait.problems.extend((!there).then(|| problem.hint(hint)));
        }
    }
}
