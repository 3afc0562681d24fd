//! `wipe`: one or several media at once, each in a thread of its own, each with its own certificate.

use std::{
    path::Path,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    thread,
    time::Duration,
};

use anyhow::{Context, Result, bail};
use leaksweep_facts::{
    certificate::{Certificate, Findings, Outcome},
    output,
    seal::SecretKey,
    signed::Signed,
};
use leaksweep_report::paper::{self, Fonts, Form};
use leaksweep_wipe::{
    Pulse,
    hardware::ata::Password,
    method::Failure,
    plan::{Plan, Way},
    run::{self, RunError, Wish},
};

use super::{
    before,
    candidate::{self, Candidate},
    only_one,
    store::Store,
    swept::Told,
    teller::Forms,
};
use crate::{Found, arguments::Wipe, console, failure::hint, fonts, inputs, progress};

/// So often the journal is kept while a pass goes on.
const EVERY: Duration = Duration::from_secs(30);

/// A medium that may be wiped, and how.
pub(super) struct Job {
    pub candidate: Candidate,
    plan: Plan,
    attempts: Vec<Way>,
    pub store: Store,
    pulse: Pulse,
    pub swept: Option<Findings>,
}

pub fn run(wipe: &Wipe) -> Result<Found> {
    only_one(&wipe.devices)?;
    let key = wipe.key.as_deref().map(inputs::secret_key).transpose()?;
    let key = key.context("no key to sign with")?;
    let swept = wipe.before.iter().map(|path| Told::read(path)).collect::<Result<Vec<_>>>()?;
    let mut jobs: Vec<Job> =
        wipe.devices.iter().map(|device| job(wipe, device)).collect::<Result<_>>()?;
    agreed(wipe, &jobs)?;
    before::shared_out(swept, &mut jobs)?;
    let results = carried_out(wipe, &jobs)?;
    let mut found = Found::Nothing;
    let mut failures = Vec::new();
    for (job, result) in jobs.iter().zip(results) {
        match result {
            Ok(certificate) => {
                if certificate.result != Outcome::Wiped {
                    found = Found::Something;
                }
                // One that cannot be written must not cost the others theirs.
                let name = || job.candidate.name();
                let written = certified(wipe, job, certificate, &key).with_context(name);
                failures.extend(written.err());
            }
            Err(error) => failures.push(told(job, error)),
        }
    }
    let Some(last) = failures.pop() else { return Ok(found) };
    failures.iter().for_each(crate::failure::print);
    Err(last)
}

fn job(wipe: &Wipe, device: &Path) -> Result<Job> {
    let mut candidate = Candidate::look(device, &wipe.technique)?;
    let store = Store::new(wipe.state.as_deref(), &candidate.subject)?;
    if wipe.technique.ata_password.is_none() && store.left_locked(&candidate.subject.medium) {
        candidate.opens_with(Password::ours());
    }
    let plan = candidate.plan(&candidate.reading()?, &wipe.technique)?;
    let named = wipe.technique.method.as_deref();
    let attempts = plan.attempts(named).map_err(|reason| {
        hint(
            format!("{} is not wiped by {}: {reason}", device.display(), named.unwrap_or_default()),
            "see what is offered: leaksweep wipe plan DEVICE",
        )
    })?;
    Ok(Job { candidate, plan, attempts, store, pulse: Pulse::slowed(wipe.throttle), swept: None })
}

/// The serial number of every device was typed, before any of them is touched.
fn agreed(wipe: &Wipe, jobs: &[Job]) -> Result<()> {
    if wipe.yes && wipe.serial.len() != jobs.len() {
        bail!("{} devices and {} serial numbers", jobs.len(), wipe.serial.len());
    }
    for (number, job) in jobs.iter().enumerate() {
        let typed = match wipe.serial.get(number) {
            Some(serial) => serial.clone(),
            None => candidate::typed(&job.candidate)?,
        };
        leaksweep_wipe::guard::agreed(&job.candidate.subject, &typed)
            .map_err(|refusal| candidate::refused(&job.candidate.name(), &refusal))?;
    }
    Ok(())
}

fn carried_out(wipe: &Wipe, jobs: &[Job]) -> Result<Vec<Result<Certificate, anyhow::Error>>> {
    let ended = ended_by_signal()?;
    let shown: Vec<progress::Job<'_>> = jobs
        .iter()
        .map(|job| {
            let tell = || {
                if ended.load(Ordering::Relaxed) {
                    job.pulse.stop();
                }
                let (stage, done, of) = job.pulse.now();
                (stage, progress::Bytes { done, of })
            };
            progress::Job { name: &job.candidate.subject.name, tell: Box::new(tell) }
        })
        .collect();
    Ok(progress::of_many(
        || {
            thread::scope(|scope| {
                let threads: Vec<_> =
                    jobs.iter().map(|job| scope.spawn(|| one(wipe, job))).collect();
                threads
                    .into_iter()
                    .map(|thread| {
                        thread.join().unwrap_or_else(|_| bail!("a fault in leaksweep ended it"))
                    })
                    .collect()
            })
        },
        shown,
    ))
}

fn one(wipe: &Wipe, job: &Job) -> Result<Certificate> {
    let mut device = job.candidate.writing()?;
    let (journal, manifest) = (job.store.journal(), job.store.manifest());
    let wish = Wish {
        scheme: wipe.technique.scheme.clone(),
        manifest: wipe.proof.wants_manifest(),
        sample: wipe.proof.sample,
        every: EVERY,
    };
    let certificate = run::Wipe {
        device: &mut device,
        hardware: &job.candidate.hardware,
        plan: &job.plan,
        attempts: &job.attempts,
        wish: &wish,
        keeper: &journal,
        manifests: &manifest,
        teller: &Forms,
        pulse: &job.pulse,
        tool: super::tool(),
        paper: wipe.statement.paper(),
        swept: job.swept.clone(),
    }
    .run()?;
    Ok(certificate)
}

/// Set by Ctrl-C and by whoever ends the program.
fn ended_by_signal() -> Result<Arc<AtomicBool>> {
    let ended = Arc::new(AtomicBool::new(false));
    for signal in
        [signal_hook::consts::SIGINT, signal_hook::consts::SIGTERM, signal_hook::consts::SIGHUP]
    {
        // The second one ends it at once.
        signal_hook::flag::register_conditional_shutdown(signal, 130, ended.clone())?;
        signal_hook::flag::register(signal, ended.clone())?;
    }
    Ok(ended)
}

/// Signed, on disk and on paper; then what was needed to go on is gone.
fn certified(wipe: &Wipe, job: &Job, certificate: Certificate, key: &SecretKey) -> Result<()> {
    let name = format!("{}-{}", job.store.name(), certificate.number);
    let signed = Signed::new(certificate, key);
    let path = wipe.output.join(format!("{name}.certificate.json"));
    output::create(&path, &signed.to_bytes(), output::Readers::Everyone)
        .with_context(|| format!("cannot write {}", path.display()))?;
    let pdf = wipe.output.join(format!("{name}.certificate.pdf"));
    let fonts = fonts::find(None)?;
    console::deliver(Some(&pdf), |out| paper::certificate(&signed, Form::Pdf, &fonts, out))?;
    output::remove(&job.store.journal().path).context("cannot remove the journal")?;
    console::deliver(None, |out| paper::certificate(&signed, Form::Terminal, &Fonts::none(), out))?;
    console::say(format_args!("certificate: {} and {}", path.display(), pdf.display()))
}

fn told(job: &Job, error: anyhow::Error) -> anyhow::Error {
    let name = job.candidate.name();
    let Some(failed) = error.downcast_ref::<RunError>() else { return error.context(name) };
    let message = format!("{name}: {failed}");
    match failed {
        RunError::Failure(Failure::Stopped) => {
            hint(message, "the same command goes on where it was; nothing is certified yet")
        }
        RunError::Failure(Failure::Gone) => {
            hint(message, "plug it in again; the same command goes on where it was")
        }
        RunError::Journal(journal) => hint(message, journal.hint()),
        RunError::ManifestGone | RunError::OtherManifest | RunError::Manifest(_) => hint(
            message,
            "bring it back, or move the journal away to begin from the start without what it proves",
        ),
        _ => error.context(name),
    }
}
