use super::*;
use crate::{
    Manifest,
    sweep::FORMAT,
    tables,
    tables::host::{File, Process, SshKey, User},
};

fn sweep(at: i64) -> Sweep {
    Sweep::new(Manifest {
        format: FORMAT,
        tool_version: "0".into(),
        sensor: "host".into(),
        target: "lab".into(),
        machine_id: Some("id".into()),
        platform: None,
        started: Time(at),
        ended: Time(at + 1),
        privileged: true,
        live: true,
        extent: Default::default(),
        parts: Vec::new(),
    })
}

fn users(sweep: &mut Sweep, users: &[(&str, &str)]) {
    let row = |(name, shell): &(&str, &str)| User {
        name: (*name).into(),
        shell: (*shell).into(),
        ..User::default()
    };
    sweep.observe(Observed { rows: users.iter().map(row).collect(), problems: Vec::new() });
}

/// What changed: change, subject, before, after.
fn told(sweep: &Sweep) -> Vec<[String; 4]> {
    let batch = &sweep.table(TABLE).expect("the table is there")[0];
    let cell = |name: &str, at| text(batch.column_by_name(name).unwrap(), at).unwrap_or_default();
    let row = |at| ["change", "subject", "before", "after"].map(|name| cell(name, at));
    (0..batch.num_rows()).map(row).collect()
}

fn said(sweep: &Sweep) -> Vec<String> {
    let mut said: Vec<String> = problems(sweep, TABLE).into_keys().collect();
    said.sort();
    said
}

#[test]
fn every_compared_table_and_column_exists() {
    for compared in compared::ALL {
        let def = tables::find(compared.table).unwrap_or_else(|| panic!("{}", compared.table));
        let only = compared.only.iter().map(|(column, _)| column);
        for column in compared.key.iter().chain(compared.moving).chain(only) {
            let there = def.columns.iter().any(|known| known.name == *column);
            assert!(there, "{}.{column}", compared.table);
        }
        assert!(compared.key.iter().all(|key| !compared.moving.contains(key)));
    }
}

#[test]
fn what_is_new_gone_or_changed_is_told_once() {
    let (mut before, mut now) = (sweep(10), sweep(20));
    users(&mut before, &[("li", "/bin/sh"), ("old", "/bin/sh"), ("same", "/bin/sh")]);
    users(&mut now, &[("li", "/bin/bash"), ("same", "/bin/sh"), ("wang", "/bin/sh")]);
    since(&before, &mut now).unwrap();
    let expected = [
        ["changed", "name=li uid=0", "shell=/bin/sh", "shell=/bin/bash"],
        ["new", "name=wang uid=0", "", "a row"],
        ["gone", "name=old uid=0", "a row", ""],
    ];
    let whole = |cell: String| if cell.contains("person=false") { "a row".into() } else { cell };
    let told: Vec<_> = told(&now).into_iter().map(|row| row.map(whole)).collect();
    assert_eq!(told, expected.map(|row| row.map(str::to_owned)));
    assert_eq!(now.manifest.extent.baseline, Some(Time(11)));
    assert_eq!(said(&now), Vec::<String>::new());
}

#[test]
fn what_moves_by_itself_is_no_change_and_keys_that_are_null_are_keys() {
    let (mut before, mut now) = (sweep(10), sweep(20));
    let file = |size| File { path: "/a".into(), size, ..File::default() };
    let key = |line| SshKey { path: "/k".into(), line: Some(line), ..SshKey::default() };
    let all = |sweep: &mut Sweep, number: i64| {
        sweep.observe(Observed { rows: vec![file(number)], problems: Vec::new() });
        sweep.observe(Observed { rows: vec![key(number), key(number)], problems: Vec::new() });
        let rows = vec![Process { pid: number, ..Process::default() }];
        sweep.observe(Observed { rows, problems: Vec::new() });
    };
    all(&mut before, 1);
    all(&mut now, 2);
    since(&before, &mut now).unwrap();
    assert_eq!(told(&now), Vec::<[String; 4]>::new());
}

#[test]
fn what_the_earlier_sweep_could_not_see_is_a_problem() {
    let (mut before, mut now) = (sweep(10), sweep(20));
    let denied = Problem::new("host_users", "/etc/passwd", Reason::Denied, "refused");
    before.observe(Observed::<User> { rows: Vec::new(), problems: vec![denied] });
    before.manifest.privileged = false;
    users(&mut now, &[("li", "/bin/sh")]);
    now.observe(Observed::<File>::default());
    since(&before, &mut now).unwrap();
    assert_eq!(told(&now).len(), 1);
    assert_eq!(said(&now), ["both sweeps", "host_files", "host_users"]);
}

#[test]
fn sweeps_that_say_nothing_of_each_other_are_not_compared() {
    let mut other = sweep(10);
    other.manifest.machine_id = Some("another".into());
    other.manifest.target = "hall".into();
    let refused = since(&other, &mut sweep(20)).unwrap_err().to_string();
    assert_eq!(refused, "it is a sweep of another machine: hall, and this is lab");
    let refused = since(&sweep(20), &mut sweep(10)).unwrap_err();
    assert_eq!(refused, CompareError::Later { ended: Time(21) });
    let mut printer = sweep(10);
    printer.manifest.sensor = "printer".into();
    assert!(since(&printer, &mut sweep(20)).is_err());
}

#[test]
fn a_long_value_is_cut_between_characters() {
    let long = "字".repeat(300);
    assert_eq!(brief(&long).chars().count(), MAX_VALUE + 1);
    assert_eq!(brief("short"), "short");
}
