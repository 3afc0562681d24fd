use std::{
    io,
    sync::{Mutex, PoisonError},
};

use leaksweep_facts::certificate::{Count, Level, Medium, Outcome, Share, Swept};
use leaksweep_formats::{block, fingerprint::SEALED};

use super::*;
use crate::{
    chance::noise,
    double::{Double, Faults},
    plan::OVERWRITE,
};

const BYTES: usize = 640 * 1024 + 1536;

#[derive(Default)]
struct Memory(Mutex<Option<Vec<u8>>>);

impl Keeper for Memory {
    fn left(&self) -> io::Result<Option<Vec<u8>>> {
        Ok(self.0.lock().unwrap_or_else(PoisonError::into_inner).clone())
    }

    fn keep(&self, content: &[u8]) -> io::Result<()> {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(content.to_vec());
        Ok(())
    }
}

/// A run whose journal and manifest outlive it.
pub struct Bench {
    pub wish: Wish,
    swept: Option<Findings>,
    journal: Memory,
    manifest: Memory,
}

impl Bench {
    pub fn new(scheme: &str, manifest: Option<bool>) -> Self {
        let scheme = Scheme::parse(scheme).unwrap();
        let wish = Wish { scheme, manifest, sample: None, every: Duration::ZERO };
        Self { wish, swept: None, journal: Memory::default(), manifest: Memory::default() }
    }

    fn run(&self, double: &mut Double) -> Result<Certificate, RunError> {
        let medium = Medium {
            serial: Some("S1".into()),
            kind: "hard disk".into(),
            bus: "ata".into(),
            bytes: double.bytes(),
            sector: 512,
            ..Medium::default()
        };
        let plan = Plan::make(double, medium, &[], &self.wish.scheme);
        let attempts = plan.attempts(None).unwrap();
        self.wipe(double, &[], &plan, &attempts)
    }

    pub fn wipe(
        &self,
        device: &mut dyn Device,
        hardware: &[Box<dyn Hardware>],
        plan: &Plan,
        attempts: &[Way],
    ) -> Result<Certificate, RunError> {
        Wipe {
            device,
            hardware,
            plan,
            attempts,
            wish: &self.wish,
            keeper: &self.journal,
            manifests: &self.manifest,
            teller: &(),
            pulse: &Pulse::default(),
            tool: Tool {
                name: "leaksweep".into(),
                version: "0".into(),
                machine: "bench".into(),
                machine_serial: None,
            },
            paper: Paper::default(),
            swept: self.swept.clone(),
        }
        .run()
    }
}

fn medium() -> Vec<u8> {
    noise(77, BYTES)
}

/// Sectors of the old content that are there still.
fn survives(double: &Double) -> Vec<usize> {
    old_sectors(&medium(), &double.content())
}

/// Places of sectors that are as they were; those that say nothing do not count.
pub fn old_sectors(old: &[u8], now: &[u8]) -> Vec<usize> {
    same(old, now, 512)
}

/// The same of whole blocks of a manifest.
pub fn whole_blocks(old: &[u8], now: &[u8]) -> Vec<usize> {
    same(old, now, SEALED)
}

fn same(old: &[u8], now: &[u8], step: usize) -> Vec<usize> {
    let steps = old.chunks(step).zip(now.chunks(step)).enumerate();
    let same = steps
        .filter(|(_, (old, now))| old.len() == step && old == now && block::uniform(old).is_none());
    same.map(|(number, _)| number * step).collect()
}

#[test]
fn a_sound_medium_is_wiped_and_proven() {
    for scheme in ["zero", "random", "bmb21-2019", "33cc55aa", "00,ff"] {
        let mut double = Double::new(medium(), Faults::default());
        let certificate = Bench::new(scheme, Some(true)).run(&mut double).unwrap();
        assert_eq!(
            (certificate.result, certificate.level),
            (Outcome::Wiped, Level::Clear),
            "{scheme}"
        );
        assert!(survives(&double).is_empty());
        let proof = certificate.proof.unwrap();
        assert_eq!((proof.read_bytes, proof.bytes), (BYTES as u64, BYTES as u64));
        let differential = proof.differential.unwrap();
        assert_eq!((differential.blocks, differential.survivors), (11, 0));
        assert_eq!(certificate.before.unwrap().classes.len(), 1);
        let [step] = certificate.steps.as_slice() else { panic!("one step") };
        assert!(step.completed && step.method == OVERWRITE);
        assert_eq!(step.log.len(), Scheme::parse(scheme).unwrap().passes.len());
    }
}

#[test]
fn what_is_dropped_in_silence_is_found() {
    let mut double = Double::new(medium(), Faults { seed: 5, dropped: 200, ..Faults::default() });
    let certificate = Bench::new("zero", None).run(&mut double).unwrap();
    assert!(!survives(&double).is_empty());
    assert_eq!((certificate.result, certificate.level), (Outcome::Failed, Level::None));
    let proof = certificate.proof.unwrap();
    assert_eq!(proof.left_over[0].class, "random");
    assert!(proof.left_over_bytes >= survives(&double).len() as u64 * 512);
}

#[test]
fn bad_sectors_cost_no_more_than_themselves() {
    let mut double = Double::new(medium(), Faults { seed: 3, bad: 20, ..Faults::default() });
    let certificate = Bench::new("zero", None).run(&mut double).unwrap();
    let proof = certificate.proof.unwrap();
    let bad = (0..BYTES as u64).step_by(4096).filter(|at| double.is_bad(*at)).count() as u64;
    assert!(bad > 0 && proof.bad_bytes == bad * 4096, "{bad} {}", proof.bad_bytes);
    assert_eq!((certificate.result, certificate.level), (Outcome::Failed, Level::None));
    assert!(survives(&double).iter().all(|at| double.is_bad(*at as u64)));
}

#[test]
fn a_cut_at_any_write_is_survived() {
    for cut in 0..40 {
        let bench = Bench::new("ff,00", Some(true));
        let mut double = Double::new(medium(), Faults { cut: Some(cut), ..Faults::default() });
        let certificate = match bench.run(&mut double) {
            Ok(certificate) => certificate,
            Err(RunError::Failure(Failure::Gone)) => {
                let mut again = double.restored(Faults::default());
                let certificate = bench.run(&mut again).unwrap();
                assert_eq!(certificate.steps[0].interruptions, 1);
                double = again;
                certificate
            }
            Err(other) => panic!("{cut}: {other}"),
        };
        assert_eq!(
            (certificate.result, certificate.level),
            (Outcome::Wiped, Level::Clear),
            "{cut}"
        );
        assert!(survives(&double).is_empty(), "{cut}");
        assert!(certificate.proof.unwrap().differential.is_some());
    }
}

/// The promise of the whole: whatever fails, nothing is reported better than it is, and a run that goes on ends right.
#[test]
fn no_fault_makes_a_result_better_than_it_is() {
    let (mut wiped, mut failed, mut cuts) = (0, 0, 0);
    for seed in 0..1500 {
        let some = |shift: u64, most: u64| if seed >> shift & 1 == 1 { seed % most } else { 0 };
        let faults = Faults {
            seed,
            short: some(0, 300),
            error: some(1, 120),
            dropped: some(2, 40),
            bad: some(3, 30),
            cut: (seed % 3 == 0).then_some(seed % 61),
            flushes_nothing: seed % 7 == 0,
        };
        let schemes = ["zero", "ff,00", "random", "33cc55aa"];
        let bench = Bench::new(schemes[seed as usize % 4], [None, Some(true)][seed as usize % 2]);
        let mut double = Double::new(medium(), faults.clone());
        let mut result = bench.run(&mut double);
        while let Err(RunError::Failure(Failure::Gone)) = result {
            cuts += 1;
            double = double.restored(Faults { cut: None, ..faults.clone() });
            result = bench.run(&mut double);
        }
        let certificate = result.unwrap();
        let left = survives(&double);
        if certificate.result == Outcome::Failed {
            failed += 1;
            assert_eq!(certificate.level, Level::None);
            // A flush that lies before a power cut loses what was written.
            let lost = faults.flushes_nothing && faults.cut.is_some();
            let harmless = faults.dropped == 0 && faults.bad == 0 && faults.error == 0 && !lost;
            assert!(!harmless, "{seed}: {:?}", certificate.reasons);
        } else {
            wiped += 1;
            assert!(left.is_empty(), "{seed}: {} sectors are left", left.len());
        }
    }
    assert!(wiped > 300 && failed > 300 && cuts > 200, "{wiped} {failed} {cuts}");
}

#[test]
fn a_journal_or_manifest_that_was_exchanged_is_refused() {
    let stopped = |bench: &Bench| {
        let mut double = Double::new(medium(), Faults { cut: Some(3), ..Faults::default() });
        assert!(bench.run(&mut double).is_err());
        double.restored(Faults::default())
    };
    let bench = Bench::new("zero", Some(true));
    let mut double = stopped(&bench);
    let mut manifest = bench.manifest.left().unwrap().unwrap();
    *manifest.last_mut().unwrap() ^= 1;
    bench.manifest.keep(&manifest).unwrap();
    assert!(matches!(bench.run(&mut double), Err(RunError::Manifest(FileError::Altered))));
    let other = Bench::new("zero", Some(true));
    stopped(&other);
    bench.manifest.keep(&other.manifest.left().unwrap().unwrap()).unwrap();
    assert!(matches!(bench.run(&mut double), Err(RunError::OtherManifest)));
    *bench.manifest.0.lock().unwrap() = None;
    assert!(matches!(bench.run(&mut double), Err(RunError::ManifestGone)));
    bench.journal.keep(b"{}\n").unwrap();
    assert!(matches!(bench.run(&mut double), Err(RunError::Journal(JournalError::Altered))));
    assert!(!survives(&double).is_empty(), "it did not go on");
}

#[test]
fn what_a_sweep_found_stands_beside_what_was_read_and_outlives_an_interruption() {
    let swept = |sweep: &str| {
        let swept = Swept { sweep: sweep.into(), ended: String::new(), unread: 0 };
        let finds = vec![Count { what: "mail".into(), count: 7 }];
        let classes = vec![Share { class: "text".into(), bytes: 1 }];
        Some(Findings { classes, finds, swept: Some(swept) })
    };
    for manifest in [true, false] {
        let mut double = Double::new(medium(), Faults { cut: Some(3), ..Faults::default() });
        let mut bench = Bench::new("zero", Some(manifest));
        bench.swept = swept("5f");
        assert!(bench.run(&mut double).is_err());
        let mut double = double.restored(Faults::default());
        // It need not be named again.
        bench.swept = None;
        let certificate = bench.run(&mut double).unwrap();
        assert_eq!(certificate.result, Outcome::Wiped);
        let before = certificate.before.unwrap();
        assert_eq!((before.recoverable(), before.swept), (7, swept("5f").unwrap().swept));
        let class = before.classes[0].class.as_str();
        assert_eq!(class, if manifest { "random" } else { "text" }, "what was read itself counts");
    }
}
