use std::{
    collections::BTreeMap,
    fs,
    path::Path,
    time::{Duration, Instant},
};

use super::{EXT, EXT_COPY, superblock::Superblock};
use crate::volumes::{
    Content, What,
    samples::{Mount, Told, attempt, image, noise, run},
};

type Files = BTreeMap<String, Vec<u8>>;

const TWO: &str = "-t ext2 -b 1024";
const FOUR: &str = "-t ext4 -b 4096";

fn files() -> Files {
    let mut files = Files::new();
    for (at, name) in ["a.pdf", "扫描/机密报告.jpg", "扫描/二月/b.dat"].iter().enumerate()
    {
        files.insert((*name).into(), noise(at as u64, 30_000 + at * 4096));
    }
    for at in 0..150 {
        let name = format!("many/a name that is long enough to fill a folder's blocks {at}");
        files.insert(name, format!("file {at}").into_bytes());
    }
    files.insert("large".into(), noise(9, 3_000_000));
    files.insert("empty".into(), Vec::new());
    files.insert("middle".into(), noise(10, 130));
    files
}

fn write(folder: &Path, files: &Files) {
    for (name, content) in files {
        let path = folder.join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, content).unwrap();
    }
}

/// An image with these files, made without mounting.
fn made(folder: &Path, options: &str, files: &Files) -> String {
    let tree = folder.join("tree");
    write(&tree, files);
    std::os::unix::fs::symlink("a.pdf", tree.join("short")).unwrap();
    std::os::unix::fs::symlink("long/".repeat(30), tree.join("long")).unwrap();
    let path = folder.join("image");
    image(&path, 32 << 20);
    let path = path.to_str().unwrap().to_owned();
    let mut arguments: Vec<&str> = vec!["-q", "-F", "-L", "drucker", "-d"];
    arguments.push(tree.to_str().unwrap());
    arguments.extend(options.split(' '));
    arguments.push(&path);
    run("mke2fs", &arguments);
    path
}

#[test]
fn every_file_of_every_form_is_told() {
    if leaksweep_peers::need("mke2fs").is_none() {
        return;
    }
    for (name, options) in [
        ("ext2", TWO),
        ("ext3", "-t ext3"),
        ("ext4", FOUR),
        ("ext4", "-t ext4 -b 1024 -O inline_data,64bit -I 256"),
        ("ext4", "-t ext4 -b 1024 -g 1024 -O ^64bit,^metadata_csum,uninit_bg"),
        ("ext4", "-t ext4 -O bigalloc -C 16384"),
        ("ext4", "-t ext4 -b 1024 -g 1024 -O meta_bg,^resize_inode"),
    ] {
        let folder = tempfile::tempdir().unwrap();
        let files = files();
        let told = Told::read(&EXT, Path::new(&made(folder.path(), options, &files)));
        assert_eq!((told.volume.name, told.volume.label.as_deref()), (name, Some("drucker")));
        assert_eq!((told.volume.bytes, &told.problems), (32 << 20, &Vec::new()), "{options}");
        told.assert_live(&files);
        let live = told.live();
        for (link, target) in [("short", "a.pdf".to_owned()), ("long", "long/".repeat(30))] {
            assert_eq!(live[link].what, What::Link);
            assert_eq!(told.content(live[link]).unwrap(), target.as_bytes());
        }
        assert_eq!(live["扫描/二月"].what, What::Folder);
        assert!(live["a.pdf"].modified.is_some_and(|time| time > 1_600_000_000));
        assert!(told.deleted().is_empty(), "{options}");
    }
}

#[test]
fn a_deleted_inode_that_keeps_its_map_gives_its_file() {
    if leaksweep_peers::need("mke2fs").is_none() {
        return;
    }
    for (options, way) in [(TWO, "ext2 deleted inode"), (FOUR, "ext4 deleted inode")] {
        let folder = tempfile::tempdir().unwrap();
        let mut files = files();
        let path = made(folder.path(), options, &files);
        for name in ["扫描/机密报告.jpg", "large"] {
            run("debugfs", &["-w", "-R", &format!("rm /{name}"), &path]);
        }
        let told = Told::read(&EXT, Path::new(&path));
        let (deleted, gone) = (told.deleted(), ["扫描/机密报告.jpg", "large"]);
        for name in gone {
            let content = files.remove(name).unwrap();
            assert!(told.content(deleted[name]).is_some_and(|told| told == content), "{name}");
            assert_eq!((deleted[name].way, deleted[name].recorded), (way, true));
            assert!(deleted[name].deleted_at.is_some());
        }
        assert_eq!(deleted.len(), 2);
        told.assert_live(&files);
    }
}

#[test]
fn places_that_others_have_now_are_a_guess() {
    if leaksweep_peers::need("mke2fs").is_none() {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let files = files();
    let path = made(folder.path(), FOUR, &files);
    run("debugfs", &["-w", "-R", "rm /large", &path]);
    let other = folder.path().join("other");
    fs::write(&other, noise(77, 20_000_000)).unwrap();
    run("debugfs", &["-w", "-R", &format!("write {} other", other.to_str().unwrap()), &path]);
    let told = Told::read(&EXT, Path::new(&path));
    let deleted = told.deleted();
    assert!(
        deleted
            .values()
            .all(|named| !named.recorded || named.content == Content::Absent("no longer recorded"))
    );
}

/// Writes, lets the journal take it, and deletes, as a device does in its life.
#[test]
fn the_journal_gives_what_the_inode_lost() {
    if leaksweep_peers::need("mke2fs").is_none() {
        return;
    }
    for (options, way) in [("-t ext3", "ext3 journal"), (FOUR, "ext4 journal")] {
        let folder = tempfile::tempdir().unwrap();
        let mut files = files();
        let path = made(folder.path(), options, &Files::from([("a.pdf".into(), noise(1, 9000))]));
        let Some(mount) = Mount::new("mount", &path, &["-o", "loop"]) else {
            return leaksweep_peers::skip("nobody may mount here");
        };
        write(&mount.at(""), &files);
        fs::create_dir(mount.at("old")).unwrap();
        fs::write(mount.at("old/内部.doc"), noise(5, 50_000)).unwrap();
        run("sync", &[]);
        let dirty = fs::read(&path).unwrap();
        let mut gone: Files = Files::from([("old/内部.doc".into(), noise(5, 50_000))]);
        fs::remove_dir_all(mount.at("old")).unwrap();
        for name in [
            "扫描/机密报告.jpg",
            "large",
            "many/a name that is long enough to fill a folder's blocks 77",
        ] {
            fs::remove_file(mount.at(name)).unwrap();
            gone.insert(name.into(), files.remove(name).unwrap());
        }
        run("sync", &[]);
        mount.end();
        let told = Told::read(&EXT, Path::new(&path));
        told.assert_live(&files);
        let deleted = told.deleted();
        for (name, content) in &gone {
            let named = deleted.get(name.as_str()).unwrap_or_else(|| panic!("{name} is not told"));
            assert!(told.content(named).as_ref() == Some(content), "{name} has other bytes");
            assert_eq!((named.way, named.recorded), (way, true), "{name}");
        }
        // A copy of the medium from before the last unmount: what the journal holds is laid over it.
        files.extend(gone);
        let told = Told::of(&EXT, dirty);
        told.assert_live(&files);
        assert!(told.live().contains_key("old"));
    }
}

#[test]
fn a_copy_of_the_superblock_serves_where_the_first_is_gone() {
    if leaksweep_peers::need("mke2fs").is_none() {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let files = files();
    let path = made(folder.path(), "-t ext4 -b 1024", &files);
    let mut image = fs::read(&path).unwrap();
    image[..4096].fill(0);
    assert!(attempt(&EXT, &image).is_none());
    let told = Told::of(&EXT_COPY, image);
    told.assert_live(&files);
    assert_eq!(told.volume.label.as_deref(), Some("drucker"));
}

#[test]
fn hostile_volumes_are_read_quickly() {
    if leaksweep_peers::need("mke2fs").is_none() {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let path = made(folder.path(), "-t ext4 -b 1024", &files());
    let whole = fs::read(&path).unwrap();
    let superblock = Superblock::find(&whole).unwrap();
    let table = super::groups::read(&whole, &superblock)[0].inode_table as usize * 1024;
    let started = Instant::now();
    for round in 0..60_u64 {
        let mut image = whole.clone();
        for (at, chance) in noise(round + 1, 64).chunks_exact(8).enumerate() {
            let chance = u64::from_le_bytes(chance.try_into().unwrap());
            let area = if at % 2 == 0 { 1024..4096 } else { table..table + 16384 };
            let place = area.start + (chance >> 32) as usize % area.len();
            image[place] = [0xFF, 0, chance as u8, 0x7F][at % 4];
        }
        attempt(&EXT, &image);
    }
    assert!(started.elapsed() < Duration::from_secs(120));
    // The root leads to itself, and a file has 16 EB.
    let mut image = whole;
    let root = table + 256;
    image[root + 0x28 + 6..root + 0x28 + 8].copy_from_slice(&u16::MAX.to_le_bytes());
    let file = table + 11 * 256;
    image[file + 4..file + 8].fill(0xFF);
    image[file + 0x6C..file + 0x70].fill(0xFF);
    let started = Instant::now();
    assert!(attempt(&EXT, &image).is_some());
    assert!(started.elapsed() < Duration::from_secs(10));
}

#[test]
fn names_whose_inodes_cannot_be_read_are_told() {
    if leaksweep_peers::need("mke2fs").is_none() {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let path = made(folder.path(), TWO, &files());
    let mut image = fs::read(&path).unwrap();
    let superblock = Superblock::find(&image).unwrap();
    let size = superblock.inode_size as usize;
    let table = super::groups::read(&image, &superblock)[0].inode_table as usize * 1024;
    image[table + 11 * size..table + superblock.group_inodes as usize * size].fill(0);
    let told = Told::of(&EXT, image);
    let live = told.live();
    let absent = Content::Absent("its inode cannot be read");
    for (name, what) in [("a.pdf", What::File), ("many", What::Folder), ("short", What::Link)] {
        assert_eq!((&live[name].content, live[name].what), (&absent, what), "{name}");
    }
    assert_eq!(told.problems.len(), 1, "{:?}", told.problems);
}

/// Puts a block into the journal, as a device does that then writes it in its place.
fn journal(folder: &Path, image: &str, block: usize, raw: &[u8]) {
    let (copy, script) = (folder.join("block"), folder.join("script"));
    fs::write(&copy, raw).unwrap();
    let copy = copy.to_str().unwrap();
    fs::write(&script, format!("jo\njw -b {block} {copy}\njc\njr\n")).unwrap();
    run("debugfs", &["-w", "-f", script.to_str().unwrap(), image]);
}

#[test]
fn inodes_that_cannot_be_read_live_on_in_the_journal() {
    if leaksweep_peers::need("mke2fs").is_none() {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let files = files();
    let path = made(folder.path(), FOUR, &files);
    let before = fs::read(&path).unwrap();
    let superblock = Superblock::find(&before).unwrap();
    // The second block of the table: the root and the journal stand in the first.
    let block = super::groups::read(&before, &superblock)[0].inode_table as usize + 1;
    let place = block * 4096..(block + 1) * 4096;
    journal(folder.path(), &path, block, &before[place.clone()]);
    let mut image = fs::read(&path).unwrap();
    image[place].fill(0);
    let told = Told::of(&EXT, image);
    told.assert_live(&files);
    assert!(told.deleted().is_empty(), "{:?}", told.deleted());
    let said: Vec<&str> = told.problems.iter().map(|problem| problem.detail.as_str()).collect();
    assert_eq!(said, ["inodes cannot be read; copies in the journal stand for them"]);
}

#[test]
fn a_block_of_a_folder_that_reads_as_zeros_is_told() {
    if leaksweep_peers::need("mke2fs").is_none() {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let mut image = fs::read(made(folder.path(), TWO, &files())).unwrap();
    let block = memchr::memmem::find(&image, b"to fill a folder's blocks 77").unwrap() / 1024;
    image[block * 1024..(block + 1) * 1024].fill(0);
    let told = Told::of(&EXT, image);
    assert!(told.live().contains_key("a.pdf"));
    let said: Vec<&str> = told.problems.iter().map(|problem| problem.detail.as_str()).collect();
    assert_eq!(said, ["parts of its folders cannot be read"]);
}

#[test]
fn a_folder_goes_on_behind_a_block_that_cannot_be_read() {
    if leaksweep_peers::need("mke2fs").is_none() {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let path = made(folder.path(), TWO, &files());
    run("debugfs", &["-w", "-R", "sif /many block[0] 32500", &path]);
    let mut image = fs::read(&path).unwrap();
    image.truncate(31 << 20);
    let told = Told::of(&EXT, image);
    let many = told.live().into_keys().filter(|path| path.starts_with("many/")).count();
    assert!((100..150).contains(&many), "{many}");
    assert_eq!(told.problems.len(), 1, "{:?}", told.problems);
}

/// A volume of zeros.
struct Empty(u64);

impl crate::Bytes for Empty {
    fn len(&self) -> u64 {
        self.0
    }

    fn read_at(&self, _: u64, into: &mut [u8]) -> usize {
        into.fill(0);
        into.len()
    }
}

#[test]
fn groups_are_read_to_a_most() {
    let mut raw = [0; super::superblock::SIZE];
    let mut put = |at: usize, value: u32| raw[at..at + 4].copy_from_slice(&value.to_le_bytes());
    let groups = super::groups::MOST as u32 + 9;
    // Blocks of a kilobyte, 256 of them and eight inodes to a group.
    for (at, value) in [(0, 80), (4, groups * 256), (0x14, 1), (0x20, 256), (0x28, 8)] {
        put(at, value);
    }
    put(0x38, 0xEF53);
    let superblock = Superblock::parse(&raw).unwrap();
    let volume = Empty(u64::from(groups) * 256 * 1024);
    assert_eq!(super::groups::read(&volume, &superblock).len(), super::groups::MOST);
}
