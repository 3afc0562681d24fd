use leaksweep_facts::certificate::Level;

use super::*;
use crate::{
    device::Set,
    hardware::trials::{self, data, denied, look, named, offer},
    method::Leaves,
    model::{Bench, Character, MmcModel, Witness},
};

fn bench(change: impl FnOnce(&mut MmcModel)) -> Bench<MmcModel> {
    let mut model = MmcModel::default();
    change(&mut model);
    Bench::new(model, data())
}

fn run(method: &'static str, bench: &mut Bench<MmcModel>) -> (Result<(), Failure>, Witness) {
    let mut witness = Witness::default();
    (Mmc.run(&named(method), bench, &mut witness), witness)
}

/// Indices and arguments of what was sent that changes something.
fn changes(bench: &Bench<MmcModel>) -> Vec<(u32, u32)> {
    let sent = bench.sent().into_iter().flat_map(|record| match record.set {
        Set::Mmc(series, count) => series.into_iter().take(count).collect(),
        _ => Vec::new(),
    });
    let sent = sent.map(|command| (command.index, command.argument));
    sent.filter(|(index, _)| !matches!(index, 8 | 13)).collect()
}

#[test]
fn a_chip_offers_what_it_says_and_what_it_does_not_reach() {
    let mut medium = trials::medium("mmc");
    let told = Mmc.look(&bench(|model| model.general = 3), &mut medium);
    assert_eq!((medium.firmware.as_deref(), medium.kind.as_str()), (Some("EM01"), "flash"));
    let offered: Vec<_> = told.offers.iter().map(|offer| (offer.method, offer.level)).collect();
    assert_eq!(
        offered,
        [
            ("emmc-sanitize", Level::Purge),
            ("emmc-secure-erase", Level::Clear),
            ("emmc-erase", Level::Clear)
        ]
    );
    assert_eq!(told.unreached.len(), 3);
    assert!(told.unreached[0].contains("two boot partitions of 4194304 bytes"));
    assert!(told.unreached[1].contains("partition 1 of 1572864 bytes"));
    assert_eq!(offer(&told, "emmc-erase").leaves, Leaves::Zeros);
    let told = look(&Mmc, "mmc", &bench(|model| (model.features, model.ones) = (0, true)));
    assert!(denied(&told, "emmc-sanitize").reason.contains("SANITIZE"));
    assert_eq!((told.offers.len(), told.offers[0].leaves), (1, Leaves::Anything));
    let told = look(&Mmc, "mmc", &bench(|model| model.deaf = true));
    assert!(told.denials.len() == 3 && denied(&told, "emmc-erase").hint.is_some());
}

#[test]
fn each_method_is_carried_out_by_its_own_commands() {
    let groups = |argument| [(35, 0), (36, 0x1_FE00), (38, argument)];
    let mut bench_sanitize = bench(|_| {});
    let (ended, witness) = run("emmc-sanitize", &mut bench_sanitize);
    ended.unwrap();
    assert_eq!(changes(&bench_sanitize)[..3], groups(0));
    assert_eq!(changes(&bench_sanitize)[3..], [(6, 0x03A5_0100)]);
    assert!(witness.committed == 1 && witness.said("SANITIZE_START: done"));
    for (method, argument) in [("emmc-erase", 0), ("emmc-secure-erase", 0x8000_0000)] {
        let mut bench = bench(|_| {});
        run(method, &mut bench).0.unwrap();
        assert_eq!(changes(&bench), groups(argument), "{method}");
        assert!(bench.memory().iter().all(|byte| *byte == 0));
    }
    // Without a known size of groups, all of it at once.
    let mut whole = bench(|model| model.group = 0);
    run("emmc-erase", &mut whole).0.unwrap();
    assert_eq!(changes(&whole), groups(0));
    assert!(run("emmc-other", &mut bench(|_| {})).0.is_err());
}

#[test]
fn a_large_chip_is_erased_in_stretches_to_its_last_byte() {
    let bytes = 40 << 20 | 256 << 10;
    let mut bench = Bench::new(MmcModel::default(), vec![0x41; bytes]);
    run("emmc-erase", &mut bench).0.unwrap();
    assert!(bench.memory().iter().all(|byte| *byte == 0));
    let last = bytes as u32 - 512;
    assert_eq!(changes(&bench)[..2], [(35, 0), (36, (32 << 20) - 512)]);
    assert_eq!(changes(&bench)[3..5], [(35, 32 << 20), (36, last)]);
    let mut stopped = Bench::new(MmcModel::default(), vec![0x41; bytes]);
    let ended = Mmc.run(&named("emmc-sanitize"), &mut stopped, &mut Witness::stopping(2));
    assert!(matches!(ended, Err(Failure::Stopped)));
    assert_eq!(stopped.model(|model| (model.erased, model.sanitized)), (0, 0));
}

#[test]
fn what_the_chip_says_after_it_was_busy_counts() {
    let mut protected = bench(|model| model.protected_from = Some(64 << 10));
    let (ended, _) = run("emmc-sanitize", &mut protected);
    assert!(matches!(ended, Err(Failure::Failed(said)) if said.contains("left out")));
    let mut failed = bench(|model| model.character.fails_at = Some(0x8000));
    assert!(run("emmc-erase", &mut failed).0.is_err());
    let mut refused = bench(|model| model.features = 1);
    let (ended, _) = run("emmc-sanitize", &mut refused);
    assert!(matches!(ended, Err(Failure::Failed(said)) if said.contains("switch was refused")));
    let mut silent = bench(|model| model.character.stuck = true);
    assert!(run("emmc-erase", &mut silent).0.is_err());
}

fn model(character: Character) -> MmcModel {
    MmcModel { character, ..MmcModel::default() }
}

#[test]
fn a_thousand_seeds_of_faults_never_make_it_better_than_it_is() {
    trials::never_better_than_it_is(&Mmc, &["emmc-erase", "emmc-secure-erase"], model);
    let counting = |character| MmcModel { counts_sanitizing: true, ..model(character) };
    trials::never_better_than_it_is(&Mmc, &["emmc-sanitize"], counting);
}

#[test]
fn a_power_cut_at_any_command_is_made_good() {
    for method in METHODS {
        trials::goes_on_after_a_cut_anywhere(&Mmc, method, MmcModel::default);
        trials::nothing_without_a_journal(&Mmc, method, MmcModel::default());
    }
}
