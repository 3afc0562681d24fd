//! For what a descriptor was opened. Reads `/proc/PID/fdinfo/NUMBER`.

/// O_PATH: it names a file and cannot read it.
const NAMES_ONLY: u32 = 0o10_000_000;
const ACCESS: u32 = 3;

/// `read`, `write` or `both`; none where the descriptor reads nothing at all.
pub fn access(content: &[u8]) -> Option<&'static str> {
    let mut lines = content.split(|byte| *byte == b'\n');
    let Some(line) = lines.find_map(|line| line.strip_prefix(b"flags:")) else {
        return Some("read");
    };
    let text = std::str::from_utf8(line).unwrap_or_default();
    let flags = u32::from_str_radix(text.trim(), 8).unwrap_or_default();
    match flags & ACCESS {
        _ if flags & NAMES_ONLY != 0 => None,
        1 => Some("write"),
        2 => Some("both"),
        _ => Some("read"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_descriptor_may_is_in_its_flags() {
        for (flags, expected) in [
            ("0100000", Some("read")),
            ("02100001", Some("write")),
            ("0100002", Some("both")),
            ("012000000", None),
            ("", Some("read")),
            ("9", Some("read")),
            ("777777777777777777777", Some("read")),
        ] {
            let content = format!("pos:\t0\nflags:\t{flags}\nmnt_id:\t29\n");
            assert_eq!(access(content.as_bytes()), expected, "{flags}");
        }
        assert_eq!(access(b"\xff"), Some("read"));
    }
}
