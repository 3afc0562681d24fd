//! Which files a process has mapped: it reads them without a descriptor. Reads `/proc/PID/maps` (8 MiB); in a sweep what
//! [`crate::processes::look_inside`] reads of it is looked at.

use leaksweep_facts::{Problem, Reason};

use super::stores::{Found, Identity, Stores};
use crate::{
    machine::{Kernel, Machine},
    root::{Failure, Root},
    tally::Tally,
};

const CAP: usize = 8 << 20;

/// What processes have mapped of stores.
#[derive(Debug, Default)]
pub struct Mappings {
    pub found: Vec<(i64, Found)>,
    refused: Vec<(String, Failure)>,
}

impl Mappings {
    /// Notes what was read of a process's `maps`, and whether there was more.
    pub fn note(
        &mut self,
        root: &Root,
        stores: &Stores,
        pid: i64,
        maps: &Result<(Vec<u8>, bool), Failure>,
    ) {
        match maps {
            Ok((content, more)) => {
                let found = in_stores(root, stores, content).into_iter();
                self.found.extend(found.map(|found| (pid, found)));
                if *more {
                    let detail = "only the first of its mappings were read";
                    let failure = Failure { reason: Reason::TooLarge, detail: detail.into() };
                    self.refused.push((format!("mappings of process {pid}"), failure));
                }
            }
            Err(failure) if failure.is_absence() => {}
            Err(failure) => {
                self.refused.push((format!("mappings of process {pid}"), failure.clone()));
            }
        }
    }

    pub fn problems(&self, privileged: bool) -> Vec<Problem> {
        let mut tally = Tally::default();
        for (subject, failure) in &self.refused {
            tally.add(&[], subject.clone(), failure.clone());
        }
        tally.problems(super::TABLE, privileged)
    }
}

/// What one process has mapped of stores now.
pub fn of(machine: &Machine, kernel: &Kernel, pid: i64, stores: &Stores) -> Vec<Found> {
    let maps = kernel.proc.head(format!("{pid}/maps"), CAP);
    maps.map(|(content, _)| in_stores(&machine.root, stores, &content)).unwrap_or_default()
}

fn in_stores(root: &Root, stores: &Stores, content: &[u8]) -> Vec<Found> {
    let mut found: Vec<Found> = Vec::new();
    for mapped in files(content) {
        let new = stores.look_mapped(root, &unescaped(mapped.path), mapped.identity);
        found.extend(new.filter(|new| !found.contains(new)));
    }
    found
}

#[derive(Debug, PartialEq, Eq)]
pub struct Mapped<'a> {
    pub path: &'a [u8],
    pub identity: Identity,
}

/// `7f00-7f01 r--s 00000000 fe:00 1234   /home/a/x`, files alone, each once where it stands in a row.
pub fn files(content: &[u8]) -> impl Iterator<Item = Mapped<'_>> {
    let mut last: &[u8] = b"";
    content.split(|byte| *byte == b'\n').filter_map(line).filter(move |mapped| {
        let new = mapped.path != last;
        last = mapped.path;
        new
    })
}

fn line(line: &[u8]) -> Option<Mapped<'_>> {
    let at = line.iter().position(|byte| *byte == b'/')?;
    let (head, path) = line.split_at_checked(at)?;
    let mut fields = std::str::from_utf8(head).ok()?.split_ascii_whitespace().skip(3);
    let (major, minor) = fields.next()?.split_once(':')?;
    let (major, minor) =
        (u32::from_str_radix(major, 16).ok()?, u32::from_str_radix(minor, 16).ok()?);
    let inode = fields.next()?.parse().ok().filter(|inode| *inode != 0)?;
    let device = rustix::fs::makedev(major, minor);
    Some(Mapped { path, identity: Identity::File { device, inode } })
}

/// The kernel writes a line break in a path as `\012`.
fn unescaped(path: &[u8]) -> Vec<u8> {
    let mut plain = Vec::with_capacity(path.len());
    let mut rest = path;
    while let Some((first, tail)) = rest.split_first() {
        let broken = rest.starts_with(br"\012");
        plain.push(if broken { b'\n' } else { *first });
        rest = if broken { rest.get(4..).unwrap_or_default() } else { tail };
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_are_told_by_path_and_identity() {
        let content = b"5600-5601 r-xp 00000000 fe:01 42      /usr/bin/a b\n\
            5601-5602 r--p 00001000 fe:01 42      /usr/bin/a b\n\
            7f00-7f01 rw-p 00000000 00:00 0       [heap]\n\
            7f01-7f02 rw-s 00000000 00:01 7       /dev/shm/x (deleted)\n\
            7f02-7f03 rw-p 00000000 00:00 0 \n\
            7f03-7f04 r--p 00000000 zz:01 7       /bad\n\
            7f04-7f05 r--p 00000000 fe:01 0       /none\n\xff/\n/\n";
        let found: Vec<_> = files(content).map(|mapped| (mapped.path, mapped.identity)).collect();
        let file = |major, minor, inode| Identity::File {
            device: rustix::fs::makedev(major, minor),
            inode,
        };
        let expected: [(&[u8], Identity); 2] =
            [(b"/usr/bin/a b", file(0xfe, 1, 42)), (b"/dev/shm/x (deleted)", file(0, 1, 7))];
        assert_eq!(found, expected);
    }

    #[test]
    fn a_line_break_in_a_path_comes_back() {
        assert_eq!(unescaped(br"/a\012b\01"), b"/a\nb\\01");
    }
}
