//! One member of an archive: its own header, its bytes, and what may stand behind them.

use crate::Stretch;
use crate::formats::document::{
    inflate::{Inflater, Most, Stop, Wrap},
    opaque,
};

pub const LOCAL: u32 = 0x0403_4b50;
pub const DESCRIPTOR: u32 = 0x0807_4b50;

/// The longest name that is kept.
const LONGEST: u64 = 512;
/// How far a member's end is looked for that tells no length.
const FARTHEST: u64 = 256 << 20;
/// A member that is longer, and behind which nothing follows, is read for its checksum only where no other file begins in it.
const LONG: u64 = 64 << 20;
/// What may come out of a member for each byte that goes in.
pub const RATIO: u64 = 16;
/// Places of pages in packages of Android.
const PAGE: u64 = 4096;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Member {
    pub at: u64,
    pub flags: u16,
    pub method: u16,
    pub crc: u32,
    pub packed: u64,
    pub size: u64,
    pub name: Vec<u8>,
    /// Its first byte.
    pub data: u64,
    /// Whether its header has eight bytes for each length.
    pub wide: bool,
}

pub fn is_method(method: u16) -> bool {
    matches!(method, 0..=1 | 6 | 8..=9 | 12 | 14 | 19 | 93..=99)
}

impl Member {
    pub fn read(stretch: &mut Stretch, at: u64) -> Option<Self> {
        let head: [u8; 30] = stretch.array(at)?;
        let u16_at = |at: usize| u16::from_le_bytes([head[at], head[at + 1]]);
        let u32_at = |at: usize| u32::from(u16_at(at)) | u32::from(u16_at(at + 2)) << 16;
        if u32_at(0) != LOCAL || !is_method(u16_at(8)) {
            return None;
        }
        let (name, extra) = (u64::from(u16_at(26)), u64::from(u16_at(28)));
        let data = at + 30 + name + extra;
        let mut member = Self {
            at,
            flags: u16_at(6),
            method: u16_at(8),
            crc: u32_at(14),
            packed: u64::from(u32_at(18)),
            size: u64::from(u32_at(22)),
            name: stretch.peek(at + 30, name.min(LONGEST) as usize).to_vec(),
            data,
            wide: false,
        };
        let whole = data <= stretch.len();
        member.widen(stretch.peek(at + 30 + name, extra as usize));
        whole.then_some(member)
    }

    fn widen(&mut self, mut extra: &[u8]) {
        while let [a, b, c, d, rest @ ..] = extra {
            let (id, count) =
                (u16::from_le_bytes([*a, *b]), usize::from(u16::from_le_bytes([*c, *d])));
            let Some(field) = rest.get(..count) else { return };
            if id == 1 {
                self.wide = true;
                let mut numbers = field
                    .chunks_exact(8)
                    .map(|bytes| u64::from_le_bytes(bytes.try_into().unwrap_or_default()));
                for length in [&mut self.size, &mut self.packed] {
                    if *length == u64::from(u32::MAX) {
                        *length = numbers.next().unwrap_or(*length);
                    }
                }
            }
            extra = &rest[count..];
        }
    }

    pub fn is_encrypted(&self) -> bool {
        self.flags & 1 != 0 || self.method == 99
    }

    /// Whether lengths and checksum stand behind the bytes.
    pub fn is_open(&self) -> bool {
        self.flags & 8 != 0
    }

    fn tells_length(&self) -> bool {
        !self.is_open() || self.packed > 0
    }
}

/// How a member ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ending {
    /// The place behind it; whether its checksum was seen to be right.
    Whole { next: u64, verified: bool },
    /// Its length holds, but its bytes are wrong from here.
    Damaged { next: u64, at: u64 },
    /// It breaks off; nothing speaks against what is before this place.
    Broken { at: u64 },
}

pub struct Reader<'b> {
    pub inflater: Inflater,
    /// How many bytes may still come out of members.
    pub budget: &'b mut u64,
}

impl Reader<'_> {
    /// Follows a member to its end, and hands on its bytes where they can be had.
    pub fn follow(
        &mut self,
        stretch: &mut Stretch,
        member: &Member,
        take: &mut dyn FnMut(&[u8]),
    ) -> Ending {
        match (member.method, member.is_encrypted(), member.tells_length()) {
            (8, false, _) if *self.budget > 0 => self.inflated(stretch, member, take),
            (0, false, true) if *self.budget > 0 => self.stored(stretch, member, take),
            (_, _, true) => leapt(stretch, member),
            (_, _, false) => sought(stretch, member, member.data),
        }
    }

    fn inflated(
        &mut self,
        stretch: &mut Stretch,
        member: &Member,
        take: &mut dyn FnMut(&[u8]),
    ) -> Ending {
        let end = if member.tells_length() {
            member.data.saturating_add(member.packed)
        } else {
            u64::MAX
        };
        let mut crc = crc32fast::Hasher::new();
        let mut both = |piece: &[u8]| {
            crc.update(piece);
            take(piece);
        };
        let most = Most { free: *self.budget, each: RATIO, last: u64::MAX };
        let done = self.inflater.run(stretch, (member.data, end), Wrap::Raw, most, &mut both);
        *self.budget =
            self.budget.saturating_add(done.used.saturating_mul(RATIO)).saturating_sub(done.made);
        let stop = member.data + done.used;
        let found = Found { crc: crc.finalize(), packed: done.used, size: done.made };
        let damaged = |stretch: &mut Stretch| match leapt(stretch, member) {
            Ending::Whole { next, .. } if member.tells_length() => {
                Ending::Damaged { next, at: stop }
            }
            _ if done.convinces(0) => Ending::Broken { at: stop },
            _ => Ending::Broken { at: member.data },
        };
        match done.stop {
            Stop::Enough if member.tells_length() => leapt(stretch, member),
            Stop::Enough => sought(stretch, member, stop),
            Stop::Wrong | Stop::Short => damaged(stretch),
            Stop::Done => match behind(stretch, member, stop, &found) {
                Some(next) => Ending::Whole { next, verified: true },
                None => damaged(stretch),
            },
        }
    }

    fn stored(
        &mut self,
        stretch: &mut Stretch,
        member: &Member,
        take: &mut dyn FnMut(&[u8]),
    ) -> Ending {
        let mut crc = crc32fast::Hasher::new();
        let (mut at, end) = (member.data, member.data.saturating_add(member.packed));
        let last = member.packed > LONG && matches!(leapt(stretch, member), Ending::Broken { .. });
        let to = if end > stretch.len() {
            opaque::extent(stretch, member.data, end)
        } else if last {
            opaque::begun(stretch, member.data, end)
        } else {
            end
        };
        while at < to {
            let count = usize::try_from(to - at).unwrap_or(usize::MAX).min(64 * 1024);
            let piece = stretch.peek(at, count);
            if piece.is_empty() {
                return Ending::Broken { at };
            }
            crc.update(piece);
            take(piece);
            at += piece.len() as u64;
        }
        if to < end {
            return Ending::Broken { at };
        }
        let found = Found { crc: crc.finalize(), packed: member.packed, size: member.packed };
        match (behind(stretch, member, end, &found), leapt(stretch, member)) {
            (Some(next), _) => Ending::Whole { next, verified: true },
            (None, Ending::Whole { next, .. }) => Ending::Damaged { next, at: member.data },
            (None, _) if last => Ending::Broken { at: opaque::extent(stretch, member.data, end) },
            (None, _) => Ending::Broken { at: member.data },
        }
    }
}

/// What a member's bytes turned out to be.
struct Found {
    crc: u32,
    packed: u64,
    size: u64,
}

/// The place behind a member that ended at `stop`, where what is told of it fits what was found.
fn behind(stretch: &mut Stretch, member: &Member, stop: u64, found: &Found) -> Option<u64> {
    if !member.is_open() {
        let fits =
            (member.crc, member.packed, member.size) == (found.crc, found.packed, found.size);
        return fits.then_some(stop);
    }
    let marked = u64::from(stretch.u32_le(stop)? == DESCRIPTOR) * 4;
    let start = stop + marked;
    if stretch.u32_le(start)? != found.crc {
        // Some write the bit and yet no descriptor.
        let told = (member.crc, member.packed) == (found.crc, found.packed) && member.packed > 0;
        return told.then_some(stop);
    }
    let narrow = [start + 4, start + 8].map(|at| stretch.u32_le(at).map(u64::from));
    if narrow == [Some(found.packed & 0xFFFF_FFFF), Some(found.size & 0xFFFF_FFFF)]
        && (!member.wide || goes_on(stretch, start + 12))
    {
        return Some(start + 12);
    }
    let wide = [start + 4, start + 12].map(|at| stretch.u64_le(at));
    (wide == [Some(found.packed), Some(found.size)]).then_some(start + 20)
}

/// Whether another part of an archive begins.
pub fn goes_on(stretch: &mut Stretch, at: u64) -> bool {
    matches!(
        stretch.array::<4>(at),
        Some([b'P', b'K', 1, 2] | [b'P', b'K', 3, 4] | [b'P', b'K', 6, 6] | [b'P', b'K', 5, 6])
    )
}

/// Leaps over bytes that nobody can look into.
fn leapt(stretch: &mut Stretch, member: &Member) -> Ending {
    let end = member.data.saturating_add(member.packed);
    let behind = if member.is_open() { &[0, 16, 24, 12, 20][..] } else { &[0] };
    for descriptor in behind {
        let next = end.saturating_add(*descriptor);
        if goes_on(stretch, next) || (next < stretch.len() && signatures(stretch, next).is_some()) {
            return Ending::Whole { next, verified: false };
        }
    }
    Ending::Broken { at: member.data }
}

/// Looks from a place on for the descriptor that tells just the distance at which it stands.
fn sought(stretch: &mut Stretch, member: &Member, from: u64) -> Ending {
    let to = from.saturating_add(FARTHEST);
    let mut at = from;
    while let Some(place) = stretch.find(at, to, &DESCRIPTOR.to_le_bytes()) {
        let packed = place - member.data;
        if stretch.u32_le(place + 8).map(u64::from) == Some(packed) && goes_on(stretch, place + 16)
        {
            return Ending::Whole { next: place + 16, verified: false };
        }
        if stretch.u64_le(place + 8) == Some(packed) && goes_on(stretch, place + 24) {
            return Ending::Whole { next: place + 24, verified: false };
        }
        at = place + 4;
    }
    Ending::Broken { at: from }
}

/// The end of the block of signatures that Android has before the directory: right here, or behind zeros to the next page.
pub fn signatures(stretch: &mut Stretch, at: u64) -> Option<u64> {
    let page = at.checked_next_multiple_of(PAGE)?;
    let padding = stretch.peek(at, (page - at) as usize);
    let padded = !padding.is_empty() && padding.iter().all(|byte| *byte == 0);
    signing_block(stretch, if padded { page } else { at })
}

fn signing_block(stretch: &mut Stretch, at: u64) -> Option<u64> {
    let length = stretch.u64_le(at).filter(|length| (24..1 << 28).contains(length))?;
    let end = at.checked_add(8 + length)?;
    stretch.starts(end - 16, b"APK Sig Block 42").then_some(end)
}
