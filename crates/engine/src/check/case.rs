//! The cases of a check: facts in small tables, and the verdict that they must give.

use leaksweep_facts::{Kind, TableDef, Time, tables, verdict::Value};

use super::markdown::{Line, Wrong};

#[derive(Debug, Clone)]
pub struct Case {
    pub name: String,
    pub line: usize,
    pub expected: Expected,
    pub given: Vec<Given>,
}

/// The outcomes that a case can demand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Expected {
    Fail,
    Pass,
    Unknown,
    NotApplicable,
}

/// The rows of one table.
#[derive(Debug, Clone)]
pub struct Given {
    pub table: &'static TableDef,
    pub line: usize,
    /// The columns that are written; the others take their defaults.
    pub columns: Vec<String>,
    pub rows: Vec<Vec<Value>>,
}

impl Expected {
    pub const ALL: [Expected; 4] =
        [Expected::Fail, Expected::Pass, Expected::Unknown, Expected::NotApplicable];

    pub fn as_str(self) -> &'static str {
        match self {
            Expected::Fail => "fail",
            Expected::Pass => "pass",
            Expected::Unknown => "unknown",
            Expected::NotApplicable => "not applicable",
        }
    }
}

pub fn parse(lines: &[Line<'_>]) -> Result<Vec<Case>, Wrong> {
    let mut cases: Vec<Case> = Vec::new();
    let mut at = 0;
    while let Some(line) = lines.get(at) {
        at += 1;
        if let Some(heading) = line.text.strip_prefix("### ") {
            cases.push(heading_of(heading, line.number)?);
        } else if line.text.trim_start().starts_with('|') {
            let case = cases.last_mut();
            let case = case.ok_or((line.number, "a table stands before any case".to_owned()))?;
            let end = lines[at..].iter().position(|l| !l.text.trim_start().starts_with('|'));
            let end = end.map_or(lines.len(), |found| at + found);
            case.given.push(table(*line, &lines[at..end])?);
            at = end;
        }
    }
    Ok(cases)
}

fn heading_of(heading: &str, line: usize) -> Result<Case, Wrong> {
    let (name, verdict) = heading
        .rsplit_once('→')
        .ok_or((line, "a case is headed '### what is given → verdict'".to_owned()))?;
    let expected = Expected::ALL.into_iter().find(|known| known.as_str() == verdict.trim());
    let expected = expected.ok_or_else(|| {
        (line, format!("'{}' is none of fail, pass, unknown, not applicable", verdict.trim()))
    })?;
    Ok(Case { name: name.trim().to_owned(), line, expected, given: Vec::new() })
}

fn table(header: Line<'_>, below: &[Line<'_>]) -> Result<Given, Wrong> {
    let mut columns = cells(header.text);
    if columns.is_empty() {
        return Err((header.number, "the first cell names the table".into()));
    }
    let name = columns.remove(0);
    let table =
        tables::find(&name).ok_or((header.number, format!("there is no table '{name}'")))?;
    for column in &columns {
        if table.all_columns().all(|known| known.name != column) {
            return Err((header.number, format!("{name} has no column '{column}'")));
        }
    }
    let [rule, rows @ ..] = below else {
        return Err((header.number, "a line '|---|' follows the header".into()));
    };
    if !rule.text.chars().all(|c| matches!(c, '|' | '-' | ':' | ' ')) {
        return Err((rule.number, "a line '|---|' follows the header".into()));
    }
    let rows = rows.iter().map(|line| row(table, &columns, *line)).collect::<Result<_, _>>()?;
    Ok(Given { table, line: header.number, columns, rows })
}

fn row(table: &TableDef, columns: &[String], line: Line<'_>) -> Result<Vec<Value>, Wrong> {
    let cells = cells(line.text);
    if cells.len() != columns.len() + 1 {
        let message = format!("{} cells under {} columns", cells.len(), columns.len() + 1);
        return Err((line.number, message));
    }
    let typed = columns.iter().zip(&cells[1..]).map(|(column, cell)| {
        let known = table.all_columns().find(|known| known.name == column);
        let (kind, nullable) = known.map_or((Kind::Text, true), |c| (c.kind, c.nullable));
        value(kind, nullable, cell).ok_or_else(|| {
            (line.number, format!("'{cell}' is no {} for {}.{column}", kind.name(), table.name))
        })
    });
    typed.collect()
}

/// The cells of a line, between its first and last bar. `\|` is a bar in a cell.
fn cells(line: &str) -> Vec<String> {
    let line = line.trim();
    let line = line.strip_prefix('|').unwrap_or(line);
    let line = line.strip_suffix('|').unwrap_or(line);
    let mut cells = vec![String::new()];
    let mut chars = line.chars().peekable();
    while let Some(c) = chars.next() {
        match (c, cells.last_mut()) {
            ('\\', Some(cell)) if chars.peek() == Some(&'|') => {
                cell.push('|');
                chars.next();
            }
            ('|', _) => cells.push(String::new()),
            (c, Some(cell)) => cell.push(c),
            (_, None) => {}
        }
    }
    cells.into_iter().map(|cell| cell.trim().trim_matches('`').to_owned()).collect()
}

/// An empty cell is null, or the empty text where null may not be.
fn value(kind: Kind, nullable: bool, cell: &str) -> Option<Value> {
    if cell.is_empty() {
        let empty = kind == Kind::Text && !nullable;
        return Some(if empty { Value::Text(String::new()) } else { Value::Null });
    }
    match kind {
        Kind::Text => Some(Value::Text(cell.to_owned())),
        Kind::Int => cell.parse().ok().map(Value::Int),
        Kind::Bool => cell.parse().ok().map(Value::Bool),
        Kind::Time => Time::parse(cell).map(Value::Time),
    }
}
