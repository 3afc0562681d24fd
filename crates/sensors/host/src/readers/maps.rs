//! Which files a process has mapped: it reads them without a descriptor. Reads `/proc/PID/maps`, up to 8 MiB.

use leaksweep_facts::{Problem, Reason, tables::host::Process};

use super::stores::{Found, Identity, Stores};
use crate::{
    machine::{Kernel, Machine},
    root::Failure,
    tally::Tally,
};

const CAP: usize = 8 << 20;

/// What each process has mapped of a store.
pub fn collect(
    machine: &Machine,
    kernel: &Kernel,
    processes: &[Process],
    stores: &Stores,
) -> (Vec<(i64, Found)>, Vec<Problem>) {
    let (mut all, mut tally) = (Vec::new(), Tally::default());
    for process in processes.iter().filter(|one| one.program_state.as_deref() != Some("kernel")) {
        match of(machine, kernel, process.pid, stores) {
            Ok((found, more)) => {
                all.extend(found.into_iter().map(|found| (process.pid, found)));
                if more {
                    let detail = format!("more than {CAP} bytes of mappings");
                    let failure = Failure { reason: Reason::TooLarge, detail };
                    tally.add(&[], subject(process), failure);
                }
            }
            Err(failure) if failure.is_absence() => {}
            Err(failure) => tally.add(&[], subject(process), failure),
        }
    }
    (all, tally.problems(super::TABLE, machine.privileged))
}

fn subject(process: &Process) -> String {
    format!("mappings of process {}", process.pid)
}

/// What one process has mapped of stores, and whether there was more than was read.
pub fn of(
    machine: &Machine,
    kernel: &Kernel,
    pid: i64,
    stores: &Stores,
) -> Result<(Vec<Found>, bool), Failure> {
    let (content, more) = kernel.proc.head(format!("{pid}/maps"), CAP)?;
    let mut found: Vec<Found> = Vec::new();
    for mapped in files(&content) {
        let new = stores.look_mapped(&machine.root, &unescaped(mapped.path), mapped.identity);
        found.extend(new.filter(|new| !found.contains(new)));
    }
    Ok((found, more))
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
