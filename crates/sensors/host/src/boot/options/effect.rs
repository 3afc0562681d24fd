//! What an option of the kernel amounts to where it weakens the machine.

use super::words::Word;

/// Programs that are systemd, or what the system calls its first program.
const ORDINARY_INITS: [&str; 8] = [
    "/init",
    "/sbin/init",
    "/usr/sbin/init",
    "/bin/systemd",
    "/usr/bin/systemd",
    "/lib/systemd/systemd",
    "/usr/lib/systemd/systemd",
    "/lib/sysvinit/init",
];
/// Runlevels and words that end in a shell instead of a log-in.
const SHELLS: [&str; 12] = [
    "1",
    "s",
    "S",
    "single",
    "rescue",
    "emergency",
    "-b",
    "rd.break",
    "break",
    "rd.debug-shell",
    "systemd.debug-shell",
    "systemd.debug_shell",
];
const SHELL_UNITS: [&str; 3] = ["rescue.target", "emergency.target", "debug-shell.service"];
/// Guards against flaws of processors that `=off` or the like takes away.
const MITIGATIONS: [&str; 21] = [
    "mitigations",
    "pti",
    "kpti",
    "spectre_v2",
    "spectre_v2_user",
    "spectre_bhi",
    "spec_store_bypass_disable",
    "ssbd",
    "spec_rstack_overflow",
    "l1tf",
    "mds",
    "tsx_async_abort",
    "mmio_stale_data",
    "retbleed",
    "srbds",
    "gather_data_sampling",
    "reg_file_data_sampling",
    "indirect_target_selection",
    "tsa",
    "vmscape",
    "kvm.nx_huge_pages",
];
const MITIGATIONS_BY_NAME: [&str; 9] = [
    "nopti",
    "nokpti",
    "nospectre_v1",
    "nospectre_v2",
    "nospectre_bhb",
    "nospec_store_bypass_disable",
    "nosmep",
    "nosmap",
    "noexec",
];
const DEBUGGERS: [&str; 9] = [
    "kgdboc", "kgdboe", "ekgdboc", "kgdbdbgp", "kgdbwait", "kgdbcon", "nokaslr", "gdb", "usbdebug",
];
const GUARDS: [&str; 4] = ["apparmor", "selinux", "smack", "tomoyo"];
const SERIAL: [&str; 7] = ["ttyS", "ttyUSB", "ttyACM", "ttyAMA", "ttymxc", "ttySAC", "ttyO"];

/// The word of `host_boot_options.effect`; none where the option weakens nothing.
pub fn of(word: &Word) -> Option<&'static str> {
    let value = word.value.as_deref().unwrap_or_default();
    let off = is_off(value);
    let found = match word.name.as_str() {
        "init" | "rdinit" if !is_ordinary_init(value) => "other-init",
        "systemd.unit" | "rd.systemd.unit" if SHELL_UNITS.contains(&value) => "shell",
        "SYSTEMD_SULOGIN_FORCE" if is_on(value) => "shell",
        "systemd.setenv" if value.starts_with("SYSTEMD_SULOGIN_FORCE=") => "shell",
        name if SHELLS.contains(&name) && !off => "shell",
        "module.sig_enforce" | "modules.sig_enforce" if off => "modules-unsigned",
        "lockdown" if off => "lockdown-off",
        "apparmor" | "selinux" | "enforcing" if off => "lsm-off",
        "security" if word.value.is_some() && !is_guarded(value) => "lsm-off",
        "lsm" if !is_guarded(value) => "lsm-off",
        "audit" if off => "audit-off",
        "console" if SERIAL.iter().any(|name| value.starts_with(name)) => "serial-console",
        "iommu" | "intel_iommu" | "amd_iommu" if turns_off(value) => "iommu-off",
        "iommu.passthrough" if is_on(value) => "iommu-off",
        "ima_appraise" if matches!(value, "off" | "fix" | "log") => "integrity-off",
        "evm" if value == "fix" => "integrity-off",
        "ima" | "systemd.verity" | "rd.systemd.verity" if off => "integrity-off",
        "spec_store_bypass_disable" if value == "off" => "mitigations-off",
        name if MITIGATIONS.contains(&name) && turns_off(value) => "mitigations-off",
        "noexec" if !off => return None,
        name if MITIGATIONS_BY_NAME.contains(&name) => "mitigations-off",
        "iomem" if value == "relaxed" => "debug",
        "kgdboc" if value.is_empty() => return None,
        name if DEBUGGERS.contains(&name) && !off => "debug",
        _ => return None,
    };
    Some(found)
}

fn is_ordinary_init(value: &str) -> bool {
    // A variable of the loader stays as it is written.
    value.starts_with('$') || ORDINARY_INITS.contains(&value)
}

fn is_off(value: &str) -> bool {
    matches!(value, "0" | "n" | "N" | "no" | "off" | "false" | "none" | "disabled")
}

fn is_on(value: &str) -> bool {
    matches!(value, "1" | "y" | "Y" | "yes" | "on" | "true")
}

/// Of several words between commas one suffices.
fn turns_off(value: &str) -> bool {
    value.split(',').any(is_off)
}

fn is_guarded(value: &str) -> bool {
    value.split(',').any(|name| GUARDS.contains(&name))
}

#[cfg(test)]
mod tests {
    use super::{super::words::words, *};

    fn effect(option: &str) -> Option<&'static str> {
        of(&words(option).0[0])
    }

    #[test]
    fn what_weakens_the_machine_has_a_word() {
        let cases = [
            ("init=/bin/sh", "other-init"),
            ("init=", "other-init"),
            ("rdinit=/x", "other-init"),
            ("single", "shell"),
            ("systemd.unit=rescue.target", "shell"),
            ("systemd.debug-shell", "shell"),
            ("systemd.debug-shell=1", "shell"),
            ("break=premount", "shell"),
            ("module.sig_enforce=0", "modules-unsigned"),
            ("lockdown=none", "lockdown-off"),
            ("apparmor=0", "lsm-off"),
            ("security=", "lsm-off"),
            ("security=none", "lsm-off"),
            ("lsm=landlock,yama", "lsm-off"),
            ("mitigations=off", "mitigations-off"),
            ("l1tf=off", "mitigations-off"),
            ("nopti", "mitigations-off"),
            ("noexec=off", "mitigations-off"),
            ("audit=0", "audit-off"),
            ("console=ttyS0,115200n8", "serial-console"),
            ("kgdboc=ttyS0", "debug"),
            ("nokaslr", "debug"),
            ("intel_iommu=on,off", "iommu-off"),
            ("ima_appraise=fix", "integrity-off"),
        ];
        for (option, expected) in cases {
            assert_eq!(effect(option), Some(expected), "{option}");
        }
    }

    #[test]
    fn what_is_ordinary_has_none() {
        let ordinary = [
            "init=/sbin/init",
            "init=/lib/systemd/systemd",
            "quiet",
            "splash",
            "debug",
            "console=tty0",
            "security=apparmor",
            "security",
            "lsm=landlock,lockdown,yama,integrity,apparmor,bpf",
            "mitigations=auto,nosmt",
            "selinux=1",
            "lockdown=integrity",
            "intel_iommu=on",
            "iommu=pt",
            "systemd.unit=multi-user.target",
            "systemd.debug-shell=0",
            "ima_appraise=enforce",
            "audit=1",
        ];
        for option in ordinary {
            assert_eq!(effect(option), None, "{option}");
        }
    }
}
