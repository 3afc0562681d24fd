//! Facts and policy, asked in SQL.

use std::path::PathBuf;

use anyhow::Result;
use leaksweep_engine::{Facts, QueryError, Swept, Table, policy::PolicyTables};
use leaksweep_facts::Time;
use leaksweep_host::Options;
use leaksweep_report::{rows, safe_text, text_width};

use crate::{Found, arguments, console, failure::hint, inputs};

pub fn run(query: &arguments::Query) -> Result<Found> {
    let policy = inputs::policy(query.policy.as_deref())?;
    let facts = Facts::gather(sweeps(query, &policy.sweep_keys)?, &policy)?;
    let engine = inputs::engine(facts.sweeps().len())?;
    let tables = PolicyTables::new(&policy, Time::now());
    let answer = engine.query(&facts, &tables, &query.sql).map_err(|e| explain(&e, &query.sql))?;
    print(&answer, &query.format)?;
    Ok(Found::Nothing)
}

fn sweeps(
    query: &arguments::Query,
    keys: &[leaksweep_facts::seal::PublicKey],
) -> Result<Vec<Swept>> {
    if query.files.is_empty() {
        let tools = inputs::tools(&query.catalogue)?;
        let sweep = leaksweep_host::sweep(&Options { tools, ..Options::default() })?;
        return Ok(vec![Swept { sweep, zone: None }]);
    }
    let files = inputs::sweep_files(&query.files)?;
    let open = |path: &PathBuf| Ok(Swept { sweep: inputs::sweep(path, keys)?, zone: None });
    files.iter().map(open).collect()
}

fn print(answer: &Table, format: &str) -> Result<()> {
    let style = console::style(false);
    console::deliver(None, |sink| match format {
        "json" => rows::json(&answer.columns, &answer.rows, sink),
        "csv" => rows::csv(&answer.columns, &answer.rows, sink),
        _ => rows::table(&answer.columns, &answer.rows, &style, sink),
    })
}

/// The line of the query that is wrong, with a mark below the place.
fn explain(error: &QueryError, sql: &str) -> anyhow::Error {
    let mut message = error.message.clone();
    if let Some((line, column)) = error.place
        && let Some(text) = sql.lines().nth(line - 1)
    {
        let mark =
            " ".repeat(text_width::width(&text.chars().take(column - 1).collect::<String>()));
        message = format!("{message}\n  {}\n  {mark}^", safe_text::visible(text));
    }
    let help = error.help.clone();
    hint(
        message,
        help.unwrap_or_else(|| "`leaksweep tables NAME` shows the columns of a table".into()),
    )
}
