//! Paths, where each record knows no more than its parent: ext, XFS, JFFS2, UBIFS.
//! At most [`MOST_FOLDERS`] folders with [`MOST_BYTES`] of names; a chain of parents is followed [`DEEPEST`] steps, so a
//! loop ends too.

use std::collections::HashMap;

use super::{MOST_FILES, fields::part, tell::LONGEST_PATH};

const MOST_FOLDERS: usize = MOST_FILES;
const MOST_BYTES: usize = 24 * 1024 * 1024;
const DEEPEST: usize = 256;

/// Folders by their numbers, each with its parent's number and its name.
pub struct Paths {
    root: u64,
    folders: HashMap<u64, (u64, Box<str>)>,
    held: usize,
}

impl Paths {
    pub fn new(root: u64) -> Self {
        Self { root, folders: HashMap::new(), held: 0 }
    }

    /// The first parent and name that are told of a folder stand. Whether these do.
    pub fn add(&mut self, folder: u64, parent: u64, name: &str) -> bool {
        let full = self.folders.len() >= MOST_FOLDERS || self.held + name.len() > MOST_BYTES;
        if full || self.knows(folder) {
            return false;
        }
        self.held += name.len();
        self.folders.insert(folder, (parent, name.into()));
        true
    }

    pub fn knows(&self, folder: u64) -> bool {
        folder == self.root || self.folders.contains_key(&folder)
    }

    /// The path of what has this name in the folder `parent`; below `?` where the way to the root is not known.
    pub fn path(&self, parent: u64, name: &str) -> String {
        let mut parts = vec![name];
        let (mut at, mut length) = (parent, name.len());
        while at != self.root {
            let known =
                self.folders.get(&at).filter(|_| parts.len() < DEEPEST && length < LONGEST_PATH);
            let Some((above, name)) = known else {
                parts.push("?");
                break;
            };
            length += name.len() + 1;
            parts.push(name);
            at = *above;
        }
        parts.reverse();
        parts.join("/")
    }
}

/// A foreign name as part of a path.
pub fn name(foreign: &[u8]) -> String {
    part(&String::from_utf8_lossy(foreign))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_lead_to_the_root_or_below_a_question_mark() {
        let mut paths = Paths::new(2);
        assert!(
            paths.add(11, 2, "扫描") && paths.add(12, 11, "jobs") && !paths.add(12, 2, "again")
        );
        assert!(paths.add(20, 21, "b") && paths.add(21, 20, "a") && !paths.add(2, 20, "root"));
        assert_eq!(paths.path(2, "a.pdf"), "a.pdf");
        assert_eq!(paths.path(12, "a.pdf"), "扫描/jobs/a.pdf");
        assert_eq!(paths.path(99, "a.pdf"), "?/a.pdf");
        assert!(paths.path(20, "a.pdf").starts_with("?/"));
        assert!(paths.path(20, "a.pdf").len() < 2 * LONGEST_PATH);
        assert_eq!(name(b"a/b\xFFc"), "a\u{FFFD}b\u{FFFD}c");
    }
}
