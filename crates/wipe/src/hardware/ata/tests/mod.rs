mod hidden;
mod security;

use leaksweep_facts::certificate::Level;

use super::*;
use crate::{
    device::Set,
    hardware::trials::{self, data, denied, look, named, offer},
    model::{AtaModel, Bench, Character, Fault, Fill, Stage, Witness},
};

const PLAIN: Ata = Ata { password: None };

fn bench(change: impl FnOnce(&mut AtaModel)) -> Bench<AtaModel> {
    let mut model = AtaModel::default();
    change(&mut model);
    Bench::new(model, data())
}

fn run(
    ata: Ata,
    method: &'static str,
    bench: &mut Bench<AtaModel>,
) -> (Result<(), Failure>, Witness) {
    let mut witness = Witness::default();
    (ata.run(&named(method), bench, &mut witness), witness)
}

/// Numbers of the commands that were sent, but for the questions.
fn changes(bench: &Bench<AtaModel>) -> Vec<(u8, u8)> {
    let sent = bench.sent().into_iter().filter_map(|record| match record.set {
        Set::Scsi(block, 16) => Some((block[14], block[4])),
        _ => None,
    });
    sent.filter(|sent| !matches!(sent, (0xEC | 0x27 | 0xF8, _) | (0xB4 | 0x78, 0) | (0xB1, 0xC2)))
        .collect()
}

fn secret(text: &str) -> [u8; 32] {
    let mut bytes = [0; 32];
    bytes[..text.len()].copy_from_slice(text.as_bytes());
    bytes
}

#[test]
fn a_disk_offers_what_it_says_and_tells_who_it_is() {
    let mut medium = trials::medium("ata");
    let told = PLAIN.look(&bench(|_| {}), &mut medium);
    assert_eq!(medium.model.as_deref(), Some("SYNTHETIC DISK"));
    assert_eq!((medium.kind.as_str(), medium.password.as_deref()), ("flash", Some("none")));
    assert_eq!(medium.hidden_before, Some(0));
    let offered: Vec<_> = told.offers.iter().map(|offer| offer.method).collect();
    assert_eq!(offered, methods());
    for (method, _) in SANITIZE {
        assert_eq!(offer(&told, method).level, Level::Purge);
    }
    let erase = offer(&told, "ata-security-erase-enhanced");
    assert_eq!((erase.level, erase.takes.unwrap().as_secs()), (Level::Clear, 240));
    assert!(erase.commands[0].contains("`leaksweep`") && erase.commands.len() == 3);
    let told = look(&PLAIN, "ata", &bench(|model| model.encrypts = false));
    let crypto = offer(&told, "ata-sanitize-crypto");
    assert!(crypto.level == Level::Clear && crypto.reason.contains("does not say"));
    assert!(crypto.rank < offer(&told, "ata-sanitize-overwrite").rank);
}

#[test]
fn what_is_not_offered_is_denied_with_its_reason_and_what_helps() {
    let told = look(&PLAIN, "ata", &bench(|model| model.security.frozen = true));
    let denial = denied(&told, "ata-security-erase");
    assert!(
        denial.reason.contains("frozen") && denial.hint.as_deref().unwrap().contains("suspend")
    );
    assert_eq!(told.offers.len(), 3, "security's frost does not concern SANITIZE");
    let told = look(&PLAIN, "ata", &bench(|model| model.sanitize_frozen = true));
    assert!(denied(&told, "ata-sanitize-block").reason.contains("frozen"));
    let told = look(&PLAIN, "ata", &bench(|model| model.security.attempts = 0));
    assert!(denied(&told, "ata-security-erase").reason.contains("too many"));
    let told = look(&PLAIN, "ata", &bench(|model| (model.ways, model.security.known) = (0, false)));
    assert_eq!((told.offers.len(), told.denials.len()), (0, 5));
    let told = look(&PLAIN, "ata", &bench(|model| model.ways = 1 << 14));
    assert!(denied(&told, "ata-sanitize-block").reason.contains("not in this way"));
    let mut medium = trials::medium("ata");
    let locked = bench(|model| {
        (model.security.user, model.security.locked) = (Some(secret("theirs")), true);
    });
    let told = PLAIN.look(&locked, &mut medium);
    assert_eq!((told.offers.len(), medium.password.as_deref()), (0, Some("locked")));
    assert!(
        denied(&told, "ata-security-erase").hint.as_deref().unwrap().contains("--ata-password")
    );
    let opened = Ata { password: Password::new(b"theirs", false) };
    assert_eq!(look(&opened, "ata", &locked).offers.len(), 5);
}

#[test]
fn a_bridge_that_passes_nothing_through_is_named() {
    let deaf = |bus: &str| look(&PLAIN, bus, &bench(|model| model.deaf = true));
    let denial = &deaf("usb").denials[0];
    assert!(denial.reason.contains("USB bridge") && denial.hint.is_some());
    assert_eq!(deaf("usb").denials.len(), 5);
    assert_eq!(deaf("scsi"), Told::default());
    // One that loses half of the registers does not tell a sanitize operation's state.
    let told = look(
        &PLAIN,
        "usb",
        &bench(|model| {
            model.halves = true;
            model.operation.stage = Stage::Completed;
        }),
    );
    assert!(denied(&told, "ata-sanitize-block").reason.contains("lost on the way"));
    assert_eq!(offer(&told, "ata-security-erase").level, Level::Clear);
}

#[test]
fn each_method_is_carried_out_by_its_own_commands() {
    let erase = [(0xF1, 0), (0xF3, 0), (0xF4, 0)];
    for (method, commands) in [
        ("ata-sanitize-block", &[(0xB4, 0x12)][..]),
        ("ata-sanitize-crypto", &[(0xB4, 0x11)]),
        ("ata-sanitize-overwrite", &[(0xB4, 0x14)]),
        ("ata-security-erase", &erase),
        ("ata-security-erase-enhanced", &erase),
    ] {
        let mut bench = bench(|_| {});
        let (ended, witness) = run(PLAIN, method, &mut bench);
        ended.unwrap();
        assert_eq!(changes(&bench), commands, "{method}");
        assert!(witness.committed == 1 && bench.model(|model| model.security.user.is_none()));
        let same = bench.memory().iter().zip(data()).filter(|(is, was)| **is == *was).count();
        assert!(same * 50 < trials::BYTES, "{method}: {same}");
    }
    let out = |method| {
        let mut bench = bench(|_| {});
        run(PLAIN, method, &mut bench).0.unwrap();
        let sent = bench.sent().into_iter().filter_map(|record| record.out);
        sent.map(|block| (block[0], block[2..12].to_vec())).collect::<Vec<_>>()
    };
    let ours = b"leaksweep\0".to_vec();
    assert_eq!(out("ata-security-erase-enhanced"), [(0, ours.clone()), (2, ours)]);
}

#[test]
fn an_operation_that_is_under_way_is_followed() {
    let going = |model: &mut AtaModel| model.operation.begin(Fill::Pattern([0xFF; 4]));
    assert_eq!(look(&PLAIN, "ata", &bench(going)).under_way, Some("ata-sanitize"));
    let mut followed = bench(going);
    let (ended, witness) = run(PLAIN, "ata-sanitize-block", &mut followed);
    ended.unwrap();
    assert!(changes(&followed).is_empty() && witness.said("completed without error"));
    assert!(followed.memory().iter().all(|byte| *byte == 0xFF));
    // It may have been a change of keys that does not reach everything.
    let mut unsure = bench(|model| {
        going(model);
        model.encrypts = false;
    });
    run(PLAIN, "ata-sanitize-block", &mut unsure).0.unwrap();
    assert_eq!(changes(&unsure), [(0xB4, 0x12)]);
    let mut zeros = bench(going);
    run(PLAIN, "ata-sanitize-overwrite", &mut zeros).0.unwrap();
    assert_eq!(changes(&zeros), [(0xB4, 0x14)], "it must leave zeros");
    let mut turning = bench(|model| {
        going(model);
        model.ways = 1 << 14;
    });
    run(PLAIN, "ata-sanitize-overwrite", &mut turning).0.unwrap();
    assert!(changes(&turning).is_empty(), "it can be nothing but an overwrite");
}

#[test]
fn a_failed_sanitize_is_told_and_cleared() {
    let mut failed = bench(|model| model.character.fails_at = Some(0x8000));
    let (ended, witness) = run(PLAIN, "ata-sanitize-overwrite", &mut failed);
    assert!(matches!(ended, Err(Failure::Failed(said)) if said.contains("failed")));
    assert!(witness.said("cleared"));
    assert_eq!(failed.model(|model| model.operation.stage), Stage::Never);
    let mut frozen = bench(|model| model.sanitize_frozen = true);
    let (ended, _) = run(PLAIN, "ata-sanitize-block", &mut frozen);
    assert!(matches!(ended, Err(Failure::Failed(said)) if said.contains("frozen")));
    let mut stuck = bench(|model| model.character.stuck = true);
    assert!(run(PLAIN, "ata-sanitize-block", &mut stuck).0.is_err());
}

#[test]
fn a_disk_that_ends_without_saying_completed_has_not() {
    let mut ignores = bench(|model| model.ignores = true);
    let (ended, witness) = run(PLAIN, "ata-sanitize-block", &mut ignores);
    assert!(matches!(ended, Err(Failure::Failed(said)) if said.contains("neither in progress")));
    assert!(witness.said("count 0000h") && ignores.memory() == data());
}

#[test]
fn a_user_who_stops_leaves_the_disk_to_go_on() {
    let mut bench = bench(|_| {});
    let mut witness = Witness::stopping(2);
    let ended = PLAIN.run(&named("ata-sanitize-block"), &mut bench, &mut witness);
    assert!(matches!(ended, Err(Failure::Stopped)));
    assert!(matches!(sanitize::status(&bench).unwrap().status, sanitize::Status::Going(_)));
    run(PLAIN, "ata-sanitize-block", &mut bench).0.unwrap();
    assert_eq!(changes(&bench).len(), 1);
    let refused = bench.with_faults(|_| Fault::None);
    refused.model(|model| {
        model.operation.begin(Fill::Pattern([0; 4]));
        model.refuses = Some(0xEC);
    });
    let mut refused = refused;
    run(PLAIN, "ata-sanitize-crypto", &mut refused).0.unwrap();
    assert_eq!(changes(&refused).len(), 1, "followed although it tells no identity meanwhile");
}

fn model(character: Character) -> AtaModel {
    AtaModel { character, ..AtaModel::default() }
}

#[test]
fn a_thousand_seeds_of_faults_never_make_it_better_than_it_is() {
    trials::never_better_than_it_is(&PLAIN, &methods(), model);
}

#[test]
fn a_power_cut_at_any_command_is_made_good() {
    for method in methods() {
        trials::goes_on_after_a_cut_anywhere(&PLAIN, method, AtaModel::default);
        trials::nothing_without_a_journal(&PLAIN, method, AtaModel::default());
    }
}
