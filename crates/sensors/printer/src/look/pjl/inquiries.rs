//! What is sent: inquiries alone, each line of it from this list, between two universal exits. Nothing of it prints, sets, reads
//! or writes a file, or ends up on paper in a printer that knows PJL.

/// The universal exit, which ends whatever language is spoken.
pub const EXIT: &[u8] = b"\x1b%-12345X";

/// What stands at the end of the first and of the second half, to be echoed.
pub const FIRST_MARK: &str = "leaksweep 1";
pub const LAST_MARK: &str = "leaksweep 2";

/// Asked first; only who answers it is asked more.
const FIRST: &[&str] = &["INFO ID"];

const REST: &[&str] = &[
    "INFO CONFIG",
    "INFO FILESYS",
    "INFO STATUS",
    "DINQUIRE PASSWORD",
    "INQUIRE PASSWORD",
    "DINQUIRE CPLOCK",
    "INQUIRE CPLOCK",
    "DINQUIRE DISKLOCK",
    "INQUIRE DISKLOCK",
    "INFO VARIABLES",
];

pub fn first() -> Vec<u8> {
    enclosed(FIRST, FIRST_MARK)
}

pub fn rest() -> Vec<u8> {
    enclosed(REST, LAST_MARK)
}

fn enclosed(questions: &[&str], mark: &str) -> Vec<u8> {
    let mut bytes = EXIT.to_vec();
    for question in questions {
        bytes.extend_from_slice(format!("@PJL {question}\r\n").as_bytes());
    }
    bytes.extend_from_slice(format!("@PJL ECHO {mark}\r\n").as_bytes());
    bytes.extend_from_slice(EXIT);
    bytes
}

/// Whether the mark came back: everything before it was answered.
pub fn echoed(got: &[u8], mark: &str) -> bool {
    let sought = format!("@PJL ECHO {mark}");
    got.windows(sought.len()).any(|window| window == sought.as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_inquiries_are_sent_between_universal_exits() {
        for bytes in [first(), rest()] {
            let inner = bytes.strip_prefix(EXIT).unwrap().strip_suffix(EXIT).unwrap();
            let text = std::str::from_utf8(inner).unwrap();
            assert!(text.ends_with("\r\n"));
            for line in text.lines() {
                let words: Vec<_> = line.split(' ').collect();
                assert_eq!(words[0], "@PJL");
                assert!(["INFO", "INQUIRE", "DINQUIRE", "ECHO"].contains(&words[1]), "{line}");
            }
        }
    }

    #[test]
    fn the_mark_is_known_wherever_it_stands() {
        assert!(echoed(b"x\x0c@PJL ECHO leaksweep 2\r\n\x0c", LAST_MARK));
        assert!(!echoed(b"@PJL ECHO leaksweep 1\r\n\x0c", LAST_MARK));
        assert!(!echoed(b"", LAST_MARK));
    }
}
