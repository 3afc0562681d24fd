//! A sweep's tables as one JSON object of lists of rows, as `corpus/storage/score` reads them.

use arrow_array::{
    Array, RecordBatch,
    cast::AsArray,
    types::{Int64Type, TimestampSecondType},
};
use arrow_schema::DataType;
use leaksweep_facts::Sweep;
use serde_json::{Map, Value};

pub fn json(sweep: &Sweep) -> Value {
    let table = |(name, batches): (&str, &[RecordBatch])| {
        (name.to_owned(), Value::Array(batches.iter().flat_map(rows).collect()))
    };
    Value::Object(sweep.tables().map(table).collect())
}

fn rows(batch: &RecordBatch) -> Vec<Value> {
    let schema = batch.schema();
    let row = |number: usize| -> Value {
        let cells = schema.fields().iter().zip(batch.columns());
        let cells = cells.map(|(field, column)| (field.name().clone(), cell(column, number)));
        Value::Object(cells.collect::<Map<String, Value>>())
    };
    (0..batch.num_rows()).map(row).collect()
}

fn cell(column: &dyn Array, row: usize) -> Value {
    if column.is_null(row) {
        return Value::Null;
    }
    match column.data_type() {
        DataType::Utf8 => column.as_string::<i32>().value(row).into(),
        DataType::Int64 => column.as_primitive::<Int64Type>().value(row).into(),
        DataType::Boolean => column.as_boolean().value(row).into(),
        DataType::Timestamp(..) => column.as_primitive::<TimestampSecondType>().value(row).into(),
        other => panic!("facts have no columns of {other}"),
    }
}
