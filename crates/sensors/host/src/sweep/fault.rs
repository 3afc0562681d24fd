//! A fault of ours in one collector costs its table and nothing else.

use std::panic::{AssertUnwindSafe, catch_unwind};

use leaksweep_facts::{Observed, Problem, Reason, Table, TableDef};

use crate::accounts::Accounts;

/// A fault of ours in one collector must not cost the others' rows.
pub fn guarded<T: Table>(collect: impl FnOnce() -> Observed<T>) -> Observed<T> {
    whole(collect).unwrap_or_else(fault)
}

/// What was collected; none where it came to a fault of ours.
pub fn whole<T>(collect: impl FnOnce() -> T) -> Option<T> {
    catch_unwind(AssertUnwindSafe(collect)).ok()
}

pub fn fault<T: Table>() -> Observed<T> {
    Observed { rows: Vec::new(), problems: vec![fault_in(&T::DEF)] }
}

pub fn fault_in(table: &TableDef) -> Problem {
    let hint = "please report it to the makers of leaksweep";
    let detail = "a fault in leaksweep itself";
    Problem::new(table.name, "the whole table", Reason::Failed, detail).hint(hint)
}

pub fn accounts_fault() -> Accounts {
    let (users, groups, memberships) = (fault(), fault(), fault());
    Accounts { users, groups, memberships, ..Accounts::default() }
}

#[cfg(test)]
mod tests {
    use leaksweep_facts::tables::host::Mount;

    use super::*;

    #[test]
    fn a_fault_in_one_collector_is_a_problem_of_its_table() {
        let found = guarded::<Mount>(|| panic!("on purpose"));
        assert_eq!(found.rows, []);
        assert_eq!(found.problems[0].table, "host_mounts");
        assert_eq!(found.problems[0].detail, "a fault in leaksweep itself");
    }
}
