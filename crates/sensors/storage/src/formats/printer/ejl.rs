//! Jobs of Epson's page printers: lines of `@EJL` behind `ESC 01` around a body in ESC/Page or pictures.
//!
//! Lines name the user, the machine and the document. A body goes up to the next lines; those that end the job are followed by nothing
//! but the bare ones that close it. Where no such lines end it (some drivers end with bare ones alone), the bare ones end it.

use memchr::memmem;

use super::{
    EJL,
    trail::{Trail, UEL},
};
use crate::{
    Stretch,
    formats::{Details, End, Format, Proof, Signature, Walked},
};

pub static FORMAT: Format = Format {
    kind: EJL,
    signatures: &[Signature::new(OPEN)],
    looks: |seen| {
        let line = seen.get(6..48).unwrap_or(&[]);
        line.iter()
            .take_while(|byte| !matches!(byte, b'\r' | b'\n'))
            .all(|byte| matches!(byte, 0x20..=0x7E))
            && line.windows(5).any(|five| five.starts_with(b"\n@EJL"))
    },
    walk,
    texts: None,
    picture: None,
};

const OPEN: &[u8] = b"\x1b\x01@EJL";
/// The most of a body, and of blocks.
const LONGEST: u64 = 1 << 30;
const BLOCKS: u32 = 10_000;

#[derive(Default)]
struct Block {
    lines: u32,
    opens: bool,
    ends: bool,
}

/// Takes the lines that stand here.
fn block(trail: &mut Trail, details: &mut Details) -> Option<Block> {
    let mut block = Block::default();
    trail.take(2);
    while trail.starts(b"@EJL") && block.lines < 500 {
        let seen = trail.peek(2048);
        let end = memchr::memchr(b'\n', seen)?;
        let line = seen[4..end].trim_ascii().to_vec();
        line.iter().all(|byte| matches!(byte, 0x20..=0x7E | 0x80.. | b'\t')).then_some(())?;
        trail.take(end as u64 + 1).then_some(())?;
        block.lines += u32::from(!line.is_empty());
        block.opens |= [&b"SJ"[..], b"SE", b"EN", b"SELECT", b"SET", b"JI"]
            .iter()
            .any(|name| line.starts_with(name));
        block.ends |= line.starts_with(b"EJ");
        if line.starts_with(b"JI") {
            note(&line, details);
        }
    }
    Some(block)
}

fn note(line: &[u8], details: &mut Details) {
    let value = |name: &[u8]| {
        let from = memmem::find(line, name)? + name.len();
        let end = memchr::memchr(b'"', &line[from..])?;
        Details::bytes(&line[from..from + end])
    };
    details.user = details.user.take().or_else(|| value(b"USER=\""));
    details.host = details.host.take().or_else(|| value(b"MACHINE=\""));
    details.title = details.title.take().or_else(|| value(b"DOCUMENT=\""));
    details.application = details.application.take().or_else(|| value(b"DRIVER=\""));
    details.created = details.created.or_else(|| {
        let from = memmem::find(line, b"DATE=\"")? + 6;
        super::dates::read(&line[from..line.len().min(from + 19)])
    });
}

fn walk(stretch: &mut Stretch) -> Option<Walked> {
    let mut trail = Trail::new(stretch, 0);
    let mut details = Details::default();
    let (mut bodies, mut lines, mut whole) = (0_u32, 0, false);
    for _ in 0..BLOCKS {
        trail.confirm();
        let before = trail.at;
        let Some(block) = block(&mut trail, &mut details) else { break };
        lines += block.lines;
        if bodies > 0 && !block.opens {
            whole = true;
            // Bare lines close the job behind those that end it.
            let end = trail.at;
            if trail.starts(OPEN) {
                let bare = self::block(&mut trail, &mut Details::default());
                if bare.is_none_or(|bare| bare.lines > 0) {
                    trail.at = end;
                }
            }
            break;
        }
        if bodies > 0 && before.is_multiple_of(512) {
            trail.foreign = Some(before);
            break;
        }
        if trail.starts(OPEN) {
            continue;
        }
        trail.settle();
        if !body(&mut trail) {
            break;
        }
        bodies += 1;
    }
    let length = if whole { trail.at } else { trail.broken() };
    if lines < 3 || (!whole && length < 64) {
        return None;
    }
    let mut walked = Walked::whole(length, Proof::Structure);
    walked.end = if whole { End::Whole } else { End::Broken };
    walked.details = details;
    Some(walked)
}

/// Takes all up to the next lines.
fn body(trail: &mut Trail) -> bool {
    let begin = trail.at;
    while trail.at - begin < LONGEST {
        let seen = trail.peek(64 * 1024);
        let found = memmem::find(seen, OPEN);
        let step = found.unwrap_or(seen.len().saturating_sub(OPEN.len()).max(1));
        if seen.len() < UEL.len() || !trail.data(step as u64) {
            return trail.foreign == Some(trail.at) && trail.starts(OPEN);
        }
        if found.is_some() {
            return true;
        }
    }
    false
}
