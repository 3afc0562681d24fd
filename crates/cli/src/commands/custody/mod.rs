//! What becomes of a medium: statements are added, shown and checked.

mod add;

use std::path::Path;

use anyhow::{Context, Result};
use leaksweep_facts::{
    custody::{Record, Standing},
    seal::PublicKey,
};
use leaksweep_report::{paper, safe_text::visible};

use super::certificate::fonts_for;
use crate::{
    Found,
    arguments::{Custody, Shown},
    console, inputs,
};

pub fn run(custody: &Custody) -> Result<Found> {
    match custody {
        Custody::Add(added) => add::run(added),
        Custody::Show { file, public_key, shown } => {
            show(file, &inputs::public_keys(public_key)?, shown)
        }
        Custody::Verify { file, public_key } => {
            verify(&open(file)?, file, &inputs::public_keys(public_key)?)
        }
    }
}

fn open(file: &Path) -> Result<Record> {
    Record::open(file).with_context(|| file.display().to_string())
}

fn show(file: &Path, keys: &[PublicKey], shown: &Shown) -> Result<Found> {
    let record = open(file)?;
    let standing = record.verify((!keys.is_empty()).then_some(keys));
    let (form, fonts) = (shown.form(), fonts_for(shown)?);
    console::deliver(shown.output.as_deref(), |out| {
        paper::life(&record, &standing, form, &fonts, out)
    })?;
    Ok(Found::Nothing)
}

/// Says what does not hold, or that all of it does.
pub fn verify(record: &Record, file: &Path, keys: &[PublicKey]) -> Result<Found> {
    let standing = record.verify(Some(keys));
    let (file, count) = (file.display().to_string(), record.entries.len());
    let says = match &standing {
        Standing { faults, .. } if !faults.is_empty() => format!("{} faults", faults.len()),
        Standing { open: Some(_), .. } => "the chain holds, but is not told to its end".into(),
        _ => "whole, unaltered, told to its end".into(),
    };
    console::say(format_args!("{}: {count} statements; {says}", visible(&file)))?;
    for fault in &standing.faults {
        console::say(visible(&fault.to_string()))?;
    }
    if let Some(open) = standing.open {
        console::say(open)?;
    }
    let certificate = record.subject.certificate();
    if let Some(certificate) = certificate {
        console::say(format_args!("its certificate says: {}", paper::headline(certificate)))?;
    }
    let destroyed = certificate.is_none_or(|certificate| certificate.is_proven());
    Ok(if standing.is_complete() && destroyed { Found::Nothing } else { Found::Something })
}
