//! What packages put into a folder and is not to be seen there. Reads `/var/lib/dpkg/info/*.list`, and
//! asks for each path whether something is there. 64 MiB of a list, 512 MiB of all.

use std::{collections::BTreeMap, ffi::OsStr, os::unix::ffi::OsStrExt, path::Path};

use crate::root::Root;

const LISTS: &str = "/var/lib/dpkg/info";
const LIST_CAP: u64 = 64 << 20;
const BUDGET: u64 = 512 << 20;

#[derive(Default)]
struct Count {
    there: usize,
    gone: usize,
}

/// The folders in which nothing is left of what packages put there, and how many files that was.
pub fn hidden(root: &Root, folders: &[String]) -> BTreeMap<String, usize> {
    if folders.is_empty() {
        return BTreeMap::new();
    }
    let mut counts: BTreeMap<&str, Count> = BTreeMap::new();
    let mut left = BUDGET;
    for entry in root.list(LISTS).unwrap_or_default().entries {
        let path = Path::new(LISTS).join(&entry.name);
        if path.extension() != Some(OsStr::new("list")) {
            continue;
        }
        let content = root.read(path, LIST_CAP.min(left)).unwrap_or_default();
        left = left.saturating_sub(content.len() as u64);
        for line in content.split(|byte| *byte == b'\n') {
            if let Some(folder) = folders.iter().find(|folder| below(line, folder)) {
                let count = counts.entry(folder).or_default();
                let gone = root
                    .stat_link(Path::new(OsStr::from_bytes(line)))
                    .is_err_and(|failure| failure.is_absence());
                count.gone += usize::from(gone);
                count.there += usize::from(!gone);
            }
        }
    }
    let empty = counts.into_iter().filter(|(_, count)| count.there == 0 && count.gone > 0);
    empty.map(|(folder, count)| (folder.to_owned(), count.gone)).collect()
}

/// Of a merged `/usr` packages name both forms.
fn below(line: &[u8], folder: &str) -> bool {
    let inside = |folder: &str| {
        line.strip_prefix(folder.as_bytes()).is_some_and(|rest| rest.starts_with(b"/"))
    };
    inside(folder) || folder.strip_prefix("/usr").is_some_and(inside)
}
