//! Which folders, and how their files come to run.

/// How a folder's files come to run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Runs {
    /// As programs, which must be allowed to run.
    Programs,
    /// As programs; of one name the first folder's alone.
    FirstOfName,
    /// A shell reads them.
    Read,
    /// A shell reads them when it completes a command that a person types.
    Completes,
}

use Runs::{Completes, FirstOfName, Programs, Read};

/// A way, what sets it off, the user, how the files run, and the folders. `/**` stands for the folder
/// and those in it.
pub type Place = (&'static str, &'static str, Option<&'static str>, Runs, &'static [&'static str]);

pub const ROOT: Option<&str> = Some("root");
pub const SYSTEM: [Place; 20] = [
    ("motd", "log-in", ROOT, Programs, &["/etc/update-motd.d", "/usr/lib/update-motd.d"]),
    (
        "generator",
        "boot",
        ROOT,
        FirstOfName,
        &[
            "/run/systemd/system-generators",
            "/etc/systemd/system-generators",
            "/usr/local/lib/systemd/system-generators",
            "/usr/lib/systemd/system-generators",
            "/lib/systemd/system-generators",
        ],
    ),
    (
        "generator",
        "boot",
        ROOT,
        FirstOfName,
        &[
            "/run/systemd/system-environment-generators",
            "/etc/systemd/system-environment-generators",
            "/usr/local/lib/systemd/system-environment-generators",
            "/usr/lib/systemd/system-environment-generators",
            "/lib/systemd/system-environment-generators",
        ],
    ),
    (
        "generator",
        "log-in",
        None,
        FirstOfName,
        &[
            "/run/systemd/user-generators",
            "/etc/systemd/user-generators",
            "/usr/local/lib/systemd/user-generators",
            "/usr/lib/systemd/user-generators",
        ],
    ),
    (
        "generator",
        "log-in",
        None,
        FirstOfName,
        &[
            "/run/systemd/user-environment-generators",
            "/etc/systemd/user-environment-generators",
            "/usr/local/lib/systemd/user-environment-generators",
            "/usr/lib/systemd/user-environment-generators",
        ],
    ),
    (
        "network",
        "network",
        ROOT,
        Programs,
        &["/etc/NetworkManager/dispatcher.d/**", "/usr/lib/NetworkManager/dispatcher.d/**"],
    ),
    (
        "network",
        "network",
        ROOT,
        Programs,
        &["/etc/networkd-dispatcher/**", "/usr/lib/networkd-dispatcher/**"],
    ),
    (
        "network",
        "network",
        ROOT,
        Programs,
        &[
            "/etc/network/if-pre-up.d",
            "/etc/network/if-up.d",
            "/etc/network/if-down.d",
            "/etc/network/if-post-down.d",
            "/etc/ppp/ip-pre-up.d",
            "/etc/ppp/ip-up.d",
            "/etc/ppp/ip-down.d",
            "/etc/ppp/ipv6-up.d",
            "/etc/ppp/ipv6-down.d",
            "/etc/resolvconf/update.d",
            "/etc/resolvconf/update-libc.d",
            "/etc/vpnc/connect.d",
            "/etc/vpnc/post-connect.d",
        ],
    ),
    (
        "network",
        "network",
        ROOT,
        Read,
        &[
            "/etc/dhcp/dhclient-enter-hooks.d",
            "/etc/dhcp/dhclient-exit-hooks.d",
            "/usr/lib/dhcpcd/dhcpcd-hooks",
            "/lib/dhcpcd/dhcpcd-hooks",
        ],
    ),
    (
        "sleep",
        "sleep",
        ROOT,
        Programs,
        &[
            "/etc/systemd/system-sleep",
            "/usr/lib/systemd/system-sleep",
            "/lib/systemd/system-sleep",
            "/etc/pm/sleep.d",
            "/etc/pm/power.d",
            "/usr/lib/pm-utils/sleep.d",
            "/usr/lib/pm-utils/power.d",
            "/etc/apm/**",
        ],
    ),
    (
        "kernel",
        "kernel",
        ROOT,
        FirstOfName,
        &["/etc/kernel/install.d", "/run/kernel/install.d", "/usr/lib/kernel/install.d"],
    ),
    (
        "kernel",
        "kernel",
        ROOT,
        Programs,
        &[
            "/etc/kernel/preinst.d",
            "/etc/kernel/postinst.d",
            "/etc/kernel/prerm.d",
            "/etc/kernel/postrm.d",
            "/etc/kernel/header_postinst.d",
            "/usr/share/kernel/preinst.d",
            "/usr/share/kernel/postinst.d",
            "/usr/share/kernel/prerm.d",
            "/usr/share/kernel/postrm.d",
        ],
    ),
    (
        "initramfs",
        "kernel",
        ROOT,
        Programs,
        &[
            "/etc/initramfs-tools/hooks",
            "/usr/share/initramfs-tools/hooks",
            "/etc/initramfs/post-update.d",
        ],
    ),
    (
        "initramfs",
        "boot",
        ROOT,
        Programs,
        &["/etc/initramfs-tools/scripts/**", "/usr/share/initramfs-tools/scripts/**"],
    ),
    (
        "initramfs",
        "kernel",
        ROOT,
        Read,
        &[
            "/etc/initramfs-tools/conf.d",
            "/usr/share/initramfs-tools/conf.d",
            "/etc/dracut.conf.d",
            "/usr/lib/dracut/dracut.conf.d",
            "/usr/lib/dracut/modules.d/**",
        ],
    ),
    ("completion", "shell", None, Completes, &["/etc/bash_completion.d", "/etc/fish/completions"]),
    (
        "completion",
        "shell",
        None,
        Completes,
        &[
            "/usr/local/share/bash-completion/completions",
            "/usr/share/bash-completion/completions",
            "/usr/local/share/zsh/site-functions",
            "/usr/share/zsh/vendor-functions",
            "/usr/share/zsh/vendor-completions",
            "/usr/local/share/fish/vendor_completions.d",
            "/usr/share/fish/vendor_completions.d",
        ],
    ),
    ("session", "desktop", None, Read, &["/etc/X11/Xsession.d", "/etc/X11/xinit/xinitrc.d"]),
    (
        "session",
        "desktop",
        ROOT,
        Programs,
        &["/etc/gdm3/Init", "/etc/gdm3/PostLogin", "/etc/gdm3/PreSession", "/etc/gdm3/PostSession"],
    ),
    (
        "network",
        "network",
        ROOT,
        Programs,
        &["/etc/wpa_supplicant", "/etc/sysconfig/network-scripts"],
    ),
];

/// Single files that are started or read.
pub const FILES: [(&str, &str, Runs); 16] = [
    ("network", "/etc/dhcp/dhclient-enter-hooks", Read),
    ("network", "/etc/dhcp/dhclient-exit-hooks", Read),
    ("network", "/etc/dhcpcd.enter-hook", Read),
    ("network", "/etc/dhcpcd.exit-hook", Read),
    ("network", "/etc/ppp/ip-pre-up", Programs),
    ("network", "/etc/ppp/ip-up", Programs),
    ("network", "/etc/ppp/ip-down", Programs),
    ("network", "/etc/ppp/ip-up.local", Programs),
    ("network", "/etc/ppp/ip-down.local", Programs),
    ("network", "/etc/ppp/ipv6-up", Programs),
    ("network", "/etc/ppp/ipv6-down", Programs),
    ("network", "/sbin/ifup-local", Programs),
    ("network", "/sbin/ifdown-local", Programs),
    ("initramfs", "/etc/dracut.conf", Read),
    ("initramfs", "/etc/initramfs-tools/initramfs.conf", Read),
    ("session", "/etc/X11/xinit/xinitrc", Read),
];
pub const OWN: [&str; 4] = [
    ".local/share/bash-completion/completions",
    ".config/fish/completions",
    ".local/share/fish/vendor_completions.d",
    ".zsh/completions",
];
