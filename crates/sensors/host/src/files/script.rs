//! What scripts among the files do that is seldom innocent. Limit: files up to 256 KiB, that begin
//! with `#!` or that are known to be read by a shell or by cron.

use std::path::Path;

use leaksweep_facts::Problem;

use super::TABLE;
use crate::{
    name,
    root::{Failure, Root},
    traits,
};

const CAP: u64 = 256 << 10;
const READ: [&str; 2] = ["start-up", "schedule"];

/// The traits of the file, if it is a script and not too large.
pub fn traits(
    root: &Root,
    path: &Path,
    interest: &str,
    size: u64,
    problems: &mut Vec<Problem>,
) -> Option<String> {
    if size > CAP {
        return None;
    }
    let text = text(root, path, READ.contains(&interest)).unwrap_or_else(|failure| {
        if !failure.is_absence() {
            let problem = failure.problem(TABLE, name::path(path)).in_columns(&["traits"]);
            problems.push(problem);
        }
        None
    });
    traits::of(&text?)
}

fn text(root: &Root, path: &Path, is_read: bool) -> Result<Option<String>, Failure> {
    let (begin, _) = root.head(path, 2)?;
    if begin != b"#!" && !is_read {
        return Ok(None);
    }
    let content = root.read(path, CAP)?;
    Ok((!content.contains(&0)).then(|| name::text(&content)))
}
