//! A database of log-ins, with what was rotated away from it, and the rows of its one table.
//!
//! 64 MiB of a file, 16 rotated ones, 100 faults of each.

use std::{collections::VecDeque, path::Path};

use leaksweep_facts::{
    Observed, Problem, Reason,
    tables::host::{Login, LoginLog},
};

use super::{LOGINS, LOGS, chain::State, text};
use crate::{
    root::{Failure, Root},
    sqlite::{self, Database, Value, Visitor},
};

const CAP: u64 = 64 << 20;
const MAX_FAULTS: usize = 100;
/// As in the other records of log-ins.
const MAX_TEXT: usize = 1024;

/// One row, with its values by their columns' names.
pub struct Row<'a> {
    pub number: i64,
    names: &'a [String],
    values: &'a [Value<'a>],
}

impl Row<'_> {
    fn value(&self, name: &str) -> Option<&Value<'_>> {
        self.values.get(self.names.iter().position(|known| known == name)?)
    }

    pub fn text(&self, name: &str) -> String {
        match self.value(name) {
            Some(Value::Bytes(bytes)) => text(bytes.get(..MAX_TEXT).unwrap_or(bytes)),
            _ => String::new(),
        }
    }

    pub fn count(&self, name: &str) -> Option<i64> {
        match self.value(name) {
            Some(Value::Number(number)) => Some(*number),
            _ => None,
        }
    }
}

/// What is read of a table: of very many rows the newest.
pub struct Kept<T> {
    pub rows: VecDeque<T>,
    /// How many older ones were left out.
    pub older: usize,
    pub faults: Vec<(String, String)>,
}

/// The rows of a table; none of a row that misses a value that it must have.
pub fn parse<T>(
    content: &[u8],
    table: &str,
    cap: usize,
    each: impl Fn(&Row<'_>) -> Option<T>,
) -> Kept<T> {
    let kept = Kept { rows: VecDeque::new(), older: 0, faults: Vec::new() };
    let mut taker = Taker { kept, names: Vec::new(), cap, over: false, each };
    sqlite::table(content, table, &mut taker);
    taker.kept
}

struct Taker<T, F> {
    kept: Kept<T>,
    names: Vec<String>,
    cap: usize,
    over: bool,
    each: F,
}

impl<T, F: Fn(&Row<'_>) -> Option<T>> Visitor for Taker<T, F> {
    fn columns(&mut self, names: Vec<String>) {
        self.names = names;
    }

    fn row(&mut self, number: i64, values: &[Value<'_>]) {
        let Some(row) = (self.each)(&Row { number, names: &self.names, values }) else {
            return self
                .fault(&format!("row {number}"), "a value that it must have is missing".into());
        };
        if self.kept.rows.len() == self.cap {
            self.kept.rows.pop_front();
            self.kept.older += 1;
        }
        self.kept.rows.push_back(row);
    }

    fn fault(&mut self, place: &str, detail: String) {
        if self.kept.faults.len() < MAX_FAULTS {
            self.kept.faults.push((place.to_owned(), detail));
        } else {
            self.end("more faults than are worth listing");
        }
    }

    fn end(&mut self, detail: &str) {
        if !self.over {
            self.over = true;
            let detail = format!("{detail}; the rest of it is not read");
            self.kept.faults.push((String::new(), detail));
        }
    }

    fn over(&self) -> bool {
        self.over
    }
}

/// A file that is there.
pub struct File<T> {
    pub state: State,
    pub kept: Kept<T>,
    /// Whether every row of it was read.
    pub whole: bool,
}

/// Reads a file where there is one; what is missing of it is a problem of both tables. `columns`
/// are those of log-ins that lack a value, none for whole rows.
pub fn file<T>(
    root: &Root,
    path: &str,
    columns: &'static [&'static str],
    logins: &mut Observed<Login>,
    logs: &mut Observed<LoginLog>,
    parse: impl Fn(&[u8]) -> Kept<T>,
) -> Option<File<T>> {
    let mut problem = |subject: &str, failure: Failure| {
        logins.problem(failure.problem(LOGINS, subject).in_columns(columns));
        logs.problem(failure.problem(LOGS, subject));
    };
    let empty = || Kept { rows: VecDeque::new(), older: 0, faults: Vec::new() };
    let state = match State::look(root, Path::new(path)) {
        Ok(state) if state.absent => return None,
        Ok(state) => state,
        Err(failure) => {
            problem(path, failure);
            return None;
        }
    };
    // A database into which nothing was written yet is an empty file.
    if state.size == 0 {
        return Some(File { state, kept: empty(), whole: true });
    }
    let database = match Database::load(root, path, CAP) {
        Ok(database) => database,
        Err(failure) => {
            problem(path, failure);
            return Some(File { state, kept: empty(), whole: false });
        }
    };
    let kept = parse(&database.content);
    let whole = database.unread.is_none() && kept.faults.is_empty() && kept.older == 0;
    if let Some((subject, failure)) = database.unread {
        problem(&subject, failure);
    }
    for (place, detail) in &kept.faults {
        let subject = if place.is_empty() { path.to_owned() } else { format!("{path}:{place}") };
        problem(&subject, Failure::malformed(detail.clone()));
    }
    if kept.older > 0 {
        let detail = format!("the {} oldest rows were left out", kept.older);
        let cut = Problem::new(LOGINS, path, Reason::TooLarge, detail);
        logins.problem(cut.in_columns(columns));
    }
    Some(File { state, kept, whole })
}
