//! Is a file whole, unaltered and signed by one of these keys? What it is, its content says.

use std::{fs::File, io::Read, path::Path};

use anyhow::{Context, Result};
use leaksweep_facts::{
    Time,
    certificate::{Certificate, Outcome},
    custody::Record,
    seal::PublicKey,
    signed::{self, Signed},
    statement::Statement,
};
use leaksweep_report::{paper, safe_text::visible};

use super::custody;
use crate::{Found, arguments, console, inputs};

pub fn run(verify: &arguments::Verify) -> Result<Found> {
    let keys = inputs::public_keys(&verify.public_key)?;
    let file = &verify.file;
    let named = || file.display().to_string();
    match document(file) {
        None => sweep(file, &keys),
        Some(bytes) => match signed::form_of(&bytes) {
            Some(form) if form.starts_with("leaksweep custody record") => {
                custody::verify(&Record::parse(&bytes).with_context(named)?, file, &keys)
            }
            Some(form) if form.starts_with("leaksweep statement") => {
                statement(&Signed::parse(&bytes).with_context(named)?, file, &keys)
            }
            _ => certificate(&Signed::parse(&bytes).with_context(named)?, file, &keys),
        },
    }
}

/// The bytes of a file that begins as documents do; sweeps are told by their own reader.
fn document(path: &Path) -> Option<Vec<u8>> {
    let mut start = [0];
    let is_file = std::fs::metadata(path).is_ok_and(|found| found.is_file());
    if !is_file || File::open(path).ok()?.read(&mut start).ok()? == 0 || start != *b"{" {
        return None;
    }
    signed::file(path).ok()
}

fn sweep(file: &Path, keys: &[PublicKey]) -> Result<Found> {
    let (sweep, signer) = inputs::signed_sweep(file, keys)?;
    let manifest = &sweep.manifest;
    whole(file, signer.as_ref())?;
    console::say(format_args!(
        "{} observed by {} {}, {} to {}{}",
        visible(&manifest.target),
        visible(&manifest.sensor),
        visible(&manifest.tool_version),
        manifest.started,
        manifest.ended,
        if manifest.privileged { ", privileged" } else { ", not privileged" },
    ))?;
    let rows: u64 = manifest.parts.iter().map(|part| part.rows).sum();
    console::say(format_args!("{} tables, {rows} rows", manifest.parts.len()))?;
    Ok(Found::Nothing)
}

fn certificate(signed: &Signed<Certificate>, file: &Path, keys: &[PublicKey]) -> Result<Found> {
    signed.demand(keys).with_context(|| file.display().to_string())?;
    whole(file, Some(signed.signer()))?;
    let certificate = signed.document();
    let medium = &certificate.medium;
    let or = |text: &Option<String>| visible(text.as_deref().unwrap_or("–")).into_owned();
    console::say(format_args!(
        "certificate {} of {}, serial number {}, {}",
        visible(&certificate.number),
        or(&medium.model),
        or(&medium.serial),
        visible(&certificate.ended),
    ))?;
    console::say(format_args!("{}; level {}", paper::headline(certificate), level(certificate)))?;
    Ok(if certificate.is_proven() { Found::Nothing } else { Found::Something })
}

fn statement(signed: &Signed<Statement>, file: &Path, keys: &[PublicKey]) -> Result<Found> {
    signed.demand(keys).with_context(|| file.display().to_string())?;
    whole(file, Some(signed.signer()))?;
    let said = signed.document();
    console::say(format_args!(
        "statement on {}: {} is {}, by {}, {}",
        visible(&said.printer),
        visible(&said.topic),
        visible(&said.answer),
        visible(&said.by),
        visible(&said.role),
    ))?;
    let ended = !said.holds_at(Time::now());
    match said.fault().or_else(|| ended.then(|| "it does not count today".into())) {
        Some(fault) => console::say(visible(&fault))?,
        None => return Ok(Found::Nothing),
    }
    Ok(Found::Something)
}

/// Only what is proven has a level without more words.
fn level(certificate: &Certificate) -> String {
    let level = certificate.level.as_str();
    match certificate.result {
        Outcome::Wiped if certificate.is_proven() => level.into(),
        Outcome::Claimed => format!("{level} by the device's word, not proven"),
        _ => "none".into(),
    }
}

fn whole(file: &Path, signer: Option<&PublicKey>) -> Result<()> {
    let signer = signer.map(PublicKey::id).unwrap_or_default();
    console::say(format_args!("{}: whole, unaltered, signed by {signer}", file.display()))
}
