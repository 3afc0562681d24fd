use crate::{Time, table};

table! {
    /// What starts programs by itself beside the services: in a user's session, by the clock, at start-up, or when
    /// somebody connects; one row for each command line.
    #[table("host_autostarts", version = 2)]
    pub struct Autostart {
        /// `xdg` (entries of the desktop), `session` (scripts and configuration of a graphical session), `cron`, `at`,
        /// `rc.local`, `inetd` (xinetd too), `profile` (what shells read), `completion` (of shells), `motd`, `udev`,
        /// `network` (scripts of NetworkManager, networkd-dispatcher, ifupdown, DHCP and ppp), `dbus`, `generator` (of
        /// systemd), `menu` (a desktop entry that stands before another of its name), `pam` (programs that log-ins run),
        /// `modprobe`, `initramfs` (hooks that go into it), `kernel` (scripts run when kernels are installed), `packager`
        /// (hooks of package managers), `maintainer` (scripts of packages that do something seldom innocent), `git`,
        /// `editor`, `native-messaging` (programs that browsers may start), `cloud-init`, `container`, `ssh`, `logrotate`,
        /// `sleep` (on suspend and resume), `python` (what every Python runs when it starts) or `web`.
        pub way: String,
        /// What sets it off: `boot`, `log-in`, `shell`, `desktop`, `clock`, `device`, `network`, `connection`, `message`,
        /// `package`, `module`, `kernel`, `command` (a person uses a program that reads it), `browser`, `sleep`.
        pub event: String,
        /// With whose rights it runs; null for what starts in the session of every user.
        pub user: Option<String>,
        /// The entry's name: the desktop entry's file, the service of inetd, otherwise the name of the file.
        pub name: String,
        /// The file that says so.
        pub path: String,
        /// The line in that file; null where the file as a whole is the entry.
        pub line: Option<i64>,
        /// When: cron's five fields, `@reboot`, `@daily`; of a desktop entry the desktops that alone start it
        /// (`in GNOME`), or that do not (`not in KDE`); of an editor its event (`on VimEnter`, `on folderOpen`); of
        /// cloud-init `once for each instance`. Null where it always starts with the session or the machine.
        pub schedule: Option<String>,
        /// The command line. Values of options and variables whose names say that they are secret (`--password`,
        /// `API_TOKEN=`), and passwords in addresses, are `***`. It ends after 4,096 bytes.
        pub command: String,
        /// The first program that it runs: its path, if it is found in the usual folders, otherwise the word as it is.
        pub program: Option<String>,
        /// Whether it starts: not hidden, not switched off, allowed to run. Whether the daemon that reads the entry
        /// (cron, inetd) runs is not weighed.
        pub starts: bool,
        /// What the command does that is seldom innocent, separated by spaces: `reverse-shell`, `bind-shell`, `download`
        /// (fetches and runs), `decode` (unpacks hidden text and runs it), `temporary` (runs from a folder for temporary
        /// files), `hidden` (runs from a hidden folder), `preload`, `account`, `key`, `set-uid`, `silent` (drops its output
        /// and detaches), `interpreter` (code in the command line itself); null where none was seen.
        pub traits: Option<String>,
        /// The package that owns the file.
        pub package: Option<String>,
        /// Where the file comes from, as in host_files.
        pub origin: Option<String>,
        /// The package that owns the program.
        pub program_package: Option<String>,
        /// Where the program comes from, as in host_files.
        pub program_origin: Option<String>,
        /// When the file was last changed.
        pub modified: Option<Time>,
    }
}
