//! Questions in SQL and their answers as plain cells.

use std::fmt;

use arrow_array::{Array, ArrayRef, RecordBatch, cast::AsArray, types};
use arrow_schema::{DataType, SchemaRef, TimeUnit};
use datafusion::{arrow::compute::cast, error::DataFusionError};
use leaksweep_facts::{Time, verdict::Value};

use crate::{Engine, Facts, policy::PolicyTables};

/// The answer to a query.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Table {
    pub columns: Vec<String>,
    pub rows: Vec<Vec<Value>>,
}

/// Why a query was refused, and the place in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QueryError {
    pub message: String,
    pub help: Option<String>,
    /// Line and column, counted from one.
    pub place: Option<(usize, usize)>,
}

impl Engine {
    /// Asks facts and policy. Nothing but reading is understood.
    pub fn query(
        &self,
        facts: &Facts,
        policy: &PolicyTables,
        sql: &str,
    ) -> Result<Table, QueryError> {
        facts.register(self, policy).map_err(|error| QueryError::new(&error, sql))?;
        let answer = self.plan(sql).and_then(|plan| self.execute(plan));
        answer.and_then(Table::from_batches).map_err(|error| self.explain(&error, sql))
    }

    pub(crate) fn explain(&self, error: &DataFusionError, sql: &str) -> QueryError {
        let mut explained = QueryError::new(error, sql);
        if let Some(wrong) = missing_table(&explained.message) {
            explained.place = explained.place.or_else(|| place_of(sql, &wrong));
            explained.help = nearest(&wrong, &self.table_names())
                .map(|name| format!("did you mean '{name}'?"))
                .or_else(|| Some("`leaksweep tables` lists all".into()));
            explained.message = format!("there is no table '{wrong}'");
        }
        explained
    }
}

impl Table {
    pub(crate) fn from_batches(
        (schema, batches): (SchemaRef, Vec<RecordBatch>),
    ) -> Result<Self, DataFusionError> {
        let columns = schema.fields().iter().map(|field| field.name().clone()).collect();
        let mut rows = Vec::new();
        for batch in &batches {
            let cells = Cells::of(batch)?;
            let width = batch.num_columns();
            let row = |row| (0..width).filter_map(|column| cells.at(column, row)).collect();
            rows.extend((0..batch.num_rows()).map(row));
        }
        Ok(Self { columns, rows })
    }
}

/// A batch whose cells can be taken one by one.
pub(crate) struct Cells(Vec<ArrayRef>);

impl Cells {
    pub fn of(batch: &RecordBatch) -> Result<Self, DataFusionError> {
        Ok(Self(batch.columns().iter().map(plain).collect::<Result<_, _>>()?))
    }

    pub fn at(&self, column: usize, row: usize) -> Option<Value> {
        self.0.get(column).map(|column| value(column, row))
    }
}

/// The column in one of the four kinds that facts have.
fn plain(column: &ArrayRef) -> Result<ArrayRef, DataFusionError> {
    let wanted = match column.data_type() {
        DataType::Boolean => DataType::Boolean,
        DataType::Timestamp(..) | DataType::Date32 | DataType::Date64 => {
            DataType::Timestamp(TimeUnit::Second, None)
        }
        kind if kind.is_integer() => DataType::Int64,
        _ => DataType::Utf8,
    };
    Ok(cast(column, &wanted)?)
}

fn value(column: &ArrayRef, row: usize) -> Value {
    if column.is_null(row) {
        return Value::Null;
    }
    match column.data_type() {
        DataType::Boolean => Value::Bool(column.as_boolean().value(row)),
        DataType::Int64 => Value::Int(column.as_primitive::<types::Int64Type>().value(row)),
        DataType::Timestamp(..) => {
            let seconds = column.as_primitive::<types::TimestampSecondType>();
            Value::Time(Time(seconds.value(row)))
        }
        _ => Value::Text(column.as_string::<i32>().value(row).to_owned()),
    }
}

impl QueryError {
    pub(crate) fn new(error: &DataFusionError, sql: &str) -> Self {
        let diagnostic = error.diagnostic();
        let span = diagnostic.and_then(|found| found.span);
        let message = match diagnostic {
            Some(found) => found.message.clone(),
            None => first_line(error),
        };
        let place = span.map(|span| (span.start.line as usize, span.start.column as usize));
        let help =
            diagnostic.and_then(|found| found.helps.first()).map(|help| help.message.clone());
        let place = place.or_else(|| written_place(&message)).filter(|place| within(sql, *place));
        Self { message, help, place }
    }
}

impl fmt::Display for QueryError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for QueryError {}

/// The error without the engine's own name for its kind, and without its trace.
pub(crate) fn first_line(error: &DataFusionError) -> String {
    let text = error.strip_backtrace();
    let line = text.lines().next().unwrap_or_default();
    let known = ["Error during planning: ", "SQL error: ParserError(\"", "Schema error: "];
    let plain = known.iter().find_map(|prefix| line.strip_prefix(prefix)).unwrap_or(line);
    plain.trim_end_matches("\")").to_owned()
}

/// `… at Line: 1, Column: 8`, as the parser writes it.
fn written_place(message: &str) -> Option<(usize, usize)> {
    let rest = message.rsplit_once("Line: ")?.1;
    let (line, rest) = rest.split_once(", Column: ")?;
    let digits: String = rest.chars().take_while(char::is_ascii_digit).collect();
    Some((line.parse().ok()?, digits.parse().ok()?))
}

fn within(sql: &str, (line, column): (usize, usize)) -> bool {
    let text = line.checked_sub(1).and_then(|at| sql.lines().nth(at));
    text.is_some_and(|text| column >= 1 && column <= text.chars().count() + 1)
}

fn missing_table(message: &str) -> Option<String> {
    let rest = message.strip_prefix("table '")?;
    let (name, rest) = rest.split_once('\'')?;
    rest.contains("not found").then(|| name.rsplit('.').next().unwrap_or(name).to_owned())
}

fn place_of(sql: &str, word: &str) -> Option<(usize, usize)> {
    let at = |(number, line): (usize, &str)| {
        let found = line.to_lowercase().find(word)?;
        let column = line.get(..found)?.chars().count() + 1;
        Some((number + 1, column))
    };
    sql.lines().enumerate().find_map(at)
}

fn nearest<'a>(wrong: &str, names: &'a [String]) -> Option<&'a String> {
    let score = |name: &String| strsim::normalized_damerau_levenshtein(wrong, name);
    let best = names.iter().max_by(|a, b| score(a).total_cmp(&score(b)))?;
    (score(best) >= 0.5).then_some(best)
}
