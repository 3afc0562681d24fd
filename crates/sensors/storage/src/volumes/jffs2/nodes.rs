//! The nodes of JFFS2: found by magic and checksum at any multiple of four bytes.

use super::super::{fields::Fields, packed};
use crate::{Bytes, Stretch, lzo, sums::agree};

const MAGIC: u16 = 0x1985;
/// Cleared where the node is obsolete; checksums were made with it set.
const ACCURATE: u16 = 0x2000;
const NAME: u16 = 0xE001;
const PIECE: u16 = 0xE002;
const NAME_HEAD: u64 = 40;
const PIECE_HEAD: usize = 68;
/// The most bytes that one packed piece holds: a page of the largest.
const MOST_PIECE: usize = 64 * 1024;

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Node {
    Name { parent: u32, version: u32, inode: u32, time: u32, kind: u8, name: Box<[u8]> },
    Piece { inode: u32, version: u32, place: u64 },
}

/// A piece of a file, as its node says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Piece {
    pub mode: u32,
    pub owner: u16,
    pub size: u64,
    pub modified: u32,
    pub offset: u64,
    pub packed: usize,
    pub bytes: u64,
    form: u8,
    checksum: u32,
}

/// Reads numbers in the order of bytes that the node has.
#[derive(Clone, Copy)]
struct Order {
    little: bool,
}

impl Order {
    fn of(head: &[u8]) -> Option<Self> {
        match (Fields(head).u16(0) == MAGIC, Fields(head).be16(0) == MAGIC) {
            (true, _) => Some(Self { little: true }),
            (_, true) => Some(Self { little: false }),
            _ => None,
        }
    }

    fn u16(self, raw: &[u8], at: usize) -> u16 {
        if self.little { Fields(raw).u16(at) } else { Fields(raw).be16(at) }
    }

    fn u32(self, raw: &[u8], at: usize) -> u32 {
        if self.little { Fields(raw).u32(at) } else { Fields(raw).be32(at) }
    }

    /// Sets the bit that is cleared when a node becomes obsolete.
    fn accurate(self, raw: &mut [u8]) {
        if let Some(byte) = raw.get_mut(if self.little { 3 } else { 2 }) {
            *byte |= (ACCURATE >> 8) as u8;
        }
    }
}

/// Tells every node before `end` that holds together with its place, until told to stop.
pub fn scan(volume: &dyn Bytes, end: u64, told: &mut dyn FnMut(u64, Node) -> bool) {
    let mut stretch = Stretch::new(volume);
    let mut at = 0;
    while at + 12 <= end {
        let seen = stretch.peek(at, 4096.min(end - at) as usize);
        let skipped = seen.chunks_exact(4).position(|word| Order::of(word).is_some());
        let Some(skipped) = skipped else {
            at += (seen.len() as u64 / 4 * 4).max(4);
            continue;
        };
        at += skipped as u64 * 4;
        let Some((order, head)) = header(&mut stretch, at) else {
            at += 4;
            continue;
        };
        let length = u64::from(order.u32(&head, 4));
        if let Some(node) = node(&mut stretch, at, order, &head)
            && !told(at, node)
        {
            return;
        }
        // A head close to the end has fewer bytes before that than the shortest node.
        at += length.max(12).next_multiple_of(4);
    }
}

/// The head of a node whose checksum is right.
fn header(stretch: &mut Stretch, at: u64) -> Option<(Order, [u8; PIECE_HEAD])> {
    let mut head = [0; PIECE_HEAD];
    let seen = stretch.peek(at, PIECE_HEAD);
    head[..seen.len()].copy_from_slice(seen);
    let order = Order::of(&head)?;
    order.accurate(&mut head);
    let length = u64::from(order.u32(&head, 4));
    let right = agree(packed::crc32(0, &head[..8]), order.u32(&head, 8));
    (right && length >= 12 && length <= stretch.len() - at).then_some((order, head))
}

fn node(stretch: &mut Stretch, at: u64, order: Order, head: &[u8; PIECE_HEAD]) -> Option<Node> {
    match order.u16(head, 2) {
        NAME => {
            let length = usize::from(head[28]);
            let right = agree(packed::crc32(0, &head[..32]), order.u32(head, 32));
            let name: Box<[u8]> = stretch.peek(at + NAME_HEAD, length).into();
            let named = length > 0 && agree(packed::crc32(0, &name), order.u32(head, 36));
            (right && named).then(|| Node::Name {
                parent: order.u32(head, 12),
                version: order.u32(head, 16),
                inode: order.u32(head, 20),
                time: order.u32(head, 24),
                kind: head[29],
                name,
            })
        }
        PIECE => {
            let right = agree(packed::crc32(0, &head[..60]), order.u32(head, 64));
            let (inode, version) = (order.u32(head, 12), order.u32(head, 16));
            right.then_some(Node::Piece { inode, version, place: at })
        }
        _ => None,
    }
}

impl Piece {
    pub fn read(volume: &dyn Bytes, place: u64) -> Option<Self> {
        let mut head = [0; PIECE_HEAD];
        volume.read_at(place, &mut head);
        let order = Order::of(&head)?;
        Some(Self {
            mode: order.u32(&head, 20),
            owner: order.u16(&head, 24),
            size: order.u32(&head, 28).into(),
            modified: order.u32(&head, 36),
            offset: order.u32(&head, 44).into(),
            packed: order.u32(&head, 48) as usize,
            bytes: order.u32(&head, 52).into(),
            form: head[56],
            checksum: order.u32(&head, 60),
        })
    }

    /// Its bytes; none where they are zeros or cannot be unpacked.
    pub fn unpack(&self, volume: &dyn Bytes, place: u64) -> Option<Vec<u8>> {
        const NONE: u8 = 0;
        const RTIME: u8 = 2;
        const ZLIB: u8 = 6;
        const LZO: u8 = 7;
        let most = usize::try_from(self.bytes).ok().filter(|bytes| *bytes <= MOST_PIECE)?;
        let mut raw = vec![0; Some(self.packed).filter(|bytes| *bytes <= 2 * MOST_PIECE)?];
        let read = volume.read_at(place.checked_add(PIECE_HEAD as u64)?, &mut raw);
        if read < raw.len() || !agree(packed::crc32(0, &raw), self.checksum) {
            return None;
        }
        match self.form {
            NONE => Some(raw),
            RTIME => Some(rtime(&raw, most)),
            ZLIB => packed::zlib(&raw, most),
            LZO => lzo::unpack(&raw, most),
            _ => None,
        }
    }
}

/// Each byte, then how many bytes are to be repeated from behind its last occurrence on.
fn rtime(packed: &[u8], most: usize) -> Vec<u8> {
    let mut last = [0; 256];
    let mut out = Vec::with_capacity(most);
    for pair in packed.chunks_exact(2) {
        out.push(pair[0]);
        let from = std::mem::replace(&mut last[usize::from(pair[0])], out.len());
        for at in from..from + usize::from(pair[1]) {
            out.extend(out.get(at).copied());
        }
        if out.len() >= most {
            break;
        }
    }
    out.truncate(most);
    out
}
