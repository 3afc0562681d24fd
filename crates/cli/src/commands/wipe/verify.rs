//! `wipe verify`: what a medium holds that was wiped here or elsewhere.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use leaksweep_facts::{
    Time,
    certificate::{self, Certificate, Findings, Proof},
    signed::Signed,
};
use leaksweep_report::paper;
use leaksweep_wipe::{
    Pulse,
    judgement::{self, Case},
    manifest::{self, Manifest},
    readback::Expected,
    run::{self, Checking},
};

use super::{candidate::Candidate, store::FileKeeper, swept::Told, teller::Forms};
use crate::{Found, arguments::Reading, console, failure::hint, inputs, progress};

pub fn run(reading: &Reading) -> Result<Found> {
    let key = reading.key.as_deref().map(inputs::secret_key).transpose()?;
    let candidate = Candidate::look_only(&reading.device, reading.image)?;
    let manifest = reading.manifest.as_deref();
    let manifest = manifest.map(|path| read(path, &candidate)).transpose()?;
    let told = |path: &Option<PathBuf>| path.as_deref().map(Told::read).transpose();
    let (before, after) = (told(&reading.before)?, told(&reading.after)?);
    agree(&candidate, before.as_ref(), after.as_ref())?;
    let started = Time::now().to_string();
    let proof = check(&candidate, manifest.as_ref(), reading)?;
    if let Some(after) = &after {
        is_as_seen(&candidate, after, &proof)?;
    }
    let after = after.map(|told| told.findings);
    let verdict = judgement::judge(&Case {
        steps: &[],
        best: None,
        proof: Some(&proof),
        recovered: after.as_ref().map_or(0, Findings::recoverable),
        hidden: 0,
        unread_before: manifest.as_ref().is_none_or(|manifest| manifest.unread > 0),
    });
    let paper = Certificate {
        form: certificate::FORM.into(),
        number: run::number()?,
        tool: super::tool(),
        medium: candidate.subject.medium.clone(),
        paper: reading.statement.paper(),
        steps: Vec::new(),
        result: verdict.outcome,
        level: verdict.level,
        reasons: verdict.reasons,
        unreached: Vec::new(),
        before: before.map(|told| told.findings),
        after,
        proof: Some(proof),
        started,
        ended: Time::now().to_string(),
    };
    console::deliver(None, |out| paper::draft(&paper, out))?;
    if let (Some(path), Some(key)) = (&reading.certificate, key) {
        let signed = Signed::new(paper.clone(), &key);
        signed.save(path).with_context(|| format!("cannot write {}", path.display()))?;
    }
    Ok(super::found(verdict.outcome))
}

fn check(candidate: &Candidate, manifest: Option<&Manifest>, reading: &Reading) -> Result<Proof> {
    let medium = candidate.reading()?;
    let expected = reading.expect.as_ref();
    let expected =
        expected.map_or(Expected::Anything, |scheme| Expected::last_of(scheme, &[0; 32]));
    let pulse = Pulse::default();
    pulse.stage("reading");
    let checking =
        Checking { device: &medium, expected: &expected, manifest, teller: &Forms, pulse: &pulse };
    let proof = progress::of_phases(
        || checking.run(reading.sample),
        || {
            let (stage, done, of) = pulse.now();
            (stage, progress::Bytes { done, of })
        },
    )?;
    Ok(proof)
}

/// What can be told before anything is read. The content of before is gone, so that one is known by its serial number alone.
fn agree(candidate: &Candidate, before: Option<&Told>, after: Option<&Told>) -> Result<()> {
    let medium = &candidate.subject.medium;
    if let Some(before) = before.filter(|before| !before.is_of(medium, None)) {
        return Err(before.of_another());
    }
    if let Some(after) = after.filter(|after| !after.is_of(medium, None))
        && !after.needs_content(medium)
    {
        return Err(after.of_another());
    }
    match (before, after) {
        (Some(before), Some(after)) if before.ended > after.began => {
            Err(before.later(&after.path().display().to_string()))
        }
        _ => Ok(()),
    }
}

/// The sweep saw what was read now.
fn is_as_seen(candidate: &Candidate, after: &Told, proof: &Proof) -> Result<()> {
    let content = proof.sample.is_none().then_some(proof.fingerprint.as_str());
    if !after.is_of(&candidate.subject.medium, content) {
        return Err(after.of_another());
    }
    match content.is_none_or(|content| after.has_content(content)) {
        true => Ok(()),
        false => Err(hint(
            format!("the medium is not any more what {} saw", after.path().display()),
            "sweep it again, and write nothing to it until it was verified",
        )),
    }
}

fn read(path: &Path, candidate: &Candidate) -> Result<Manifest> {
    let keeper = FileKeeper { path: PathBuf::from(path), most: manifest::MOST };
    let bytes = leaksweep_wipe::journal::Keeper::left(&keeper)
        .with_context(|| path.display().to_string())?
        .with_context(|| format!("{} is not there", path.display()))?;
    let manifest = Manifest::parse(&bytes).map_err(|error| {
        hint(format!("{}: {error}", path.display()), "take the manifest as it was made")
    })?;
    if manifest.of.identity != run::of(&candidate.subject.medium).identity {
        return Err(hint(
            format!("{} belongs to another medium", path.display()),
            "name the manifest that was made of this one",
        ));
    }
    Ok(manifest)
}
