//! Debian's alternatives: which links they manage, and where those may lead. Reads
//! `/var/lib/dpkg/alternatives/*`: the mode, the master link, a name and link for each slave, an
//! empty line; then for each choice its path, its priority and a path for each slave.
//!
//! Limits: 4 MiB a file, 10,000 files.

use std::{
    collections::{HashMap, HashSet},
    os::unix::ffi::OsStrExt,
    path::{Path, PathBuf},
};

use super::records::Unread;
use crate::{
    name,
    packages::dpkg,
    root::{Root, TEXT_CAP},
};

const MANAGED: &str = "/etc/alternatives";
const MOST: usize = 10_000;

#[derive(Debug, Default)]
pub struct Alternatives {
    /// The link in `/etc/alternatives`, by its name, and where it may lead.
    choices: HashMap<Vec<u8>, HashSet<Vec<u8>>>,
    /// The links of which each is managed by that name.
    links: HashMap<Vec<u8>, Vec<u8>>,
    pub there: bool,
}

impl Alternatives {
    pub fn read(root: &Root, unread: &mut Vec<Unread>) -> Self {
        let folder = Path::new(dpkg::FOLDER).join("alternatives");
        let mut found = Self::default();
        let mut failed = |path: &Path, failure| {
            unread.push(Unread { subject: name::path(path), failure, owners: true });
        };
        let listing = match root.list_if_there(&folder) {
            Ok(listing) => listing,
            Err(failure) => {
                failed(&folder, failure);
                return found;
            }
        };
        for entry in listing.entries.into_iter().take(MOST) {
            let path = folder.join(&entry.name);
            match root.read(&path, TEXT_CAP) {
                Ok(content) => found.take(entry.name.as_bytes(), &content),
                Err(failure) => failed(&path, failure),
            }
        }
        found
    }

    fn take(&mut self, name: &[u8], content: &[u8]) {
        self.there = true;
        let Some(group) = parse(name, content) else { return };
        for (at, (name, link)) in group.links.iter().enumerate() {
            self.links.insert(link.to_vec(), name.to_vec());
            let choices = self.choices.entry(name.to_vec()).or_default();
            let of_link = group.choices.iter().filter_map(|paths| paths.get(at));
            choices.extend(of_link.filter(|path| !path.is_empty()).map(|path| path.to_vec()));
        }
    }

    /// Whether a link leads where its alternative says: the link itself into `/etc/alternatives`, and
    /// that one to a choice. None for a link that is no alternative's.
    pub fn allow(&self, root: &Root, link: &Path, to: &Path) -> Option<bool> {
        if let Ok(name) = link.strip_prefix(MANAGED) {
            let choices = self.choices.get(name.as_os_str().as_bytes())?;
            return Some(choices.contains(to.as_os_str().as_bytes()));
        }
        let name = to.strip_prefix(MANAGED).ok()?;
        let own = names(link).into_iter().find_map(|link| self.links.get(&link));
        let leads = || root.link(to).is_ok_and(|end| self.allow(root, to, &end) == Some(true));
        Some(own.is_some_and(|own| own == name.as_os_str().as_bytes()) && leads())
    }
}

/// A link's name, and the one that it had before `/usr` was merged.
fn names(link: &Path) -> Vec<Vec<u8>> {
    let whole = link.as_os_str().as_bytes();
    let old = whole.strip_prefix(b"/usr").map(<[u8]>::to_vec);
    std::iter::once(whole.to_vec()).chain(old).collect()
}

/// The master and its slaves, each with its link, and the paths of each choice in the same order.
struct Group<'a> {
    links: Vec<(&'a [u8], &'a [u8])>,
    choices: Vec<Vec<&'a [u8]>>,
}

/// None where the lines do not come as they should.
fn parse<'a>(name: &'a [u8], content: &'a [u8]) -> Option<Group<'a>> {
    let mut lines = content.split(|byte| *byte == b'\n');
    lines.next().filter(|mode| [&b"auto"[..], b"manual"].contains(mode))?;
    let mut links = vec![(name, lines.next()?)];
    loop {
        match lines.next()? {
            b"" => break,
            slave => links.push((slave, lines.next()?)),
        }
    }
    let mut choices = Vec::new();
    loop {
        match lines.next() {
            None | Some(b"") => return Some(Group { links, choices }),
            Some(path) => {
                lines.next()?;
                let slaves = (1..links.len()).map(|_| lines.next());
                choices.push(std::iter::once(Some(path)).chain(slaves).collect::<Option<_>>()?);
            }
        }
    }
}

/// For the fuzz target.
pub fn check(content: &[u8]) {
    Alternatives::default().take(b"name", content);
}

/// Where an alternative's link in `/etc/alternatives` would be.
pub fn is_managed(path: &Path) -> bool {
    path.starts_with(PathBuf::from(MANAGED))
}

#[cfg(test)]
mod tests {
    use super::*;

    const PAGER: &[u8] = b"auto\n/usr/bin/pager\npager.1.gz\n/man/pager.1.gz\n\n/bin/more\n50\n\
        /man/more.1.gz\n/usr/bin/less\n77\n\n\n";

    #[test]
    fn a_link_may_lead_where_its_alternative_says_and_nowhere_else() {
        let folder = tempfile::tempdir().unwrap();
        let etc = folder.path().join("etc/alternatives");
        std::fs::create_dir_all(&etc).unwrap();
        std::os::unix::fs::symlink("/usr/bin/less", etc.join("pager")).unwrap();
        let root = Root::open(folder.path()).unwrap();
        let mut alternatives = Alternatives::default();
        alternatives.take(b"pager", PAGER);
        let ask = |link: &str, to: &str| alternatives.allow(&root, link.as_ref(), to.as_ref());
        assert_eq!(ask("/etc/alternatives/pager", "/bin/more"), Some(true));
        assert_eq!(ask("/etc/alternatives/pager", "/opt/x"), Some(false));
        assert_eq!(ask("/etc/alternatives/pager.1.gz", "/man/more.1.gz"), Some(true));
        assert_eq!(ask("/usr/bin/pager", "/etc/alternatives/pager"), Some(true));
        assert_eq!(ask("/usr/bin/cat", "/etc/alternatives/pager"), Some(false));
        assert_eq!(ask("/usr/bin/pager", "/usr/bin/less"), None);
        std::fs::remove_file(etc.join("pager")).unwrap();
        std::os::unix::fs::symlink("/opt/x", etc.join("pager")).unwrap();
        assert_eq!(ask("/usr/bin/pager", "/etc/alternatives/pager"), Some(false));
    }

    #[test]
    fn what_is_cut_or_no_alternative_allows_nothing() {
        for length in 0..PAGER.len() - 2 {
            let cut = parse(b"pager", &PAGER[..length]);
            assert!(cut.is_none_or(|group| group.choices.len() < 2), "{length}");
        }
        assert!(parse(b"x", b"nonsense\n/x\n\n").is_none());
    }
}
