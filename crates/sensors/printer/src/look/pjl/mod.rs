//! PJL inquiries at the raw port: only to a printer that says that it speaks PJL, because everything else prints them. HP's Printer
//! Job Language Technical Reference Manual.
//!
//! Sent: [`inquiries`], in two halves; the second only if the first was answered. Limits: 256 KiB of answers, the wire's times.

mod answers;
mod inquiries;
mod tells;
mod volumes;

use leaksweep_facts::{Problem, Reason};

use super::Context;
use crate::{
    Portrait, Topic,
    device_id::DeviceId,
    plan::Packet,
    wire::{Line, WireError},
};

const MOST: usize = 256 << 10;

/// What PJL would have told.
const TOLD: &[&str] = &["pjl_password", "panel_locked", "files_by_pjl"];

pub fn look(context: &Context, portrait: &mut Portrait) {
    let port = context.wire.ports().of("raw");
    if !portrait.is_open(port) {
        return;
    }
    let subject = format!("tcp {port}");
    if !says_pjl(portrait) {
        return portrait.problems.push(not_spoken(&subject, port, portrait));
    }
    let mut got = Vec::new();
    let outcome = ask(context, port, &mut got);
    let answered = note(&got, portrait);
    if let Err(error) = outcome {
        portrait.problems.push(error.problem("printer_settings", subject).in_columns(TOLD));
    } else if !answered {
        portrait.problems.push(no_pjl(&subject));
    }
    if let Some(row) = portrait.service("raw") {
        row.speaks = Some(answered);
        row.authentication = answered.then(|| "none".into());
    }
}

/// What answers tell, whoever brought them. Whether there was one.
pub fn note(bytes: &[u8], portrait: &mut Portrait) -> bool {
    let answers = answers::answers(bytes);
    tells::tell(&answers, portrait);
    !answers.is_empty()
}

/// Whether its identity says so, by whatever way it came.
fn says_pjl(portrait: &Portrait) -> bool {
    let spoken = portrait.text(Topic::Languages).unwrap_or_default();
    let id = portrait.text(Topic::DeviceId).unwrap_or_default();
    let commands = DeviceId::parse(&id).value(&["CMD", "COMMAND SET"]).unwrap_or_default();
    holds_pjl(&spoken) || holds_pjl(commands)
}

fn holds_pjl(languages: &str) -> bool {
    let mut words = languages.split(|c: char| !c.is_ascii_alphanumeric());
    words.any(|word| word.eq_ignore_ascii_case("pjl"))
}

fn not_spoken(subject: &str, port: u16, portrait: &Portrait) -> Problem {
    let known = portrait.value(Topic::Languages).or(portrait.value(Topic::DeviceId)).is_some();
    let why = if known { "the printer speaks no PJL" } else { "nothing says that it speaks PJL" };
    let detail = format!("{port} answers but {why}: nothing sent");
    Problem::new("printer_settings", subject, Reason::Unsupported, detail)
        .in_columns(TOLD)
        .hint("ask its maker whether it speaks PJL; what it is not told to be it could print")
}

fn no_pjl(subject: &str) -> Problem {
    let detail = "the printer says that it speaks PJL, and answered no inquiry";
    Problem::new("printer_settings", subject, Reason::Failed, detail)
        .in_columns(TOLD)
        .hint("another job may hold the port: try again when it is idle")
}

fn ask(context: &Context, port: u16, got: &mut Vec<u8>) -> Result<(), WireError> {
    let mut line = context.wire.line(port, Packet::PjlInquiry)?;
    exchange(&mut line, &inquiries::first(), inquiries::FIRST_MARK, got)?;
    if answers::answers(got).is_empty() {
        return Ok(());
    }
    line.turn_to(Packet::PjlInquiry);
    exchange(&mut line, &inquiries::rest(), inquiries::LAST_MARK, got)
}

fn exchange(line: &mut Line, bytes: &[u8], mark: &str, got: &mut Vec<u8>) -> Result<(), WireError> {
    line.send(bytes)?;
    line.receive_until(got, MOST, |got| inquiries::echoed(got, mark))
}

#[cfg(test)]
mod tests;
