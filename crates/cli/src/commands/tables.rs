//! The tables of facts and of policy, and their columns.

use anyhow::Result;
use leaksweep_facts::{TableDef, tables};

use crate::{Found, console, failure::hint};

pub fn run(name: Option<&str>) -> Result<Found> {
    match name {
        None => list(),
        Some(name) => match tables::find(name) {
            Some(table) => columns(table),
            None => {
                let message = format!("there is no table '{name}'");
                Err(hint(message, "`leaksweep tables` lists all"))
            }
        },
    }
}

fn list() -> Result<Found> {
    console::deliver(None, |sink| {
        for table in tables::ALL.iter().chain(tables::ENGINE) {
            writeln!(sink, "{:<20}  {}", table.name, first_sentence(table.doc))?;
        }
        Ok(())
    })?;
    Ok(Found::Nothing)
}

fn first_sentence(doc: &str) -> String {
    let flat = doc.split_whitespace().collect::<Vec<_>>().join(" ");
    flat.split_once(". ").map_or(flat.clone(), |(first, _)| first.to_owned())
}

fn columns(table: &TableDef) -> Result<Found> {
    console::deliver(None, |sink| {
        let doc = table.doc.lines().map(str::trim).collect::<Vec<_>>().join("\n");
        writeln!(sink, "{} (version {})\n{}\n", table.name, table.version, doc.trim())?;
        for column in table.all_columns() {
            let or_null = if column.nullable { ", or null" } else { "" };
            writeln!(sink, "{:<22}  {}{or_null}", column.name, column.kind.name())?;
            writeln!(sink, "    {}", column.doc.trim())?;
        }
        Ok(())
    })?;
    Ok(Found::Nothing)
}
