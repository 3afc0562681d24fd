//! What `/proc/PID/status` says of rights: the capabilities that count now, and who traces it.

/// By their numbers, as capability.h has them.
const NAMES: [&str; 41] = [
    "cap_chown",
    "cap_dac_override",
    "cap_dac_read_search",
    "cap_fowner",
    "cap_fsetid",
    "cap_kill",
    "cap_setgid",
    "cap_setuid",
    "cap_setpcap",
    "cap_linux_immutable",
    "cap_net_bind_service",
    "cap_net_broadcast",
    "cap_net_admin",
    "cap_net_raw",
    "cap_ipc_lock",
    "cap_ipc_owner",
    "cap_sys_module",
    "cap_sys_rawio",
    "cap_sys_chroot",
    "cap_sys_ptrace",
    "cap_sys_pacct",
    "cap_sys_admin",
    "cap_sys_boot",
    "cap_sys_nice",
    "cap_sys_resource",
    "cap_sys_time",
    "cap_sys_tty_config",
    "cap_mknod",
    "cap_lease",
    "cap_audit_write",
    "cap_audit_control",
    "cap_setfcap",
    "cap_mac_override",
    "cap_mac_admin",
    "cap_syslog",
    "cap_wake_alarm",
    "cap_block_suspend",
    "cap_audit_read",
    "cap_perfmon",
    "cap_bpf",
    "cap_checkpoint_restore",
];

/// The effective set, a bit for each capability.
pub fn effective(status: &[u8]) -> Option<u64> {
    u64::from_str_radix(value(status, b"CapEff:")?, 16).ok()
}

/// Their names, separated by spaces; none for an empty set.
pub fn names(set: u64) -> Option<String> {
    let known = NAMES.iter().enumerate().filter(|(bit, _)| set >> bit & 1 == 1);
    let mut names: Vec<String> = known.map(|(_, name)| (*name).to_owned()).collect();
    let newer = (NAMES.len()..64).filter(|bit| set >> bit & 1 == 1);
    names.extend(newer.map(|bit| format!("cap_{bit}")));
    (!names.is_empty()).then(|| names.join(" "))
}

/// The process that traces it; none where none does.
pub fn tracer(status: &[u8]) -> Option<i64> {
    value(status, b"TracerPid:")?.parse().ok().filter(|pid| *pid > 0)
}

/// The name stands in the first line and cannot hold a line break there.
fn value<'a>(status: &'a [u8], key: &[u8]) -> Option<&'a str> {
    let line = status.split(|byte| *byte == b'\n').find_map(|line| line.strip_prefix(key))?;
    Some(std::str::from_utf8(line).ok()?.trim())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sets_become_names() {
        assert_eq!(names(0), None);
        assert_eq!(names(1 << 21 | 1 << 13).unwrap(), "cap_net_raw cap_sys_admin");
        assert_eq!(names(1 << 40 | 1 << 41).unwrap(), "cap_checkpoint_restore cap_41");
        assert_eq!(names(u64::MAX).unwrap().split(' ').count(), 64);
    }

    #[test]
    fn a_name_forges_neither_set_nor_tracer() {
        let status = b"Name:\tCapEff:\\nTracerPid:\t9\nTracerPid:\t0\nCapEff:\t0000000000200000\n";
        assert_eq!(tracer(status), None);
        assert_eq!(effective(status), Some(1 << 21));
        assert_eq!(tracer(b"Name:\tx\nTracerPid:\t77\n"), Some(77));
        assert_eq!(effective(b"CapEff:\txyz\n"), None);
        assert_eq!(effective(b"CapEff:\t\xff\n"), None);
        assert_eq!(effective(b""), None);
    }
}
