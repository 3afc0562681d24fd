//! What is new, gone or changed between two sweeps of one machine, as facts.
//!
//! Reads: two sweeps, of which the earlier may be of an older version and may have seen less. What
//! only one of them could have seen is a problem and no change. Limits: 100,000 rows, 200
//! characters of a value.

mod compared;

use std::collections::{BTreeMap, HashMap};

use arrow_array::{Array, RecordBatch, cast::AsArray, types::Int64Type};
use arrow_schema::DataType;
use thiserror::Error;

use crate::{
    Observed, Problem, Reason, Sweep, Table, Time,
    tables::{ProblemRow, host::Change},
};
use compared::Compared;

const TABLE: &str = Change::DEF.name;
const MAX_ROWS: usize = 100_000;
const MAX_VALUE: usize = 200;

/// Why two sweeps cannot be compared.
#[derive(Debug, Error, PartialEq, Eq)]
pub enum CompareError {
    #[error("it is a sweep of another machine: {before}, and this is {now}")]
    OtherMachine { before: String, now: String },
    #[error("it is a sweep by another sensor: {before}")]
    OtherSensor { before: String },
    #[error("it was made later than this sweep began: {ended}")]
    Later { ended: Time },
}

/// Takes an earlier sweep of the same machine as the baseline of a new one: what changed becomes
/// one of its tables.
pub fn since(baseline: &Sweep, sweep: &mut Sweep) -> Result<(), CompareError> {
    comparable(baseline, sweep)?;
    let mut changes = Changes { since: baseline.manifest.ended, found: Observed::default() };
    for compared in compared::ALL {
        changes.table(compared, baseline, sweep);
    }
    changes.rights(baseline, sweep);
    sweep.manifest.extent.baseline = Some(baseline.manifest.ended);
    sweep.observe(changes.found);
    Ok(())
}

fn comparable(baseline: &Sweep, sweep: &Sweep) -> Result<(), CompareError> {
    let (before, now) = (&baseline.manifest, &sweep.manifest);
    if before.sensor != now.sensor {
        return Err(CompareError::OtherSensor { before: before.sensor.clone() });
    }
    let same = match (&before.machine_id, &now.machine_id) {
        (Some(before), Some(now)) => before == now,
        _ => before.target == now.target,
    };
    if !same {
        let (before, now) = (before.target.clone(), now.target.clone());
        return Err(CompareError::OtherMachine { before, now });
    }
    if before.ended > now.started {
        return Err(CompareError::Later { ended: before.ended });
    }
    Ok(())
}

struct Changes {
    since: Time,
    found: Observed<Change>,
}

/// A row's cells by column; null is none.
type Cells = BTreeMap<String, Option<String>>;
/// Rows by what they are about. Several may be about the same.
type Rows = BTreeMap<Vec<Option<String>>, Vec<Cells>>;

impl Changes {
    fn table(&mut self, compared: &Compared, baseline: &Sweep, sweep: &Sweep) {
        let Some(now) = sweep.table(compared.table) else { return };
        let Some(before) = baseline.table(compared.table) else {
            let detail = format!("the earlier sweep did not look at {}", compared.table);
            return self.problem(compared.table, Reason::Unsupported, detail);
        };
        if let Some(column) = lacking(compared, before).or_else(|| lacking(compared, now)) {
            let detail = format!("the earlier sweep's version did not record {column}");
            return self.problem(compared.table, Reason::Unsupported, detail);
        }
        self.unseen(compared.table, baseline, sweep);
        let mut before = rows(compared, before);
        for (key, after) in rows(compared, now) {
            let earlier = before.remove(&key).unwrap_or_default();
            self.pairs(compared, &key, earlier, after);
        }
        for (key, earlier) in before {
            self.pairs(compared, &key, earlier, Vec::new());
        }
    }

    /// What the earlier sweep could not see looks new without being so.
    fn unseen(&mut self, table: &'static str, baseline: &Sweep, sweep: &Sweep) {
        let (then, now) = (problems(baseline, table), problems(sweep, table));
        let differs = |(problem, reason): (&String, &String)| {
            reason != Reason::Vanished.as_str() && !now.contains_key(problem)
        };
        if let Some(subject) = then.iter().find(|pair| differs(*pair)).map(|(subject, _)| subject) {
            let detail = format!("the earlier sweep could not see all of {table}: {subject}");
            self.problem(table, Reason::Unsupported, detail);
        }
    }

    /// Sweeps with different rights see different things, whatever their problems say.
    fn rights(&mut self, baseline: &Sweep, sweep: &Sweep) {
        let (before, now) = (&baseline.manifest, &sweep.manifest);
        if before.privileged != now.privileged || before.live != now.live {
            let detail = "one of the two sweeps had all rights or read a running machine, and the \
                          other did not";
            self.problem("both sweeps", Reason::Unsupported, detail.into());
        }
    }

    fn pairs(
        &mut self,
        compared: &Compared,
        key: &[Option<String>],
        before: Vec<Cells>,
        after: Vec<Cells>,
    ) {
        let (mut before, mut after) = (before.into_iter(), after.into_iter());
        loop {
            match (before.next(), after.next()) {
                (None, None) => return,
                (Some(row), None) => self.row(compared, key, "gone", Some(told(&row)), None, None),
                (None, Some(row)) => self.row(compared, key, "new", None, Some(told(&row)), None),
                (Some(earlier), Some(now)) => self.changed(compared, key, &earlier, &now),
            }
        }
    }

    fn changed(
        &mut self,
        compared: &Compared,
        key: &[Option<String>],
        before: &Cells,
        now: &Cells,
    ) {
        let differs = |(name, value): &(&String, &Option<String>)| {
            before.get(*name).is_some_and(|earlier| earlier != *value)
        };
        let names: Vec<&String> = now.iter().filter(differs).map(|(name, _)| name).collect();
        if names.is_empty() {
            return;
        }
        let of = |cells: &Cells| {
            let part = |name: &&String| ((*name).clone(), cells.get(*name).cloned().flatten());
            told(&names.iter().map(part).collect())
        };
        let columns = names.iter().map(|name| name.as_str()).collect::<Vec<_>>().join(" ");
        self.row(compared, key, "changed", Some(of(before)), Some(of(now)), Some(columns));
    }

    fn row(
        &mut self,
        compared: &Compared,
        key: &[Option<String>],
        change: &str,
        before: Option<String>,
        after: Option<String>,
        columns: Option<String>,
    ) {
        if self.found.rows.len() == MAX_ROWS {
            let detail = format!("more than {MAX_ROWS} changes");
            return self.problem("the whole table", Reason::TooLarge, detail);
        }
        let cells = compared.key.iter().map(|name| (*name).to_owned()).zip(key.iter().cloned());
        self.found.rows.push(Change {
            fact: compared.table.into(),
            subject: told(&cells.filter(|(_, value)| value.is_some()).collect()),
            change: change.into(),
            columns,
            before,
            after,
            since: self.since,
        });
    }

    fn problem(&mut self, subject: &str, reason: Reason, detail: String) {
        let told = |known: &Problem| known.subject == subject && known.reason == reason;
        if !self.found.problems.iter().any(told) {
            self.found.problem(Problem::new(TABLE, subject, reason, detail));
        }
    }
}

/// A column of the key that the batches do not have.
fn lacking(compared: &Compared, batches: &[RecordBatch]) -> Option<&'static str> {
    let lacks = |name: &&&str| batches.iter().any(|batch| batch.column_by_name(name).is_none());
    compared.key.iter().find(lacks).copied()
}

fn rows(compared: &Compared, batches: &[RecordBatch]) -> Rows {
    let mut rows = Rows::new();
    for batch in batches {
        for at in 0..batch.num_rows() {
            let cell = |name: &str| batch.column_by_name(name).and_then(|column| text(column, at));
            let counts = |(column, value): &(&str, &str)| cell(column).as_deref() == Some(*value);
            if !compared.only.iter().all(counts) {
                continue;
            }
            let key = compared.key.iter().map(|name| cell(name)).collect();
            rows.entry(key).or_default().push(others(compared, batch, at));
        }
    }
    // The order of rows of one key says nothing.
    rows.values_mut().for_each(|same| same.sort());
    rows
}

/// The cells that are compared.
fn others(compared: &Compared, batch: &RecordBatch, at: usize) -> Cells {
    let schema = batch.schema();
    let columns = schema.fields().iter().zip(batch.columns());
    let compares = |name: &str| {
        name != "target" && !compared.key.contains(&name) && !compared.moving.contains(&name)
    };
    let columns = columns.filter(|(field, _)| compares(field.name()));
    columns.map(|(field, column)| (field.name().clone(), text(column, at))).collect()
}

fn text(column: &dyn Array, at: usize) -> Option<String> {
    if column.is_null(at) {
        return None;
    }
    match column.data_type() {
        DataType::Utf8 => Some(column.as_string::<i32>().value(at).to_owned()),
        DataType::Boolean => Some(column.as_boolean().value(at).to_string()),
        DataType::Int64 => Some(column.as_primitive::<Int64Type>().value(at).to_string()),
        DataType::Timestamp(..) => {
            let seconds = column.as_primitive::<arrow_array::types::TimestampSecondType>();
            Some(Time(seconds.value(at)).to_string())
        }
        _ => None,
    }
}

/// `name=value` of the cells that hold something.
fn told(cells: &Cells) -> String {
    let cells = cells.iter().filter_map(|(name, value)| {
        let value = value.as_deref().filter(|value| !value.is_empty())?;
        Some(format!("{name}={}", brief(value)))
    });
    cells.collect::<Vec<_>>().join(" ")
}

fn brief(value: &str) -> String {
    match value.char_indices().nth(MAX_VALUE) {
        Some((end, _)) => format!("{}…", &value[..end]),
        None => value.to_owned(),
    }
}

/// What a sweep could not see of a table, whole rows or cells: subject and reason.
fn problems(sweep: &Sweep, table: &str) -> HashMap<String, String> {
    let batches = sweep.table(ProblemRow::DEF.name).unwrap_or_default();
    let mut found = HashMap::new();
    for batch in batches {
        let cell = |name: &str, at| batch.column_by_name(name).and_then(|column| text(column, at));
        for at in 0..batch.num_rows() {
            if cell("table", at).as_deref() == Some(table) {
                let (subject, reason) = (cell("subject", at), cell("reason", at));
                found.insert(subject.unwrap_or_default(), reason.unwrap_or_default());
            }
        }
    }
    found
}

#[cfg(test)]
mod tests;
