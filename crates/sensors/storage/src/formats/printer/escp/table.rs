//! What sequences there are, and how long they are.

/// A sequence: how many bytes it has with what its own bytes say follows, and what follows further.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sequence {
    /// So many bytes.
    Plain(usize),
    /// Begins or ends a job: `ESC @`.
    Reset,
    /// Head, and bytes of data behind it.
    Data(usize, u64),
    /// Head, and bytes that runs unpack to.
    Runs(usize, u64),
    /// `ESC ( R` opens remote commands, up to `ESC 0 0 0`.
    Remote(usize, u64),
    /// Settings of Canon's between `BJLSTART` and `BJLEND`, in lines.
    Settings(usize),
    /// A line of `@EJL` up to its end.
    Line(usize),
    /// Numbers up to a zero.
    List(usize),
}

fn two(seen: &[u8], at: usize) -> Option<u64> {
    Some(u16::from_le_bytes(*seen.get(at..)?.first_chunk()?).into())
}

/// The sequence at `seen`, whose first byte is `ESC`.
pub fn escape(seen: &[u8]) -> Option<Sequence> {
    use Sequence::{Data, Line, List, Plain, Remote, Reset, Settings};
    let code = *seen.get(1)?;
    Some(match code {
        b'@' => Reset,
        b'(' => {
            let count = two(seen, 3)?;
            match *seen.get(2)? {
                b'R' => Remote(5, count),
                b'A'..=b'Z' | b'a'..=b'z' | b'-' | b'^' | b'$' | b'\\' | b'/' | b'0'..=b'9' => {
                    Data(5, count)
                }
                _ => return None,
            }
        }
        b'[' if seen.starts_with(b"\x1b[K\x02\x00\x00\x1fBJLSTART\n") => Settings(16),
        b'[' => match *seen.get(2)? {
            b'A'..=b'Z' | b'a'..=b'z' | b'\\' | b'@' | b'`' => Data(5, two(seen, 3)?),
            _ => return None,
        },
        b'.' => picture(seen)?,
        b'i' => lines(seen)?,
        b'*' => columns(seen)?,
        b'K' | b'L' | b'Y' | b'Z' => Data(4, two(seen, 2)?),
        b'^' => Data(5, two(seen, 3)? * 2),
        // ESC/P-R: a class, a length of four bytes, and a name.
        b'd' | b'j' | b'p' | b'q' | b'u' if is_name(seen.get(6..10)) => {
            let count = u32::from_le_bytes(*seen.get(2..)?.first_chunk()?);
            Data(10, count.into())
        }
        1 if seen.get(2..6) == Some(b"@EJL") => Line(6),
        b'C' if seen.get(2) == Some(&0) => Plain(4),
        b'D' | b'B' => List(2),
        b'b' => List(3),
        b'$' | b'\\' | b'c' | b'd' | b'e' | b'f' | b':' => Plain(if code == b':' { 5 } else { 4 }),
        b'J' | b'3' | b'A' | b'+' | b'U' | b'r' | b'l' | b'Q' | b'x' | b'k' | b't' | b'R'
        | b'S' => Plain(3),
        b'W' | b'p' | b'!' | b'-' | b'a' | b'N' | b'w' | b's' | b'I' | 0x19 | b' ' | b'/'
        | b'%' => Plain(3),
        b'C' | b'h' | b'm' | b'j' | b'V' | b'_' => Plain(3),
        // Canon's has a value behind it, which is 0 or 1.
        b'5' if matches!(seen.get(2), Some(0 | 1)) => Plain(3),
        b'0'
        | b'1'
        | b'2'
        | b'4'..=b'9'
        | b'E'
        | b'F'
        | b'G'
        | b'H'
        | b'M'
        | b'O'
        | b'P'
        | b'T'
        | b'g' => Plain(2),
        b'#' | b'=' | b'<' | b'>' | 0x0E | 0x0F => Plain(2),
        _ => return None,
    })
}

fn is_name(four: Option<&[u8]>) -> bool {
    four.is_some_and(|name| name.iter().all(u8::is_ascii_alphanumeric))
}

/// `ESC . packed v h rows columns`: a picture of so many rows, each of so many points.
fn picture(seen: &[u8]) -> Option<Sequence> {
    let (packed, rows) = (*seen.get(2)?, u64::from(*seen.get(5)?));
    let bytes = rows * two(seen, 6)?.div_ceil(8);
    match packed {
        0 => Some(Sequence::Data(8, bytes)),
        1 => Some(Sequence::Runs(8, bytes)),
        _ => None,
    }
}

/// `ESC i colour packed bits bytes rows`.
fn lines(seen: &[u8]) -> Option<Sequence> {
    let [packed, bits] = *seen.get(3..5)?.first_chunk()?;
    let bytes = two(seen, 5)? * two(seen, 7)?;
    match (packed, bits) {
        (0, 1 | 2 | 4 | 8) => Some(Sequence::Data(9, bytes)),
        (1, 1 | 2 | 4 | 8) => Some(Sequence::Runs(9, bytes)),
        _ => None,
    }
}

/// `ESC * density columns`: of 8, 24 or 48 needles.
fn columns(seen: &[u8]) -> Option<Sequence> {
    let each = match *seen.get(2)? {
        0..=7 => 1,
        32..=40 | 64..=69 => 3,
        70..=73 => 6,
        _ => return None,
    };
    Some(Sequence::Data(5, two(seen, 3)? * each))
}

/// How many sequences hold together from the first byte on.
pub fn count(seen: &[u8]) -> u32 {
    let mut at = if seen.starts_with(&[0, 0, 0, 0x1B, 1]) { 3 } else { 0 };
    let mut held = 0;
    while let Some(here) = seen.get(at..).filter(|here| !here.is_empty()) {
        let step = match here[0] {
            0x1B => match escape(here) {
                Some(Sequence::Plain(bytes)) => bytes,
                Some(Sequence::Reset) => 2,
                Some(Sequence::Data(head, bytes)) => head + bytes as usize,
                Some(Sequence::Remote(head, bytes)) if bytes <= 16 => {
                    return held + remote(here, head + bytes as usize);
                }
                // What runs long enough to pass what is seen is a picture behind real commands.
                Some(Sequence::Runs(..)) => return held + 2,
                Some(Sequence::Line(_) | Sequence::Settings(_)) => return held + 4,
                Some(Sequence::List(head)) => {
                    head + here
                        .iter()
                        .skip(head)
                        .take(33)
                        .position(|byte| *byte == 0)
                        .unwrap_or(1 << 20)
                        + 1
                }
                _ => return held,
            },
            b'\r' | b'\n' | 0x0C | 0x0F | 0x12 => {
                at += 1;
                continue;
            }
            0x1C => 3,
            _ => return held,
        };
        at = at.saturating_add(step);
        held += 1;
        if at >= seen.len() {
            break;
        }
    }
    held
}

fn remote(here: &[u8], at: usize) -> u32 {
    let is_command =
        here.get(at..at + 2).is_some_and(|name| name.iter().all(u8::is_ascii_uppercase));
    let ends = here.get(at..at + 3).is_some_and(|end| end == [0x1B, 0, 0]);
    let class = here.get(at) == Some(&0x1B);
    if is_command || ends || class { 4 } else { 0 }
}
