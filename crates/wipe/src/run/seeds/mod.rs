//! Every command set's model, which lies, fails and loses its power, on a way that fails too: from the plan to the certificate.
//! Whatever befalls them, no certificate says more than the cells hold.

mod composed;

use leaksweep_facts::certificate::{Level, Medium, Outcome};
use leaksweep_formats::{block, fingerprint::SEALED};

use super::{
    tests::{Bench, old_sectors, whole_blocks},
    *,
};
use crate::{
    chance::noise,
    double::{Faults, SECTOR},
    hardware::{
        self,
        trials::{self, Chance},
    },
    model::{self, AtaModel, Character, Hides, Lie, MmcModel, Model, NvmeModel, ScsiModel},
};
use composed::Composed;

/// Three blocks of a manifest, and an end that is none.
const BYTES: usize = 3 * SEALED + 5 * 4096 + 1536;
const SEEDS: u64 = 1000;

/// Text, chance, or both with emptiness between.
fn old(seed: u64) -> Vec<u8> {
    let text = |at: usize| format!("line {at:08} of a letter to the office\n").into_bytes();
    let mut text: Vec<u8> = (0..BYTES).step_by(40).flat_map(text).take(BYTES).collect();
    match seed % 3 {
        0 => text,
        1 => noise(seed, BYTES),
        _ => {
            text[SEALED..2 * SEALED].copy_from_slice(&noise(seed, SEALED));
            text[8192..20480].fill(0);
            text
        }
    }
}

struct Trial {
    seed: u64,
    character: Character,
    faults: Faults,
    old: Vec<u8>,
    bench: Bench,
    /// Of the ways that are offered first, the one that is named.
    named: Option<usize>,
}

impl Trial {
    fn new(seed: u64, chance: &mut Chance) -> Self {
        let mut some =
            |often: u64, most: u64| if chance.below(often) == 0 { chance.below(most) } else { 0 };
        let faults = Faults {
            seed,
            short: some(2, 300),
            error: some(3, 100),
            dropped: some(4, 60),
            bad: some(4, 60),
            cut: None,
            flushes_nothing: false,
        };
        let cut = (chance.below(3) == 0).then(|| chance.below(12));
        let scheme = ["zero", "ff,00", "random", "33cc55aa"][chance.below(4) as usize];
        let manifest = [None, Some(true), Some(false)][chance.below(3) as usize];
        let named = (chance.below(3) != 0).then(|| chance.below(8) as usize);
        Self {
            seed,
            character: trials::character(chance),
            faults: Faults { cut, ..faults },
            old: old(seed),
            bench: Bench::new(scheme, manifest),
            named,
        }
    }

    /// Nothing but the power fails.
    fn is_harmless(&self) -> bool {
        let Faults { dropped, bad, error, .. } = self.faults;
        let Character { lie, fails_at, stuck, .. } = self.character;
        (dropped, bad, error, lie, fails_at, stuck) == (0, 0, 0, Lie::None, None, false)
    }

    /// Again and again after each cut; none where no certificate is made at all.
    fn certificate<M: Model + Send>(
        &self,
        device: &mut Composed<M>,
        bus: &str,
    ) -> Option<Certificate> {
        let mut method = None;
        for _ in 0..30 {
            let hardware = hardware::of(bus, None);
            let medium = Medium {
                serial: Some("S1".into()),
                kind: "flash".into(),
                bus: bus.into(),
                bytes: device.bytes(),
                sector: 512,
                ..Medium::default()
            };
            let plan = Plan::make(device, medium, &hardware, &self.bench.wish.scheme);
            // Nobody begins with a device that is off.
            if device.flush().is_err() {
                device.bench.power_on();
                continue;
            }
            if method.is_none() {
                let named = self.named.and_then(|number| plan.ways.get(number));
                method = named.map(|way| way.offer.method);
            }
            // What a fault hides from the plan is offered again later.
            let attempts = plan.attempts(method).unwrap_or_default();
            match self.bench.wipe(device, &hardware, &plan, &attempts) {
                Ok(certificate) => return Some(certificate),
                Err(RunError::Failure(Failure::Gone)) => device.bench.power_on(),
                Err(RunError::Failure(Failure::Failed(_)) | RunError::Journal(_)) => return None,
                Err(other) => panic!("seed {}: {other}", self.seed),
            }
        }
        panic!("seed {}: it never ends", self.seed)
    }

    fn check<M: Model + Send>(&self, certificate: &Certificate, device: &Composed<M>) {
        let (seed, now) = (self.seed, device.bench.memory());
        let left = old_sectors(&self.old, &now);
        let says = |words: &str| certificate.reasons.iter().any(|reason| reason.contains(words));
        let told = || format!("seed {seed}: {} sectors: {certificate:#?}", left.len());
        match certificate.result {
            Outcome::Failed => assert_eq!(certificate.level, Level::None, "{}", told()),
            Outcome::Wiped if left.is_empty() => {}
            Outcome::Wiped if self.is_behind(certificate, &left) => {}
            // What is shorter than a manifest's block and looks like chance cannot be told from the trace of another key.
            Outcome::Wiped => {
                assert!(says("shorter remains"), "{}", told());
                assert!(whole_blocks(&self.old, &now).is_empty(), "{}", told());
                assert!(self.look_like_chance(&left), "{}", told());
            }
            Outcome::Claimed => {
                let doubted = says("look like chance") && self.look_like_chance(&left);
                let bad = |at: &usize| device.is_bad(*at as u64);
                assert!(doubted || left.iter().all(bad), "{}", told());
            }
        }
        if certificate.level == Level::Purge {
            let completed = device.bench.model(|model| model.completed());
            assert!(completed > 0, "{}", told());
        }
    }

    /// The disk was not asked what it hides, and the certificate says so.
    fn is_behind(&self, certificate: &Certificate, left: &[usize]) -> bool {
        let told = certificate.unreached.iter().any(|area| area.contains("behind its visible end"));
        told && left.iter().all(|at| *at as u64 >= certificate.medium.bytes)
    }

    fn look_like_chance(&self, left: &[usize]) -> bool {
        let block = |at: &usize| {
            let start = at / block::BLOCK * block::BLOCK;
            &self.old[start..self.old.len().min(start + block::BLOCK)]
        };
        left.iter().all(|at| block(at).len() < block::BLOCK || is_chance(block(at)))
    }
}

fn is_chance(block: &[u8]) -> bool {
    block::look(block).class == block::Class::Random
}

/// Wiped, claimed, failed, and without a certificate.
fn trials<M: Model + Send + 'static>(
    bus: &str,
    model: impl Fn(Character, &mut Chance) -> M,
) -> [u32; 4] {
    let mut outcomes = [0; 4];
    for seed in 0..SEEDS {
        let mut chance = Chance::new(seed + 7);
        let trial = Trial::new(seed, &mut chance);
        let model = model(trial.character, &mut chance);
        let mut bench = model::Bench::new(model, trial.old.clone());
        if chance.below(2) == 0 {
            bench = bench.with_faults(trials::faults(seed));
        }
        let mut device = Composed::new(bench, trial.faults.clone());
        let certificate = trial.certificate(&mut device, bus);
        if let Some(certificate) = &certificate {
            trial.check(certificate, &device);
        }
        let outcome = certificate.map_or(3, |certificate| certificate.result as usize);
        outcomes[outcome] += 1;
    }
    outcomes
}

fn is_many_sided(outcomes: [u32; 4]) {
    let [wiped, claimed, failed, _] = outcomes;
    assert!(wiped > 100 && claimed > 5 && failed > 100, "one-sided: {outcomes:?}");
}

#[test]
fn nvme_is_never_reported_better_than_it_is() {
    is_many_sided(trials("nvme", |character, chance| NvmeModel {
        character,
        sanitize: chance.below(8) as u32 | 2 << 30,
        format: [0, 0b100][chance.below(2) as usize],
        commands: [0, 0b10][chance.below(2) as usize],
        ..NvmeModel::default()
    }));
}

#[test]
fn ata_is_never_reported_better_than_it_is() {
    is_many_sided(trials("ata", |character, chance| {
        let mut hides = Hides::default();
        hides.area = [0, 0, 40][chance.below(3) as usize];
        hides.overlay = [0, 0, 24][chance.below(3) as usize];
        hides.overlay_locked = chance.below(3) == 0;
        let ways = (chance.below(8) as u16) << 13;
        AtaModel { character, ways, encrypts: chance.below(2) == 0, hides, ..AtaModel::default() }
    }));
}

#[test]
fn scsi_is_never_reported_better_than_it_is() {
    is_many_sided(trials("scsi", |character, chance| ScsiModel {
        character,
        actions: (1..=3).filter(|_| chance.below(2) == 0).collect(),
        formats: chance.below(2) == 0,
        ..ScsiModel::default()
    }));
}

#[test]
fn mmc_is_never_reported_better_than_it_is() {
    is_many_sided(trials("mmc", |character, chance| MmcModel {
        character,
        features: [0b0101_0001, 0b0001_0001, 0][chance.below(3) as usize],
        ones: chance.below(4) != 0,
        ..MmcModel::default()
    }));
}

/// Where nothing but the power fails, all of them end well.
#[test]
fn power_cuts_alone_spoil_nothing() {
    let mut cuts = 0;
    for seed in 0..600 {
        let mut chance = Chance::new(seed);
        let mut trial = Trial::new(seed, &mut chance);
        let cut = Some(chance.below(12));
        trial.character = Character::default();
        trial.faults = Faults { seed, cut, short: 200, ..Faults::default() };
        assert!(trial.is_harmless());
        let at = chance.below(30);
        let fault = [model::Fault::CutBefore, model::Fault::CutAfter][chance.below(2) as usize];
        let faults = move |now| if now == at { fault } else { model::Fault::None };
        let bench = model::Bench::new(NvmeModel::default(), trial.old.clone()).with_faults(faults);
        let mut device = Composed::new(bench, trial.faults.clone());
        let certificate = trial.certificate(&mut device, "nvme").unwrap();
        trial.check(&certificate, &device);
        cuts += u32::from(certificate.steps.iter().any(|step| step.interruptions > 0));
        assert_ne!(certificate.result, Outcome::Failed, "{seed}: {certificate:#?}");
        assert!(old_sectors(&trial.old, &device.bench.memory()).is_empty());
    }
    assert!(cuts > 200, "{cuts}");
    assert_eq!(BYTES % SECTOR, 0);
}
