//! What a sweep told of a printer, as JSON: the rows of each table without the cells that are null.

use arrow_array::{
    Array, RecordBatch,
    cast::AsArray,
    types::{Int64Type, TimestampSecondType},
};
use leaksweep_facts::{Sweep, Time};
use serde_json::{Map, Value, json};

/// Tables that hold what was found; the others say how.
const TABLES: &[&str] = &[
    "printer_devices",
    "printer_settings",
    "printer_stores",
    "printer_parts",
    "printer_channels",
    "printer_jobs",
];
/// Of the way, not of the printer.
const OF_THE_WAY: &[&str] =
    &["target", "host", "address", "form", "reached", "sent_bytes", "received_bytes", "uptime"];

pub fn told(sweep: &Sweep) -> Value {
    let tables = TABLES.iter().map(|table| ((*table).to_owned(), Value::Array(rows(sweep, table))));
    Value::Object(tables.filter(|(_, rows)| *rows != json!([])).collect())
}

pub fn rows(sweep: &Sweep, table: &str) -> Vec<Value> {
    let batches = sweep.table(table).unwrap_or_default();
    let rows = batches.iter().flat_map(|batch| (0..batch.num_rows()).map(|at| row(batch, at)));
    rows.filter(|row| *row != json!({})).collect()
}

fn row(batch: &RecordBatch, at: usize) -> Value {
    let schema = batch.schema();
    let columns = schema.fields().iter().zip(batch.columns());
    let cells = columns.filter(|(field, column)| {
        column.is_valid(at) && !OF_THE_WAY.contains(&field.name().as_str())
    });
    Value::Object(
        cells
            .map(|(field, column)| (field.name().clone(), cell(column, at)))
            .collect::<Map<_, _>>(),
    )
}

fn cell(column: &dyn Array, at: usize) -> Value {
    if let Some(texts) = column.as_string_opt::<i32>() {
        return texts.value(at).into();
    }
    if let Some(flags) = column.as_boolean_opt() {
        return flags.value(at).into();
    }
    if let Some(moments) = column.as_primitive_opt::<TimestampSecondType>() {
        return Time(moments.value(at)).to_string().into();
    }
    column.as_primitive::<Int64Type>().value(at).into()
}
