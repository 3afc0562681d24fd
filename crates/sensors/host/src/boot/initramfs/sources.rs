//! From which files on disk a member of an initramfs may have been copied: the same path, with or
//! without `/usr`, and the folders of those who make such archives (initramfs-tools, dracut,
//! mkinitcpio). Limits: 5,000 files of dracut's modules; a hook of one's own that copies a file to
//! another path is not known.

use std::{
    collections::HashMap,
    ffi::{OsStr, OsString},
    os::unix::ffi::OsStrExt,
    path::{Path, PathBuf},
};

use rustix::fs::FileType;

use crate::root::{Root, components};

/// Where members lie that are copied with their path below another folder.
const BASES: [&str; 6] = [
    "usr/share/initramfs-tools",
    "etc/initramfs-tools",
    "usr/lib/initcpio",
    "etc/initcpio",
    "usr/lib/dracut",
    "usr/share/dracut",
];
const DRACUT: &str = "/usr/lib/dracut/modules.d";
const MAX_DRACUT: usize = 5_000;
const MAX_DEPTH: usize = 3;
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

/// What may be needed for every member, looked up once.
#[derive(Debug, Default)]
pub struct Sources {
    /// The files of dracut's modules by their names.
    dracut: HashMap<OsString, Vec<PathBuf>>,
}

impl Sources {
    pub fn look(root: &Root) -> Self {
        let mut sources = Self::default();
        let mut left = MAX_DRACUT;
        sources.gather(root, Path::new(DRACUT), MAX_DEPTH, &mut left);
        sources
    }

    fn gather(&mut self, root: &Root, folder: &Path, depth: usize, left: &mut usize) {
        let listing = root.list(folder).unwrap_or_default();
        for entry in listing.entries {
            let path = folder.join(&entry.name);
            if entry.kind == FileType::Directory && depth > 0 {
                self.gather(root, &path, depth - 1, left);
            } else if entry.kind == FileType::RegularFile && *left > 0 {
                *left -= 1;
                self.dracut.entry(entry.name).or_default().push(path);
            }
        }
    }

    /// Files on disk that a member may be a copy of, the likeliest first.
    pub fn of(&self, member: &Path) -> Vec<PathBuf> {
        let mut found = Vec::new();
        let first = member.components().next().map(|first| first.as_os_str().to_owned());
        let own = first.is_some_and(|first| OWN.iter().any(|name| first == *name));
        if !own {
            found.push(Path::new("/").join(member));
            found.extend(member.strip_prefix("usr").ok().map(|short| Path::new("/").join(short)));
            found.push(Path::new("/usr").join(member));
        }
        found.extend(BASES.iter().map(|base| Path::new("/").join(base).join(member)));
        let renamed = RENAMED.iter().filter(|(inner, _)| member == Path::new(inner));
        found.extend(renamed.map(|(_, path)| Path::new("/").join(path)));
        found.extend(self.of_dracut(member));
        found
    }

    /// A hook of dracut has a number before the name that it has in its module.
    fn of_dracut(&self, member: &Path) -> Vec<PathBuf> {
        let name = member.file_name().unwrap_or_default().as_bytes();
        let digits = name.iter().take_while(|byte| byte.is_ascii_digit()).count();
        let short = name.get(digits..).and_then(|rest| rest.strip_prefix(b"-"));
        let names = [Some(name), short.filter(|_| digits > 0)];
        let files = names.into_iter().flatten().map(OsStr::from_bytes);
        files.filter_map(|name| self.dracut.get(name)).flatten().cloned().collect()
    }
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
