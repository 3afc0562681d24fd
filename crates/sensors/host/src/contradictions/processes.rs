//! Processes that some way shows and the listing of `/proc` does not.

use std::collections::BTreeSet;

use leaksweep_facts::{Observed, tables::host::Contradiction};

use super::{
    ROUNDS, TABLE, add,
    census::Census,
    pause, row,
    view::{self, Shown},
};
use crate::{
    machine::Kernel,
    name,
    root::{Failure, TEXT_CAP},
};

const LISTING: &str = "/proc";

pub fn look(
    kernel: &Kernel,
    alive: Option<&dyn Fn(i64) -> bool>,
    seen: &mut Observed<Contradiction>,
) {
    match hidden(kernel, alive) {
        Ok(shown) => add(seen, shown.into_iter().map(|one| contradiction(kernel, one)).collect()),
        Err(failure) => seen.problem(failure.of_required().problem(TABLE, LISTING)),
    }
}

fn hidden(kernel: &Kernel, alive: Option<&dyn Fn(i64) -> bool>) -> Result<Shown, Failure> {
    let census = Census::take(&kernel.proc)?;
    let mut suspects = view::all(kernel, &census, alive);
    for _ in 0..ROUNDS {
        suspects.retain(|number, _| !of_listed(kernel, &census, *number));
        if suspects.is_empty() {
            break;
        }
        pause();
        suspects = again(kernel, alive, &suspects)?;
    }
    Ok(suspects)
}

/// What is shown both before and after a listing that does not have it.
fn again(
    kernel: &Kernel,
    alive: Option<&dyn Fn(i64) -> bool>,
    suspects: &Shown,
) -> Result<Shown, Failure> {
    let numbers: BTreeSet<i64> = suspects.keys().copied().collect();
    let before = view::some(kernel, &Census::take(&kernel.proc)?, alive, &numbers);
    let census = Census::take(&kernel.proc)?;
    let after = view::some(kernel, &census, alive, &numbers);
    let both = before.into_iter().filter_map(|(number, ways)| {
        let ways: BTreeSet<_> = ways.intersection(after.get(&number)?).copied().collect();
        (!ways.is_empty() && !of_listed(kernel, &census, number)).then_some((number, ways))
    });
    Ok(both.collect())
}

/// Listed itself, or a thread of a process that is: such a thread may just have begun.
fn of_listed(kernel: &Kernel, census: &Census, number: i64) -> bool {
    census.lists(number)
        || status(kernel, number, "Tgid:")
            .and_then(|process| process.parse().ok())
            .is_some_and(|process: i64| process != number && census.lists(process))
}

fn status(kernel: &Kernel, number: i64, key: &str) -> Option<String> {
    let content = kernel.proc.head(format!("{number}/status"), TEXT_CAP as usize).ok()?.0;
    let line =
        content.split(|byte| *byte == b'\n').find_map(|line| line.strip_prefix(key.as_bytes()))?;
    Some(name::text(line.trim_ascii()))
}

fn contradiction(kernel: &Kernel, (pid, ways): (i64, BTreeSet<&'static str>)) -> Contradiction {
    let mut ways: Vec<&str> = ways.into_iter().collect();
    let name = status(kernel, pid, "Name:");
    if name.is_some() {
        ways.push("/proc/PID/status");
    }
    let detail = match name {
        Some(name) => format!("the process '{name}' is there and not listed"),
        None => "a process takes signals or is in a control group, and /proc denies it".into(),
    };
    let ways = ways.join(" ");
    let row = row("process", format!("process {pid}"), (&ways, LISTING), detail, "certain");
    Contradiction { pid: Some(pid), ..row }
}
