use std::{collections::BTreeMap, fs, path::PathBuf};

use leaksweep_peers::{need, skip};

use super::NTFS;
use crate::{
    Run,
    volumes::{
        Content, What,
        samples::{Mount, Told, image, noise, run},
    },
};

struct Disk {
    folder: tempfile::TempDir,
}

impl Disk {
    fn new(bytes: u64) -> Option<Self> {
        need("mkntfs")?;
        let disk = Self { folder: tempfile::tempdir().unwrap() };
        image(&disk.path(), bytes);
        run("mkntfs", &["-F", "-q", "-L", "财务部", disk.path().to_str().unwrap()]);
        Some(disk)
    }

    fn path(&self) -> PathBuf {
        self.folder.path().join("disk")
    }

    fn mount(&self) -> Option<Mount> {
        let options = ["-o", "compression,streams_interface=windows"];
        let mount = Mount::through_loop("ntfs-3g", &self.path(), &options);
        if mount.is_none() {
            skip("no FUSE and no loop device here");
        }
        mount
    }

    fn told(&self) -> Told {
        Told::read(&NTFS, &self.path())
    }
}

/// Text, which packs well.
fn text(lines: usize) -> Vec<u8> {
    (0..lines)
        .flat_map(|line| format!("{line} 机密 the same words again {}\n", line * line).into_bytes())
        .collect()
}

#[test]
fn live_files_are_exact_and_deleted_ones_named() {
    let Some(disk) = Disk::new(48 << 20) else { return };
    let Some(mount) = disk.mount() else { return };
    let mut files = BTreeMap::new();
    fs::create_dir_all(mount.at("文档/内部/2026")).unwrap();
    fs::create_dir(mount.at("empty")).unwrap();
    for number in 0..80 {
        // Some fit in the record.
        let path = format!("文档/内部/2026/报告 {number}.docx");
        files.insert(path, noise(number, number as usize * number as usize * 7));
    }
    files.insert("short.txt".into(), b"resident".to_vec());
    for (path, content) in &files {
        fs::write(mount.at(path), content).unwrap();
    }
    fs::write(mount.at("short.txt:Zone.Identifier"), b"[ZoneTransfer]\r\nZoneId=3\r\n").unwrap();
    fs::write(mount.at("short.txt:large"), noise(900, 50_000)).unwrap();
    let gone: BTreeMap<String, Vec<u8>> =
        files.extract_if(.., |path, _| path.contains("5.docx")).collect();
    for path in gone.keys() {
        fs::remove_file(mount.at(path)).unwrap();
    }
    mount.end();
    files.insert("short.txt:Zone.Identifier".into(), b"[ZoneTransfer]\r\nZoneId=3\r\n".to_vec());
    files.insert("short.txt:large".into(), noise(900, 50_000));
    let told = disk.told();
    assert_eq!(told.volume.label.as_deref(), Some("财务部"));
    assert_eq!((told.volume.cluster, told.volume.bytes), (4096, 48 << 20));
    assert_eq!(told.problems, []);
    told.assert_live(&files);
    let live = told.live();
    assert_eq!(live["empty"].what, What::Folder);
    assert_eq!(live["short.txt:large"].way, "ntfs stream");
    assert!(live["short.txt"].modified.is_some_and(|time| time > 1_600_000_000));
    let deleted = told.deleted();
    for (path, content) in &gone {
        let named = deleted.get(path.as_str()).unwrap_or_else(|| panic!("{path}"));
        assert_eq!((named.bytes, named.way), (content.len() as u64, "ntfs deleted record"));
        assert!(told.content(named).as_ref() == Some(content) && named.recorded, "{path}");
    }
    assert_eq!(deleted.len(), gone.len());
    told.assert_as_fls(&disk.path());
}

#[test]
fn packed_sparse_and_fragmented_files_are_read() {
    let Some(disk) = Disk::new(20 << 20) else { return };
    if need("python3").is_none() {
        return;
    }
    let Some(mount) = disk.mount() else { return };
    fs::create_dir(mount.at("packed")).unwrap();
    let packed = mount.at("packed");
    let set = "import os,sys\nos.setxattr(sys.argv[1],'system.ntfs_attrib_be',bytes([0,0,8,16]))";
    run("python3", &["-c", set, packed.to_str().unwrap()]);
    let mut files = BTreeMap::new();
    files.insert("packed/text.txt".to_owned(), text(20_000));
    files.insert(
        "packed/mixed.bin".to_owned(),
        [text(3000), noise(3, 150_000), vec![0; 200_000], text(99)].concat(),
    );
    for (path, content) in &files {
        fs::write(mount.at(path), content).unwrap();
    }
    fs::write(mount.at("packed/gone.txt"), text(9000)).unwrap();
    let filled = (0..400)
        .find(|number| fs::write(mount.at(&format!("f{number}")), noise(*number, 60_000)).is_err());
    let filled = filled.expect("the disk is full");
    for number in 0..=filled {
        let path = format!("f{number}");
        if number % 2 == 0 || number == filled {
            fs::remove_file(mount.at(&path)).unwrap();
        } else {
            files.insert(path, noise(number, 60_000));
        }
    }
    let sparse = fs::File::create(mount.at("sparse")).unwrap();
    std::os::unix::fs::FileExt::write_all_at(&sparse, &noise(5, 9000), 3 << 20).unwrap();
    drop(sparse);
    files.insert("sparse".into(), [vec![0; 3 << 20], noise(5, 9000)].concat());
    // So large that it must take the gaps, and its runs more than one record.
    let large = noise(1000, 7 << 20);
    fs::write(mount.at("large"), &large).unwrap();
    files.insert("large".into(), large);
    fs::remove_file(mount.at("packed/gone.txt")).unwrap();
    mount.end();
    let told = disk.told();
    told.assert_live(&files);
    let live = told.live();
    assert!(matches!(live["packed/text.txt"].content, Content::Held(_)));
    let runs = |path: &str| match &live[path].content {
        Content::Runs(runs) => runs.clone(),
        other => panic!("{other:?}"),
    };
    assert!(runs("large").len() > 1, "{:?}", runs("large"));
    assert_eq!(runs("sparse")[0].start, Run::HOLE);
    let deleted = told.deleted();
    let states = (0..=filled).step_by(2).map(|number| deleted.get(format!("f{number}").as_str()));
    let states: Vec<_> = states.flatten().collect();
    assert!(states.len() > 60, "{}", states.len());
    for named in states {
        let own = named.path[1..].parse().map(|number| noise(number, 60_000)).unwrap();
        let exact = told.content(named) == Some(own);
        assert_eq!(exact, named.recorded && told.content(named).is_some(), "{}", named.path);
    }
    let gone = deleted["packed/gone.txt"];
    assert_eq!(told.content(gone), Some(text(9000)));
}

#[test]
fn deleted_folders_keep_their_paths_while_their_numbers_fit() {
    let Some(disk) = Disk::new(16 << 20) else { return };
    let Some(mount) = disk.mount() else { return };
    fs::create_dir_all(mount.at("甲/乙")).unwrap();
    for number in 0..20 {
        fs::write(mount.at(&format!("甲/乙/{number}.pdf")), noise(number, 9000)).unwrap();
    }
    fs::remove_dir_all(mount.at("甲")).unwrap();
    mount.end();
    let told = disk.told();
    let deleted = told.deleted();
    for number in 0..20 {
        let named = deleted[format!("甲/乙/{number}.pdf").as_str()];
        assert_eq!(told.content(named), Some(noise(number, 9000)));
    }
    let mut image = told.image.clone();
    // The boot sector and the first record of the table are gone: their copies serve.
    let boot = super::Boot::find(&mut crate::Stretch::new(&image)).unwrap();
    image[..512].fill(0);
    image[boot.table as usize..][..1024].fill(0);
    let again = Told::of(&NTFS, image);
    assert_eq!(again.deleted().len(), deleted.len());
}

#[test]
fn files_in_more_pieces_than_a_record_holds_are_whole() {
    let Some(disk) = Disk::new(24 << 20) else { return };
    let Some(mount) = disk.mount() else { return };
    let mut files = BTreeMap::new();
    let names = ["a.log", "b.log", "c.log"];
    let open = |name: &&str| fs::File::create(mount.at(name)).unwrap();
    let handles: Vec<fs::File> = names.iter().map(open).collect();
    for step in 0..1200_u64 {
        for (at, handle) in handles.iter().enumerate() {
            let place = step * 4096;
            let block = noise(step * 3 + at as u64, 4096);
            std::os::unix::fs::FileExt::write_all_at(handle, &block, place).unwrap();
            files.entry(names[at].to_owned()).or_insert_with(Vec::new).extend(block);
        }
    }
    drop(handles);
    // A file that FUSE still holds is not removed but renamed: only an end of the mount lets go of all of them.
    mount.end();
    let Some(mount) = disk.mount() else { return };
    fs::remove_file(mount.at("b.log")).unwrap();
    let gone = files.remove("b.log").unwrap();
    mount.end();
    let told = disk.told();
    told.assert_live(&files);
    let Content::Runs(runs) = &told.live()["a.log"].content else { panic!() };
    assert!(runs.len() > 150, "{}", runs.len());
    let deleted = told.deleted()["b.log"];
    assert!(told.content(deleted) == Some(gone) && deleted.recorded);
}

#[test]
fn a_copy_of_another_volume_is_not_taken() {
    let mut sector = [0; 512];
    sector[3..11].copy_from_slice(b"NTFS    ");
    sector[11..14].copy_from_slice(&[0, 2, 8]);
    sector[40..48].copy_from_slice(&2047_u64.to_le_bytes());
    sector[64] = 0xF6;
    let mut disk = vec![0; 2 << 20];
    let last = disk.len() - 512;
    disk[last..].copy_from_slice(&sector);
    let find = |start: usize| super::Boot::find(&mut crate::Stretch::new(&&disk[start..]));
    assert!(find(0).is_none() && find(512 << 10).is_none());
    assert_eq!(find(1 << 20).unwrap().bytes, 1 << 20);
    // A volume that does not fill its partition, and one with long sectors.
    let ends = |before: usize, sector: &[u8]| {
        let mut part = vec![0; (1 << 20) + 2048];
        let copy = part.len() - before;
        part[copy..copy + 512].copy_from_slice(sector);
        let volume = (NTFS.probe)(&mut crate::Stretch::new(&part)).unwrap();
        super::Boot::find(&mut crate::Stretch::new(&&part[..volume.bytes as usize])).is_some()
    };
    assert!(ends(512, &sector));
    sector[11..14].copy_from_slice(&[0, 16, 1]);
    sector[40..48].copy_from_slice(&255_u64.to_le_bytes());
    assert!(ends(2048 + 4096, &sector));
}

/// A small volume with something of everything, for mutation.
pub fn sample() -> Option<Vec<u8>> {
    let disk = Disk::new(3 << 20)?;
    let mount = disk.mount()?;
    fs::create_dir_all(mount.at("甲/乙")).unwrap();
    for number in 0..12 {
        fs::write(mount.at(&format!("甲/乙/{number}")), noise(number, 300 * number as usize))
            .unwrap();
    }
    fs::write(mount.at("甲/乙/1:stream"), b"stream").unwrap();
    fs::remove_file(mount.at("甲/乙/11")).unwrap();
    mount.end();
    fs::read(disk.path()).ok()
}
