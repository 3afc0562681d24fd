//! One medium from its plan to its certificate: remember what is there, try the ways from the strongest on, read everything back,
//! say what it amounts to. What interrupts it costs no more than the work since the journal was kept last.
//!
//! The reading back is never continued, always begun anew: what a power cut took from a medium's cache is seen then.

mod proof;
#[cfg(test)]
mod seeds;
mod technique;
#[cfg(test)]
mod tests;

pub use proof::Checking;

use std::time::Duration;

use leaksweep_facts::{
    Time,
    certificate::{self, Certificate, Findings, Paper, Step, Tool},
};
use thiserror::Error;

use crate::{
    device::Device,
    journal::{Journal, JournalError, Keeper, Kept, Phase},
    judgement::{self, Case},
    manifest::{FileError, Making, Manifest, Of},
    method::{Failure, Hardware, Leaves},
    overwrite::{Key, Scheme},
    plan::{Plan, Way},
    pulse::Pulse,
    readback::Teller,
};

#[derive(Debug, Error)]
pub enum RunError {
    #[error(transparent)]
    Failure(#[from] Failure),
    #[error(transparent)]
    Journal(#[from] JournalError),
    #[error("the manifest of an earlier run is not there any more")]
    ManifestGone,
    #[error("the manifest: {0}")]
    Manifest(#[from] FileError),
    #[error("the manifest belongs to another medium")]
    OtherManifest,
    #[error("the manifest cannot be kept: {0}")]
    Keeping(std::io::Error),
    #[error("the system gave no random numbers")]
    NoRandomness,
}

/// What the user wants of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wish {
    pub scheme: Scheme,
    /// None: where a device's own method leaves what a pattern cannot prove.
    pub manifest: Option<bool>,
    /// Thousandths that are read back; none for everything.
    pub sample: Option<u32>,
    /// How often the journal is kept while it writes.
    pub every: Duration,
}

pub struct Wipe<'a> {
    pub device: &'a mut dyn Device,
    pub hardware: &'a [Box<dyn Hardware>],
    pub plan: &'a Plan,
    pub attempts: &'a [Way],
    pub wish: &'a Wish,
    pub keeper: &'a dyn Keeper,
    /// Where the manifest is kept, apart from the medium.
    pub manifests: &'a dyn Keeper,
    pub teller: &'a dyn Teller,
    pub pulse: &'a Pulse,
    pub tool: Tool,
    pub paper: Paper,
    /// What a sweep of this medium found, made before anything was written.
    pub swept: Option<Findings>,
}

/// On these buses stand disks that can hide their end.
const HIDING: [&str; 2] = ["ata", "usb"];
/// The step that makes the hidden end visible.
const OPENED: &str = "open-hidden-area";

impl Wipe<'_> {
    pub fn run(mut self) -> Result<Certificate, RunError> {
        let mut journal = self.journal()?;
        self.told(&mut journal);
        self.opened(&mut journal)?;
        let manifest = self.remembered(&mut journal)?;
        let completed = self.technique(&mut journal)?;
        journal.phase = Phase::Written;
        self.keep(&journal)?;
        let proof = self.proof(&journal, completed, manifest.as_ref())?;
        Ok(self.certificate(journal, completed, manifest.as_ref(), proof))
    }

    /// The one that was left, or a new one.
    fn journal(&self) -> Result<Journal, RunError> {
        let medium = &self.plan.medium;
        if let Some(left) = self.keeper.left().map_err(JournalError::Io)? {
            let mut journal = Journal::parse(&left, medium)?;
            journal.interruptions += 1;
            journal.medium.bytes = self.device.bytes();
            return Ok(journal);
        }
        let (key, scheme): (Key, _) = (random()?, self.wish.scheme.clone());
        Ok(Journal::begin(number()?, medium.clone(), scheme, key, Time::now().to_string()))
    }

    /// The last sweep that was named counts.
    fn told(&self, journal: &mut Journal) {
        let Some(told) = self.swept.clone() else { return };
        let before = journal.before.get_or_insert_with(|| told.clone());
        (before.finds, before.swept) = (told.finds, told.swept);
    }

    /// What lies behind the visible end is wiped too.
    fn opened(&mut self, journal: &mut Journal) -> Result<(), Failure> {
        let hides = journal.medium.hidden_before.is_some_and(|hidden| hidden > 0);
        if journal.phase != Phase::Before || journal.steps.iter().any(|step| step.method == OPENED)
        {
            return Ok(());
        }
        if !hides {
            journal.medium.hidden_after = journal.medium.hidden_before;
            return Ok(());
        }
        // Nobody may take the disk for another one when it is larger.
        self.keep(journal)?;
        for hardware in self.hardware {
            let mut step = technique::begin(OPENED, Vec::new());
            let Some(opened) = hardware.open_hidden(self.device)? else { continue };
            step.completed = opened.still_hidden == Some(0);
            step.log = opened.log;
            step.ended = Time::now().to_string();
            journal.medium.bytes = self.device.bytes();
            journal.medium.hidden_after = opened.still_hidden;
            journal.steps.push(step);
        }
        self.keep(journal)
    }

    fn keep(&self, journal: &Journal) -> Result<(), Failure> {
        keep(self.keeper, journal)
    }

    fn wants_manifest(&self) -> bool {
        // The first way may fail, and a later one complete.
        let any = self.attempts.iter().any(|way| way.offer.leaves == Leaves::Anything);
        self.wish.manifest.unwrap_or(any)
    }

    /// Reads what is there before anything is written.
    fn remembered(&self, journal: &mut Journal) -> Result<Option<Manifest>, RunError> {
        let of = of(&journal.medium);
        if let Some(kept) = &journal.manifest {
            return Ok(Some(self.left_manifest(kept, &of)?));
        }
        if journal.phase != Phase::Before || !self.wants_manifest() {
            return Ok(None);
        }
        self.pulse.stage("remembering what is there");
        let making = Making { device: self.device, pulse: self.pulse, key: random()? };
        let (manifest, before) = making.run(of, Time::now().0)?;
        let (bytes, root) = manifest.sealed();
        self.manifests.keep(&bytes).map_err(RunError::Keeping)?;
        journal.manifest = Some(Kept { root, blocks: manifest.blocks() });
        let told = journal.before.take().unwrap_or_default();
        journal.before = Some(Findings { classes: before.classes, ..told });
        self.keep(journal)?;
        Ok(Some(manifest))
    }

    fn left_manifest(&self, kept: &Kept, of: &Of) -> Result<Manifest, RunError> {
        let left = self.manifests.left().map_err(RunError::Keeping)?;
        let manifest = Manifest::parse(&left.ok_or(RunError::ManifestGone)?)?;
        if manifest.of.identity != of.identity || manifest.sealed().1 != kept.root {
            return Err(RunError::OtherManifest);
        }
        Ok(manifest)
    }

    fn certificate(
        self,
        journal: Journal,
        completed: Option<&Way>,
        manifest: Option<&Manifest>,
        proof: certificate::Proof,
    ) -> Certificate {
        let medium = journal.medium;
        let unasked = medium.hidden_before.is_none() && HIDING.contains(&medium.bus.as_str());
        let verdict = judgement::judge(&Case {
            steps: &journal.steps,
            best: completed.map(|way| {
                let offer = &way.offer;
                (offer.level, offer.reason.as_str(), offer.leaves)
            }),
            proof: Some(&proof),
            recovered: 0,
            // What was not opened, or cannot be asked for any more, is hidden still.
            hidden: medium.hidden_after.or(medium.hidden_before).unwrap_or(0),
            unread_before: manifest.is_some_and(|manifest| manifest.unread > 0),
        });
        Certificate {
            form: certificate::FORM.into(),
            number: journal.number,
            tool: self.tool,
            medium,
            paper: self.paper,
            steps: interrupted(journal.steps, journal.interruptions),
            result: verdict.outcome,
            level: verdict.level,
            reasons: verdict.reasons,
            unreached: unreached(&self.plan.unreached, unasked, &proof),
            before: journal.before,
            after: None,
            proof: Some(proof),
            started: journal.started,
            ended: Time::now().to_string(),
        }
    }
}

/// Whose blocks they are.
pub fn of(medium: &certificate::Medium) -> Of {
    let mut hasher = blake3::Hasher::new();
    for part in [&medium.maker, &medium.model, &medium.serial] {
        hasher.update(part.as_deref().unwrap_or_default().as_bytes()).update(&[0]);
    }
    Of { identity: *hasher.finalize().as_bytes(), bytes: medium.bytes }
}

fn keep(keeper: &dyn Keeper, journal: &Journal) -> Result<(), Failure> {
    keeper.keep(&journal.to_bytes()).map_err(|error| Failure::Journal(error.to_string()))
}

/// A certificate's number.
pub fn number() -> Result<String, RunError> {
    Ok(random()?[..8].iter().map(|byte| format!("{byte:02x}")).collect())
}

pub fn random() -> Result<[u8; 32], RunError> {
    let mut bytes = [0; 32];
    getrandom::fill(&mut bytes).map_err(|_| RunError::NoRandomness)?;
    Ok(bytes)
}

/// The last step tells how often the whole was interrupted.
fn interrupted(mut steps: Vec<Step>, interruptions: u32) -> Vec<Step> {
    if let Some(last) = steps.last_mut() {
        last.interruptions = interruptions;
    }
    steps
}

fn unreached(told: &[String], unasked: bool, proof: &certificate::Proof) -> Vec<String> {
    let mut all = told.to_vec();
    if unasked {
        all.push("what the disk may hide behind its visible end: it does not tell".into());
    }
    if proof.bad_bytes > 0 {
        all.push(format!("bad sectors: {} bytes in {} places", proof.bad_bytes, proof.bad.len()));
    }
    all
}
