//! A check on trial: its query plans, reads what its page says, and each of its cases gives the
//! verdict that it names, alone and among all the others.

use std::{collections::BTreeSet, num::NonZeroUsize, sync::Arc};

use arrow_array::{
    ArrayRef, BooleanArray, Int64Array, RecordBatch, StringArray, TimestampSecondArray,
};
use leaksweep_facts::{
    Extent, Kind, Manifest, Sweep, Table, TableDef, Time,
    sweep::FORMAT,
    tables::policy::Target,
    verdict::{Value, Verdict},
};

use crate::{
    Check, CheckError, Engine, Facts, Judge, Policy, QueryError, Swept,
    check::{Case, Expected, Given},
    judge,
    policy::PolicyTables,
};

/// The target of rows that name none.
const HERE: &str = "here";
/// The moment of every case: no answer may depend on today.
const MOMENT: &str = "2026-06-01T00:00:00Z";

/// What failed, at its place in the file.
pub type Failure = CheckError;

/// The result of a check's trial.
pub struct Trial {
    pub cases: usize,
    pub failures: Vec<Failure>,
}

impl Trial {
    pub fn of(check: &Check) -> Self {
        let mut failures = required_cases(check);
        match statement(check) {
            Err(failure) => failures.push(failure),
            Ok(()) => {
                failures.extend(check.cases.iter().filter_map(|case| alone(check, case).err()));
                if failures.is_empty() {
                    failures.extend(together(check).err());
                }
            }
        }
        Self { cases: check.cases.len(), failures }
    }
}

/// It fires, it stays silent, it says when it cannot tell.
fn required_cases(check: &Check) -> Vec<Failure> {
    let mut required = vec![Expected::Fail, Expected::Pass, Expected::Unknown];
    if check.when.is_some() {
        required.push(Expected::NotApplicable);
    }
    required.retain(|wanted| check.cases.iter().all(|case| case.expected != *wanted));
    let missing = |wanted: Expected| check.at(1, format!("no case expects '{}'", wanted.as_str()));
    required.into_iter().map(missing).collect()
}

/// The query plans against tables without rows, and reads what the page says.
fn statement(check: &Check) -> Result<(), Failure> {
    let engine = engine(check)?;
    let tables = PolicyTables::new(&Policy::default(), moment());
    let register = Facts::default().register(&engine, &tables);
    register.map_err(|error| check.at(1, error.to_string()))?;
    let planned = engine.tables_of(&check.sql).map_err(|error| {
        let error = engine.explain(&error, &check.sql);
        let line = error.place.map_or(check.sql_line, |(line, _)| check.sql_line + line - 1);
        check.at(line, describe(&error))
    })?;
    let said: BTreeSet<String> = check.reads.iter().cloned().collect();
    if let Some(table) = planned.difference(&said).next() {
        return Err(
            check.at(check.reads_line, format!("the query reads {table}; 'reads' does not say so"))
        );
    }
    if let Some(table) = said.difference(&planned).next() {
        return Err(check.at(
            check.reads_line,
            format!("'reads' names {table}, which the query does not read"),
        ));
    }
    let columns =
        engine.columns_of(&check.sql).map_err(|e| check.at(check.sql_line, e.to_string()))?;
    if columns.first().map(String::as_str) != Some("target") {
        return Err(check.at(check.sql_line, "the first column of the evidence is 'target'"));
    }
    if let Some(condition) = &check.when {
        let sql = judge::applicability(condition);
        engine.plan(&sql).map_err(|error| {
            check.at(1, format!("when: {}", describe(&engine.explain(&error, &sql))))
        })?;
    }
    Ok(())
}

fn describe(error: &QueryError) -> String {
    match &error.help {
        Some(help) => format!("{}; {help}", error.message),
        None => error.message.clone(),
    }
}

fn alone(check: &Check, case: &Case) -> Result<(), Failure> {
    let mut tables = PolicyTables::new(&Policy::default(), moment());
    for given in case.given.iter().filter(|given| is_policy(given)) {
        tables.replace(given.table.name, batch(given, HERE, check)?);
    }
    let swept = swept(case, HERE, check)?;
    let verdicts = judge(check, vec![swept], &tables)?;
    compare(check, case, &verdicts, HERE)
}

/// All cases in one context under names of their own: a query that forgets to join on `target`
/// lets one machine's facts speak for another.
fn together(check: &Check) -> Result<(), Failure> {
    let mixable = |case: &&Case| !case.given.iter().any(is_policy);
    let cases: Vec<(String, &Case)> = check
        .cases
        .iter()
        .filter(mixable)
        .map(|case| (format!("case{}", case.line), case))
        .collect();
    let swept = cases.iter().map(|(name, case)| swept(case, name, check));
    let tables = PolicyTables::new(&Policy::default(), moment());
    let verdicts = judge(check, swept.collect::<Result<_, _>>()?, &tables)?;
    for (name, case) in &cases {
        compare(check, case, &verdicts, name).map_err(|failure| {
            check.at(failure.line, format!("among other targets: {}", failure.message))
        })?;
    }
    Ok(())
}

fn is_policy(given: &Given) -> bool {
    !given.table.is_fact() && given.table.name != Target::DEF.name
}

fn judge(check: &Check, swept: Vec<Swept>, tables: &PolicyTables) -> Result<Vec<Verdict>, Failure> {
    let failed = |error: String| check.at(check.sql_line, error);
    let engine = engine(check)?;
    let policy = Policy::default();
    let facts = Facts::gather(swept, &policy).map_err(|e| failed(e.to_string()))?;
    facts.register(&engine, tables).map_err(|e| failed(e.to_string()))?;
    Ok(Judge::new(&engine, &facts, &policy, moment()).check(check))
}

fn compare(check: &Check, case: &Case, verdicts: &[Verdict], target: &str) -> Result<(), Failure> {
    let verdict = verdicts.iter().find(|verdict| &*verdict.target == target);
    let found = verdict.map_or("no verdict", |verdict| verdict.outcome.as_str());
    if found == case.expected.as_str() {
        return Ok(());
    }
    let why = match verdict.map(|verdict| &verdict.outcome) {
        Some(leaksweep_facts::verdict::Outcome::Unknown(doubts)) => {
            let doubts: Vec<String> = doubts.iter().map(ToString::to_string).collect();
            format!(" ({})", doubts.join("; "))
        }
        _ => String::new(),
    };
    let wanted = case.expected.as_str();
    Err(check.at(case.line, format!("case '{}' gives {found}{why}, not {wanted}", case.name)))
}

/// The case as a sweep of a machine of this name.
fn swept(case: &Case, target: &str, check: &Check) -> Result<Swept, Failure> {
    let row = case.given.iter().find(|given| given.table.name == Target::DEF.name);
    let cell = |column: &str| row.and_then(|given| cell(given, column));
    let flag = |column: &str| !matches!(cell(column), Some(Value::Bool(false)));
    let asked = |column: &str| matches!(cell(column), Some(Value::Bool(true)));
    let time = |column: &str| match cell(column) {
        Some(Value::Time(time)) => *time,
        _ => moment(),
    };
    let text = |column: &str| match cell(column) {
        Some(Value::Text(text)) => Some(text.clone()),
        _ => None,
    };
    let mut sweep = Sweep::new(Manifest {
        format: FORMAT,
        tool_version: text("tool_version").unwrap_or_else(|| "0".into()),
        sensor: check.sensor().into(),
        target: target.into(),
        machine_id: Some(target.into()),
        platform: Some(text("platform").unwrap_or_else(|| "linux".into())),
        started: time("started"),
        ended: time("ended"),
        privileged: flag("privileged"),
        live: flag("live"),
        extent: Extent {
            deep: asked("deep"),
            watched_seconds: match cell("watched_seconds") {
                Some(Value::Int(seconds)) => u64::try_from(*seconds).unwrap_or_default(),
                _ => 0,
            },
            baseline: match cell("baseline") {
                Some(Value::Time(time)) => Some(*time),
                _ => None,
            },
            known_documents: asked("known_documents"),
            certificates: asked("certificates"),
        },
        parts: Vec::new(),
    });
    for given in case.given.iter().filter(|given| given.table.is_fact()) {
        let rows = batch(given, target, check)?;
        sweep.insert(given.table.name, given.table.version, rows);
    }
    Ok(Swept { sweep, zone: text("zone") })
}

fn cell<'a>(given: &'a Given, column: &str) -> Option<&'a Value> {
    let at = given.columns.iter().position(|name| name == column)?;
    given.rows.first()?.get(at)
}

/// The rows of a case as the table that a sensor would have filled.
fn batch(given: &Given, target: &str, check: &Check) -> Result<RecordBatch, Failure> {
    let def: &TableDef = given.table;
    let arrays: Vec<ArrayRef> = def
        .all_columns()
        .map(|column| {
            let at = given.columns.iter().position(|name| name == column.name);
            let default = match (column.name, column.nullable, column.kind) {
                ("target", ..) => Value::Text(target.to_owned()),
                (_, true, _) => Value::Null,
                (_, _, Kind::Text) => Value::Text(String::new()),
                (_, _, Kind::Int) => Value::Int(0),
                (_, _, Kind::Bool) => Value::Bool(false),
                (_, _, Kind::Time) => Value::Time(moment()),
            };
            let cells =
                given.rows.iter().map(|row| at.and_then(|at| row.get(at)).unwrap_or(&default));
            array(column.kind, cells)
        })
        .collect();
    RecordBatch::try_new(def.schema(), arrays)
        .map_err(|error| check.at(given.line, format!("{}: {error}", def.name)))
}

fn array<'a>(kind: Kind, cells: impl Iterator<Item = &'a Value>) -> ArrayRef {
    match kind {
        Kind::Text => Arc::new(
            cells
                .map(|cell| if let Value::Text(text) = cell { Some(text.as_str()) } else { None })
                .collect::<StringArray>(),
        ),
        Kind::Int => Arc::new(
            cells
                .map(|cell| if let Value::Int(number) = cell { Some(*number) } else { None })
                .collect::<Int64Array>(),
        ),
        Kind::Bool => Arc::new(
            cells
                .map(|cell| if let Value::Bool(flag) = cell { Some(*flag) } else { None })
                .collect::<BooleanArray>(),
        ),
        Kind::Time => Arc::new(
            cells
                .map(|cell| if let Value::Time(time) = cell { Some(time.0) } else { None })
                .collect::<TimestampSecondArray>()
                .with_timezone("UTC"),
        ),
    }
}

fn engine(check: &Check) -> Result<Engine, Failure> {
    Engine::new(NonZeroUsize::MIN).map_err(|error| check.at(1, error.to_string()))
}

fn moment() -> Time {
    Time::parse(MOMENT).unwrap_or_default()
}
