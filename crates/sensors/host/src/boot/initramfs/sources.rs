//! From which files on disk a member of an initramfs may have been copied: the same path, with or
//! without `/usr`, and the folders of those who make such archives (initramfs-tools, dracut,
//! mkinitcpio), and what their hooks name. Limits: 5,000 files of dracut's modules.

use std::{
    collections::HashMap,
    ffi::{OsStr, OsString},
    os::unix::ffi::OsStrExt,
    path::{Path, PathBuf},
};

use rustix::fs::FileType;

use super::hooks;
use crate::root::{Root, TEXT_CAP, components};

/// Where members lie that are copied with their path below another folder.
const BASES: [&str; 6] = [
    "usr/share/initramfs-tools",
    "etc/initramfs-tools",
    "usr/lib/initcpio",
    "etc/initcpio",
    "usr/lib/dracut",
    "usr/share/dracut",
];
const DRACUT: &str = "/usr/lib/dracut";
const MAX_DRACUT: usize = 5_000;
const MAX_DEPTH: usize = 4;
/// What dracut writes for what stands in its rules for udev.
const WRITTEN: [(&str, &str); 2] = [
    ("IMPORT{builtin}=\"blkid\"", "IMPORT BLKID"),
    ("IMPORT{builtin}=\"path_id\"", "IMPORT PATH_ID"),
];
/// What the root of an initramfs has that the root of a machine does not: the same path on disk
/// explains nothing.
const OWN: [&str; 6] = ["init", "scripts", "conf", "hooks", "cryptroot", "kernel"];
/// Members that have another path on disk.
const RENAMED: [(&str, &str); 9] = [
    ("buildconfig", "etc/mkinitcpio.conf"),
    ("init", "usr/lib/dracut/modules.d/99base/init.sh"),
    ("usr/lib/initrd-release", "etc/initrd-release"),
    ("etc/lvm/lvm.conf", "usr/share/initramfs-tools/lvm.conf"),
    ("etc/dropbear/dropbear.conf", "etc/dropbear/initramfs/dropbear.conf"),
    ("etc/dropbear/dropbear_rsa_host_key", "etc/dropbear/initramfs/dropbear_rsa_host_key"),
    ("etc/dropbear/dropbear_ecdsa_host_key", "etc/dropbear/initramfs/dropbear_ecdsa_host_key"),
    ("etc/dropbear/dropbear_ed25519_host_key", "etc/dropbear/initramfs/dropbear_ed25519_host_key"),
    ("etc/dhcp/dhclient.conf", "etc/dhcp/dhclient.conf"),
];

/// By these somebody may log in before the disk is unlocked.
const LOG_IN_KEYS: [&str; 2] =
    ["/etc/dropbear/initramfs/authorized_keys", "/etc/dropbear-initramfs/authorized_keys"];

/// What may be needed for every member, looked up once.
#[derive(Debug, Default)]
pub struct Sources {
    /// The files of dracut's modules and those that hooks name, by their names.
    by_name: HashMap<OsString, Vec<PathBuf>>,
    /// The same by their sizes: a copy may have another name.
    by_size: HashMap<u64, Vec<PathBuf>>,
}

/// Files of which a member may be a copy.
#[derive(Debug, Default)]
pub struct Likely {
    /// Where it ought to be: another file there means that the member was changed.
    pub expected: Vec<PathBuf>,
    /// Where it may come from all the same.
    pub others: Vec<PathBuf>,
}

impl Sources {
    pub fn look(root: &Root) -> Self {
        let mut sources = Self::default();
        let mut left = MAX_DRACUT;
        sources.gather(root, Path::new(DRACUT), MAX_DEPTH, &mut left);
        for (path, size) in hooks::named(root) {
            sources.add(path, size);
        }
        sources
    }

    fn add(&mut self, path: PathBuf, size: u64) {
        let name = path.file_name().unwrap_or_default().to_owned();
        self.by_name.entry(name).or_default().push(path.clone());
        self.by_size.entry(size).or_default().push(path);
    }

    fn gather(&mut self, root: &Root, folder: &Path, depth: usize, left: &mut usize) {
        let listing = root.list(folder).unwrap_or_default();
        for entry in listing.entries {
            let path = folder.join(&entry.name);
            if entry.kind == FileType::Directory && depth > 0 {
                self.gather(root, &path, depth - 1, left);
            } else if entry.kind == FileType::RegularFile && *left > 0 {
                *left -= 1;
                let size = root.stat(&path).map(|stat| stat.st_size as u64).unwrap_or_default();
                self.add(path, size);
            }
        }
    }

    /// Files on disk that a member may be a copy of, the likeliest first.
    pub fn of(&self, member: &Path, size: u64) -> Likely {
        let mut found = Vec::new();
        let first = member.components().next().map(|first| first.as_os_str().to_owned());
        let own = first.is_some_and(|first| OWN.iter().any(|name| first == *name));
        if !own {
            found.push(Path::new("/").join(member));
            found.extend(member.strip_prefix("usr").ok().map(|short| Path::new("/").join(short)));
            found.push(Path::new("/usr").join(member));
            found.extend(of_program(member));
        }
        found.extend(BASES.iter().map(|base| Path::new("/").join(base).join(member)));
        let renamed = RENAMED.iter().filter(|(inner, _)| member == Path::new(inner));
        found.extend(renamed.map(|(_, path)| Path::new("/").join(path)));
        if member.ends_with(".ssh/authorized_keys") {
            found.extend(LOG_IN_KEYS.iter().map(PathBuf::from));
        }
        let mut others = self.of_name(member);
        others.extend(self.by_size.get(&size).into_iter().flatten().cloned());
        Likely { expected: found, others }
    }

    /// Whether it is a rule of dracut's in which dracut replaced its own words.
    pub fn is_written(&self, root: &Root, member: &Path, content: &[u8]) -> bool {
        if member.extension().is_none_or(|ending| ending != "rules") {
            return false;
        }
        let mut text = String::from_utf8_lossy(content).into_owned();
        for (written, word) in WRITTEN {
            text = text.replace(written, word);
        }
        let is_source =
            |path: &PathBuf| root.read(path, TEXT_CAP).is_ok_and(|it| it == text.as_bytes());
        self.of_name(member).iter().any(is_source)
    }

    /// A hook of dracut has a number before the name that it has in its module.
    fn of_name(&self, member: &Path) -> Vec<PathBuf> {
        let name = member.file_name().unwrap_or_default().as_bytes();
        let digits = name.iter().take_while(|byte| byte.is_ascii_digit()).count();
        let short = name.get(digits..).and_then(|rest| rest.strip_prefix(b"-"));
        let names = [Some(name), short.filter(|_| digits > 0)];
        let files = names.into_iter().flatten().map(OsStr::from_bytes);
        files.filter_map(|name| self.by_name.get(name)).flatten().cloned().collect()
    }
}

/// A program may lie in another folder of programs.
fn of_program(member: &Path) -> Vec<PathBuf> {
    let folder = member.parent().and_then(Path::file_name);
    let is_program = folder.is_some_and(|folder| folder == "bin" || folder == "sbin");
    let Some(name) = member.file_name().filter(|_| is_program) else { return Vec::new() };
    ["/usr/bin", "/usr/sbin"].map(|folder| Path::new(folder).join(name)).into()
}

/// The path inside the archive, from its root and without `..`.
pub fn inside(name: &[u8]) -> PathBuf {
    let mut path = PathBuf::new();
    for component in components(Path::new(OsStr::from_bytes(name))) {
        if component == ".." {
            path.pop();
        } else {
            path.push(component);
        }
    }
    path
}
