//! One function for each byte parser, all of one shape, for `fuzz/`.

use leaksweep_catalogue::remote::Format;

use crate::{
    accounts, autostarts, extensions, interfaces, mounts, processes, remote, services, sockets,
    system,
};

/// `/proc/PID/stat`
pub fn process_stat(bytes: &[u8]) {
    let _ = processes::stat(bytes);
}

/// `/proc/PID/status`
pub fn process_status(bytes: &[u8]) {
    let _ = processes::user_ids(bytes);
}

/// `/proc/stat`
pub fn kernel_stat(bytes: &[u8]) {
    let _ = processes::boot_time(bytes);
}

/// `/proc/PID/cmdline`
pub fn process_arguments(bytes: &[u8]) {
    let _ = processes::quoted(bytes, false);
}

/// `/proc/PID/cgroup`
pub fn process_control_group(bytes: &[u8]) {
    let _ = processes::control_group(bytes).as_deref().map(processes::unit);
}

pub fn passwd(bytes: &[u8]) {
    let _ = accounts::parse_passwd(bytes);
}

pub fn shadow(bytes: &[u8]) {
    let _ = accounts::parse_shadow(bytes);
}

pub fn group(bytes: &[u8]) {
    let _ = accounts::parse_group(bytes);
}

pub fn unit(bytes: &[u8]) {
    let _ = services::parse_unit(bytes);
}

pub fn init_script(bytes: &[u8]) {
    let _ = services::parse_init_script(bytes);
}

/// `/proc/net/tcp` and all of its form
pub fn inet_sockets(bytes: &[u8]) {
    let _ = sockets::Layout("tcp").parse(bytes);
}

/// `/proc/net/unix`
pub fn unix_sockets(bytes: &[u8]) {
    let _ = sockets::unix(bytes);
}

/// `/proc/net/packet`
pub fn packet_sockets(bytes: &[u8]) {
    let _ = sockets::packet(bytes, &sockets::interface_names(bytes, bytes));
}

/// `/proc/PID/mountinfo`
pub fn mount_info(bytes: &[u8]) {
    let _ = mounts::mount_info(bytes);
}

/// `/etc/fstab`
pub fn fstab(bytes: &[u8]) {
    let _ = mounts::fstab(bytes);
}

/// `/proc/net/fib_trie` and `/proc/net/route`
pub fn ip4_addresses(bytes: &[u8]) {
    let _ = interfaces::ip4_addresses(bytes, bytes);
}

/// `/proc/net/if_inet6`
pub fn ip6_addresses(bytes: &[u8]) {
    let _ = interfaces::ip6_addresses(bytes);
}

/// `/etc/os-release`
pub fn os_release(bytes: &[u8]) {
    let _ = system::os_release(bytes);
}

/// dpkg's status file.
pub fn dpkg_status(bytes: &[u8]) {
    let _ = crate::packages::dpkg::parse(bytes, "/var/lib/dpkg/status");
}

/// dpkg's diversions.
pub fn dpkg_diversions(bytes: &[u8]) {
    crate::origins::check_diversions(bytes);
}

/// The metadata of a Python package.
pub fn python_metadata(bytes: &[u8]) {
    let _ = crate::packages::python::parse(bytes);
}

/// An npm package's `package.json`.
pub fn npm_package(bytes: &[u8]) {
    let _ = crate::packages::npm::parse(bytes);
}

/// rpm's database in the form of SQLite.
pub fn rpm_sqlite(bytes: &[u8]) {
    crate::packages::rpm::parse(bytes, "rpmdb.sqlite");
}

/// What SQLite has not yet moved into rpm's database.
pub fn rpm_changes(bytes: &[u8]) {
    crate::packages::rpm::parse_changes(bytes);
}

/// rpm's database in its own form.
pub fn rpm_ndb(bytes: &[u8]) {
    crate::packages::rpm::parse(bytes, "Packages.db");
}

/// rpm's database in the form of Berkeley DB.
pub fn rpm_berkeley(bytes: &[u8]) {
    crate::packages::rpm::parse(bytes, "Packages");
}

/// snapd's state.
pub fn snap_state(bytes: &[u8]) {
    crate::packages::snap::parse(bytes);
}

/// The manifest of a browser's extension.
pub fn extension_manifest(bytes: &[u8]) {
    let _ = extensions::parse_manifest(bytes);
}

/// The messages of a browser's extension in one language.
pub fn extension_messages(bytes: &[u8]) {
    let _ = extensions::message(bytes, "appName");
}

/// `Preferences` of Chromium.
pub fn extension_preferences(bytes: &[u8]) {
    let _ = extensions::parse_preferences(bytes);
}

/// A managed policy of Chromium or Firefox.
pub fn extension_policy(bytes: &[u8]) {
    let _ = extensions::parse_chromium_policy(bytes);
    let _ = extensions::parse_firefox_policy(bytes);
}

/// `extensions.json` of Firefox.
pub fn firefox_extensions(bytes: &[u8]) {
    let _ = extensions::parse_firefox(bytes);
}

pub fn desktop_entry(bytes: &[u8]) {
    let _ = autostarts::parse_desktop_entry(bytes);
}

/// A script of a session, or `rc.local`.
pub fn session_script(bytes: &[u8]) {
    let _ = autostarts::parse_script(bytes);
}

/// Configuration of i3, Hyprland and LXDE.
pub fn session_configuration(bytes: &[u8]) {
    let _ = autostarts::parse_i3(bytes);
    let _ = autostarts::parse_hyprland(bytes);
    let _ = autostarts::parse_lxsession(bytes);
}

pub fn crontab(bytes: &[u8]) {
    let _ = autostarts::parse_crontab(bytes, true);
    let _ = autostarts::parse_crontab(bytes, false);
}

/// `/etc/inetd.conf`
pub fn inetd(bytes: &[u8]) {
    let _ = autostarts::parse_inetd(bytes);
}

/// A file of `/etc/xinetd.d`
pub fn xinetd(bytes: &[u8]) {
    let _ = autostarts::parse_xinetd(bytes);
}

fn settings(format: Format, bytes: &[u8]) {
    remote::settings::parse(format, bytes);
}

/// `[section]` and `key=value`, in any encoding.
pub fn settings_ini(bytes: &[u8]) {
    settings(Format::Ini, bytes);
}

pub fn settings_keys(bytes: &[u8]) {
    settings(Format::Keys, bytes);
}

pub fn settings_words(bytes: &[u8]) {
    settings(Format::Words, bytes);
}

pub fn settings_shell(bytes: &[u8]) {
    settings(Format::Shell, bytes);
}

pub fn settings_toml(bytes: &[u8]) {
    settings(Format::Toml, bytes);
}

pub fn settings_json(bytes: &[u8]) {
    settings(Format::Json, bytes);
}

pub fn settings_yaml(bytes: &[u8]) {
    settings(Format::Yaml, bytes);
}

pub fn settings_xml(bytes: &[u8]) {
    settings(Format::Xml, bytes);
}

pub fn settings_teamviewer(bytes: &[u8]) {
    settings(Format::TeamViewer, bytes);
}

/// Wine's registry.
pub fn settings_registry(bytes: &[u8]) {
    settings(Format::Registry, bytes);
}

pub fn settings_sshd(bytes: &[u8]) {
    settings(Format::Sshd, bytes);
}

/// dconf's database.
pub fn settings_dconf(bytes: &[u8]) {
    settings(Format::Dconf, bytes);
}

pub fn settings_desktop(bytes: &[u8]) {
    settings(Format::Desktop, bytes);
}

pub fn settings_lines(bytes: &[u8]) {
    settings(Format::Lines, bytes);
}

/// A command line, taken apart again.
pub fn settings_command(bytes: &[u8]) {
    remote::parse_command(bytes);
}

/// `/var/lib/dpkg/info/NAME.md5sums`
pub fn dpkg_md5sums(bytes: &[u8]) {
    crate::origins::check_md5sums(bytes);
}

/// The field `Conffiles` of `/var/lib/dpkg/status`.
pub fn dpkg_conffiles(bytes: &[u8]) {
    crate::origins::check_conffiles(bytes);
}

/// `/var/lib/dpkg/alternatives/NAME`
pub fn dpkg_alternatives(bytes: &[u8]) {
    crate::origins::check_alternatives(bytes);
}

/// ucf's digests and registry.
pub fn ucf(bytes: &[u8]) {
    crate::origins::check_ucf(bytes);
}

/// The attribute `security.capability` of a file.
pub fn file_capabilities(bytes: &[u8]) {
    let _ = crate::files::parse_capabilities(bytes);
}
