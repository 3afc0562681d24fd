//! What a certificate takes from a sweep of its medium.

use leaksweep_facts::{
    Extent, Manifest, Observed, Sweep, Time,
    swept::{MARKED, SweptError, SweptMedium},
    tables::storage::{Artifact, Medium},
};

fn sweep(media: Vec<Medium>) -> Sweep {
    let mut sweep = Sweep::new(Manifest {
        format: 1,
        tool_version: "0".into(),
        sensor: "storage".into(),
        target: "disk".into(),
        machine_id: None,
        platform: None,
        started: Time(5),
        ended: Time(60),
        privileged: true,
        live: false,
        extent: Extent::default(),
        parts: Vec::new(),
    });
    sweep.observe(Observed { rows: media, problems: Vec::new() });
    sweep
}

fn medium() -> Medium {
    Medium {
        serial: Some("S5".into()),
        bytes: 1000,
        read_bytes: 900,
        bad_bytes: 100,
        zero_bytes: 700,
        text_bytes: 200,
        ..Medium::default()
    }
}

fn artifact(family: &str, state: &str, marks: i64) -> Artifact {
    Artifact { family: family.into(), state: state.into(), marks, ..Artifact::default() }
}

#[test]
fn what_can_be_recovered_is_counted_by_family_and_what_is_marked_once_more() {
    let mut sweep = sweep(vec![medium()]);
    let rows = vec![
        artifact("text", "whole", 0),
        artifact("print job", "truncated", 3),
        artifact("print job", "whole", 0),
        artifact("mail", "name only", 9),
        artifact("text", "damaged", -1),
    ];
    sweep.observe(Observed { rows, problems: Vec::new() });
    let found = SweptMedium::of(&sweep, "5f".into()).unwrap();
    assert_eq!((found.serial.as_deref(), found.bytes, found.fingerprint), (Some("S5"), 1000, None));
    let findings = found.findings;
    let finds = findings.finds.iter().map(|find| (find.what.as_str(), find.count));
    assert_eq!(finds.collect::<Vec<_>>(), [("print job", 2), ("text", 2), (MARKED, 1)]);
    assert_eq!(findings.recoverable(), 4, "a marked one counts once");
    let shares = findings.classes.iter().map(|share| (share.class.as_str(), share.bytes));
    assert_eq!(shares.collect::<Vec<_>>(), [("zero", 700), ("text", 200), ("bad", 100)]);
    let swept = findings.swept.unwrap();
    assert_eq!((swept.sweep.as_str(), swept.unread), ("5f", 100));
    assert_eq!(swept.ended, "1970-01-01T00:01:00Z");
}

#[test]
fn what_did_not_look_says_so_and_what_found_nothing_is_no_less_a_sweep() {
    let of = |sweep: &Sweep| SweptMedium::of(sweep, String::new());
    assert_eq!(of(&sweep(Vec::new())).unwrap_err(), SweptError::NoMedium);
    assert_eq!(of(&sweep(vec![medium()])).unwrap_err(), SweptError::NothingSought);
    let mut nothing = sweep(vec![medium()]);
    nothing.observe(Observed::<Artifact>::default());
    let findings = of(&nothing).unwrap().findings;
    assert!(findings.finds.is_empty() && findings.swept.is_some());
}
