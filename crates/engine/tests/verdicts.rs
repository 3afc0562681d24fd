//! What a check says of a target, from sweeps as sensors make them.

use std::{num::NonZeroUsize, path::Path};

use leaksweep_engine::{
    Check, Engine, Facts, Judge, Policy, Swept, check::parse, policy::PolicyTables,
};
use leaksweep_facts::{
    Manifest, Observed, Problem, Reason, Sweep, Time,
    sweep::FORMAT,
    tables::host::{Service, User},
    tables::policy::ExceptionRow,
    verdict::{Doubt, Outcome, Verdict},
};

const NOW: Time = Time(1_780_000_000);

fn sweep(target: &str, machine: &str) -> Sweep {
    Sweep::new(Manifest {
        format: FORMAT,
        tool_version: "1".into(),
        sensor: "host".into(),
        target: target.into(),
        machine_id: Some(machine.into()),
        platform: Some("linux".into()),
        started: NOW,
        ended: NOW,
        privileged: true,
        live: true,
        extent: Default::default(),
        parts: Vec::new(),
    })
}

fn services(rows: &[(&str, &str)]) -> Observed<Service> {
    let row = |(name, program): &(&str, &str)| Service {
        name: (*name).into(),
        program: Some((*program).into()),
        starts: true,
        ..Service::default()
    };
    Observed { rows: rows.iter().map(row).collect(), problems: Vec::new() }
}

/// Fails where a unit runs a program below /tmp; shows columns that decide nothing.
fn check(extra: &str) -> Check {
    let text = format!(
        "---\nseverity: high\nmeasures: [R4]\nreads: [host_services]\n{extra}---\n# Bad unit\n\nAsks.\n\n```sql\n\
         SELECT target, name, max(description) AS description FROM host_services\n\
         WHERE program LIKE '/tmp/%' GROUP BY target, name, package ORDER BY name\n```\n\
         ## Why\nw\n## Fix\nf\n## References\n- r\n## Limits\nl\n## Cases\n"
    );
    parse("host/bad-unit", Path::new("bad-unit.md"), &text).unwrap()
}

fn judge(sweeps: Vec<Sweep>, check: &Check, policy: &Policy) -> Vec<Verdict> {
    let swept = sweeps.into_iter().map(|sweep| Swept { sweep, zone: None }).collect();
    let facts = Facts::gather(swept, policy).unwrap();
    let engine = Engine::new(NonZeroUsize::MIN).unwrap();
    facts.register(&engine, &PolicyTables::new(policy, NOW)).unwrap();
    Judge::new(&engine, &facts, policy, NOW).check(check)
}

fn outcome(sweep: Sweep, check: &Check) -> Outcome {
    let verdicts = judge(vec![sweep], check, &Policy::default());
    assert_eq!(verdicts.len(), 1);
    verdicts.into_iter().next().unwrap().outcome
}

fn doubts(outcome: Outcome) -> Vec<Doubt> {
    match outcome {
        Outcome::Unknown(doubts) => doubts,
        other => panic!("{other:?} is not unknown"),
    }
}

#[test]
fn evidence_fails_and_its_absence_passes() {
    let mut bad = sweep("a", "1");
    bad.observe(services(&[("x.service", "/tmp/x"), ("y.service", "/usr/bin/y")]));
    let Outcome::Fail(evidence) = outcome(bad, &check("")) else { panic!() };
    assert_eq!((evidence.total, evidence.columns[0].as_str()), (1, "name"));
    let mut good = sweep("a", "1");
    good.observe(services(&[("y.service", "/usr/bin/y")]));
    assert_eq!(outcome(good, &check("")), Outcome::Pass);
}

#[test]
fn a_table_that_nobody_looked_at_is_no_pass() {
    let doubts = doubts(outcome(sweep("a", "1"), &check("")));
    assert_eq!(doubts, [Doubt::NotObserved { table: "host_services".into() }]);
}

#[test]
fn a_problem_counts_where_it_touches_what_decides() {
    let with = |problem: Problem| {
        let mut sweep = sweep("a", "1");
        let mut observed = services(&[("y.service", "/usr/bin/y")]);
        observed.problem(problem);
        sweep.observe(observed);
        outcome(sweep, &check(""))
    };
    let problem = |reason| Problem::new("host_services", "/etc/systemd", reason, "no");
    assert!(matches!(with(problem(Reason::Denied)), Outcome::Unknown(_)));
    let program = problem(Reason::Malformed).in_columns(&["program"]);
    assert!(matches!(with(program), Outcome::Unknown(_)));
    // Shown, sorted or grouped by, but deciding nothing.
    for column in [&["description"], &["name"], &["package"]] {
        assert_eq!(with(problem(Reason::Denied).in_columns(column)), Outcome::Pass, "{column:?}");
    }
    assert_eq!(with(problem(Reason::Vanished)), Outcome::Pass);
    let elsewhere = Problem::new("host_users", "/etc/shadow", Reason::Denied, "no");
    assert_eq!(with(elsewhere), Outcome::Pass);
}

#[test]
fn evidence_counts_in_spite_of_problems() {
    let mut sweep = sweep("a", "1");
    let mut observed = services(&[("x.service", "/tmp/x")]);
    observed.problem(Problem::new("host_services", "/etc", Reason::Denied, "no"));
    sweep.observe(observed);
    assert!(matches!(outcome(sweep, &check("")), Outcome::Fail(_)));
}

#[test]
fn a_check_that_needs_root_clears_nobody_without_it() {
    let unprivileged = |program: &str| {
        let mut sweep = sweep("a", "1");
        sweep.manifest.privileged = false;
        sweep.observe(services(&[("x.service", program)]));
        outcome(sweep, &check("needs: root\n"))
    };
    assert_eq!(doubts(unprivileged("/usr/bin/x")), [Doubt::NotPrivileged]);
    assert!(matches!(unprivileged("/tmp/x"), Outcome::Fail(_)));
}

#[test]
fn a_check_that_does_not_apply_says_so() {
    let mut sweep = sweep("a", "1");
    sweep.observe(services(&[("x.service", "/tmp/x")]));
    assert_eq!(outcome(sweep.clone(), &check("when: zone = 'sealed'\n")), Outcome::NotApplicable);
    assert!(matches!(outcome(sweep.clone(), &check("when: live\n")), Outcome::Fail(_)));
    let cannot = doubts(outcome(sweep, &check("when: platform = nullif('a', 'a')\n")));
    assert_eq!(cannot, [Doubt::Applicability]);
}

#[test]
fn an_exception_covers_until_its_last_day_is_over() {
    let policy = |until: Time| Policy {
        exceptions: vec![ExceptionRow {
            check: "host/bad-*".into(),
            target: "lab-?".into(),
            owner: "Li".into(),
            reason: "moving".into(),
            until,
            expired: false,
        }],
        ..Policy::default()
    };
    let verdict = |target: &str, until: Time| {
        let mut sweep = sweep(target, "1");
        sweep.observe(services(&[("x.service", "/tmp/x")]));
        judge(vec![sweep], &check(""), &policy(until)).remove(0)
    };
    let day = Time(NOW.0 - NOW.0 % 86_400);
    assert!(matches!(verdict("lab-1", day).outcome, Outcome::Excepted(..)));
    assert!(matches!(verdict("office", day).outcome, Outcome::Fail(_)));
    let expired = verdict("lab-1", Time(day.0 - 86_400));
    assert!(matches!(expired.outcome, Outcome::Fail(_)));
    assert_eq!(expired.expired.unwrap().owner, "Li");
}

#[test]
fn two_machines_of_one_name_stay_two_and_old_sweeps_do_not_count() {
    let with = |machine: &str, ended: i64, program: &str| {
        let mut sweep = sweep("twin", machine);
        sweep.manifest.ended = Time(NOW.0 + ended);
        sweep.observe(services(&[("x.service", program)]));
        sweep
    };
    let sweeps = vec![
        with("aaaaaaaaaa", 0, "/tmp/old"),
        with("aaaaaaaaaa", 9, "/usr/bin/x"),
        with("bbbbbbbbbb", 5, "/tmp/x"),
    ];
    let verdicts = judge(sweeps, &check(""), &Policy::default());
    let found: Vec<_> = verdicts.iter().map(|v| (&*v.target, v.outcome.as_str())).collect();
    assert_eq!(found, [("twin", "fail"), ("twin~aaaaaaaa", "pass")]);
}

#[test]
fn a_sweep_of_an_older_version_is_unknown_where_a_column_is_missing() {
    use arrow_array::{RecordBatch, StringArray};
    use std::sync::Arc;
    let old = |columns: &[&str]| {
        let array = |_: &&str| Arc::new(StringArray::from(vec!["a"])) as arrow_array::ArrayRef;
        let fields = columns.iter().map(|name| (*name, columns.first().map(array).unwrap()));
        let mut sweep = sweep("a", "1");
        sweep.insert("host_services", 0, RecordBatch::try_from_iter(fields).unwrap());
        outcome(sweep, &check(""))
    };
    let missing = Doubt::ColumnMissing { table: "host_services".into(), column: "program".into() };
    assert_eq!(doubts(old(&["target", "name"])), [missing]);
    assert_eq!(old(&["target", "name", "program", "later_column"]), Outcome::Pass);
}

#[test]
fn a_query_that_fails_while_it_runs_is_unknown() {
    let mut bad = check("");
    bad.sql = "SELECT target, 1 / (uid - uid) AS x FROM host_users".into();
    bad.reads = vec!["host_users".into()];
    let mut sweep = sweep("a", "1");
    let user = User { name: "x".into(), uid: 1, ..User::default() };
    sweep.observe(Observed { rows: vec![user], problems: Vec::new() });
    assert!(matches!(doubts(outcome(sweep, &bad)).as_slice(), [Doubt::Query { .. }]));
}
