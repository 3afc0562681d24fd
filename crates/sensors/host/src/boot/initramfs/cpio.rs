//! The archive inside an initramfs: cpio in the forms `070701` and `070702`, read as a stream as the
//! kernel does. Limits: 200,000 members, 4,096 bytes of a name.

use std::io::{self, BufRead, Read};

use crate::root::Failure;

const HEADER: usize = 110;
const MAX_NAME: usize = 4_096;
const MAX_MEMBERS: usize = 200_000;
const TYPE: u32 = 0o170_000;
const PLAIN: u32 = 0o100_000;
const END: &[u8] = b"TRAILER!!!";

/// What stands before a member's content.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Member {
    pub name: Vec<u8>,
    pub mode: u32,
    pub links: u32,
    /// What members that are one file have in common.
    pub file: (u32, u32, u32),
    pub modified: i64,
    pub size: u64,
}

impl Member {
    pub fn is_plain(&self) -> bool {
        self.mode & TYPE == PLAIN
    }
}

/// What is to be done with each member. What it leaves of the content is passed over.
pub type Each<'a> = dyn FnMut(&Member, &mut dyn Read) -> io::Result<()> + 'a;

/// Reads archives up to the end of the stream or to what is none, and counts the members.
pub fn read(
    input: &mut dyn BufRead,
    count: &mut usize,
    each: &mut Each<'_>,
) -> Result<(), Failure> {
    loop {
        pass_zeros(input)?;
        if !starts_archive(input)? {
            return Ok(());
        }
        while let Some(member) = header(input)? {
            *count += 1;
            if *count > MAX_MEMBERS {
                return Err(Failure::malformed(format!("more than {MAX_MEMBERS} members")));
            }
            content(input, &member, each)?;
        }
    }
}

fn starts_archive(input: &mut dyn BufRead) -> io::Result<bool> {
    Ok(input.fill_buf()?.starts_with(b"0"))
}

/// Passes over the zeros between archives.
fn pass_zeros(input: &mut dyn BufRead) -> io::Result<()> {
    loop {
        let buffer = input.fill_buf()?;
        let zeros = buffer.iter().position(|byte| *byte != 0).unwrap_or(buffer.len());
        if zeros == 0 {
            return Ok(());
        }
        input.consume(zeros);
    }
}

fn header(input: &mut dyn BufRead) -> Result<Option<Member>, Failure> {
    let mut bytes = [0; HEADER];
    input.read_exact(&mut bytes).map_err(|error| cut("a header", error))?;
    let (magic, fields) = bytes.split_at(6);
    if magic != b"070701" && magic != b"070702" {
        return Err(Failure::malformed("no header of cpio where one was expected"));
    }
    let mut numbers = [0_u32; 13];
    for (number, digits) in numbers.iter_mut().zip(fields.chunks_exact(8)) {
        *number = hexadecimal(digits)?;
    }
    let [inode, mode, _, _, links, modified, size, major, minor, _, _, length, _] = numbers;
    let name = name(input, length as usize)?;
    if name == END {
        return Ok(None);
    }
    let file = (major, minor, inode);
    let (modified, size) = (i64::from(modified), u64::from(size));
    Ok(Some(Member { name, mode, links, file, modified, size }))
}

fn hexadecimal(digits: &[u8]) -> Result<u32, Failure> {
    let text = std::str::from_utf8(digits).ok().filter(|text| !text.starts_with('+'));
    let number = text.and_then(|text| u32::from_str_radix(text, 16).ok());
    number.ok_or_else(|| Failure::malformed("a header of cpio with something else than numbers"))
}

fn name(input: &mut dyn BufRead, length: usize) -> Result<Vec<u8>, Failure> {
    if length > MAX_NAME {
        return Err(Failure::malformed(format!("a name of more than {MAX_NAME} bytes")));
    }
    let mut name = vec![0; length];
    input.read_exact(&mut name).map_err(|error| cut("a name", error))?;
    pass(input, padding(HEADER as u64 + length as u64))?;
    let end = name.iter().position(|byte| *byte == 0).unwrap_or(length);
    name.truncate(end);
    Ok(name)
}

fn content(input: &mut dyn BufRead, member: &Member, each: &mut Each<'_>) -> Result<(), Failure> {
    let mut content = Read::take(&mut *input, member.size);
    each(member, &mut content)?;
    let left = content.limit();
    pass(input, left + padding(member.size))
}

fn pass(input: &mut dyn BufRead, count: u64) -> Result<(), Failure> {
    let passed = io::copy(&mut Read::take(&mut *input, count), &mut io::sink())?;
    if passed < count { Err(Failure::malformed("it ends amid a member")) } else { Ok(()) }
}

fn padding(length: u64) -> u64 {
    length.wrapping_neg() % 4
}

fn cut(amid: &str, error: io::Error) -> Failure {
    if error.kind() == io::ErrorKind::UnexpectedEof {
        return Failure::malformed(format!("it ends amid {amid}"));
    }
    error.into()
}
