//! Rock Ridge: names, owners, links and moved folders in fields behind a record.

use super::records::moment;
use crate::{Bytes, Run, volumes::fields::Fields};

/// The most continuations of one record.
const MOST_AREAS: usize = 8;
const LONGEST: usize = 2048;
const LINK: u32 = 0o120_000;
const KIND: u32 = 0o170_000;

#[derive(Debug, Default)]
pub struct Extensions {
    pub name: Option<String>,
    pub owner: Option<u32>,
    pub link: bool,
    pub target: Vec<u8>,
    pub created: Option<i64>,
    pub modified: Option<i64>,
    /// The folder lies there: it was too deep.
    pub child: Option<u64>,
    /// A folder that is told where it belongs.
    pub moved: bool,
}

/// How many bytes come before the fields, if the root's own record says that there are any.
pub fn skipped(further: &[u8]) -> Option<usize> {
    let fields = Fields(further);
    let known = fields.bytes(0, 2) == b"SP" && fields.bytes(4, 2) == [0xBE, 0xEF];
    known.then(|| usize::from(fields.u8(6)))
}

impl Extensions {
    pub fn read(further: &[u8], skipped: usize, bytes: &dyn Bytes, block: u64) -> Self {
        let mut read = Self::default();
        let mut name = Vec::new();
        let mut area = Some(further.get(skipped..).unwrap_or_default().to_vec());
        for _ in 0..MOST_AREAS {
            let Some(fields) = area.take() else { break };
            let next = read.area(&fields, block, &mut name);
            area = next.map(|next| {
                let mut into = vec![0; next.bytes.min(LONGEST as u64) as usize];
                let had = bytes.read_at(next.start, &mut into);
                into.truncate(had);
                into
            });
        }
        read.name = (!name.is_empty()).then(|| String::from_utf8_lossy(&name).into_owned());
        read
    }

    /// Where it goes on, if it does.
    fn area(&mut self, area: &[u8], block: u64, name: &mut Vec<u8>) -> Option<Run> {
        let mut next = None;
        for field in fields(area) {
            let value = Fields(field).from(4);
            match &field[..2] {
                b"CE" => {
                    let [at, offset, bytes] = [0, 8, 16].map(|at| u64::from(value.u32(at)));
                    next = Some(Run::new(at * block + offset, bytes));
                }
                b"NM" if value.u8(0) & 6 == 0 && name.len() < LONGEST => {
                    name.extend_from_slice(value.from(1).0);
                }
                b"PX" => {
                    self.link = value.u32(0) & KIND == LINK;
                    self.owner = Some(value.u32(16));
                }
                b"TF" => self.times(value),
                b"SL" => self.link_parts(value.from(1).0),
                b"CL" => self.child = Some(u64::from(value.u32(0))),
                b"RE" => self.moved = true,
                _ => (),
            }
        }
        next
    }

    /// Only those that are there follow each other: the first is creation, the second modification.
    fn times(&mut self, value: Fields) {
        let flags = value.u8(0);
        if flags & 0x80 != 0 {
            return;
        }
        let mut at = 1;
        for (bit, time) in [(1, &mut self.created), (2, &mut self.modified)] {
            if flags & bit != 0 {
                *time = moment(value.array(at));
                at += 7;
            }
        }
    }

    fn link_parts(&mut self, mut rest: &[u8]) {
        while let [flags, count, tail @ ..] = rest {
            let text = &tail[..usize::from(*count).min(tail.len())];
            let part = match flags & 0x0E {
                0x02 => &b"."[..],
                0x04 => b"..",
                0x08 => b"",
                _ => text,
            };
            if self.target.len() < LONGEST {
                self.target.extend_from_slice(part);
                // A part that goes on in the next has no end yet.
                self.target.extend((flags & 1 == 0).then_some(b'/'));
            }
            rest = &tail[text.len()..];
        }
    }

    pub fn target(&self) -> Vec<u8> {
        let target = &self.target[..];
        match target {
            [b'/'] => target,
            _ => target.strip_suffix(b"/").unwrap_or(target),
        }
        .to_vec()
    }
}

fn fields(area: &[u8]) -> impl Iterator<Item = &[u8]> {
    let mut rest = area;
    std::iter::from_fn(move || {
        let length = usize::from(*rest.get(2)?);
        let field = rest.get(..length).filter(|field| field.len() >= 4 && field[..2] != *b"ST")?;
        rest = &rest[length..];
        Some(field)
    })
}
