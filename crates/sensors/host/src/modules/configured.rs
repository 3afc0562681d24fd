//! What names modules to be loaded at start-up, one a line: `/etc/modules`, the folders of
//! modules-load.d, and `/etc/initramfs-tools/modules`, whose lines may go on with options.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::{Path, PathBuf},
};

use leaksweep_facts::tables::host::Module;

use super::loaded::normal;
use crate::{name, reading::Reading};

const FILES: [&str; 2] = ["/etc/modules", "/etc/initramfs-tools/modules"];
const FOLDERS: [&str; 5] = [
    "/etc/modules-load.d",
    "/run/modules-load.d",
    "/usr/local/lib/modules-load.d",
    "/usr/lib/modules-load.d",
    "/usr/share/initramfs-tools/modules.d",
];
const FILE_CAP: u64 = 256 << 10;
const MOST_FILES: usize = 1000;
const MOST_NAMES: usize = 1000;
/// No module's name has more bytes.
const NAME_CAP: usize = 64;

/// Names, and the files that name them.
pub fn read(reading: &mut Reading<'_, Module>) -> BTreeMap<String, BTreeSet<String>> {
    let mut found: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    let mut seen = BTreeSet::new();
    for path in files(reading) {
        // `/etc/modules-load.d/modules.conf` is a link to `/etc/modules`.
        let real = reading.root.resolve(&path).unwrap_or_else(|_| path.clone());
        if !seen.insert(real.clone()) {
            continue;
        }
        let Some(content) = reading.content(&path, FILE_CAP, &[]) else { continue };
        for module in names(&content) {
            found.entry(module).or_default().insert(name::path(&real));
        }
    }
    found
}

fn files(reading: &mut Reading<'_, Module>) -> Vec<PathBuf> {
    let mut files: Vec<PathBuf> = FILES.iter().map(PathBuf::from).collect();
    for folder in FOLDERS {
        let folder = Path::new(folder);
        let all = folder.ends_with("modules.d");
        let entries = reading.entries(folder, MOST_FILES).into_iter();
        files.extend(
            entries.filter(|path| all || path.extension().is_some_and(|end| end == "conf")),
        );
    }
    files
}

pub fn names(content: &[u8]) -> BTreeSet<String> {
    let lines = content.split(|byte| *byte == b'\n').map(<[u8]>::trim_ascii);
    let lines = lines.filter(|line| !line.starts_with(b"#") && !line.starts_with(b";"));
    let words = lines.filter_map(|line| line.split(u8::is_ascii_whitespace).next());
    let names = words.filter(|word| !word.is_empty() && word.len() <= NAME_CAP);
    names.take(MOST_NAMES).map(|word| normal(&name::text(word))).collect()
}
