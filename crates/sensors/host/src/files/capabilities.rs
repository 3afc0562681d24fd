//! The capabilities that a file gives to whoever runs it: the kernel's attribute
//! `security.capability`, in each of its three versions.

/// By their numbers.
#[rustfmt::skip]
const NAMES: [&str; 41] = [
    "chown", "dac_override", "dac_read_search", "fowner", "fsetid", "kill", "setgid", "setuid",
    "setpcap", "linux_immutable", "net_bind_service", "net_broadcast", "net_admin", "net_raw",
    "ipc_lock", "ipc_owner", "sys_module", "sys_rawio", "sys_chroot", "sys_ptrace", "sys_pacct",
    "sys_admin", "sys_boot", "sys_nice", "sys_resource", "sys_time", "sys_tty_config", "mknod",
    "lease", "audit_write", "audit_control", "setfcap", "mac_override", "mac_admin", "syslog",
    "wake_alarm", "block_suspend", "audit_read", "perfmon", "bpf", "checkpoint_restore",
];
/// The length of the attribute in each version.
const LENGTHS: [(u32, usize); 3] = [(1, 12), (2, 20), (3, 24)];
const EFFECTIVE: u32 = 1;

/// `cap_setuid,cap_net_raw=ep`, one such word for each set of letters; empty where the attribute
/// gives nothing, none where it is no such attribute.
pub fn parse(attribute: &[u8]) -> Option<String> {
    let (numbers, _) = attribute.as_chunks::<4>();
    let number = |at: usize| numbers.get(at).copied().map(u32::from_le_bytes);
    let magic = number(0)?;
    let version = magic >> 24;
    if !LENGTHS.contains(&(version, attribute.len())) {
        return None;
    }
    // The upper halves came with the second version.
    let upper = |at| if version == 1 { Some(0) } else { number(at) };
    let whole = |low: u32, high: u32| u64::from(high) << 32 | u64::from(low);
    let permitted = whole(number(1)?, upper(3)?);
    let inheritable = whole(number(2)?, upper(4)?);
    let effective = magic & EFFECTIVE != 0;
    let letters = |both: &str| if effective { format!("e{both}") } else { both.to_owned() };
    let sets = [
        (permitted & inheritable, "ip"),
        (permitted & !inheritable, "p"),
        (inheritable & !permitted, "i"),
    ];
    let sets = sets.into_iter().filter(|(set, _)| *set != 0);
    let mut words: Vec<_> =
        sets.map(|(set, both)| format!("{}={}", names(set), letters(both))).collect();
    if version == 3
        && let Some(owner) = number(5).filter(|owner| *owner != 0)
    {
        words.push(format!("[rootid={owner}]"));
    }
    Some(words.join(" "))
}

fn names(set: u64) -> String {
    let numbers = (0..64).filter(|number| set >> number & 1 == 1);
    let name = |number: usize| match NAMES.get(number) {
        Some(name) => format!("cap_{name}"),
        None => format!("cap_{number}"),
    };
    numbers.map(name).collect::<Vec<_>>().join(",")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn attribute(magic: u32, rest: &[u32]) -> Vec<u8> {
        let numbers = std::iter::once(&magic).chain(rest);
        numbers.flat_map(|number| number.to_le_bytes()).collect()
    }

    #[test]
    fn the_sets_of_every_version_are_told() {
        let second = 2 << 24;
        let cases = [
            (attribute(second | 1, &[1 << 7 | 1 << 13, 0, 0, 0]), "cap_setuid,cap_net_raw=ep"),
            (attribute(second, &[1 << 10, 0, 0, 0]), "cap_net_bind_service=p"),
            (
                attribute(second | 1, &[3, 2, 1 << 7, 0]),
                "cap_dac_override=eip cap_chown,cap_bpf=ep",
            ),
            (attribute(second, &[0, 1, 0, 0]), "cap_chown=i"),
            (attribute(1 << 24 | 1, &[1, 0]), "cap_chown=ep"),
            (attribute(3 << 24 | 1, &[1, 0, 0, 0, 1000]), "cap_chown=ep [rootid=1000]"),
            (attribute(second, &[0, 0, 1 << 20, 0]), "cap_52=p"),
            (attribute(second, &[0, 0, 0, 0]), ""),
        ];
        for (bytes, expected) in cases {
            assert_eq!(parse(&bytes).as_deref(), Some(expected), "{bytes:?}");
        }
    }

    #[test]
    fn what_is_cut_or_of_another_kind_is_none() {
        let whole = attribute(2 << 24, &[1, 0, 0, 0]);
        assert!((0..20).all(|length| parse(&whole[..length]).is_none()));
        assert_eq!(parse(&attribute(4 << 24, &[1, 0, 0, 0])), None);
        assert_eq!(parse(&attribute(2 << 24, &[1, 0, 0, 0, 0])), None);
    }
}
