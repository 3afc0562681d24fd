//! One function for each byte parser, all of one shape, for `fuzz/`.

use leaksweep_catalogue::remote::Format;

use crate::{
    accounts, autostarts, browser_policies, containers, editors, extensions, interfaces, keys,
    libraries, logins, mounts, pam, processes, readers, remote, rights, services, sessions,
    sockets, system,
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
    let _ = crate::sqlite::apply_changes(&mut Vec::new(), bytes, 1 << 20);
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

pub fn sudoers(bytes: &[u8]) {
    let _ = rights::parse_sudoers(bytes);
}

pub fn doas(bytes: &[u8]) {
    let _ = rights::parse_doas(bytes);
}

/// Rules of polkit.
pub fn polkit_script(bytes: &[u8]) {
    let _ = rights::parse_polkit_script(bytes);
}

pub fn polkit_local(bytes: &[u8]) {
    let _ = rights::parse_polkit_local(bytes);
}

pub fn polkit_actions(bytes: &[u8]) {
    let _ = rights::parse_polkit_actions(bytes);
}

/// A file of `/etc/pam.d`, and `/etc/pam.conf`.
pub fn pam_rules(bytes: &[u8]) {
    let _ = (pam::parse(bytes, false), pam::parse(bytes, true));
}

pub fn authorized_keys(bytes: &[u8]) {
    let _ = keys::parse_authorized(bytes);
}

pub fn private_key(bytes: &[u8]) {
    let _ = keys::parse_private(bytes);
}

/// What the loader reads: `ld.so.preload`, `ld.so.conf`, `nsswitch.conf`, and variables.
pub fn library_rules(bytes: &[u8]) {
    let _ = (libraries::parse_preload(bytes), libraries::parse_conf(bytes));
    let _ = (libraries::parse_nsswitch(bytes), libraries::parse_variables(bytes));
}

/// `utmp`, `wtmp` and `btmp`
pub fn log_in_records(bytes: &[u8]) {
    let _ = logins::records(bytes);
}

/// One entry of `lastlog`, in both forms.
pub fn last_log(bytes: &[u8]) {
    for size in [292, 296] {
        let _ = bytes.get(..size).and_then(logins::parse_last_log);
    }
}

/// The databases of wtmpdb and lastlog2.
pub fn log_in_databases(bytes: &[u8]) {
    logins::parse_databases(bytes);
}

/// `auth.log` and `audit.log`
pub fn text_log(bytes: &[u8]) {
    let _ = logins::parse_text_log(bytes);
}

/// The history of a shell, and a start-up file that may switch it off.
pub fn shell_history(bytes: &[u8]) {
    let _ = logins::parse_history(bytes);
    let _ = logins::parse_start_up_file(bytes);
}

/// `/etc/localtime`
pub fn time_zone(bytes: &[u8]) {
    if let Some(zone) = logins::TimeZone::parse(bytes) {
        let _ = [0, i64::MIN, i64::MAX, 1 << 31].map(|time| zone.day_and_minute(time));
    }
}

/// A file of logind on a session or a user.
pub fn logind_session(bytes: &[u8]) {
    let _ = sessions::parse_logind(bytes);
}

/// A command line or a script, of which the traits are told.
pub fn traits(bytes: &[u8]) {
    let _ = crate::traits::of(&crate::name::text(bytes));
}

/// `/etc/anacrontab`
pub fn anacron(bytes: &[u8]) {
    let _ = autostarts::parse_anacron(bytes);
}

/// A job of at.
pub fn at_job(bytes: &[u8]) {
    let _ = autostarts::parse_at_job(bytes);
}

/// A service that D-Bus starts.
pub fn bus_service(bytes: &[u8]) {
    let _ = autostarts::parse_bus_service(bytes);
}

/// logrotate's configuration.
pub fn logrotate(bytes: &[u8]) {
    let _ = autostarts::parse_logrotate(bytes);
}

/// `/etc/network/interfaces`
pub fn interfaces_file(bytes: &[u8]) {
    let _ = autostarts::parse_interfaces(bytes);
}

/// What shells read, and files of variables.
pub fn profile(bytes: &[u8]) {
    let _ = autostarts::parse_profile(bytes);
    let _ = autostarts::parse_environment(bytes);
}

/// The configuration of ssh's client.
pub fn ssh_client(bytes: &[u8]) {
    let _ = autostarts::parse_ssh(bytes);
}

pub fn udev_rules(bytes: &[u8]) {
    let _ = autostarts::parse_udev_rules(bytes);
}

/// The two files of a container of Docker.
pub fn docker_container(bytes: &[u8]) {
    let middle = bytes.split(|byte| *byte == 0);
    let parts: Vec<&[u8]> = middle.take(2).collect();
    if let [first, second] = parts.as_slice() {
        let _ = containers::parse_docker(first, second);
    }
    let _ = containers::parse_docker(bytes, bytes);
}

/// Podman's list of containers.
pub fn podman_containers(bytes: &[u8]) {
    let _ = containers::parse_podman_list(bytes);
}

/// The specification of a container as the Open Container Initiative defines it.
pub fn oci_specification(bytes: &[u8]) {
    let _ = containers::parse_oci(bytes);
}

/// Containers whose files are lines: units of Podman, LXC, systemd-nspawn.
pub fn container_lines(bytes: &[u8]) {
    let _ = containers::parse_quadlet(bytes);
    let _ = containers::parse_lxc(bytes);
    let _ = containers::parse_nspawn(bytes);
}

/// Containers whose files are YAML: pods, Incus.
pub fn container_yaml(bytes: &[u8]) {
    let _ = containers::parse_pod(bytes);
    let _ = containers::parse_incus(bytes);
}

/// What VS Code keeps of its extensions.
pub fn editor_extension(bytes: &[u8]) {
    let _ = editors::parse_manifest(bytes);
    let _ = editors::parse_record(bytes);
}

/// A policy of a browser, with what each setting amounts to.
pub fn browser_policy(bytes: &[u8]) {
    let _ = browser_policies::parse(bytes);
}

/// Git's configuration.
pub fn git_config(bytes: &[u8]) {
    let _ = autostarts::parse_git_config(bytes);
}

/// APT's configuration.
pub fn apt_config(bytes: &[u8]) {
    let _ = autostarts::parse_apt(bytes);
}

/// Configuration of dpkg, macros of rpm, and Python's files of paths.
pub fn packager_lines(bytes: &[u8]) {
    let _ = autostarts::parse_dpkg(bytes);
    let _ = autostarts::parse_macros(bytes);
    let _ = autostarts::parse_python_paths(bytes);
}

/// Start-up files of editors.
pub fn editor_script(bytes: &[u8]) {
    let _ = autostarts::parse_vim(bytes);
    let _ = autostarts::parse_lua(bytes);
    let _ = autostarts::parse_emacs(bytes);
}

/// Tasks of VS Code.
pub fn editor_tasks(bytes: &[u8]) {
    let _ = autostarts::parse_tasks(bytes);
}

/// The file by which a browser finds a program.
pub fn native_messaging(bytes: &[u8]) {
    let _ = autostarts::parse_native_messaging(bytes);
}

/// cloud-init's configuration.
pub fn cloud_config(bytes: &[u8]) {
    let _ = autostarts::parse_cloud_config(bytes);
}

/// A list of APT's packages, plain or packed.
pub fn apt_list(bytes: &[u8]) {
    crate::packages::dpkg::parse_lists(bytes);
}

/// `/proc/PID/maps`
pub fn process_maps(bytes: &[u8]) {
    processes::parse_maps(bytes);
}

/// `/proc/PID/environ`
pub fn process_environ(bytes: &[u8]) {
    processes::parse_environ(bytes);
}

/// `/proc/modules`
pub fn loaded_modules(bytes: &[u8]) {
    let _ = crate::modules::loaded(bytes);
}

/// What names modules to load, and `modules.dep`.
pub fn module_names(bytes: &[u8]) {
    let _ = crate::modules::configured_names(bytes);
    let _ = crate::modules::dependencies(bytes);
}

/// The end of a module's file.
pub fn module_signature(bytes: &[u8]) {
    let _ = crate::modules::signer(bytes);
}

/// The kernel's lists with modules in brackets.
pub fn kernel_symbols(bytes: &[u8]) {
    let _ = crate::contradictions::bracketed(bytes);
}

/// `enabled_functions` of ftrace and the list of kprobes
pub fn kernel_hooks(bytes: &[u8]) {
    let _ = crate::contradictions::enabled(bytes);
    let _ = crate::contradictions::probes(bytes);
}

/// What `/proc/PID/fdinfo` tells of a BPF object
pub fn bpf_info(bytes: &[u8]) {
    crate::bpf::parse(bytes);
}

/// What the kernel answers by netlink when it is asked for sockets
pub fn socket_answer(bytes: &[u8]) {
    let _ = crate::contradictions::socket_answer(bytes);
}

/// `/proc/net/sockstat`, and the lines that it counts
pub fn socket_counts(bytes: &[u8]) {
    let _ = crate::contradictions::in_use(bytes, "TCP:");
    let _ = crate::contradictions::counted_sockets(bytes);
}

/// `/proc/PID/fdinfo/NUMBER`
pub fn descriptor_info(bytes: &[u8]) {
    let _ = readers::access(bytes);
}

/// `/proc/PID/maps`, the files in it
pub fn mapped_files(bytes: &[u8]) {
    let _ = readers::mapped_files(bytes).count();
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

/// Command lines of kernels in the configuration of every boot loader.
pub fn boot_options(bytes: &[u8]) {
    crate::boot::parse_options(bytes);
}

/// An initramfs: archives and what packs them.
pub fn boot_initramfs(bytes: &[u8]) {
    crate::boot::parse_initramfs(bytes);
}

/// An EFI program, its signatures and their certificates.
pub fn boot_efi(bytes: &[u8]) {
    crate::boot::parse_efi(bytes);
}

/// `modprobe.d`, and of what GRUB's configuration is made.
pub fn boot_rules(bytes: &[u8]) {
    let _ = crate::boot::parse_modprobe(bytes);
    let _ = crate::boot::parse_grub_parts(bytes);
}

/// Scripts that web servers run, and what the servers are told.
pub fn web_script(bytes: &[u8]) {
    crate::web::parse(bytes);
}
