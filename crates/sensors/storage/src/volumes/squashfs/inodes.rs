//! Inodes: what a file is, whose, and where.

use super::metadata::{Metadata, Place};
use crate::volumes::{fields::Fields, tell::Teller};

const NO_FRAGMENT: u32 = u32::MAX;
const LONGEST_TARGET: u32 = 4096;
const HEAD: usize = 16;

#[derive(Debug)]
pub struct Inode {
    /// Its number in the table of owners.
    pub owner: u16,
    pub modified: i64,
    pub what: Body,
}

#[derive(Debug)]
pub enum Body {
    Folder {
        place: u32,
        at: u16,
        bytes: u32,
    },
    File(Blocks),
    Link(Vec<u8>),
    /// A device, a pipe or a socket.
    Other,
}

#[derive(Debug)]
pub struct Blocks {
    pub start: u64,
    pub size: u64,
    /// Its number, and where in it the file's end lies.
    pub fragment: Option<(u32, u32)>,
    /// Where the blocks' sizes stand.
    pub sizes: Place,
}

impl Inode {
    pub fn read(mut place: Place, metadata: &mut Metadata, teller: &mut Teller) -> Option<Self> {
        let head: [u8; HEAD] = metadata.array(&mut place, teller)?;
        let head = Fields(&head);
        let what = match head.u16(0) {
            1 => folder(&metadata.array::<16>(&mut place, teller)?),
            8 => long_folder(&metadata.array::<24>(&mut place, teller)?),
            2 => file(&metadata.array::<16>(&mut place, teller)?, place),
            9 => long_file(&metadata.array::<40>(&mut place, teller)?, place),
            3 | 10 => link(place, metadata, teller)?,
            4..=7 | 11..=14 => Body::Other,
            _ => return None,
        };
        Some(Self { owner: head.u16(4), modified: i64::from(head.u32(8)), what })
    }
}

fn folder(raw: &[u8]) -> Body {
    let fields = Fields(raw);
    Body::Folder { place: fields.u32(0), at: fields.u16(10), bytes: fields.u16(8).into() }
}

fn long_folder(raw: &[u8]) -> Body {
    let fields = Fields(raw);
    Body::Folder { place: fields.u32(8), at: fields.u16(18), bytes: fields.u32(4) }
}

fn fragment(number: u32, at: u32) -> Option<(u32, u32)> {
    (number != NO_FRAGMENT).then_some((number, at))
}

fn file(raw: &[u8], sizes: Place) -> Body {
    let fields = Fields(raw);
    let fragment = fragment(fields.u32(4), fields.u32(8));
    Body::File(Blocks { start: fields.u32(0).into(), size: fields.u32(12).into(), fragment, sizes })
}

fn long_file(raw: &[u8], sizes: Place) -> Body {
    let fields = Fields(raw);
    let fragment = fragment(fields.u32(28), fields.u32(32));
    Body::File(Blocks { start: fields.u64(0), size: fields.u64(8), fragment, sizes })
}

fn link(mut place: Place, metadata: &mut Metadata, teller: &mut Teller) -> Option<Body> {
    let raw: [u8; 8] = metadata.array(&mut place, teller)?;
    let count = Fields(&raw).u32(4).min(LONGEST_TARGET);
    let mut target = vec![0; count as usize];
    metadata.read(&mut place, &mut target, teller)?;
    Some(Body::Link(target))
}
