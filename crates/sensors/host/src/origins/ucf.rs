//! Configuration that maintainer scripts of Debian hand to ucf, which asks before it replaces what
//! somebody changed. Reads `/var/lib/ucf/hashfile` (a digest and a path a line: the content as the
//! package last brought it) and `registry` (a package and a path). 4 MiB each.

use std::{collections::HashMap, os::unix::ffi::OsStrExt, path::Path};

use super::records::Unread;
use crate::{
    digest::{Algorithm, Sum},
    name,
    root::{Root, TEXT_CAP},
};

const FOLDER: &str = "/var/lib/ucf";

#[derive(Debug, Default)]
pub struct Ucf {
    sums: HashMap<Vec<u8>, Sum>,
    packages: HashMap<Vec<u8>, String>,
}

impl Ucf {
    pub fn read(root: &Root, unread: &mut Vec<Unread>) -> Self {
        let mut read = |name: &str| {
            let path = format!("{FOLDER}/{name}");
            root.read_if_there(&path, TEXT_CAP).unwrap_or_else(|failure| {
                unread.push(Unread { subject: path, failure, owners: true });
                None
            })
        };
        let (sums, packages) = (read("hashfile"), read("registry"));
        Self::parse(&sums.unwrap_or_default(), &packages.unwrap_or_default())
    }

    fn parse(sums: &[u8], packages: &[u8]) -> Self {
        let sum = |(digits, path): (&[u8], &[u8])| {
            Some((path.to_vec(), Sum::parse(Algorithm::Md5, digits)?))
        };
        let package = |(package, path): (&[u8], &[u8])| (path.to_vec(), name::text(package));
        Self {
            sums: lines(sums).filter_map(sum).collect(),
            packages: lines(packages).map(package).collect(),
        }
    }

    pub fn sum(&self, path: &Path) -> Option<&Sum> {
        self.sums.get(path.as_os_str().as_bytes())
    }

    pub fn package(&self, path: &Path) -> Option<&String> {
        self.packages.get(path.as_os_str().as_bytes())
    }
}

/// A word, and the path after it, of each line.
fn lines(content: &[u8]) -> impl Iterator<Item = (&[u8], &[u8])> {
    content.split(|byte| *byte == b'\n').filter_map(|line| {
        let space = line.iter().position(u8::is_ascii_whitespace)?;
        let (word, rest) = line.split_at(space);
        let path = rest.trim_ascii();
        path.starts_with(b"/").then_some((word, path))
    })
}

/// For the fuzz target.
pub fn check(content: &[u8]) {
    Ucf::parse(content, content);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_file_has_the_digest_and_the_package_that_ucf_knows() {
        let sums = b"900150983cd24fb0d6963f7d28e17f72  /etc/ssh/sshd_config\nshort  /etc/x\n\n";
        let ucf = Ucf::parse(sums, b"openssh-server\t/etc/ssh/sshd_config\n");
        let path = Path::new("/etc/ssh/sshd_config");
        assert_eq!(ucf.sum(path).unwrap().to_string(), "md5:900150983cd24fb0d6963f7d28e17f72");
        assert_eq!(ucf.package(path).unwrap(), "openssh-server");
        assert_eq!(ucf.sum(Path::new("/etc/x")), None);
    }
}
