//! Links that no package brought and that are ordinary all the same.

use std::path::Path;

use super::GENERATED_UNITS;
use crate::accounts::Home;

/// Links that are ordinary wherever they lead: what they lead to runs nothing.
const LINKS: &[&str] = &["/etc/localtime", "/etc/mtab", "/etc/resolv.conf", "/etc/os-release"];
/// The kernel's script makes these.
const KERNEL_LINKS: &[&str] = &["/vmlinuz", "/vmlinuz.old", "/initrd.img", "/initrd.img.old"];
/// Scripts of packages mask a unit so.
const NOTHING: &str = "/dev/null";
const PACKAGED_UNITS: [&str; 3] =
    ["/lib/systemd/system", "/usr/lib/systemd/system", "/usr/lib/systemd/user"];
const UNIT_FOLDERS: [&str; 2] = ["/etc/systemd/system", "/etc/systemd/user"];
const OWN_UNITS: &str = ".config/systemd/user";
const LEVELS: [&str; 8] = ["0", "1", "2", "3", "4", "5", "6", "S"];

/// By what a link that no package brought is ordinary.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LinkRule {
    /// By its path.
    Fixed,
    /// If what it leads to is.
    Follows,
}

pub fn rule(path: &Path, written: &Path, homes: &[Home]) -> Option<LinkRule> {
    let is = |paths: &[&str]| paths.iter().any(|known| Path::new(known) == path);
    let masks = written == Path::new(NOTHING)
        && path
            .parent()
            .is_some_and(|folder| PACKAGED_UNITS.iter().any(|of| folder == Path::new(of)));
    if is(LINKS) || masks {
        return Some(LinkRule::Fixed);
    }
    let follows = is(KERNEL_LINKS) || is_enabled_unit(path, homes) || is_start_link(path, written);
    follows.then_some(LinkRule::Follows)
}

/// systemctl enables, names and masks units by links in these folders.
fn is_enabled_unit(path: &Path, homes: &[Home]) -> bool {
    let Some(folder) = path.parent() else { return false };
    let wanted = ["wants", "requires", "upholds"];
    let of_unit = |folder: &&Path| {
        folder.extension().is_some_and(|end| wanted.iter().any(|known| end == *known))
    };
    let above = Some(folder).filter(of_unit).and_then(Path::parent).unwrap_or(folder);
    let generated =
        GENERATED_UNITS.iter().chain(&UNIT_FOLDERS).any(|known| above == Path::new(known));
    generated || homes.iter().any(|home| above == home.path.join(OWN_UNITS))
}

/// update-rc.d links a script into each level: `/etc/rc2.d/S01cron` to `../init.d/cron`.
fn is_start_link(path: &Path, written: &Path) -> bool {
    let (Some(folder), Some(name)) =
        (path.parent(), path.file_name().and_then(|name| name.to_str()))
    else {
        return false;
    };
    let is_level = |level: &&str| folder == Path::new(&format!("/etc/rc{level}.d"));
    let script = name.strip_prefix(['S', 'K']).and_then(|name| name.split_at_checked(2));
    let script = script.filter(|(number, _)| number.bytes().all(|byte| byte.is_ascii_digit()));
    let leads = |(_, script): (&str, &str)| written == Path::new("../init.d").join(script);
    LEVELS.iter().any(is_level) && script.is_some_and(leads)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_links_that_enable_something_follow_it() {
        let homes = [Home { user: "li".into(), uid: 1000, path: "/home/li".into() }];
        let of = |path: &str, to: &str| rule(path.as_ref(), to.as_ref(), &homes);
        let follows = Some(LinkRule::Follows);
        assert_eq!(of("/etc/systemd/system/a.target.wants/b.service", "/lib/b.service"), follows);
        assert_eq!(of("/etc/systemd/system/b.service", "/dev/null"), follows);
        assert_eq!(of("/home/li/.config/systemd/user/b.service", "/x"), follows);
        assert_eq!(of("/etc/systemd/system/b.service.d/b.conf", "/x"), None);
        assert_eq!(of("/usr/lib/systemd/system/b.service", "/dev/null"), Some(LinkRule::Fixed));
        assert_eq!(of("/usr/lib/systemd/system/b.service", "/opt/b"), None);
        assert_eq!(of("/etc/rc2.d/S01cron", "../init.d/cron"), follows);
        assert_eq!(of("/etc/rc2.d/S01cron", "../init.d/other"), None);
        assert_eq!(of("/etc/rc2.d/S01cron", "/opt/cron"), None);
        assert_eq!(of("/etc/rc9.d/S01cron", "../init.d/cron"), None);
        assert_eq!(of("/etc/localtime", "/usr/share/zoneinfo/UTC"), Some(LinkRule::Fixed));
        assert_eq!(of("/usr/local/bin/ls", "/usr/bin/nc"), None);
    }
}
