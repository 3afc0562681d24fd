use std::time::Duration;

use leaksweep_facts::certificate::Level;

use super::*;
use crate::{
    device::Set,
    hardware::trials::{self, data, denied, look, named, offer},
    method::Leaves,
    model::{Bench, Character, Fault, Fill, Lie, NvmeModel, Stage, Witness},
};

fn bench(change: impl FnOnce(&mut NvmeModel)) -> Bench<NvmeModel> {
    let mut model = NvmeModel::default();
    change(&mut model);
    Bench::new(model, data())
}

fn run(method: &'static str, bench: &mut Bench<NvmeModel>) -> (Result<(), Failure>, Witness) {
    let mut witness = Witness::default();
    (Nvme.run(&named(method), bench, &mut witness), witness)
}

/// Words 0, 1 and 10 of what was sent that changes something.
fn changes(bench: &Bench<NvmeModel>) -> Vec<[u32; 3]> {
    let words = bench.sent().into_iter().filter_map(|record| match record.set {
        Set::Nvme(words) => Some([words[0], words[1], words[10]]),
        _ => None,
    });
    words.filter(|words| matches!(words[0], 0x80 | 0x84)).collect()
}

#[test]
fn a_controller_offers_what_it_says_and_tells_who_it_is() {
    let mut medium = trials::medium("nvme");
    let told = Nvme.look(&bench(|_| {}), &mut medium);
    assert_eq!(medium.model.as_deref(), Some("SYNTHETIC NVME DISK"));
    assert_eq!((medium.serial.as_deref(), medium.kind.as_str()), (Some("NV123456"), "flash"));
    let offered: Vec<_> = told.offers.iter().map(|offer| offer.method).collect();
    assert_eq!(offered, methods());
    for (method, level) in SANITIZE.map(|(method, _)| (method, Level::Purge)) {
        let offer = offer(&told, method);
        assert_eq!((offer.level, offer.leaves), (level, Leaves::Anything));
        assert_eq!(offer.takes, Some(Duration::from_secs(100)));
    }
    assert_eq!(offer(&told, "nvme-format-erase").level, Level::Clear);
    assert_eq!((told.under_way, told.denials.len()), (None, 0));
    assert!(offer(&told, "nvme-sanitize-block").commands[0].contains("CDW10 0000020Ah"));
}

#[test]
fn what_is_not_offered_is_denied_with_its_reason() {
    let told = look(&Nvme, "nvme", &bench(|model| model.sanitize = 0b001));
    assert!(denied(&told, "nvme-sanitize-block").reason.contains("00000001h"));
    assert_eq!(offer(&told, "nvme-sanitize-crypto").level, Level::Purge);
    let told = look(&Nvme, "nvme", &bench(|model| (model.commands, model.sanitize) = (0, 0)));
    assert_eq!((told.offers.len(), told.denials.len()), (0, 5));
    let told = look(&Nvme, "nvme", &bench(|model| model.format = 0));
    assert!(denied(&told, "nvme-format-crypto").reason.contains("crypto"));
    let told = look(&Nvme, "nvme", &bench(|model| model.kind = 3));
    assert_eq!((told.offers.len(), told.denials.len()), (0, 5));
    let deaf = bench(|_| {}).with_faults(|_| Fault::NoWay);
    assert_eq!(look(&Nvme, "nvme", &deaf).denials.len(), 5);
}

#[test]
fn several_namespaces_are_named_as_what_is_lost() {
    let several = |model: &mut NvmeModel| model.namespaces = vec![1, 2, 5];
    let told = look(&Nvme, "nvme", &bench(several));
    assert!(offer(&told, "nvme-sanitize-crypto").reason.contains("all 3 namespaces"));
    assert!(!offer(&told, "nvme-format-erase").reason.contains("namespaces"));
    let told = look(
        &Nvme,
        "nvme",
        &bench(|model| {
            several(model);
            model.format = 0b010;
        }),
    );
    assert!(offer(&told, "nvme-format-erase").reason.contains("all 3 namespaces"));
    assert!(offer(&told, "nvme-format-erase").commands[0].contains("FFFFFFFFh"));
    let told = look(
        &Nvme,
        "nvme",
        &bench(|model| {
            several(model);
            model.format = 0b1010;
        }),
    );
    assert!(denied(&told, "nvme-format-erase").reason.contains("cannot be named at once"));
    let told = look(&Nvme, "nvme", &bench(|model| model.old = true));
    assert!(offer(&told, "nvme-format-erase").commands[0].contains("namespace 00000001h"));
    let told = look(&Nvme, "nvme", &bench(|model| model.protected_blocks = 4));
    assert!(told.unreached[0].contains("4 targets"));
}

#[test]
fn each_method_is_carried_out_by_its_own_command() {
    for (method, command) in [
        ("nvme-sanitize-block", [0x84, 0, 0x20A]),
        ("nvme-sanitize-crypto", [0x84, 0, 0x20C]),
        ("nvme-sanitize-overwrite", [0x84, 0, 0x21B]),
        ("nvme-format-erase", [0x80, 1, 0x200]),
        ("nvme-format-crypto", [0x80, 1, 0x400]),
    ] {
        let mut bench = bench(|_| {});
        let (ended, witness) = run(method, &mut bench);
        ended.unwrap();
        assert_eq!(changes(&bench), [command], "{method}");
        assert!(witness.committed > 0);
        let same = bench.memory().iter().zip(data()).filter(|(is, was)| **is == *was).count();
        assert!(same * 50 < trials::BYTES, "{method}: {same}");
    }
    assert!(matches!(run("nvme-other", &mut bench(|_| {})).0, Err(Failure::Failed(_))));
}

#[test]
fn an_end_is_seen_in_the_log_and_progress_on_the_way() {
    let mut bench = bench(|_| {});
    let (ended, witness) = run("nvme-sanitize-block", &mut bench);
    ended.unwrap();
    assert!(witness.said("sanitize log 81h: completed"));
    assert!(witness.progress.len() > 3 && witness.progress.is_sorted());
    assert_eq!(witness.progress.last(), Some(&(65536, 65536)));
    assert!(bench.waited() < Duration::from_secs(200));
}

#[test]
fn an_operation_that_is_under_way_is_followed_and_not_begun_again() {
    let going = |model: &mut NvmeModel| {
        model.newest = 0x0A;
        model.operation.begin(Fill::Pattern([0xFF; 4]));
    };
    assert_eq!(look(&Nvme, "nvme", &bench(going)).under_way, Some("nvme-sanitize-block"));
    let mut same = bench(going);
    run("nvme-sanitize-block", &mut same).0.unwrap();
    assert_eq!(changes(&same), [[0; 3]; 0]);
    assert!(same.memory().iter().all(|byte| *byte == 0xFF));
    let mut other = bench(going);
    run("nvme-sanitize-overwrite", &mut other).0.unwrap();
    assert_eq!(changes(&other), [[0x84, 0, 0x21B]]);
    assert!(other.memory().iter().all(|byte| *byte == 0));
    let mut format = bench(going);
    run("nvme-format-erase", &mut format).0.unwrap();
    assert_eq!(changes(&format), [[0x80, 1, 0x200]]);
}

#[test]
fn a_failure_is_told_and_its_mode_left() {
    let fails = |model: &mut NvmeModel| model.character.fails_at = Some(0x4000);
    let mut failed = bench(fails);
    let (ended, witness) = run("nvme-sanitize-block", &mut failed);
    assert!(matches!(ended, Err(Failure::Failed(said)) if said.contains("failed")));
    assert!(witness.said("failure mode was left"));
    assert_eq!(changes(&failed), [[0x84, 0, 0x20A], [0x84, 0, 1]]);
    // One that failed in restricted mode is left by nothing but a restricted one.
    let mut restricted = bench(|model| {
        model.newest = 0x02;
        model.operation.stage = Stage::Failed;
    });
    run("nvme-sanitize-block", &mut restricted).0.unwrap();
    assert_eq!(changes(&restricted), [[0x84, 0, 0x202]]);
    let mut both = bench(|model| {
        fails(model);
        model.newest = 0x02;
        model.operation.stage = Stage::Failed;
    });
    let (ended, witness) = run("nvme-sanitize-block", &mut both);
    assert!(ended.is_err() && witness.said("only another sanitize operation"));
}

#[test]
fn what_the_log_does_not_say_is_no_end() {
    // The controller takes the command and does nothing with it.
    let mut silent = bench(|model| model.refuses = Some((0x84, 0)));
    let (ended, _) = run("nvme-sanitize-block", &mut silent);
    assert!(matches!(ended, Err(Failure::Failed(said)) if said.contains("never sanitized")));
    // The log still speaks of one from before.
    let mut old = bench(|model| {
        model.refuses = Some((0x84, 0));
        model.newest = 0x0C;
        model.operation.stage = Stage::Completed;
    });
    let (ended, _) = run("nvme-sanitize-block", &mut old);
    assert!(matches!(ended, Err(Failure::Failed(said)) if said.contains("another operation")));
    let mut refused = bench(|model| model.refuses = Some((0x84, 0x4123)));
    let (ended, _) = run("nvme-sanitize-block", &mut refused);
    assert!(matches!(ended, Err(Failure::Failed(said)) if said.contains("persistent memory")));
    let mut stuck = bench(|model| model.character.stuck = true);
    let (ended, _) = run("nvme-sanitize-block", &mut stuck);
    assert!(matches!(ended, Err(Failure::Failed(said)) if said.contains("no end comes")));
    assert!(stuck.waited() < Duration::from_secs(2 * 24 * 3600));
}

#[test]
fn a_user_who_stops_leaves_the_device_to_go_on() {
    let mut bench = bench(|_| {});
    let mut witness = Witness::stopping(3);
    let ended = Nvme.run(&named("nvme-sanitize-crypto"), &mut bench, &mut witness);
    assert!(matches!(ended, Err(Failure::Stopped)));
    run("nvme-sanitize-crypto", &mut bench).0.unwrap();
    assert_eq!(changes(&bench).len(), 1);
}

#[test]
fn a_lie_is_seen_only_in_what_is_read_back() {
    for lie in [Lie::Nothing, Lie::Half] {
        let mut bench = bench(|model| model.character.lie = lie);
        run("nvme-sanitize-block", &mut bench).0.unwrap();
        let left = bench.memory().iter().zip(data()).filter(|(is, was)| **is == *was).count();
        assert!(left * 2 >= trials::BYTES, "{lie:?}");
    }
}

fn model(character: Character) -> NvmeModel {
    NvmeModel { character, ..NvmeModel::default() }
}

#[test]
fn a_thousand_seeds_of_faults_never_make_it_better_than_it_is() {
    trials::never_better_than_it_is(&Nvme, &methods(), model);
}

#[test]
fn a_power_cut_at_any_command_is_made_good() {
    for method in methods() {
        trials::goes_on_after_a_cut_anywhere(&Nvme, method, NvmeModel::default);
        trials::nothing_without_a_journal(&Nvme, method, NvmeModel::default());
    }
}
