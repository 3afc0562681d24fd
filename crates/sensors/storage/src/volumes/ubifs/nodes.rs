//! The nodes of UBIFS: found by magic and checksum at any multiple of eight bytes.

use super::super::{fields::Fields, packed};
use crate::{Bytes, Stretch, lzo, sums::agree};

pub const MAGIC: [u8; 4] = [0x31, 0x18, 0x10, 0x06];
pub const INODE: u8 = 0;
pub const DATA: u8 = 1;
pub const ENTRY: u8 = 2;
pub const CUT: u8 = 4;
const SUPERBLOCK: u8 = 6;
pub const MASTER: u8 = 7;
pub const INDEX: u8 = 9;
pub const COMMIT: u8 = 10;

/// Bytes of a piece of a file.
pub const PIECE: u64 = 4096;
const HEAD: usize = 24;
/// The longest node: a long list of branches. All others that are read end with a piece of a file at most, or with as much of an attribute.
const LONGEST: usize = 64 * 1024;
const LONGEST_FILE: usize = 160 + PIECE as usize;
/// For how many bytes in vain a checksum is made, and for how many more of each byte of a volume: wrong lengths may overlap.
const MOST_WRONG: u64 = 16 << 20;
const MOST_WRONG_EACH: u64 = 4;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Head {
    pub place: u64,
    pub sequence: u64,
    pub kind: u8,
}

/// Tells every node before `end` whose checksum is right, until told to stop. False where too many were wrong to go on.
pub fn scan(volume: &dyn Bytes, end: u64, told: &mut dyn FnMut(Head, &[u8]) -> bool) -> bool {
    let mut stretch = Stretch::new(volume);
    let mut at = 0;
    let mut wrong = end.saturating_mul(MOST_WRONG_EACH).saturating_add(MOST_WRONG);
    while at + HEAD as u64 <= end {
        let seen = stretch.peek(at, 4096.min((end - at) as usize));
        let Some(skipped) = seen.chunks_exact(8).position(|word| word.starts_with(&MAGIC)) else {
            at += (seen.len() as u64 / 8 * 8).max(8);
            continue;
        };
        at += skipped as u64 * 8;
        let length = match node(&mut stretch, at) {
            Some((head, raw)) => {
                if !told(head, raw) {
                    return true;
                }
                raw.len() as u64
            }
            None => {
                let length = claimed(&mut stretch, at).unwrap_or(0) as u64;
                let Some(left) = wrong.checked_sub(length) else { return false };
                wrong = left;
                8
            }
        };
        at += length.next_multiple_of(8);
    }
    true
}

/// How long a node says that it is, where one of its kind can be.
fn claimed(stretch: &mut Stretch, at: u64) -> Option<usize> {
    let head: [u8; HEAD] = stretch.array(at)?;
    let longest = if head[20] == INDEX { LONGEST } else { LONGEST_FILE };
    let length = Fields(&head).u32(16) as usize;
    Some(length).filter(|length| (HEAD..=longest).contains(length))
}

fn node<'s>(stretch: &'s mut Stretch, at: u64) -> Option<(Head, &'s [u8])> {
    let length = claimed(stretch, at)?;
    let raw = stretch.peek(at, length);
    let right = raw.len() == length && agree(packed::crc32(!0, &raw[8..]), Fields(raw).u32(4));
    let head = Head { place: at, sequence: Fields(raw).u64(8), kind: Fields(raw).u8(20) };
    right.then_some((head, raw))
}

/// One node whose place is known.
pub fn read(volume: &dyn Bytes, place: u64) -> Option<Vec<u8>> {
    let mut stretch = Stretch::new(volume);
    if !stretch.starts(place, &MAGIC) {
        return None;
    }
    node(&mut stretch, place).map(|(_, raw)| raw.to_vec())
}

/// The file that a key belongs to, and the rest of the key without its kind: a digest of a name, or a piece's number.
pub fn key(raw: &[u8]) -> (u32, u32) {
    (Fields(raw).u32(24), Fields(raw).u32(28) & 0x1FFF_FFFF)
}

/// What the superblock's node says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Geometry {
    pub step: u64,
    pub block: u64,
    pub blocks: u64,
}

impl Geometry {
    pub fn parse(raw: &[u8]) -> Option<Self> {
        let length = Fields(raw).u32(16) as usize;
        let node = raw.get(..length).filter(|_| length >= 128 && raw.starts_with(&MAGIC))?;
        let right = agree(packed::crc32(!0, &node[8..]), Fields(node).u32(4))
            && Fields(node).u8(20) == SUPERBLOCK;
        let read = Self {
            step: Fields(raw).u32(32).into(),
            block: Fields(raw).u32(36).into(),
            blocks: Fields(raw).u32(40).into(),
        };
        (right && read.step > 0 && read.block >= 4096 && read.blocks > 0).then_some(read)
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Inode {
    pub size: u64,
    pub modified: i64,
    pub changed: i64,
    pub links: u32,
    pub owner: u32,
    pub mode: u32,
    pub encrypted: bool,
    /// It holds an attribute of another file.
    pub attribute: bool,
}

impl Inode {
    /// What a short file, a link, is.
    pub const DATA: usize = 160;

    pub fn parse(raw: &[u8]) -> Self {
        Self {
            size: Fields(raw).u64(48),
            changed: Fields(raw).u64(64) as i64,
            modified: Fields(raw).u64(72) as i64,
            links: Fields(raw).u32(92),
            owner: Fields(raw).u32(96),
            mode: Fields(raw).u32(104),
            encrypted: Fields(raw).u32(108) & 0x40 != 0,
            attribute: Fields(raw).u32(108) & 0x20 != 0,
        }
    }

    pub fn data(raw: &[u8]) -> &[u8] {
        Fields(raw).bytes(Self::DATA, Fields(raw).u32(112) as usize)
    }
}

/// The bytes of a piece; none where they cannot be unpacked.
pub fn unpack(raw: &[u8]) -> Option<Vec<u8>> {
    let most = (Fields(raw).u32(40) as usize).min(PIECE as usize);
    let data = raw.get(48..)?;
    match Fields(raw).u16(44) {
        0 => Some(data[..most.min(data.len())].to_vec()),
        1 => lzo::unpack(data, most),
        2 => packed::inflate(data, most),
        3 => packed::zstd(data, most),
        _ => None,
    }
}
