//! Files and folders that are there and not listed: a folder's number of links counts its folders
//! on ext4, xfs and in memory, and a path that can be reached must stand in its folder's listing.
//! What is compared did not change meanwhile, by its times and numbers.

use leaksweep_facts::{Observed, tables::host::Contradiction};
use rustix::fs::{FileType, Stat};

use super::{ROUNDS, add, pause, row};
use crate::{
    machine::{Kernel, Machine},
    mounts::mount_info,
    root::{Failure, Root, TEXT_CAP},
};

/// File systems on which a folder has two links and one for each folder in it.
const COUNTING: [&[u8]; 5] = [b"ext2", b"ext3", b"ext4", b"xfs", b"tmpfs"];
/// Of a folder without folders; ext4 says 1 where it no longer counts.
const NONE_INSIDE: i64 = 2;
const FOLDERS: [&str; 24] = [
    "/",
    "/boot",
    "/dev/shm",
    "/etc",
    "/etc/cron.d",
    "/etc/systemd/system",
    "/home",
    "/lib/modules",
    "/opt",
    "/root",
    "/srv",
    "/tmp",
    "/usr",
    "/usr/bin",
    "/usr/lib",
    "/usr/lib/systemd",
    "/usr/local",
    "/usr/local/bin",
    "/usr/local/lib",
    "/usr/sbin",
    "/usr/share",
    "/var",
    "/var/tmp",
    "/var/www",
];
/// What rootkits keep from being listed or read.
const PATHS: [&str; 5] = [
    "/etc/ld.so.preload",
    "/etc/passwd",
    "/etc/shadow",
    "/etc/modules",
    "/root/.ssh/authorized_keys",
];
const CONTENT_CAP: u64 = 4 << 20;

pub fn look(machine: &Machine, kernel: &Kernel, seen: &mut Observed<Contradiction>) {
    let counting = counting(kernel);
    let root = &machine.root;
    let folders = FOLDERS.iter().filter_map(|path| lasting(|| folder(root, path, &counting)));
    let paths = PATHS.iter().filter_map(|path| lasting(|| file(root, path)));
    add(seen, folders.chain(paths).collect());
}

/// The last answer, where each of several looks came to the same.
fn lasting(look: impl Fn() -> Option<Contradiction>) -> Option<Contradiction> {
    let mut found = look()?;
    for _ in 0..ROUNDS {
        pause();
        let again = look()?;
        if again.detail != found.detail {
            return None;
        }
        found = again;
    }
    Some(found)
}

/// The devices whose file systems count.
fn counting(kernel: &Kernel) -> Vec<u64> {
    let mounts = kernel.proc.read("self/mountinfo", TEXT_CAP).unwrap_or_default();
    let entries = mount_info(&mounts).entries.into_iter();
    let counting = entries.filter(|entry| COUNTING.contains(&entry.file_system.as_slice()));
    counting
        .filter_map(|entry| entry.device)
        .map(|(major, minor)| rustix::fs::makedev(major, minor))
        .collect()
}

fn folder(root: &Root, path: &str, counting: &[u64]) -> Option<Contradiction> {
    let before = root.stat(path).ok()?;
    let is_folder = FileType::from_raw_mode(before.st_mode) == FileType::Directory;
    let links = i64::try_from(before.st_nlink).ok()?;
    if !is_folder || links <= NONE_INSIDE || !counting.contains(&before.st_dev) {
        return None;
    }
    let listed = folders(root, path)?;
    let after = root.stat(path).ok()?;
    let counted = links - NONE_INSIDE;
    if !same(&before, &after) || counted <= listed {
        return None;
    }
    let detail = format!("{counted} folders are counted and {listed} are listed");
    Some(row("file", path, ("stat(st_nlink)", "getdents"), detail, "certain"))
}

/// Where a file system does not tell kinds, nothing can be counted.
fn folders(root: &Root, path: &str) -> Option<i64> {
    let listing = root.list(path).ok().filter(|listing| !listing.cut)?;
    let known = listing.entries.iter().all(|entry| entry.kind != FileType::Unknown);
    let folders = listing.entries.iter().filter(|entry| entry.kind == FileType::Directory);
    i64::try_from(folders.count()).ok().filter(|_| known)
}

fn file(root: &Root, path: &str) -> Option<Contradiction> {
    let (folder, file) = path.rsplit_once('/')?;
    let folder = if folder.is_empty() { "/" } else { folder };
    let before = (root.stat(folder).ok()?, root.stat_link(path).ok());
    let listing = root.list(folder).ok().filter(|listing| !listing.cut)?;
    let listed = listing.entries.iter().any(|entry| entry.name == *file);
    let content = root.read(path, CONTENT_CAP);
    let after = (root.stat(folder).ok()?, root.stat_link(path).ok());
    if !same(&before.0, &after.0) {
        return None;
    }
    let found = match (before.1, after.1) {
        (Some(one), Some(other)) if same(&one, &other) => judged(&one, listed, &content),
        (None, None) if listed => {
            Some((("getdents", "stat"), "it is listed and cannot be reached".into()))
        }
        _ => None,
    };
    let (ways, detail) = found?;
    Some(row("file", path, ways, detail, "certain"))
}

type Found = Option<((&'static str, &'static str), String)>;

fn judged(stat: &Stat, listed: bool, content: &Result<Vec<u8>, Failure>) -> Found {
    if !listed {
        return Some((("stat", "getdents"), "it is there and not listed".into()));
    }
    let plain = FileType::from_raw_mode(stat.st_mode) == FileType::RegularFile;
    let size = usize::try_from(stat.st_size).ok().filter(|_| plain)?;
    match content {
        Ok(content) if content.len() != size => {
            let read = content.len();
            Some((("stat", "read"), format!("it has {size} bytes and {read} can be read")))
        }
        Err(failure) if failure.is_absence() => {
            Some((("stat", "open"), "it is listed and cannot be opened".into()))
        }
        _ => None,
    }
}

fn same(one: &Stat, other: &Stat) -> bool {
    let key = |stat: &Stat| {
        let times = (stat.st_mtime, stat.st_mtime_nsec, stat.st_ctime, stat.st_ctime_nsec);
        (stat.st_dev, stat.st_ino, stat.st_nlink, stat.st_size, times)
    };
    key(one) == key(other)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_that_lists_what_it_counts_is_no_contradiction() {
        let machine = Machine::running().unwrap();
        let root = &machine.root;
        let folder = tempfile::tempdir().unwrap();
        for name in ["a", ".b", "c"] {
            std::fs::create_dir(folder.path().join(name)).unwrap();
        }
        let path = folder.path().to_str().unwrap();
        let device = root.stat(path).unwrap().st_dev;
        assert_eq!(self::folder(root, path, &[device]), None);
        assert_eq!(folders(root, path), Some(3));
        assert_eq!(file(root, &format!("{path}/absent")), None);
        std::fs::write(folder.path().join("file"), "x").unwrap();
        assert_eq!(file(root, &format!("{path}/file")), None);
    }

    #[test]
    fn what_is_there_must_be_listed_opened_and_whole() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("file"), "four").unwrap();
        let root = Root::open(folder.path()).unwrap();
        let stat = root.stat("file").unwrap();
        let cases = [
            (true, Ok(b"four".to_vec()), None),
            (
                true,
                Err(Failure { reason: leaksweep_facts::Reason::Denied, detail: String::new() }),
                None,
            ),
            (false, Ok(b"four".to_vec()), Some("getdents")),
            (true, Ok(Vec::new()), Some("read")),
            (true, Err(rustix::io::Errno::NOENT.into()), Some("open")),
        ];
        for (listed, content, expected) in cases {
            let found = judged(&stat, listed, &content).map(|((_, not_by), _)| not_by);
            assert_eq!(found, expected, "{content:?}");
        }
    }

    #[test]
    fn only_what_lasts_is_told() {
        let left = std::cell::Cell::new(2);
        let look = || {
            left.set(left.get() - 1);
            (left.get() >= 0).then(|| row("file", "x", ("a", "b"), "c", "certain"))
        };
        assert_eq!(lasting(look), None);
        assert!(lasting(|| Some(row("file", "x", ("a", "b"), "c", "certain"))).is_some());
    }
}
