//! Statements on printers: what a person found out at the device, signed.

use std::{io, path::Path};

use anyhow::{Context, Result};
use leaksweep_facts::{
    Time,
    output::{self, Readers},
    signed::Signed,
    statement::{self, FORM},
};
use leaksweep_printer::{Target, Topic};
use leaksweep_report::safe_text::visible;

use crate::{
    Found,
    arguments::{NewStatement, Statement},
    console,
    failure::hint,
    inputs,
};

pub fn run(statement: &Statement) -> Result<Found> {
    match statement {
        Statement::New(new) => sign(new)?,
        Statement::Show { file, public_key } => show(file, public_key)?,
        Statement::Topics => topics()?,
    }
    Ok(Found::Nothing)
}

fn sign(new: &NewStatement) -> Result<()> {
    let key = inputs::secret_key(&new.key)?;
    let said = statement::Statement {
        form: FORM.into(),
        printer: printer(&new.target),
        serial: new.serial.clone(),
        topic: new.topic.clone(),
        answer: new.answer.clone(),
        how: new.how.clone(),
        by: new.by.clone(),
        role: new.role.clone(),
        made: Time::now(),
        until: new.until,
    };
    if let Some(fault) = said.fault() {
        return Err(hint(fault, "`leaksweep statement topics` lists what each topic takes"));
    }
    let signed = Signed::new(said, &key);
    write(&new.output, &signed.to_bytes())?;
    let said = signed.document();
    console::say(format_args!(
        "{}: {} of {} is {}, signed by {}",
        new.output.display(),
        said.topic,
        visible(&said.printer),
        visible(&said.answer),
        signed.signer().id(),
    ))
}

/// The name under which `leaksweep printer` would look at it.
fn printer(text: &str) -> String {
    Target::parse(text).map_or_else(|_| text.to_owned(), |target| target.name())
}

fn write(path: &Path, bytes: &[u8]) -> Result<()> {
    match output::create(path, bytes, Readers::Everyone) {
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Err(hint(
            format!("{} is there already", path.display()),
            "a statement is never overwritten; name another file",
        )),
        other => other.with_context(|| format!("cannot write {}", path.display())),
    }
}

fn show(file: &Path, keys: &[String]) -> Result<()> {
    let named = || file.display().to_string();
    let keys = inputs::public_keys(keys)?;
    let signed = Signed::<statement::Statement>::open(file).with_context(named)?;
    if !keys.is_empty() {
        signed.demand(&keys).with_context(named)?;
    }
    let said = signed.document();
    let until = said.until.map(Time::date);
    let made = said.made.to_string();
    let signer = signed.signer().id();
    let lines = [
        ("printer", Some(&said.printer)),
        ("serial number", said.serial.as_ref()),
        ("topic", Some(&said.topic)),
        ("answer", Some(&said.answer)),
        ("found out by", said.how.as_ref()),
        ("says", Some(&said.by)),
        ("role", Some(&said.role)),
        ("made", Some(&made)),
        ("counts until", until.as_ref()),
        ("signed by", Some(&signer)),
    ];
    for (what, text) in lines {
        console::say(format_args!("{what:<14} {}", visible(text.map_or("–", String::as_str))))?;
    }
    match said.fault() {
        Some(fault) => console::say(format_args!("it counts for nothing: {}", visible(&fault))),
        None => Ok(()),
    }
}

fn topics() -> Result<()> {
    for topic in statement::topics() {
        console::say(format_args!("{:<22} {}", topic.column, topic.answers()))?;
        console::say(format_args!("    {}", topic.doc.trim()))?;
        let known = Topic::named(topic.column);
        if let Some(panel) = known.and_then(Topic::panel) {
            console::say(format_args!("    How: {panel}."))?;
        }
    }
    Ok(())
}
