//! Whole runs on the models of command sets: whatever a device does, claims or fails at, its certificate says no better than it is.

use std::{
    io,
    sync::{Mutex, PoisonError},
};

use leaksweep_facts::certificate::{Level, Medium, Outcome};

use super::*;
use crate::{
    chance::noise,
    hardware,
    hardware::trials::{Chance, character, faults},
    model::{AtaModel, Bench, Character, Lie, MmcModel, Model, NvmeModel, ScsiModel},
};

const BYTES: usize = 128 << 10;

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

/// One medium until its certificate, however often the power goes.
fn certified<M: Model + Send>(bus: &str, bench: &mut Bench<M>) -> Certificate {
    let (journal, manifests) = (Memory::default(), Memory::default());
    let scheme = Scheme::parse("zero").unwrap();
    let wish = Wish { scheme, manifest: None, sample: None, every: Duration::ZERO };
    for _ in 0..50 {
        let interrupted = journal
            .left()
            .unwrap()
            .is_some_and(|left| String::from_utf8_lossy(&left).contains("ata-security-erase"));
        let password = interrupted.then(hardware::ata::Password::ours);
        let hardware = hardware::of(bus, password);
        let medium = Medium {
            maker: Some("MAKER".into()),
            model: Some("MODEL".into()),
            serial: Some("S1".into()),
            firmware: Some("1".into()),
            kind: "flash".into(),
            bus: bus.into(),
            bytes: BYTES as u64,
            sector: 512,
            ..Medium::default()
        };
        let plan = Plan::make(bench, medium, &hardware, &wish.scheme);
        let attempts = plan.attempts(None).unwrap();
        let wipe = Wipe {
            device: bench,
            hardware: &hardware,
            plan: &plan,
            attempts: &attempts,
            wish: &wish,
            keeper: &journal,
            manifests: &manifests,
            teller: &(),
            pulse: &Pulse::default(),
            tool: Tool {
                name: "leaksweep".into(),
                version: "0".into(),
                machine: "bench".into(),
                machine_serial: None,
            },
            paper: Paper::default(),
        };
        match wipe.run() {
            Ok(certificate) => return certificate,
            Err(RunError::Failure(Failure::Gone)) => bench.power_on(),
            Err(other) => panic!("{other}"),
        }
    }
    panic!("no end after fifty power cuts");
}

/// Sectors of the old content that are there still.
fn survives<M: Model + Send>(bench: &Bench<M>) -> usize {
    let (old, now) = (noise(77, BYTES), bench.memory());
    old.chunks(512).zip(now.chunks(512)).filter(|(old, now)| old == now).count()
}

fn never_better<M: Model + Send + 'static>(bus: &str, model: impl Fn(Character) -> M) {
    let (mut wiped, mut failed, mut purged) = (0, 0, 0);
    for seed in 0..1000 {
        let character = character(&mut Chance::new(seed));
        let mut bench = Bench::new(model(character), noise(77, BYTES)).with_faults(faults(seed));
        let certificate = certified(bus, &mut bench);
        let left = survives(&bench);
        match certificate.result {
            Outcome::Failed => {
                failed += 1;
                assert_eq!(certificate.level, Level::None, "seed {seed}");
                let honest = character.lie == Lie::None && !bench.model(|model| model.busy());
                assert!(!honest, "seed {seed}: {:?}", certificate.reasons);
            }
            Outcome::Wiped | Outcome::Claimed => {
                wiped += 1;
                assert_eq!(left, 0, "seed {seed}: {:?}", certificate.steps);
            }
        }
        if certificate.level == Level::Purge {
            purged += 1;
            let method = &certificate.steps.last().unwrap().method;
            assert!(method.contains("sanitize"), "seed {seed}: {method}");
            assert!(bench.model(|model| model.completed()) > 0, "seed {seed}");
        }
    }
    assert!(wiped > 100 && failed > 100 && purged > 100, "{bus}: {wiped} {failed} {purged}");
}

#[test]
fn of_nvme() {
    never_better("nvme", |character| NvmeModel { character, ..NvmeModel::default() });
}

#[test]
fn of_ata() {
    never_better("ata", |character| AtaModel { character, ..AtaModel::default() });
}

#[test]
fn of_scsi() {
    never_better("scsi", |character| ScsiModel { character, ..ScsiModel::default() });
}

#[test]
fn of_mmc() {
    never_better("mmc", |character| MmcModel {
        character,
        counts_sanitizing: true,
        ..MmcModel::default()
    });
}
