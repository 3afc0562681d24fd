//! What no package brought and is ordinary all the same, because a program or a script of a package
//! makes it. Each entry is one path, or names that are bound to a file of a package; where
//! something in a file could run, its content is looked at. Never a whole folder: a file that
//! somebody planted there would be ordinary then.
//!
//! Limits: Debian's ways. A file that is read for this has at most 4 MiB; a copy at most 16 MiB.

mod generators;
mod lines;
mod links;
mod pam;

use std::path::{Path, PathBuf};

use crate::{accounts::Home, root::Root};

use lines::Lines;

pub use generators::is_generated as unit_is_generated;
pub use links::{LinkRule, rule as link_rule};
pub use pam::is_made as pam_is_made;

/// By what a file that no package brought is ordinary.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Rule {
    /// By its path: nothing in it runs.
    Data,
    /// If each line is of this kind.
    Lines(Lines),
    /// It began as a copy of this file, and people change it.
    Copy(PathBuf),
    /// A program puts a copy of this file there, and nobody changes it.
    Twin(PathBuf),
    /// It belongs to this file.
    Beside(PathBuf),
    /// The stack of PAM that pam-auth-update makes.
    Pam,
    /// A unit that one of systemd's generators makes at every start.
    Unit,
}

/// Who makes it is said beside each.
const EXACT: &[(&[&str], Rule)] = &[
    // useradd, groupadd, passwd and their kin.
    (
        &[
            "/etc/passwd",
            "/etc/passwd-",
            "/etc/shadow",
            "/etc/shadow-",
            "/etc/group",
            "/etc/group-",
            "/etc/gshadow",
            "/etc/gshadow-",
            "/etc/subuid",
            "/etc/subuid-",
            "/etc/subgid",
            "/etc/subgid-",
            "/etc/security/opasswd",
        ],
        Rule::Data,
    ),
    // update-shells; ldconfig; systemd-machine-id-setup; the installer; systemd-hwdb.
    (
        &[
            "/etc/shells",
            "/etc/ld.so.cache",
            "/etc/machine-id",
            "/etc/hostname",
            "/etc/hosts",
            "/etc/fstab",
            "/etc/udev/hwdb.bin",
            "/usr/lib/udev/hwdb.bin",
        ],
        Rule::Data,
    ),
    // grub-mkconfig and grub-install.
    (
        &[
            "/boot/grub/grub.cfg",
            "/boot/grub/grubenv",
            "/boot/grub/i386-pc/core.img",
            "/boot/grub/x86_64-efi/core.efi",
            "/boot/grub/x86_64-efi/grub.efi",
            "/boot/grub/x86_64-efi/load.cfg",
            "/boot/efi/EFI/debian/grub.cfg",
            "/boot/efi/EFI/debian/BOOTX64.CSV",
        ],
        Rule::Data,
    ),
    // The installer, and scripts of the packages libpam-runtime, locales, keyboard-configuration,
    // console-setup, initramfs-tools: variables that the system's scripts read.
    (
        &[
            "/etc/environment",
            "/etc/default/locale",
            "/etc/default/keyboard",
            "/etc/default/console-setup",
            "/etc/locale.conf",
            "/etc/vconsole.conf",
            "/etc/kernel-img.conf",
            "/etc/initramfs-tools/conf.d/resume",
            "/etc/initramfs-tools/conf.d/driver-policy",
        ],
        Rule::Lines(Lines::Variables),
    ),
    // kmod's script; it names no module.
    (&["/etc/modules"], Rule::Lines(Lines::Comments)),
    // The installer; lines of ifupdown that run something are somebody's.
    (&["/etc/network/interfaces"], Rule::Lines(Lines::Interfaces)),
    // libwrap0's script.
    (&["/etc/hosts.allow", "/etc/hosts.deny"], Rule::Lines(Lines::Access)),
    // pam-auth-update.
    (
        &[
            "/etc/pam.d/common-account",
            "/etc/pam.d/common-auth",
            "/etc/pam.d/common-password",
            "/etc/pam.d/common-session",
            "/etc/pam.d/common-session-noninteractive",
        ],
        Rule::Pam,
    ),
];

/// Copies that scripts of packages (base-files, libc-bin, readline-common) make once.
const COPIES: &[(&str, &str)] = &[
    ("/etc/profile", "/usr/share/base-files/profile"),
    ("/etc/motd", "/usr/share/base-files/motd"),
    ("/etc/nsswitch.conf", "/usr/share/libc-bin/nsswitch.conf"),
    ("/etc/inputrc", "/usr/share/readline/inputrc"),
    ("/root/.bashrc", "/usr/share/base-files/dot.bashrc"),
    ("/root/.profile", "/usr/share/base-files/dot.profile"),
];

/// Folders whose files are copies of those of the same name elsewhere: grub-install, and cups'
/// script.
const TWIN_FOLDERS: &[(&str, &str)] = &[
    ("/boot/grub/i386-pc", "/usr/lib/grub/i386-pc"),
    ("/boot/grub/x86_64-efi", "/usr/lib/grub/x86_64-efi"),
    ("/boot/grub/arm64-efi", "/usr/lib/grub/arm64-efi"),
    ("/boot/grub/fonts", "/usr/share/grub"),
    ("/usr/lib/cups/backend", "/usr/lib/cups/backend-available"),
];

/// What grub-install puts on the EFI partition, by the file's name in small letters.
const EFI: &[(&str, &str)] = &[
    ("shimx64.efi", "/usr/lib/shim/shimx64.efi.signed"),
    ("bootx64.efi", "/usr/lib/shim/shimx64.efi.signed"),
    ("mmx64.efi", "/usr/lib/shim/mmx64.efi.signed"),
    ("fbx64.efi", "/usr/lib/shim/fbx64.efi.signed"),
    ("grubx64.efi", "/usr/lib/grub/x86_64-efi-signed/grubx64.efi.signed"),
    ("shimaa64.efi", "/usr/lib/shim/shimaa64.efi.signed"),
    ("grubaa64.efi", "/usr/lib/grub/arm64-efi-signed/grubaa64.efi.signed"),
];
const SKELETON: &str = "/etc/skel";
const PROFILES: &str = "/usr/share/pam-configs";
const STACKS: &str = "/usr/share/pam";
const GENERATED_UNITS: [&str; 3] =
    ["/run/systemd/generator", "/run/systemd/generator.early", "/run/systemd/generator.late"];

/// The rule for a file at this path, its folder's links resolved.
pub fn rule(path: &Path, homes: &[Home]) -> Option<Rule> {
    let exact = EXACT.iter().find(|(paths, _)| paths.iter().any(|known| Path::new(known) == path));
    if let Some((_, rule)) = exact {
        return Some(rule.clone());
    }
    if let Some((_, source)) = COPIES.iter().find(|(copy, _)| Path::new(copy) == path) {
        return Some(Rule::Copy(source.into()));
    }
    if GENERATED_UNITS.iter().any(|folder| path.starts_with(folder)) {
        return Some(Rule::Unit);
    }
    twin(path).or_else(|| skeleton(path, homes)).or_else(|| named(path))
}

fn twin(path: &Path) -> Option<Rule> {
    let (folder, file) = (path.parent()?, path.file_name()?);
    let of_folder = TWIN_FOLDERS.iter().find(|(known, _)| Path::new(known) == folder);
    if let Some((_, source)) = of_folder {
        return Some(Rule::Twin(Path::new(source).join(file)));
    }
    let name = path.starts_with("/boot/efi/EFI").then(|| file.to_str())??.to_ascii_lowercase();
    let (_, source) = EFI.iter().find(|(known, _)| *known == name)?;
    Some(Rule::Twin(source.into()))
}

/// useradd fills a new home from there.
fn skeleton(path: &Path, homes: &[Home]) -> Option<Rule> {
    let inside = homes.iter().find_map(|home| path.strip_prefix(&home.path).ok())?;
    let hidden = inside.as_os_str().as_encoded_bytes().starts_with(b".");
    // One level: what lies deeper in a home is no copy of anything.
    let shallow = inside.components().count() == 1;
    (hidden && shallow).then(|| Rule::Copy(Path::new(SKELETON).join(inside)))
}

fn named(path: &Path) -> Option<Rule> {
    let (folder, file) = (path.parent()?, path.file_name()?.to_str()?);
    if folder == Path::new("/boot") {
        // update-initramfs makes one for each kernel.
        let version = file.strip_prefix("initrd.img-")?;
        return Some(Rule::Beside(folder.join(format!("vmlinuz-{version}"))));
    }
    // ssh-keygen, by the script of openssh-server.
    let key = file.strip_prefix("ssh_host_")?.split_once("_key");
    let kinds = ["rsa", "dsa", "ecdsa", "ed25519"];
    let is_key =
        key.is_some_and(|(kind, end)| kinds.contains(&kind) && ["", ".pub"].contains(&end));
    (folder == Path::new("/etc/ssh") && is_key).then_some(Rule::Data)
}

/// The files of packages against which this one is held.
pub fn sources(root: &Root, path: &Path, homes: &[Home]) -> Vec<PathBuf> {
    match rule(path, homes) {
        Some(Rule::Copy(source) | Rule::Twin(source) | Rule::Beside(source)) => vec![source],
        Some(Rule::Pam) => pam_sources(root, path),
        Some(Rule::Data | Rule::Lines(_) | Rule::Unit) | None => Vec::new(),
    }
}

/// The stack's frame, and every profile that may be in it.
pub fn pam_sources(root: &Root, path: &Path) -> Vec<PathBuf> {
    let frame = path.file_name().map(|name| Path::new(STACKS).join(name));
    let profiles = root.list_if_there(PROFILES).unwrap_or_default().entries.into_iter();
    let profiles =
        profiles.take(pam::MOST_PROFILES).map(|entry| Path::new(PROFILES).join(entry.name));
    frame.into_iter().chain(profiles).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn homes() -> Vec<Home> {
        vec![Home { user: "li".into(), uid: 1000, path: "/home/li".into() }]
    }

    #[test]
    fn a_path_has_its_rule_and_its_neighbour_has_none() {
        let of = |path: &str| rule(path.as_ref(), &homes());
        assert_eq!(of("/etc/passwd"), Some(Rule::Data));
        assert_eq!(of("/etc/passwd.x"), None);
        assert_eq!(of("/home/li/.bashrc"), Some(Rule::Copy("/etc/skel/.bashrc".into())));
        assert_eq!(of("/home/li/x/.bashrc"), None);
        assert_eq!(of("/home/li/run"), None);
        assert_eq!(of("/boot/initrd.img-6.1"), Some(Rule::Beside("/boot/vmlinuz-6.1".into())));
        assert_eq!(of("/etc/ssh/ssh_host_rsa_key"), Some(Rule::Data));
        assert_eq!(of("/etc/ssh/ssh_host_rsa_key.sh"), None);
        let backend = Rule::Twin("/usr/lib/cups/backend-available/usb".into());
        assert_eq!(of("/usr/lib/cups/backend/usb"), Some(backend));
        assert_eq!(of("/etc/default/cron"), None);
        assert_eq!(of("/etc/cron.d/x"), None);
    }
}
