//! Configuration that packages of dpkg brought, and its digests as delivered: the field `Conffiles`
//! of each stanza of `/var/lib/dpkg/status`, lines of a path, an MD5 digest and perhaps `obsolete` or
//! `remove-on-upgrade`. A package that was removed and not purged keeps them.

use leaksweep_facts::Reason;

use crate::{
    digest::{Algorithm, Sum},
    packages::dpkg,
    root::{Failure, Root},
};

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Conffile<'a> {
    pub package: &'a [u8],
    pub path: &'a [u8],
    /// None while the package's installation is not finished.
    pub sum: Option<Sum>,
    /// Whether the package is there, and not only its configuration.
    pub installed: bool,
}

/// The status files of which there may be conffiles, and what could not be read.
pub fn content(root: &Root) -> (Vec<Vec<u8>>, Vec<(String, Failure)>) {
    let path = format!("{}/status", dpkg::FOLDER);
    match root.read_if_there(&path, dpkg::STATUS_CAP) {
        Ok(content) => (content.into_iter().collect(), Vec::new()),
        // The lists of owners say so already.
        Err(failure) if failure.reason == Reason::Vanished => (Vec::new(), Vec::new()),
        Err(failure) => (Vec::new(), vec![(path, failure)]),
    }
}

pub fn parse(content: &[u8]) -> Vec<Conffile<'_>> {
    let mut found = Vec::new();
    let (mut package, mut installed, mut inside): (&[u8], _, _) = (b"", false, false);
    for line in content.split(|byte| *byte == b'\n') {
        if inside && line.starts_with(b" ") {
            let conffile = |(path, sum)| Conffile { package, path, sum, installed };
            found.extend(entry(line).map(conffile));
            continue;
        }
        inside = line.eq_ignore_ascii_case(b"Conffiles:");
        if let Some(name) = value(line, b"package:") {
            (package, installed) = (name, false);
        } else if let Some(status) = value(line, b"status:") {
            installed = !status.ends_with(b" config-files") && !status.ends_with(b" not-installed");
        }
    }
    found
}

fn value<'a>(line: &'a [u8], key: &[u8]) -> Option<&'a [u8]> {
    let (start, rest) = line.split_at_checked(key.len())?;
    start.eq_ignore_ascii_case(key).then(|| rest.trim_ascii())
}

fn entry(line: &[u8]) -> Option<(&[u8], Option<Sum>)> {
    let mut line = line.trim_ascii();
    for flag in [&b" obsolete"[..], b" remove-on-upgrade"] {
        line = line.strip_suffix(flag).unwrap_or(line);
    }
    let space = memchr::memrchr(b' ', line)?;
    let (path, digits) = line.split_at(space);
    path.starts_with(b"/").then(|| (path, Sum::parse(Algorithm::Md5, digits.trim_ascii())))
}

/// For the fuzz target.
pub fn check(content: &[u8]) {
    parse(content);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_conffile_has_its_package_and_its_digest() {
        let content = b"Package: a\nStatus: install ok installed\nConffiles:\n \
            /etc/a b 900150983cd24fb0d6963f7d28e17f72\n /etc/old 900150983cd24fb0d6963f7d28e17f72 \
            obsolete\n /etc/new newconffile\n /etc/x newconffile remove-on-upgrade\nDescription: x\n \
            /etc/not 900150983cd24fb0d6963f7d28e17f72\n\nPackage: gone\nStatus: deinstall ok \
            config-files\nConffiles:\n /etc/g 900150983cd24fb0d6963f7d28e17f72\n nonsense\n";
        let found = parse(content);
        let told: Vec<_> =
            found.iter().map(|c| (c.package, c.path, c.sum.is_some(), c.installed)).collect();
        let expected: [(&[u8], &[u8], bool, bool); 5] = [
            (b"a", b"/etc/a b", true, true),
            (b"a", b"/etc/old", true, true),
            (b"a", b"/etc/new", false, true),
            (b"a", b"/etc/x", false, true),
            (b"gone", b"/etc/g", true, false),
        ];
        assert_eq!(told, expected);
    }
}
