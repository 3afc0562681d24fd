use std::{
    io::Write,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use super::*;

const MIB: u64 = 1 << 20;

fn run(program: &Path, arguments: &[&str], input: &str) {
    let mut command = Command::new(program);
    command.args(arguments).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
    let told = child.wait_with_output().unwrap();
    let said = [told.stdout, told.stderr].concat();
    assert!(told.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&said));
}

/// An image with a table that sfdisk made.
fn made(size: u64, script: &str) -> Option<Vec<u8>> {
    let sfdisk = leaksweep_peers::need("sfdisk")?;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("disk");
    std::fs::File::create(&path).unwrap().set_len(size).unwrap();
    run(&sfdisk, &["-q", "--no-reread", path.to_str().unwrap()], script);
    Some(std::fs::read(path).unwrap())
}

fn told(observed: &Observed<Slot>) -> Vec<(u32, u64, u64, &str)> {
    let of = |slot: &Slot| (slot.number, slot.start / 512, slot.bytes / 512);
    let rows = observed.rows.iter();
    rows.map(|slot| (of(slot).0, of(slot).1, of(slot).2, slot.kind.as_deref().unwrap_or("")))
        .collect()
}

fn states(observed: &Observed<Slot>) -> Vec<Option<State>> {
    observed.rows.iter().map(|slot| slot.state).collect()
}

const GPT: &str = "label: gpt\nlabel-id: 11111111-2222-3333-4444-555555555555\n\
    start=2048,size=8192,type=C12A7328-F81F-11D2-BA4B-00A0C93EC93B,name=\"ESP\"\n\
    start=16384,size=20480,type=0FC63DAF-8483-4772-8E79-3D69D8477DE4,name=\"数据\",uuid=0FC63DAF-8483-4772-8E79-3D69D8477DE5\n";

#[test]
fn a_gpt_and_its_copy_are_read() {
    let Some(whole) = made(32 * MIB, GPT) else { return };
    let expected = [(1, 2048, 8192, "EFI system"), (2, 16384, 20480, "Linux filesystem")];
    let observed = read(&whole, None);
    assert_eq!(told(&observed), expected);
    assert!(observed.problems.is_empty() && observed.rows[0].scheme == Scheme::Gpt);
    assert_eq!(observed.rows[1].name.as_deref(), Some("数据"));
    assert_eq!(observed.rows[1].uuid.as_deref(), Some("0fc63daf-8483-4772-8e79-3d69d8477de5"));
    for (damaged, state) in [
        (vec![512 + 40], State::Backup),
        (vec![1024 + 33], State::Backup),
        (vec![whole.len() - 512 + 40], State::Whole),
        (vec![1024 + 128 + 60, whole.len() - 20], State::Whole),
    ] {
        let mut image = whole.clone();
        damaged.iter().for_each(|at| image[*at] ^= 1);
        let observed = read(&image, Some(512));
        if damaged.len() == 1 {
            assert_eq!(told(&observed), expected, "{damaged:?}");
            assert_eq!(states(&observed), [Some(state); 2], "{damaged:?}");
        }
        assert_eq!(observed.problems.len(), 1, "{damaged:?}: {:?}", observed.problems);
    }
    let mut zeroed = whole.clone();
    zeroed[..MIB as usize].fill(0);
    assert_eq!(states(&read(&zeroed, None)), [Some(State::Backup); 2]);
    let mut gone = whole.clone();
    gone[512..MIB as usize].fill(0);
    let end = gone.len();
    gone[end - 40 * 512..].fill(0);
    let observed = read(&gone, None);
    assert!(observed.rows.is_empty() && observed.problems[0].detail.contains("neither copy"));
    // An image that was cut: the copy is missing, one partition is cut, the other behind the end.
    let cut = read(&whole[..10 * MIB as usize].to_vec(), None);
    assert_eq!(told(&cut), [(1, 2048, 8192, "EFI system"), (2, 16384, 4096, "Linux filesystem")]);
    assert_eq!(states(&cut), [Some(State::Damaged); 2]);
}

#[test]
fn an_mbr_with_its_chain_is_read() {
    let script = "label: dos\nlabel-id: 0x12345678\nstart=2048,size=4096,type=c\nstart=8192,size=40000,type=5\n\
        start=10240,size=4096,type=83\nstart=20480,size=4096,type=82\nstart=30720,size=2048,type=7\n";
    let Some(whole) = made(32 * MIB, script) else { return };
    // sfdisk numbers logical partitions from 5 on.
    let observed = read(&whole, None);
    let mut expected = vec![(1, 2048, 4096, "FAT32")];
    if observed.rows.len() == 4 {
        expected.extend([
            (5, 10240, 4096, "Linux filesystem"),
            (6, 20480, 4096, "Linux swap"),
            (7, 30720, 2048, "NTFS or exFAT"),
        ]);
    }
    assert_eq!(told(&observed), expected);
    assert_eq!(observed.rows.len(), 4);
    assert_eq!(observed.rows[3].uuid.as_deref(), Some("12345678-07"));
    assert!(observed.problems.is_empty(), "{:?}", observed.problems);
    // The second link leads to itself.
    let mut looped = whole.clone();
    let second = 8192 * 512 + 446 + 16;
    let next = u32::from_le_bytes(looped[second + 8..][..4].try_into().unwrap());
    let link = ((8192 + next) * 512) as usize + 446 + 16;
    looped[link + 8..][..4].copy_from_slice(&next.to_le_bytes());
    let observed = read(&looped, None);
    assert_eq!(observed.rows.len(), 3);
    assert!(observed.problems[0].detail.contains("leads back"));
    assert!(states(&observed).iter().all(|state| *state == Some(State::Damaged)));
}

#[test]
fn a_hybrid_table_tells_what_the_gpt_lacks() {
    let Some(mut image) = made(32 * MIB, GPT) else { return };
    let entry = |kind: u8, first: u32, sectors: u32| {
        let mut entry = [0; 16];
        entry[4] = kind;
        entry[8..12].copy_from_slice(&first.to_le_bytes());
        entry[12..].copy_from_slice(&sectors.to_le_bytes());
        entry
    };
    image[446 + 16..446 + 32].copy_from_slice(&entry(0x83, 16384, 20480));
    image[446 + 32..446 + 48].copy_from_slice(&entry(0x0C, 40960, 1024));
    let observed = read(&image, None);
    let last = (3, 40960, 1024, "FAT32");
    assert_eq!((observed.rows.len(), told(&observed)[2]), (3, last));
    assert_eq!(observed.rows[2].scheme, Scheme::Mbr);
}

#[test]
fn entries_out_of_the_medium_and_overlapping_ones_are_damage() {
    let Some(mut image) = made(32 * MIB, "label: dos\nstart=2048,size=4096,type=83\n") else {
        return;
    };
    let first = 446 + 8;
    image.copy_within(446..446 + 16, 446 + 16);
    image[first + 16..first + 20].copy_from_slice(&4096_u32.to_le_bytes());
    let observed = read(&image, None);
    assert!(observed.problems[0].detail.contains("overlap"), "{:?}", observed.problems);
    image[first + 16..first + 20].copy_from_slice(&u32::MAX.to_le_bytes());
    let observed = read(&image, None);
    assert_eq!(observed.rows.len(), 1);
    assert!(observed.problems[0].detail.contains("begins behind"));
    assert_eq!(states(&observed), [Some(State::Damaged)]);
}

#[test]
fn sectors_of_4096_bytes_are_tried() {
    let Some(sgdisk) = leaksweep_peers::need("sgdisk") else { return };
    let folder = tempfile::tempdir().unwrap();
    let path: PathBuf = folder.path().join("disk");
    std::fs::File::create(&path).unwrap().set_len(8 * MIB).unwrap();
    run(&sgdisk, &["-n", "1:2048:+2M", "-c", "1:part", "-t", "1:8e00", path.to_str().unwrap()], "");
    let image = std::fs::read(path).unwrap();
    assert_eq!(told(&read(&image, None)), [(1, 2048, 4096, "Linux LVM")]);
    // The same table for long sectors: header and entries at eightfold places.
    let mut long = vec![0; 64 * MIB as usize];
    let mut header = image[512..1024].to_vec();
    for at in [24, 40, 48, 72] {
        let last = (long.len() / 4096 - 1) as u64;
        let value: u64 = match at {
            24 => 1,
            40 => 6,
            48 => last - 5,
            _ => 2,
        };
        header[at..at + 8].copy_from_slice(&value.to_le_bytes());
    }
    header[16..20].fill(0);
    let sum = crc32fast::hash(&header[..92]);
    header[16..20].copy_from_slice(&sum.to_le_bytes());
    long[4096..4608].copy_from_slice(&header);
    long[8192..8192 + 128 * 128].copy_from_slice(&image[1024..1024 + 128 * 128]);
    let observed = read(&long, None);
    assert_eq!(
        observed.rows.iter().map(|slot| (slot.start, slot.bytes)).collect::<Vec<_>>(),
        [(2048 * 4096, 4096 * 4096)]
    );
    assert_eq!(read(&long, Some(4096)).rows, observed.rows);
}

#[test]
fn apples_map_is_read() {
    let mut image = vec![0; 64 * 512];
    image[..4].copy_from_slice(b"ER\x02\0");
    for (number, start, count, name, kind) in [
        (1, 1, 3, "Apple", "Apple_partition_map"),
        (2, 8, 16, "disk", "Apple_HFS"),
        (3, 24, 8, "", "Apple_Free"),
    ] {
        let entry = &mut image[number * 512..][..512];
        entry[..2].copy_from_slice(b"PM");
        entry[4..8].copy_from_slice(&3_u32.to_be_bytes());
        entry[8..12].copy_from_slice(&(start as u32).to_be_bytes());
        entry[12..16].copy_from_slice(&(count as u32).to_be_bytes());
        entry[16..16 + name.len()].copy_from_slice(name.as_bytes());
        entry[48..48 + kind.len()].copy_from_slice(kind.as_bytes());
    }
    let observed = read(&image, None);
    assert_eq!(told(&observed), [(2, 8, 16, "Apple_HFS")]);
    assert_eq!(observed.rows[0].name.as_deref(), Some("disk"));
}

#[test]
fn file_systems_without_a_table_are_found_where_partitions_begin() {
    let slot = Slot::new(1, Scheme::Gpt, 4 * MIB, 4 * MIB);
    let begins = [63 * 512, 3 * MIB, 5 * MIB, 9 * MIB, 9 * MIB + 512, 12 * MIB + 512];
    let mut tried = 0;
    let mut probe = |at: u64| {
        tried += 1;
        begins.contains(&at).then_some(MIB)
    };
    let rows = found(20 * MIB, &[slot], &[12 * MIB + 512, 9 * MIB + 512], &mut probe);
    let starts: Vec<u64> = rows.iter().map(|slot| slot.start).collect();
    assert_eq!(starts, [63 * 512, 3 * MIB, 9 * MIB, 12 * MIB + 512]);
    assert!(rows.iter().all(|slot| slot.scheme == Scheme::Found && slot.state.is_none()));
    assert!(tried < 30);
    // Parts of a dump of flash begin with its blocks; not all of them end there.
    let parts = [(0, 0x28_0000), (0x28_0000, 0x3B_8123), (0x64_0000, 0x10_0000)];
    let mut probe = |at: u64| parts.iter().find(|part| part.0 == at).map(|part| part.1);
    let rows = found(16 * MIB, &[], &[], &mut probe);
    assert_eq!(rows.iter().map(|slot| (slot.start, slot.bytes)).collect::<Vec<_>>(), parts);
    let mut tried = 0;
    found(u64::MAX, &[], &[], &mut |_| {
        tried += 1;
        Some(512)
    });
    assert!(tried <= lost_limit() + 2 * 4096);
    let whole = found(2 * MIB, &[], &[], &mut |at| (at == 0).then_some(u64::MAX));
    assert_eq!((whole.len(), whole[0].scheme, whole[0].bytes), (1, Scheme::None, 2 * MIB));
    let mut tried = 0;
    found(u64::MAX, &[], &[], &mut |_| {
        tried += 1;
        None
    });
    assert!(tried <= lost_limit());
}

fn lost_limit() -> usize {
    65_536
}

#[test]
fn encrypted_volumes_are_known_by_their_makers() {
    let Some(cryptsetup) = leaksweep_peers::need("cryptsetup") else { return };
    for (kind, expected) in [("luks1", "luks1"), ("luks2", "luks2")] {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("volume");
        std::fs::File::create(&path).unwrap().set_len(20 * MIB).unwrap();
        let quick = ["--pbkdf", "pbkdf2", "--pbkdf-force-iterations", "1000"];
        let mut arguments = vec!["-q", "luksFormat", "--type", kind, "--key-file", "-"];
        arguments.extend(quick);
        arguments.push(path.to_str().unwrap());
        run(&cryptsetup, &arguments, "password");
        let mut volume = std::fs::read(&path).unwrap();
        assert_eq!(encryption(&volume), Some(expected));
        volume[..4096].fill(0);
        assert_eq!(encryption(&volume), (kind == "luks2").then_some("luks2"), "its copy is there");
    }
}

#[test]
fn other_encryption_is_known_by_its_signature() {
    let with = |at: usize, bytes: &[u8]| {
        let mut volume = vec![0; 16384];
        volume[at..at + bytes.len()].copy_from_slice(bytes);
        encryption(&volume)
    };
    assert_eq!(with(3, b"-FVE-FS-"), Some("bitlocker"));
    assert_eq!(with(16384 - 512, b"GEOM::ELI"), Some("geli"));
    assert_eq!(with(88, b"CS"), None);
    assert_eq!(with(3, b"NTFS    "), None);
    assert_eq!(encryption(&vec![0; 100]), None);
}

#[test]
fn what_is_no_table_is_none() {
    for filler in [0, 0xFF, b'A', 0x55] {
        let observed = read(&vec![filler; 65_536], None);
        assert!(observed.rows.is_empty() && observed.problems.is_empty(), "{filler}");
    }
    // A boot sector of a file system: a signature, and code or text where entries would be.
    let mut boot = vec![0; 65_536];
    boot[..3].copy_from_slice(&[0xEB, 0x58, 0x90]);
    boot[440..510].fill(b'R');
    boot[510..512].copy_from_slice(&[0x55, 0xAA]);
    assert!(read(&boot, None).rows.is_empty());
}
