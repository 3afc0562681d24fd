//! Tables of the second level that say the same of all their clusters.

use std::{
    collections::HashMap,
    sync::{Mutex, MutexGuard, PoisonError},
};

/// By place, whether they do: the first table may name one any number of times, and it is looked through once.
#[derive(Default)]
pub struct Uniform(Mutex<HashMap<u64, bool>>);

/// Of more all are forgotten.
const MOST: usize = 1 << 20;

impl Uniform {
    fn tables(&self) -> MutexGuard<'_, HashMap<u64, bool>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What `look` says of the table at a place, asked once.
    pub fn is(&self, table: u64, look: impl FnOnce() -> bool) -> bool {
        if let Some(known) = self.tables().get(&table) {
            return *known;
        }
        let found = look();
        let mut tables = self.tables();
        if tables.len() >= MOST {
            tables.clear();
        }
        tables.insert(table, found);
        found
    }
}
