//! The plain files below folders that are served, each once.

use std::{
    collections::HashSet,
    path::{Path, PathBuf},
};

use leaksweep_facts::tables::host::WebFile;
use rustix::fs::{FileType, Stat};

use crate::reading::Reading;

const MAX_ENTRIES: usize = 200_000;
const MAX_DEPTH: usize = 16;
/// Where a link may lead that what is served goes on behind it.
const BEHIND_LINKS: [&str; 7] =
    ["/usr/share/", "/usr/lib/", "/var/lib/", "/var/www/", "/srv/", "/opt/", "/etc/"];

pub fn files(reading: &mut Reading<'_, WebFile>, folders: Vec<PathBuf>) -> Vec<(PathBuf, Stat)> {
    let mut found = Vec::new();
    let mut seen: HashSet<PathBuf> = folders.iter().cloned().collect();
    let mut todo: Vec<(PathBuf, usize)> =
        folders.into_iter().map(|folder| (folder, MAX_DEPTH)).collect();
    let mut left = MAX_ENTRIES;
    while let Some((folder, depth)) = todo.pop() {
        let mut inner = Vec::new();
        let outcome = reading.root.visit(&folder, |entry, stat| {
            left = left.saturating_sub(1);
            let path = folder.join(&entry.name);
            match entry.kind {
                FileType::RegularFile => found.extend(stat().ok().map(|stat| (path, stat))),
                FileType::Directory | FileType::Symlink => inner.push((path, entry.kind)),
                _ => {}
            }
            Ok(left > 0)
        });
        match outcome {
            // What a server is told of may be a file.
            Err(_) if reading.is_file(&folder) => {
                found.extend(reading.root.stat(&folder).ok().map(|stat| (folder.clone(), stat)));
            }
            Err(failure) if failure.is_absence() => {}
            Err(failure) => reading.failed(&folder, &[], failure),
            Ok(_) => {}
        }
        if left == 0 {
            reading.too_large(&folder, &[], format!("more than {MAX_ENTRIES} entries"));
            return found;
        }
        for (path, kind) in inner {
            let next = if kind == FileType::Symlink { behind(reading, &path) } else { Some(path) };
            todo.extend(
                next.filter(|path| depth > 0 && seen.insert(path.clone()))
                    .map(|path| (path, depth - 1)),
            );
        }
    }
    found
}

/// A folder to which a link leads.
fn behind(reading: &Reading<'_, WebFile>, link: &Path) -> Option<PathBuf> {
    let path = reading.root.resolve(link).ok()?;
    let text = path.to_str()?;
    let goes_on = BEHIND_LINKS.iter().any(|start| text.starts_with(start));
    (goes_on && reading.is_folder(&path)).then_some(path)
}
