//! Modules that some list has and `/proc/modules` has not, and the other way round; and taint of the
//! kernel that no module explains.

use std::collections::{BTreeMap, BTreeSet};

use leaksweep_facts::{Observed, tables::host::Contradiction};

use super::{LIST_CAP, ROUNDS, TABLE, add, pause, row, symbols::bracketed};
use crate::{
    machine::Kernel,
    modules::{Loaded, loaded},
    root::{Failure, Root, TEXT_CAP},
};

const LISTING: &str = "/proc/modules";
const FOLDERS: &str = "/sys/module";
const USERS: &str = "/proc/modules(users)";
/// Whose file, and how the sensor calls it.
const SYMBOLS: &str = "/proc/kallsyms";
const FUNCTIONS: &str = "/sys/kernel/tracing/available_filter_functions";
const TAINTED: &str = "/proc/sys/kernel/tainted";
/// Modules that are gone and whose taint has stayed.
const GONE: &str = "kernel/debug/modules/unloaded_tainted_modules";

/// The kernel's bits and the words of the table of modules.
const TAINTS: [(u32, &str); 2] = [(12, "out-of-tree"), (13, "unsigned")];

type Shown = BTreeMap<String, BTreeSet<&'static str>>;

pub fn look(kernel: &Kernel, seen: &mut Observed<Contradiction>) {
    let found = match compare(kernel) {
        Ok(Some(found)) => found,
        // A kernel without modules.
        Ok(None) => return,
        Err(failure) => return seen.problem(failure.problem(TABLE, LISTING)),
    };
    add(seen, found);
    add(seen, taints(kernel));
}

fn compare(kernel: &Kernel) -> Result<Option<Vec<Contradiction>>, Failure> {
    let Some(list) = read(kernel)? else { return Ok(None) };
    let mut unlisted = without(shown(kernel, &list, true), &list);
    let mut unshown = bare(kernel, &list);
    for _ in 0..ROUNDS {
        if unlisted.is_empty() && unshown.is_empty() {
            break;
        }
        pause();
        let long = unlisted.values().any(|ways| ways.contains(SYMBOLS) || ways.contains(FUNCTIONS));
        let before = read(kernel)?.unwrap_or_default();
        let first = shown(kernel, &before, long);
        let folders = bare(kernel, &before);
        let list = read(kernel)?.unwrap_or_default();
        let second = shown(kernel, &list, long);
        unlisted = both(&both(&unlisted, &without(first, &list)), &without(second, &list));
        unshown.retain(|name| folders.contains(name) && list.iter().any(|one| one.name == *name));
    }
    let hidden = unlisted.into_iter().map(|(name, ways)| {
        let ways = ways.into_iter().collect::<Vec<_>>().join(" ");
        let detail = "a module is part of the kernel and is not listed";
        row("module", name, (&ways, LISTING), detail, "certain")
    });
    let bare = unshown.into_iter().map(|name| {
        let detail = "a listed module has no folder";
        row("module", name, (LISTING, FOLDERS), detail, "certain")
    });
    Ok(Some(hidden.chain(bare).collect()))
}

fn read(kernel: &Kernel) -> Result<Option<Vec<Loaded>>, Failure> {
    match kernel.proc.head("modules", TEXT_CAP as usize) {
        Ok((content, _)) => Ok(Some(loaded(&content))),
        Err(failure) if failure.is_absence() => Ok(None),
        Err(failure) => Err(failure),
    }
}

/// What each list has. The long ones are read again only where they showed something.
fn shown(kernel: &Kernel, list: &[Loaded], long: bool) -> Shown {
    let mut shown = Shown::new();
    let mut take = |way: &'static str, names: BTreeSet<String>| {
        for name in names {
            shown.entry(name).or_default().insert(way);
        }
    };
    take(FOLDERS, folders(kernel));
    take(USERS, list.iter().flat_map(|one| one.users.iter().cloned()).collect());
    if long {
        take(SYMBOLS, bracketed(&content(&kernel.proc, "kallsyms")));
        take(
            FUNCTIONS,
            bracketed(&content(&kernel.sys, "kernel/tracing/available_filter_functions")),
        );
    }
    shown
}

/// A list that is refused or not there shows nothing: one more way to look is lost, and no more.
fn content(root: &Root, path: &str) -> Vec<u8> {
    root.head(path, LIST_CAP).unwrap_or_default().0
}

/// What is built into the kernel has a folder too, and no state.
fn folders(kernel: &Kernel) -> BTreeSet<String> {
    let entries = kernel.sys.list_if_there("module").unwrap_or_default().entries;
    let names = entries.iter().filter_map(|entry| entry.name.to_str());
    names.filter(|name| state(kernel, name)).map(str::to_owned).collect()
}

fn state(kernel: &Kernel, name: &str) -> bool {
    kernel.sys.read(format!("module/{name}/initstate"), TEXT_CAP).is_ok()
}

/// Listed modules without a folder, where folders are shown at all.
fn bare(kernel: &Kernel, list: &[Loaded]) -> BTreeSet<String> {
    if folders(kernel).is_empty() {
        return BTreeSet::new();
    }
    let bare = list.iter().filter(|one| !state(kernel, &one.name));
    bare.map(|one| one.name.clone()).collect()
}

fn without(mut shown: Shown, list: &[Loaded]) -> Shown {
    let listed: BTreeSet<&String> = list.iter().map(|one| &one.name).collect();
    shown.retain(|name, _| !listed.contains(name));
    shown
}

fn both(one: &Shown, other: &Shown) -> Shown {
    let common = one.iter().filter_map(|(name, ways)| {
        let ways: BTreeSet<_> = ways.intersection(other.get(name)?).copied().collect();
        (!ways.is_empty()).then(|| (name.clone(), ways))
    });
    common.collect()
}

/// Taint stays when its module goes, so this is a trace and no proof.
fn taints(kernel: &Kernel) -> Vec<Contradiction> {
    let tainted = kernel.proc.read("sys/kernel/tainted", TEXT_CAP).unwrap_or_default();
    let text = String::from_utf8_lossy(&tainted);
    let Ok(bits) = text.trim().parse::<u64>() else { return Vec::new() };
    let list = read(kernel).ok().flatten().unwrap_or_default();
    let gone = kernel.sys.head(GONE, TEXT_CAP as usize).unwrap_or_default().0;
    if !gone.trim_ascii().is_empty() {
        return Vec::new();
    }
    let unexplained = TAINTS.iter().filter(|(bit, word)| {
        bits >> bit & 1 == 1
            && !list.iter().any(|one| one.taints.split(' ').any(|had| had == *word))
    });
    let rows = unexplained.map(|(_, word)| {
        let detail = "an earlier module, or one that hides, has tainted the kernel so";
        row("module", format!("taint {word}"), (TAINTED, LISTING), detail, "possible")
    });
    rows.collect()
}
