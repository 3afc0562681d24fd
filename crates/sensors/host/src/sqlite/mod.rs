//! SQLite 3 files, read without SQLite: the rows of one table, with the changes that wait in the
//! write-ahead log beside the file.
//!
//! Limits: tables with row numbers alone, no index and no view; texts in UTF-8; a rollback journal
//! that a crash left is not looked at.

mod columns;
mod pages;
mod record;
mod wal;

use crate::root::{Failure, Root};

pub use columns::parse as columns;
pub use record::Value;
pub use wal::apply as apply_changes;

/// Takes what a table holds.
pub trait Visitor {
    /// The names of the columns, in their order, before any row.
    fn columns(&mut self, _names: Vec<String>) {}
    fn row(&mut self, number: i64, values: &[Value<'_>]);
    /// Something that cannot be read; `place` is empty for the file as a whole.
    fn fault(&mut self, place: &str, detail: String);
    /// A fault after which nothing more shall be read.
    fn end(&mut self, detail: &str);
    /// Whether nothing more shall be read.
    fn over(&self) -> bool;
}

/// A file's content.
pub struct Database {
    pub content: Vec<u8>,
    /// Changes beside it that could not be read, by their path.
    pub unread: Option<(String, Failure)>,
}

impl Database {
    pub fn load(root: &Root, path: &str, cap: u64) -> Result<Self, Failure> {
        // The changes first: what SQLite moves meanwhile is then in both files, and not in neither.
        let wal = format!("{path}-wal");
        let changes = root.read_if_there(&wal, cap);
        let mut content = root.read(path, cap)?;
        let applied = changes.and_then(|changes| {
            let cap = usize::try_from(cap).unwrap_or(usize::MAX);
            apply_changes(&mut content, &changes.unwrap_or_default(), cap)
                .map_err(Failure::malformed)
        });
        Ok(Self { content, unread: applied.err().map(|failure| (wal, failure)) })
    }
}

/// Shows every row of a table.
pub fn table(content: &[u8], name: &str, visitor: &mut dyn Visitor) {
    let mut file = match pages::Pages::open(content) {
        Ok(file) => file,
        Err(detail) => return visitor.fault("", detail.into()),
    };
    if let Some(detail) = file.cut() {
        visitor.fault("", detail);
    }
    let Some(table) = file.table(name, visitor) else {
        return visitor.fault("", format!("no table {name}"));
    };
    visitor.columns(columns(&table.definition));
    file.tree(table.root, visitor, &mut |visitor, number, payload| match record::values(payload) {
        Some(values) => visitor.row(number, &values),
        None => visitor.fault(&format!("row {number}"), "its values do not fit into it".into()),
    });
}

#[cfg(test)]
mod tests;
