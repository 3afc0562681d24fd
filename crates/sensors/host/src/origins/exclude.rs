//! Files that dpkg was told not to unpack, as images without documentation do: `path-exclude` and
//! `path-include` in `/etc/dpkg/dpkg.cfg.d/*` and `/etc/dpkg/dpkg.cfg`; of several that match the
//! last counts. Limits: 4 MiB a file; sets of characters (`[a-z]`) in a pattern are not known.

use std::path::Path;

use leaksweep_facts::glob;

use crate::{
    name,
    root::{Root, TEXT_CAP},
};

const FOLDER: &str = "/etc/dpkg/dpkg.cfg.d";
const FILE: &str = "/etc/dpkg/dpkg.cfg";

#[derive(Debug, Default)]
pub struct Excluded {
    /// Each pattern, and whether it leaves out or takes in.
    patterns: Vec<(String, bool)>,
}

impl Excluded {
    /// What cannot be read excludes nothing: a file is then missing that should be.
    pub fn read(root: &Root) -> Self {
        let parts = root.list_if_there(FOLDER).unwrap_or_default().entries.into_iter();
        let parts = parts.map(|entry| Path::new(FOLDER).join(entry.name));
        let mut excluded = Self::default();
        for path in parts.chain([FILE.into()]) {
            let content = root.read_if_there(&path, TEXT_CAP).ok().flatten().unwrap_or_default();
            excluded.take(&name::text(&content));
        }
        excluded
    }

    fn take(&mut self, content: &str) {
        for line in content.lines().map(str::trim) {
            let word = line.find(|c: char| c == '=' || c.is_whitespace()).unwrap_or(line.len());
            let (key, rest) = line.split_at(word);
            let pattern = rest.trim_matches(|c: char| c == '=' || c.is_whitespace() || c == '"');
            let out = match key {
                "path-exclude" => true,
                "path-include" => false,
                _ => continue,
            };
            self.patterns.push((pattern.to_owned(), out));
        }
    }

    pub fn has(&self, path: &str) -> bool {
        let matching = self.patterns.iter().rfind(|(pattern, _)| glob(pattern, path));
        matching.is_some_and(|(_, out)| *out)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_several_patterns_the_last_counts() {
        let mut excluded = Excluded::default();
        excluded.take("# x\npath-exclude=/usr/share/doc/*\npath-include /usr/share/doc/*/copyright\nno-debsig\n");
        assert!(excluded.has("/usr/share/doc/a/changelog.gz"));
        assert!(!excluded.has("/usr/share/doc/a/copyright"));
        assert!(!excluded.has("/usr/bin/a"));
    }
}
