//! What a user may ask, and what the answer to a wrong question says.

use std::num::NonZeroUsize;

use leaksweep_engine::{Engine, Facts, Policy, QueryError, Table, policy::PolicyTables};
use leaksweep_facts::{Time, verdict::Value};

fn ask(sql: &str) -> Result<Table, QueryError> {
    let engine = Engine::new(NonZeroUsize::MIN).unwrap();
    let tables = PolicyTables::new(&Policy::default(), Time(0));
    engine.query(&Facts::default(), &tables, sql)
}

#[test]
fn policy_can_be_asked() {
    let table = ask("SELECT zone, network, update_days FROM policy_zones ORDER BY zone").unwrap();
    assert_eq!(table.columns, ["zone", "network", "update_days"]);
    let sealed = vec![Value::Text("sealed".into()), Value::Bool(false), Value::Int(90)];
    assert_eq!(table.rows[1], sealed);
}

#[test]
fn our_own_functions_answer_and_pass_nulls_on() {
    let table = ask("SELECT glob_match('lab-*', 'lab-7') AS a, version_older('1.9', '1.10') AS b,
                     glob_match('x', NULL) AS c,
                     days_between(TIMESTAMP '2026-01-01T00:00:00Z', TIMESTAMP '2026-01-31T12:00:00Z') AS d")
    .unwrap();
    let row = &table.rows[0];
    assert_eq!(row[..], [Value::Bool(true), Value::Bool(true), Value::Null, Value::Int(30)]);
}

#[test]
fn an_error_points_at_its_place() {
    let cases = [
        ("SELECT nam FROM host_users", Some((1, 8)), "nam"),
        ("SELECT name\nFROM host_user", Some((2, 6)), "host_user"),
        ("SELECT name FROM host_users WHERE", None, ""),
        ("SELEC name", Some((1, 1)), ""),
        ("SELECT name,\n  uidd FROM host_users", Some((2, 3)), "uidd"),
    ];
    for (sql, place, word) in cases {
        let error = ask(sql).unwrap_err();
        assert!(error.message.contains(word), "{sql}: {error:?}");
        if place.is_some() {
            assert_eq!(error.place, place, "{sql}: {error:?}");
        }
    }
    let help = ask("SELECT name FROM host_user").unwrap_err().help.unwrap();
    assert!(help.contains("host_users"), "{help}");
}

#[test]
fn nothing_but_reading_is_understood() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("out.csv");
    let copy = format!("COPY (SELECT 1) TO '{}'", file.display());
    let external = format!("CREATE EXTERNAL TABLE t STORED AS CSV LOCATION '{}'", file.display());
    for sql in [
        copy.as_str(),
        &external,
        "CREATE TABLE t AS SELECT 1",
        "DROP TABLE host_users",
        "INSERT INTO host_users VALUES (1)",
        "SET datafusion.execution.batch_size = 1",
        "SELECT 1; SELECT 2",
        "SELECT * FROM '/etc/passwd'",
        "EXPLAIN ANALYZE SELECT 1; DROP TABLE host_users",
    ] {
        assert!(ask(sql).is_err(), "{sql}");
    }
    assert!(!file.exists());
}

#[test]
fn neither_a_query_nor_its_answer_can_take_all_memory() {
    // Each asks for more than the machine has.
    let ten = "(VALUES (0), (1), (2), (3), (4), (5), (6), (7), (8), (9)) AS";
    let many: Vec<String> = (0..10).map(|n| format!("{ten} t{n}(v)")).collect();
    let many = many.join(" CROSS JOIN ");
    let answer = format!("SELECT t0.v, 'a text of some length' AS text FROM {many}");
    assert!(ask(&answer).unwrap_err().message.contains("LIMIT"));
    let held = format!("SELECT repeat('x', 100000) AS x FROM {many} ORDER BY x, t0.v");
    assert!(ask(&held).is_err());
}

#[test]
fn a_deeply_nested_query_is_refused_or_answered_but_never_fatal() {
    let nested = format!("SELECT {}1{}", "(".repeat(5000), ")".repeat(5000));
    let chain = format!("SELECT 1 {}", "+1".repeat(1500));
    let functions = format!("SELECT {}1{}", "abs(".repeat(300), ")".repeat(300));
    let long = format!("SELECT 1 {}", "+1".repeat(9000));
    let work = move || {
        let _ = (ask(&nested), ask(&chain), ask(&functions));
        assert!(ask(&long).unwrap_err().message.contains("longer"));
    };
    let thread = std::thread::Builder::new().stack_size(leaksweep_engine::STACK_BYTES);
    thread.spawn(work).unwrap().join().unwrap();
}
