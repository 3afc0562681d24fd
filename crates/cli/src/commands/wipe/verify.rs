//! `wipe verify`: what a medium holds that was wiped here or elsewhere.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use leaksweep_facts::{
    Time,
    certificate::{self, Certificate, Proof},
    signed::Signed,
};
use leaksweep_report::paper;
use leaksweep_wipe::{
    Pulse,
    judgement::{self, Case},
    manifest::{self, Manifest},
    overwrite::Scheme,
    readback::Expected,
    run::{self, Checking},
};

use super::{candidate::Candidate, store::FileKeeper, teller::Forms};
use crate::{Found, arguments::WipeCommand, console, failure::hint, inputs, progress};

pub fn run(command: &WipeCommand) -> Result<Found> {
    let WipeCommand::Verify {
        device,
        image,
        manifest,
        expect,
        sample,
        certificate,
        key,
        statement,
    } = command
    else {
        return Ok(Found::Nothing);
    };
    let key = key.as_deref().map(inputs::secret_key).transpose()?;
    let candidate = Candidate::look_only(device, *image)?;
    let manifest = manifest.as_deref().map(|path| read(path, &candidate)).transpose()?;
    let started = Time::now().to_string();
    let proof = check(&candidate, manifest.as_ref(), expect.as_ref(), *sample)?;
    let verdict = judgement::judge(&Case {
        steps: &[],
        best: None,
        proof: Some(&proof),
        hidden: 0,
        unread_before: manifest.as_ref().is_none_or(|manifest| manifest.unread > 0),
    });
    let paper = Certificate {
        form: certificate::FORM.into(),
        number: run::number()?,
        tool: super::tool(),
        medium: candidate.subject.medium.clone(),
        paper: statement.paper(),
        steps: Vec::new(),
        result: verdict.outcome,
        level: verdict.level,
        reasons: verdict.reasons,
        unreached: Vec::new(),
        before: None,
        proof: Some(proof),
        started,
        ended: Time::now().to_string(),
    };
    console::deliver(None, |out| paper::draft(&paper, out))?;
    if let (Some(path), Some(key)) = (certificate, key) {
        let signed = Signed::new(paper.clone(), &key);
        signed.save(path).with_context(|| format!("cannot write {}", path.display()))?;
    }
    Ok(super::found(verdict.outcome))
}

fn check(
    candidate: &Candidate,
    manifest: Option<&Manifest>,
    expect: Option<&Scheme>,
    sample: Option<u32>,
) -> Result<Proof> {
    let medium = candidate.reading()?;
    let expected = expect.map_or(Expected::Anything, |scheme| Expected::last_of(scheme, &[0; 32]));
    let pulse = Pulse::default();
    pulse.stage("reading");
    let checking =
        Checking { device: &medium, expected: &expected, manifest, teller: &Forms, pulse: &pulse };
    let proof = progress::of_phases(
        || checking.run(sample),
        || {
            let (stage, done, of) = pulse.now();
            (stage, progress::Bytes { done, of })
        },
    )?;
    Ok(proof)
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
