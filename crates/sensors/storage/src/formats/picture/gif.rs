//! GIF: blocks up to the end mark. Points are unpacked, and counted against the size of their frame.
//! Bounds: frames of 65,535 points a side by the format; nothing is held but a table of codes; 64 MiB before the first
//! frame, of one extension, and of blocks behind a wrong code; 64 KiB behind a frame's last code.

use super::{
    PICTURE,
    bits::{Bits, First},
    lzw::Lzw,
};
use crate::{
    Stretch,
    formats::{Details, End, Format, Kind, Picture, Proof, Shrink, Signature, Walked, resync},
};

pub static GIF: Format = Format {
    kind: Kind { name: "gif", family: PICTURE, extension: "gif" },
    signatures: &[Signature::new(b"GIF87a"), Signature::new(b"GIF89a")],
    looks,
    walk,
    texts: None,
    picture: Some(picture),
};

const ENOUGH: u64 = 1024;
const SOME: u64 = 64;
/// The most before the first frame, of one extension, and of blocks behind a wrong code.
const LONGEST: u64 = 64 << 20;
/// The most behind the last code of a frame.
const SPARE: u64 = 64 << 10;

fn looks(bytes: &[u8]) -> bool {
    let Some(head) = bytes.get(..13) else { return false };
    let colours = colours(head[10]);
    let next = bytes.get(13 + colours as usize);
    let sized = head[6..8] != [0, 0] && head[8..10] != [0, 0];
    head.starts_with(b"GIF8") && sized && next.is_none_or(|next| matches!(next, 0x21 | 0x2C))
}

/// Bytes of the table of colours that a flag says follows.
fn colours(flags: u8) -> u64 {
    if flags & 0x80 == 0 { 0 } else { 6 << (flags & 7) }
}

struct Frame {
    at: u64,
    width: u32,
    height: u32,
    palette: u64,
    /// Where its codes begin.
    codes: u64,
    bits: u8,
}

impl Frame {
    fn read(stretch: &mut Stretch, at: u64, global: u64) -> Option<Self> {
        let side = |side: Option<u16>| side.filter(|side| *side > 0).map(u32::from);
        let (width, height) = (side(stretch.u16_le(at + 5))?, side(stretch.u16_le(at + 7))?);
        let own = colours(stretch.u8(at + 9)?);
        let codes = at + 10 + own;
        let bits = stretch.u8(codes).filter(|bits| (1..=8).contains(bits))?;
        let palette = if own > 0 { at + 10 } else { global };
        Some(Self { at, width, height, palette, codes: codes + 1, bits })
    }

    /// Where its codes end, or the first wrong byte of them.
    fn check(&self, stretch: &mut Stretch) -> Result<u64, u64> {
        let mut bits = Bits::new(stretch, self.codes, u64::MAX, First::Blocks);
        let most = u64::from(self.width) * u64::from(self.height);
        let total = Lzw::new(u32::from(self.bits), false).unpack(&mut bits, most, None);
        if total == Some(most) { Ok(bits.place()) } else { Err(bits.place()) }
    }
}

/// Just behind blocks that begin with their lengths, and the empty one that ends them before `far`.
fn over_blocks(stretch: &mut Stretch, mut at: u64, far: u64) -> Result<u64, u64> {
    loop {
        match stretch.u8(at).filter(|_| at < far) {
            None => return Err(at.min(stretch.len())),
            Some(0) => return Ok(at + 1),
            Some(length) => at += 1 + u64::from(length),
        }
    }
}

/// One that is known, with a first block of its length.
fn over_extension(stretch: &mut Stretch, at: u64) -> Result<u64, u64> {
    match stretch.array(at + 1) {
        Some([0xF9, 4] | [0xFF, 11] | [0x01, 12] | [0xFE, _]) => {
            over_blocks(stretch, at + 2, at.saturating_add(LONGEST))
        }
        _ => Err(at),
    }
}

fn walk(stretch: &mut Stretch) -> Option<Walked> {
    let head: [u8; 13] = stretch.array(0)?;
    let begins = 13 + colours(head[10]);
    let (mut at, mut frames, mut wrong, mut codes) = (begins, 0_u32, None, None);
    let end = loop {
        let next = match stretch.u8(at) {
            Some(_) if codes.is_none() && at > LONGEST => return None,
            Some(0x21) => over_extension(stretch, at),
            Some(0x3B) if frames > 0 => break Ok(at + 1),
            Some(0x2C) => match Frame::read(stretch, at, 13) {
                None => Err(at),
                Some(frame) => {
                    codes = codes.or(Some(frame.codes));
                    let read = wrong.map_or_else(|| frame.check(stretch), Err);
                    wrong = read.err();
                    frames += u32::from(wrong.is_none());
                    let far = match read {
                        Ok(codes) => codes.saturating_add(SPARE),
                        Err(_) => frame.codes.saturating_add(LONGEST),
                    };
                    let end = over_blocks(stretch, frame.codes, far);
                    end.map_err(|end| wrong.map_or(end, |wrong| wrong.min(end)))
                }
            },
            _ => Err(at),
        };
        match next {
            Ok(next) => at = next,
            Err(noticed) => break Err(noticed),
        }
    };
    let (length, end) = match (end, wrong) {
        (Ok(end), None) => (end, End::Whole),
        (Ok(end), Some(at)) if frames > 0 => (end, End::Damaged { at }),
        (end, wrong) => {
            let noticed = wrong.unwrap_or(end.unwrap_or_else(|noticed| noticed));
            let codes = codes?;
            let cut = resync::cut(stretch, codes, noticed);
            let enough = if cut.clear { SOME } else { ENOUGH };
            (frames > 0 || cut.at - codes >= enough).then_some(())?;
            (cut.at, End::Broken)
        }
    };
    let details = Details { pages: Some(frames.max(1)), ..Details::default() };
    Some(Walked { kind: None, length, end, proof: Proof::Decoded, details })
}

fn picture(stretch: &mut Stretch, walked: &Walked) -> Option<Picture> {
    let head: [u8; 13] = stretch.array(0)?;
    let mut at = 13 + colours(head[10]);
    let frame = loop {
        match stretch.u8(at).filter(|_| at < walked.length)? {
            0x21 => at = over_extension(stretch, at).ok()?,
            0x2C => break Frame::read(stretch, at, 13)?,
            _ => return None,
        }
    };
    let colours = stretch.peek(frame.palette, 768).to_vec();
    let colour = |point: u8| {
        let at = usize::from(point) * 3;
        colours.get(at..at + 3).map_or([0; 3], |c| [c[0], c[1], c[2]])
    };
    let mut shrink = Shrink::new(frame.width, frame.height)?;
    let interlaced = stretch.u8(frame.at + 9)? & 0x40 != 0;
    let mut row = 0;
    let mut line = Vec::with_capacity(frame.width as usize);
    let mut bits = Bits::new(stretch, frame.codes, u64::MAX, First::Blocks);
    let most = u64::from(frame.width) * u64::from(frame.height);
    Lzw::new(u32::from(frame.bits), false).unpack(
        &mut bits,
        most,
        Some(&mut |points| {
            for point in points {
                line.push(*point);
                if line.len() == frame.width as usize {
                    let place = if interlaced { interlaced_row(row, frame.height) } else { row };
                    if shrink.wants(place) {
                        shrink.take(place, |x| {
                            line.get(x as usize).map_or([0; 3], |point| colour(*point))
                        });
                    }
                    line.clear();
                    row += 1;
                }
            }
            row < frame.height
        }),
    );
    shrink.picture()
}

/// Where the row that comes as this one stands: every eighth, those between, every fourth, every second.
fn interlaced_row(row: u32, height: u32) -> u32 {
    let mut left = row;
    for (first, step) in [(0, 8), (4, 8), (2, 4), (1, 2)] {
        let count = height.saturating_sub(first).div_ceil(step);
        if left < count {
            return first + left * step;
        }
        left -= count;
    }
    row
}
