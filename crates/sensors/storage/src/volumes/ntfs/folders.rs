//! Paths: each name points to its folder's record, with the sequence number that this had then.

use std::collections::HashMap;

use super::{
    attributes::Name,
    record::{Record, Reference},
};
use crate::volumes::{
    fields::part,
    tell::{LONGEST_PATH, Teller},
};

const ROOT: u64 = 5;
const DEEPEST: usize = 128;
const MOST_BYTES: usize = 64 * 1024 * 1024;
/// What an entry takes besides its text.
const ENTRY: usize = 64;

struct Folder {
    parent: Reference,
    name: Box<str>,
    sequence: u16,
    in_use: bool,
}

#[derive(Default)]
pub struct Folders {
    known: HashMap<u64, Folder>,
    bytes: usize,
}

impl Folders {
    pub fn add(&mut self, number: u64, record: &Record, name: Name, teller: &mut Teller) {
        if self.bytes > MOST_BYTES {
            return teller.too_large("it has more folders than are kept: some paths are not known");
        }
        self.bytes += ENTRY + name.text.len();
        let (sequence, in_use) = (record.sequence(), record.in_use());
        let folder =
            Folder { parent: name.parent, name: part(&name.text).into(), sequence, in_use };
        self.known.insert(number, folder);
    }

    /// The record of a deleted folder is one further than those that name it say.
    fn get(&self, reference: Reference) -> Option<&Folder> {
        let folder = self.known.get(&reference.number)?;
        let deleted = !folder.in_use && folder.sequence == reference.sequence.wrapping_add(1);
        (folder.sequence == reference.sequence || deleted).then_some(folder)
    }

    pub fn path(&self, name: &Name) -> String {
        let own = part(&name.text);
        let (mut parts, mut length) = (vec![own.as_str()], own.len());
        let mut parent = name.parent;
        while parent.number != ROOT {
            match self.get(parent) {
                Some(folder) if parts.len() < DEEPEST && length < LONGEST_PATH => {
                    parts.push(&folder.name);
                    length += folder.name.len() + 1;
                    parent = folder.parent;
                }
                Some(_) => {
                    parts.truncate(1);
                    parts.push("?");
                    break;
                }
                None => {
                    parts.push("?");
                    break;
                }
            }
        }
        parts.reverse();
        parts.join("/")
    }
}
