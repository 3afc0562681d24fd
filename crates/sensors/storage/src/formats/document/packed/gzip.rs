//! GZIP: members to the end of the last, each inflated to its checksum, since nothing else tells its length. What comes
//! out is at most 4 GiB; a member that is longer ends the walk there.

use super::archive;
use crate::Stretch;
use crate::formats::document::inflate::{Inflated, Inflater, Stop, Wrap};
use crate::formats::document::opaque;
use crate::formats::{Details, Format, Proof, Signature, Texts, Walked, resync};

pub static GZIP: Format = Format {
    kind: archive("gzip", "gz"),
    signatures: &[Signature::new(b"\x1f\x8b\x08")],
    looks,
    walk,
    texts: Some(texts),
    picture: None,
};

const MOST: u64 = 4 << 30;
const MOST_TEXT: u64 = 64 << 20;
/// How much of a first member must have been inflated without an error to be more than a bait.
const LEAST: u64 = 2048;
/// The same where something else plainly begins behind it.
const SOME: u64 = 512;

fn looks(bytes: &[u8]) -> bool {
    let Some(head) = bytes.get(..10) else { return false };
    head.starts_with(b"\x1f\x8b\x08")
        && head[3] & 0xE0 == 0
        && matches!(head[8], 0 | 2 | 4)
        && matches!(head[9], 0..=13 | 255)
}

struct Header {
    data: u64,
    name: Option<String>,
    time: u32,
}

fn header(stretch: &mut Stretch, at: u64) -> Option<Header> {
    let head = stretch.peek(at, 10).to_vec();
    let flags = *head.get(3).filter(|_| looks(&head))?;
    let mut data = at + 10;
    if flags & 4 != 0 {
        data += 2 + u64::from(stretch.u16_le(data)?);
    }
    let mut name = None;
    for (bit, is_name) in [(8, true), (16, false)] {
        if flags & bit != 0 {
            let text = stretch.peek(data, 4096);
            let end = memchr::memchr(0, text)?;
            if is_name {
                name = Details::bytes(&text[..end]);
            }
            data += end as u64 + 1;
        }
    }
    data += u64::from(flags & 2);
    Some(Header { data, name, time: u32::from_le_bytes(head[4..8].try_into().ok()?) })
}

/// The place behind a member, or what could be inflated of it.
fn member(stretch: &mut Stretch, inflater: &mut Inflater, data: u64) -> Result<u64, Inflated> {
    let mut crc = crc32fast::Hasher::new();
    let done =
        inflater.run(stretch, (data, u64::MAX), Wrap::Raw, MOST, &mut |piece| crc.update(piece));
    let stop = data + done.used;
    let (sum, size) = (stretch.u32_le(stop), stretch.u32_le(stop + 4));
    let right = sum == Some(crc.finalize()) && size == Some(done.made as u32);
    if done.stop == Stop::Done && right { Ok(stop + 8) } else { Err(done) }
}

fn walk(stretch: &mut Stretch) -> Option<Walked> {
    let first = header(stretch, 0)?;
    let mut inflater = Inflater::default();
    let mut end = match member(stretch, &mut inflater, first.data) {
        Ok(end) => end,
        Err(done) => {
            let length = opaque::extent(stretch, first.data, first.data + done.used);
            let cut = resync::late(stretch, first.data, length);
            let (length, least) = (cut.at, if cut.clear { SOME } else { LEAST });
            return (done.convinces(least) && length >= first.data + SOME)
                .then(|| told(Walked::broken(length, Proof::Structure), first));
        }
    };
    while let Some(next) = header(stretch, end) {
        match member(stretch, &mut inflater, next.data) {
            Ok(after) => end = after,
            // What follows may be another file that is cut.
            Err(_) => break,
        }
    }
    Some(told(Walked::whole(end, Proof::Checksum), first))
}

fn told(mut walked: Walked, first: Header) -> Walked {
    walked.details.name = first.name;
    walked.details.modified = (first.time > 0).then_some(i64::from(first.time));
    walked
}

fn texts(stretch: &mut Stretch, _walked: &Walked, into: &mut dyn Texts) {
    let Some(first) = header(stretch, 0) else { return };
    into.begin("gzip");
    let mut take = |piece: &[u8]| into.push(piece);
    Inflater::default().run(stretch, (first.data, u64::MAX), Wrap::Raw, MOST_TEXT, &mut take);
}
