//! Files that the hooks of those who make an initramfs name: what a hook copies, it names by its path.
//! Limits: 500 hooks of 256 KiB, 5,000 files, 500 of a folder that a hook names as a whole.

use std::path::{Path, PathBuf};

use rustix::fs::FileType;

use crate::root::Root;

const FOLDERS: [&str; 4] = [
    "/usr/share/initramfs-tools/hooks",
    "/etc/initramfs-tools/hooks",
    "/usr/lib/initcpio/install",
    "/etc/initcpio/install",
];
const MAX_HOOKS: usize = 500;
const CAP: u64 = 256 << 10;
const MAX_FILES: usize = 5_000;
const MAX_IN_FOLDER: usize = 500;
/// Whoever names one of these names everything.
const TOO_WIDE: [&str; 12] = [
    "/",
    "/bin",
    "/sbin",
    "/lib",
    "/usr/bin",
    "/usr/sbin",
    "/usr/lib",
    "/etc",
    "/usr",
    "/var",
    "/dev",
    "/usr/share",
];

/// Plain files with their sizes.
pub fn named(root: &Root) -> Vec<(PathBuf, u64)> {
    let mut found = Vec::new();
    for folder in FOLDERS {
        let hooks = root.list_if_there(folder).unwrap_or_default().entries;
        for hook in hooks.into_iter().take(MAX_HOOKS) {
            let content = root.read(Path::new(folder).join(&hook.name), CAP).unwrap_or_default();
            for path in paths(&content) {
                take(root, Path::new(&path), &mut found);
            }
        }
    }
    found
}

/// The words of a script that are paths from the root; a star at the end stands for the folder.
fn paths(content: &[u8]) -> Vec<String> {
    let text = String::from_utf8_lossy(content);
    let of_path = |c: char| c.is_ascii_alphanumeric() || "/_.+-*".contains(c);
    let words = text.split(|c: char| !of_path(c)).filter(|word| word.starts_with('/'));
    let mut paths: Vec<String> = words
        .map(|word| word.trim_end_matches(['*', '/', '.']))
        .filter(|word| !word.contains('*') && !TOO_WIDE.contains(word) && word.len() > 1)
        .map(str::to_owned)
        .collect();
    paths.sort();
    paths.dedup();
    paths
}

fn take(root: &Root, path: &Path, found: &mut Vec<(PathBuf, u64)>) {
    let Ok(stat) = root.stat(path) else { return };
    match FileType::from_raw_mode(stat.st_mode) {
        FileType::RegularFile if found.len() < MAX_FILES => {
            found.push((path.to_owned(), stat.st_size as u64));
        }
        FileType::Directory => {
            let listing = root.list(path).unwrap_or_default();
            for entry in listing.entries.into_iter().take(MAX_IN_FOLDER) {
                let path = path.join(&entry.name);
                let Ok(stat) = root.stat(&path) else { continue };
                let is_plain = FileType::from_raw_mode(stat.st_mode) == FileType::RegularFile;
                if is_plain && found.len() < MAX_FILES {
                    found.push((path, stat.st_size as u64));
                }
            }
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_in_a_hook_are_found_and_those_that_say_nothing_are_not() {
        let hook = b"cp -p /usr/lib/x/a \"${DESTDIR}/b\"\nfor src in /usr/lib/klibc/bin/*; do\n\
            copy_exec /bin /sbin/\nx=\"/a/*/b\"";
        assert_eq!(paths(hook), ["/b", "/usr/lib/klibc/bin", "/usr/lib/x/a"]);
    }
}
