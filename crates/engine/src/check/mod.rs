//! A check: one Markdown file that a person reads and the engine runs.
//!
//! `markdown` takes the file apart, `page` makes a check of the parts, `case` reads its test
//! cases, `library` finds files.

mod case;
mod library;
mod markdown;
mod page;

use std::{fmt, path::PathBuf, sync::Arc};

use leaksweep_facts::verdict::CheckPage;
use thiserror::Error;

pub use case::{Case, Expected, Given};
pub use library::{Library, LibraryError};
pub use page::parse;

/// The file that `leaksweep checks new` writes. A test proves that it is valid.
pub const TEMPLATE: &str = include_str!("template.md");

#[derive(Debug, Clone)]
pub struct Check {
    /// The file, as the user names it.
    pub path: PathBuf,
    pub page: Arc<CheckPage>,
    pub sql: String,
    /// The line of the file on which the query starts.
    pub sql_line: usize,
    /// The tables that the page says it reads.
    pub reads: Vec<String>,
    /// The line that says so.
    pub reads_line: usize,
    /// A condition over the row of `targets`; the check applies where it holds.
    pub when: Option<String>,
    /// Whether a sweep without all rights cannot clear a target.
    pub needs_root: bool,
    pub cases: Vec<Case>,
}

impl Check {
    /// The sensor whose targets it judges: the folder in which it lies.
    pub fn sensor(&self) -> &str {
        self.page.id.split_once('/').map_or("", |(sensor, _)| sensor)
    }

    pub fn at(&self, line: usize, message: impl Into<String>) -> CheckError {
        CheckError { path: self.path.clone(), line, message: message.into() }
    }
}

/// What is wrong with a check file, and where.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub struct CheckError {
    pub path: PathBuf,
    pub line: usize,
    pub message: String,
}

impl fmt::Display for CheckError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: {}", self.path.display(), self.line, self.message)
    }
}
