use leaksweep_facts::certificate::Level;

use super::*;
use crate::{
    device::Set,
    hardware::trials::{self, data, denied, look, named, offer},
    model::{Bench, Character, Does, Fault, Fill, ScsiModel, Stage, Witness},
};

fn bench(change: impl FnOnce(&mut ScsiModel)) -> Bench<ScsiModel> {
    let mut model = ScsiModel::default();
    change(&mut model);
    Bench::new(model, data())
}

fn run(method: &'static str, bench: &mut Bench<ScsiModel>) -> (Result<(), Failure>, Witness) {
    let mut witness = Witness::default();
    (Scsi.run(&named(method), bench, &mut witness), witness)
}

fn changes(bench: &Bench<ScsiModel>) -> Vec<[u8; 2]> {
    let sent = bench.sent().into_iter().filter_map(|record| match record.set {
        Set::Scsi(block, _) => Some([block[0], block[1]]),
        _ => None,
    });
    sent.filter(|sent| matches!(sent[0], 0x48 | 0x04)).collect()
}

#[test]
fn a_disk_offers_what_it_says_and_tells_who_it_is() {
    let mut medium = trials::medium("scsi");
    let told = Scsi.look(&bench(|model| model.events = 2), &mut medium);
    assert_eq!(medium.maker.as_deref(), Some("MAKER"));
    assert_eq!(
        (medium.model.as_deref(), medium.serial.as_deref()),
        (Some("SYNTHETIC SAS"), Some("SC123456"))
    );
    assert_eq!((medium.firmware.as_deref(), medium.kind.as_str()), (Some("FW01"), "hard disk"));
    let offered: Vec<_> = told.offers.iter().map(|offer| (offer.method, offer.level)).collect();
    assert_eq!(
        offered,
        [
            ("scsi-sanitize-block", Level::Purge),
            ("scsi-sanitize-overwrite", Level::Purge),
            ("scsi-sanitize-crypto", Level::Clear),
            ("scsi-format", Level::Clear),
        ]
    );
    assert!(told.unreached.is_empty() && told.under_way.is_none());
    assert!(offer(&told, "scsi-sanitize-block").commands[0].contains("48 A2 00"));
    let mut medium = trials::medium("scsi");
    let told = Scsi.look(&bench(|model| (model.rotates, model.thin) = (false, true)), &mut medium);
    assert!(medium.kind == "flash" && told.unreached.len() == 1);
}

#[test]
fn what_is_not_offered_is_denied_with_its_reason() {
    let told = look(&Scsi, "scsi", &bench(|model| model.actions = vec![1]));
    assert!(denied(&told, "scsi-sanitize-block").reason.contains("does not know it"));
    assert_eq!(told.offers.len(), 2);
    let silent = |bus: &str| look(&Scsi, bus, &bench(|model| model.tells = false));
    assert!(denied(&silent("scsi"), "scsi-sanitize-block").reason.contains("does not say"));
    assert_eq!(offer(&silent("scsi"), "scsi-format").level, Level::Clear);
    assert_eq!((silent("usb").offers.len(), silent("usb").denials.len()), (0, 4));
    assert_eq!(look(&Scsi, "scsi", &bench(|model| model.maker = *b"ATA     ")), Told::default());
    assert_eq!(look(&Scsi, "scsi", &bench(|model| model.kind = 5)).denials.len(), 4);
    let deaf = bench(|_| {}).with_faults(|_| Fault::NoWay);
    assert_eq!(look(&Scsi, "usb", &deaf).denials.len(), 4);
}

#[test]
fn each_method_is_carried_out_by_its_own_command() {
    for (method, command) in [
        ("scsi-sanitize-block", [0x48, 0xA2]),
        ("scsi-sanitize-overwrite", [0x48, 0xA1]),
        ("scsi-sanitize-crypto", [0x48, 0xA3]),
        ("scsi-format", [0x04, 0x10]),
    ] {
        let mut bench = bench(|_| {});
        let (ended, witness) = run(method, &mut bench);
        ended.unwrap();
        assert_eq!(changes(&bench), [command], "{method}");
        assert!(
            witness.committed == 1 && witness.progress.len() > 3 && witness.said("unit is ready")
        );
        let same = bench.memory().iter().zip(data()).filter(|(is, was)| **is == *was).count();
        assert!(same * 50 < trials::BYTES, "{method}: {same}");
    }
    let mut protected = bench(|model| model.protection = 0b11);
    run("scsi-format", &mut protected).0.unwrap();
    assert_eq!(changes(&protected), [[0x04, 0xD0]]);
    assert!(run("scsi-other", &mut bench(|_| {})).0.is_err());
}

#[test]
fn what_is_under_way_is_followed() {
    let going = |does: Does| {
        move |model: &mut ScsiModel| {
            model.does = does;
            model.operation.begin(Fill::Pattern([0xFF; 4]));
        }
    };
    let seen = |does| look(&Scsi, "scsi", &bench(going(does))).under_way;
    assert_eq!(seen(Does::Sanitize), Some("scsi-sanitize"));
    assert_eq!(seen(Does::Format), Some("scsi-format"));
    let mut unsure = bench(going(Does::Sanitize));
    run("scsi-sanitize-block", &mut unsure).0.unwrap();
    assert_eq!(changes(&unsure), [[0x48, 0xA2]], "it may have been a change of keys");
    let mut sure = bench(|model| {
        going(Does::Sanitize)(model);
        model.actions = vec![1, 2];
    });
    run("scsi-sanitize-block", &mut sure).0.unwrap();
    assert!(changes(&sure).is_empty());
    let mut format = bench(going(Does::Format));
    run("scsi-sanitize-overwrite", &mut format).0.unwrap();
    assert_eq!(changes(&format), [[0x48, 0xA1]]);
}

#[test]
fn a_failure_is_told_and_its_mode_left() {
    let mut failed = bench(|model| model.character.fails_at = Some(0x8000));
    let (ended, witness) = run("scsi-sanitize-block", &mut failed);
    assert!(matches!(ended, Err(Failure::Failed(said)) if said.contains("3/31/03")));
    assert!(witness.said("failure mode was left"));
    assert_eq!(changes(&failed), [[0x48, 0xA2], [0x48, 0x1F]]);
    let mut format = bench(|model| model.character.fails_at = Some(0x8000));
    let (ended, _) = run("scsi-format", &mut format);
    assert!(matches!(ended, Err(Failure::Failed(said)) if said.contains("3/31/01")));
    format.model(|model| model.character.fails_at = None);
    run("scsi-format", &mut format).0.unwrap();
    let mut found = bench(|model| model.operation.stage = Stage::Failed);
    let (ended, witness) = run("scsi-sanitize-block", &mut found);
    assert!(ended.is_ok() && witness.said("as it was found"));
    let mut stuck = bench(|model| model.character.stuck = true);
    assert!(run("scsi-sanitize-block", &mut stuck).0.is_err());
    let mut refused = bench(|model| model.actions = vec![1]);
    let (ended, _) = run("scsi-sanitize-block", &mut refused);
    assert!(matches!(ended, Err(Failure::Failed(said)) if said.contains("5/24/00")));
}

#[test]
fn a_user_who_stops_leaves_the_disk_to_go_on() {
    let mut bench = bench(|model| model.actions = vec![2]);
    let ended = Scsi.run(&named("scsi-sanitize-block"), &mut bench, &mut Witness::stopping(2));
    assert!(matches!(ended, Err(Failure::Stopped)));
    run("scsi-sanitize-block", &mut bench).0.unwrap();
    assert_eq!(changes(&bench).len(), 1);
}

fn model(character: Character) -> ScsiModel {
    ScsiModel { character, ..ScsiModel::default() }
}

#[test]
fn a_thousand_seeds_of_faults_never_make_it_better_than_it_is() {
    trials::never_better_than_it_is(&Scsi, &methods(), model);
}

#[test]
fn a_power_cut_at_any_command_is_made_good() {
    for method in methods() {
        trials::goes_on_after_a_cut_anywhere(&Scsi, method, ScsiModel::default);
        trials::nothing_without_a_journal(&Scsi, method, ScsiModel::default());
    }
}
