//! Control files of CUPS (`c00001`): the attributes of a job as IPP writes them, which stay when its data is gone.
//!
//! A message's version, code and number, then groups of attributes, each with its lengths, up to the tag that ends them:
//! the end is exact. A value is at most 32 KiB by its length. A password kept for the job's device stays out; only that it is there is told.

use super::{IPP, trail::Trail};
use crate::{
    Stretch,
    formats::{Details, End, Format, Proof, Setting, Signature, Texts, Walked},
};

pub static FORMAT: Format = Format {
    kind: IPP,
    signatures: &[Signature::new(b"G\x00\x12attributes-charset\x00").at(9)],
    looks: |seen| matches!(seen, [0..=2, 0..=2, _, _, _, _, _, _, 1..=10, ..]),
    walk,
    texts: Some(texts),
    picture: None,
};

const HEAD: u64 = 8;
const END: u8 = 3;
/// The most of a value that is read.
const READ: usize = 1024;

/// An attribute: its tag, and where its name and value lie.
struct Attribute {
    tag: u8,
    name: Vec<u8>,
    value: Vec<u8>,
    at: u64,
}

enum Step {
    Group,
    Value(Attribute),
    Closed,
    Broken,
}

/// Takes the next tag with what belongs to it.
fn step(trail: &mut Trail, last: &[u8]) -> Step {
    let Some(tag) = trail.byte() else { return Step::Broken };
    trail.confirm();
    match tag {
        END => return if trail.take(1) { Step::Closed } else { Step::Broken },
        1 | 2 | 4..=0x0F => return if trail.take(1) { Step::Group } else { Step::Broken },
        0x10..=0x4F => {}
        _ => return Step::Broken,
    }
    let at = trail.at;
    let Some(name_bytes) = trail.stretch.u16_be(at + 1) else { return Step::Broken };
    let name = trail.stretch.peek(at + 3, name_bytes.into()).to_vec();
    let place = at + 3 + u64::from(name_bytes);
    let named = name.iter().all(|byte| byte.is_ascii_alphanumeric() || b"-._".contains(byte));
    let Some(bytes) = trail.stretch.u16_be(place).filter(|_| named && name_bytes < 256) else {
        return Step::Broken;
    };
    let fits = match tag {
        0x21 | 0x23 => bytes == 4,
        0x22 => bytes == 1,
        0x31 => bytes == 11,
        0x32 => bytes == 9,
        0x33 => bytes == 8,
        _ => bytes < 32_768,
    };
    let value = trail.stretch.peek(place + 2, usize::from(bytes).min(READ)).to_vec();
    if !fits || !trail.take(1 + 2 + u64::from(name_bytes) + 2 + u64::from(bytes)) {
        return Step::Broken;
    }
    let name = if name.is_empty() { last.to_vec() } else { name };
    Step::Value(Attribute { tag, name, value, at })
}

fn walk(stretch: &mut Stretch) -> Option<Walked> {
    let mut details = Details::default();
    let mut trail = Trail::new(stretch, HEAD);
    let (mut count, mut last) = (0, Vec::new());
    let whole = loop {
        match step(&mut trail, &last) {
            Step::Group => {}
            Step::Value(attribute) => {
                note(&attribute, &mut details);
                count += 1;
                last = attribute.name;
            }
            Step::Closed => break true,
            Step::Broken => break false,
        }
        if count > 20_000 {
            break false;
        }
    };
    let length = if whole { trail.at } else { trail.broken() };
    // A real beginning is its two first attributes.
    if count < if whole { 2 } else { 4 } {
        return None;
    }
    let mut walked = Walked::whole(length, Proof::Structure);
    walked.end = if whole { End::Whole } else { End::Broken };
    walked.details = details;
    Some(walked)
}

fn note(attribute: &Attribute, details: &mut Details) {
    let value = &attribute.value;
    let text = || Details::bytes(value);
    let number = || Some(u32::from_be_bytes(*value.first_chunk()?));
    match attribute.name.as_slice() {
        b"job-name" => details.title = text(),
        b"job-originating-user-name" => details.user = text(),
        b"job-originating-host-name" => details.host = text(),
        b"document-name-supplied" | b"document-name" => details.name = text(),
        b"document-format" => details.application = text(),
        b"time-at-creation" if attribute.tag == 0x21 => details.created = number().map(i64::from),
        b"job-impressions" if attribute.tag == 0x21 => details.pages = number(),
        b"auth-info" | b"job-password" => details.settings.push(Setting {
            kind: "account",
            user: details.user.clone(),
            secret: true,
            at: Some(attribute.at),
            ..Setting::default()
        }),
        _ => {}
    }
    details.settings.truncate(1);
}

fn texts(stretch: &mut Stretch, walked: &Walked, texts: &mut dyn Texts) {
    texts.begin("ipp");
    let mut trail = Trail::new(stretch, HEAD);
    let mut last = Vec::new();
    while trail.at < walked.length {
        match step(&mut trail, &last) {
            Step::Group => {}
            Step::Value(attribute) => {
                let secret =
                    [&b"auth-info"[..], b"job-password"].contains(&attribute.name.as_slice());
                if matches!(attribute.tag, 0x35 | 0x36 | 0x41 | 0x42) && !secret {
                    texts.push(&attribute.value);
                    texts.push(b"\n");
                }
                last = attribute.name;
            }
            Step::Closed | Step::Broken => break,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn attribute(tag: u8, name: &str, value: &[u8]) -> Vec<u8> {
        let mut bytes = vec![tag, 0, name.len() as u8];
        bytes.extend(name.as_bytes());
        bytes.extend([0, value.len() as u8]);
        bytes.extend(value);
        bytes
    }

    #[test]
    fn a_control_file_tells_who_printed_what() {
        let mut bytes = vec![2, 0, 0, 5, 0, 0, 0, 4, 1];
        bytes.extend(attribute(0x47, "attributes-charset", b"utf-8"));
        bytes.extend(attribute(0x48, "attributes-natural-language", b"en"));
        bytes.push(2);
        bytes.extend(attribute(0x42, "job-originating-user-name", b"alice"));
        bytes.extend(attribute(0x42, "job-name", "预算".as_bytes()));
        bytes.extend(attribute(0x21, "time-at-creation", &1_700_000_000_u32.to_be_bytes()));
        bytes.extend(attribute(0x41, "auth-info", b"hunter2"));
        bytes.push(3);
        let length = bytes.len() as u64;
        bytes.extend([0; 600]);
        let walked = (FORMAT.walk)(&mut Stretch::new(&bytes)).unwrap();
        assert_eq!((walked.length, walked.end), (length, End::Whole));
        assert_eq!(walked.details.user.as_deref(), Some("alice"));
        assert_eq!(walked.details.title.as_deref(), Some("预算"));
        assert_eq!(walked.details.created, Some(1_700_000_000));
        assert!(walked.details.settings[0].secret);
        assert!(!format!("{walked:?}").contains("hunter2"));
    }
}
