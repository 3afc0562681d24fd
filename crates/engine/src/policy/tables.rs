//! The policy as tables, and beside it the catalogue: what checks see that no sweep holds.

use std::collections::BTreeMap;

use arrow_array::RecordBatch;
use leaksweep_facts::{
    Table, TableDef, Time,
    tables::policy::{ExceptionRow, Origin, Publisher, Vendor, Zone},
};

use super::Policy;
use crate::catalogue;

/// The seconds of a day: an exception counts until its last day is over.
const DAY: i64 = 86_400;

/// Every `policy_*` and `catalogue_*` table, by name.
#[derive(Debug, Clone)]
pub struct PolicyTables(BTreeMap<&'static str, (TableDef, RecordBatch)>);

impl PolicyTables {
    pub fn new(policy: &Policy, now: Time) -> Self {
        let mut tables = Self(BTreeMap::new());
        let zones: Vec<Zone> = policy.zones.iter().map(|rule| rule.zone.clone()).collect();
        tables.put(&zones);
        tables.put(&policy.listeners);
        tables.put(&policy.remote_tools);
        tables.put(&policy.log_in_hours);
        tables.put(&policy.administrators);
        tables.put(&policy.printer_firmware);
        tables.put(&each(&policy.publishers, |publisher| Publisher { publisher }));
        tables.put(&each(&policy.vendors, |vendor| Vendor { vendor }));
        tables.put(&each(&policy.origins, |origin| Origin { origin }));
        tables.put(&exceptions(policy, now));
        tables.0.extend(catalogue::tables());
        tables
    }

    pub fn iter(&self) -> impl Iterator<Item = &(TableDef, RecordBatch)> {
        self.0.values()
    }

    /// Puts other rows in the place of a table's; false where there is no such table.
    pub fn replace(&mut self, name: &str, batch: RecordBatch) -> bool {
        match self.0.get_mut(name) {
            Some((_, rows)) => {
                *rows = batch;
                true
            }
            None => false,
        }
    }

    fn put<T: Table>(&mut self, rows: &[T]) {
        self.0.insert(T::DEF.name, (T::DEF, T::rows(rows)));
    }
}

/// The exceptions as they stand at a moment.
pub fn exceptions(policy: &Policy, now: Time) -> Vec<ExceptionRow> {
    let at_now = |row: &ExceptionRow| ExceptionRow {
        expired: now.0 >= row.until.0.saturating_add(DAY),
        ..row.clone()
    };
    policy.exceptions.iter().map(at_now).collect()
}

fn each<T>(patterns: &[String], row: impl Fn(String) -> T) -> Vec<T> {
    patterns.iter().cloned().map(row).collect()
}
