//! The answer to a query, outside any report: as a table for people, as JSON, as CSV.

use std::{
    borrow::Cow,
    io::{self, Write},
};

use leaksweep_facts::verdict::Value;
use serde::ser::{Serialize, SerializeMap, SerializeSeq, Serializer};

use crate::{
    Style, csv,
    safe_text::{self, visible},
    terminal::TextTable,
};

pub fn table(
    columns: &[String],
    rows: &[Vec<Value>],
    style: &Style,
    out: &mut dyn Write,
) -> io::Result<()> {
    let shown = |row: &Vec<Value>| row.iter().map(|cell| text(cell).into_owned()).collect();
    let header = columns.iter().map(|name| visible(name).into_owned()).collect();
    let table = TextTable { header, rows: rows.iter().map(shown).collect() };
    for line in table.lines(style.width) {
        writeln!(out, "{line}")?;
    }
    let s = if rows.len() == 1 { "" } else { "s" };
    writeln!(out, "({} row{s})", rows.len())
}

pub fn csv(columns: &[String], rows: &[Vec<Value>], out: &mut dyn Write) -> io::Result<()> {
    let header: Vec<Cow<str>> = columns.iter().map(|name| Cow::Borrowed(name.as_str())).collect();
    csv::record(out, &header)?;
    for row in rows {
        csv::record(out, &row.iter().map(text).collect::<Vec<_>>())?;
    }
    Ok(())
}

/// An array of objects, one for each row.
pub fn json(columns: &[String], rows: &[Vec<Value>], out: &mut dyn Write) -> io::Result<()> {
    safe_text::json(&Objects { columns, rows }, out)
}

struct Objects<'a> {
    columns: &'a [String],
    rows: &'a [Vec<Value>],
}

struct Object<'a>(&'a [String], &'a [Value]);

impl Serialize for Objects<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut objects = serializer.serialize_seq(Some(self.rows.len()))?;
        for row in self.rows {
            objects.serialize_element(&Object(self.columns, row))?;
        }
        objects.end()
    }
}

impl Serialize for Object<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut object = serializer.serialize_map(Some(self.0.len()))?;
        for (column, value) in self.0.iter().zip(self.1) {
            object.serialize_entry(column, value)?;
        }
        object.end()
    }
}

fn text(cell: &Value) -> Cow<'_, str> {
    match cell {
        Value::Text(text) => visible(text),
        other => other.to_string().into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(write: impl Fn(&mut dyn Write) -> io::Result<()>) -> String {
        let mut out = Vec::new();
        write(&mut out).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn hostile_cells_act_in_no_format() {
        let columns = vec!["name".to_owned(), "port".to_owned()];
        let rows = vec![vec![Value::Text("=cmd\x1b[31m\n名".into()), Value::Int(22)]];
        let table = written(|out| table(&columns, &rows, &Style::default(), out));
        assert!(table.contains("=cmd\\x1b[31m\\n名  22"), "{table}");
        let csv = written(|out| csv(&columns, &rows, out));
        assert_eq!(csv, "name,port\r\n'=cmd\\x1b[31m\\n名,22\r\n");
        let json = written(|out| json(&columns, &rows, out));
        assert!(!json.contains('\x1b') && json.contains("\"port\": 22"), "{json}");
    }
}
