//! Which package owns a file, by the records of the package managers themselves.

use std::collections::{HashMap, HashSet};

use leaksweep_facts::Problem;

use crate::machine::Machine;

/// Looks the paths up in one pass over the records. A path that is absent from the answer is owned by no package,
/// unless there are problems.
pub fn owners(
    _machine: &Machine,
    _paths: &HashSet<String>,
) -> (HashMap<String, String>, Vec<Problem>) {
    Default::default()
}
