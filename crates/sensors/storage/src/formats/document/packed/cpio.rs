//! CPIO in the portable forms `newc`, `crc` and `odc`: member after member to the one called `TRAILER!!!`, and the padding to 512 bytes that
//! is there.

use super::{archive, cut};
use crate::Stretch;
use crate::formats::{Format, Proof, Signature, Walked};

pub static CPIO: Format = Format {
    kind: archive("cpio", "cpio"),
    signatures: &[Signature::new(b"07070")],
    looks,
    walk,
    texts: None,
    picture: None,
};

fn looks(bytes: &[u8]) -> bool {
    member(bytes).is_some()
}

/// The lengths of a member's header, name and bytes; and to what its parts are padded.
fn member(bytes: &[u8]) -> Option<(u64, u64, u64, u64)> {
    let field = |from: usize, count: usize, radix| {
        let digits = std::str::from_utf8(bytes.get(from..from + count)?).ok()?;
        let plain = digits.bytes().all(|byte| byte.is_ascii_hexdigit());
        u64::from_str_radix(digits, radix).ok().filter(|_| plain)
    };
    let (name, size, header, pad) = match bytes.get(..6)? {
        b"070701" | b"070702" => {
            (6..110).step_by(8).try_for_each(|at| field(at, 8, 16).map(|_| ()))?;
            (field(94, 8, 16)?, field(54, 8, 16)?, 110, 4)
        }
        b"070707" => {
            (6..48).step_by(6).try_for_each(|at| field(at, 6, 8).map(|_| ()))?;
            (field(59, 6, 8)?, field(65, 11, 8)?, 76, 1)
        }
        _ => return None,
    };
    (2..=4096).contains(&name).then_some((header, name, size, pad))
}

fn walk(stretch: &mut Stretch) -> Option<Walked> {
    let (mut at, mut before, mut members) = (0_u64, 0, 0_u32);
    loop {
        let Some((header, name, size, pad)) = member(stretch.peek(at, 110)) else {
            return if members > 1 { cut(stretch, before, at) } else { None };
        };
        let data = (at + header + name).next_multiple_of(pad);
        let next = data.checked_add(size)?.checked_next_multiple_of(pad)?;
        if next > stretch.len() {
            return if members > 1 { cut(stretch, data, next) } else { None };
        }
        let closes = stretch.starts(at + header, b"TRAILER!!!\0");
        (before, at) = (data, next);
        members = members.saturating_add(1);
        if closes {
            let padded = at.next_multiple_of(512);
            let rest = stretch.peek(at, (padded - at) as usize);
            let zeros = rest.iter().all(|byte| *byte == 0) && rest.len() as u64 == padded - at;
            return Some(Walked::whole(if zeros { padded } else { at }, Proof::Structure));
        }
    }
}
