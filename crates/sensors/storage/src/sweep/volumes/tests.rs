use super::*;
use crate::{
    media::{Input, Options, open},
    volumes::{Content, Named, What},
};

/// Names as many files as the volume has bytes.
static NAMES: FileSystem = FileSystem { probe: |_| None, read: names };

fn names(_: &dyn Bytes, volume: &Volume, told: &mut dyn FnMut(Named)) -> Vec<Problem> {
    for _ in 0..volume.bytes {
        told(Named {
            path: "/a".into(),
            what: What::File,
            bytes: 1,
            content: Content::Absent("encrypted"),
            deleted: false,
            owner: None,
            created: None,
            modified: None,
            deleted_at: None,
            way: "ext4",
            recorded: true,
        });
    }
    Vec::new()
}

/// The partition of each find, and what went wrong, of partitions with a start, a length and so many files.
fn read(partitions: &[(u64, u64, u64)]) -> (Vec<u32>, Vec<(String, String)>) {
    let file = tempfile::NamedTempFile::new().unwrap();
    file.as_file().set_len(1 << 20).unwrap();
    let medium = open(&Input::new(file.path()), &Options::default()).unwrap();
    let (faults, allowance) = (Faults::default(), Allowance::of(medium.len(), 0));
    let mut volumes = Volumes::of(&medium, &[], &faults, &allowance);
    let held = |(number, (start, bytes, files)): (u32, &(u64, u64, u64))| {
        let slot = Slot { number, start: *start, bytes: *bytes, ..Slot::whole(0) };
        let volume = Volume { bytes: *files, ..Volume::default() };
        Held { system: Some((&NAMES, volume)), ..Held::new(&medium, &faults, slot) }
    };
    volumes.held = (1..).zip(partitions).map(held).collect();
    let finds = volumes.read(&mut |_, _| ());
    let partition = |find: &Find| find.names.as_ref().map_or(0, |names| names.partition);
    let problems = volumes.problems.into_iter().map(|problem| (problem.subject, problem.detail));
    (finds.iter().map(partition).collect(), problems.collect())
}

#[test]
fn a_volume_that_names_too_much_hides_nothing_of_another() {
    let (partitions, problems) = read(&[(0, 4096, 150_000), (8192, 8192, 60_000)]);
    let of = |number| partitions.iter().filter(|partition| **partition == number).count();
    assert_eq!((of(1), of(2)), (50_000, 50_000));
    let subjects: Vec<&str> = problems.iter().map(|(subject, _)| &**subject).collect();
    assert_eq!(subjects, ["partition 1", "partition 2"]);
    assert!(problems[0].1.starts_with("100000 files"), "{problems:?}");
    // What a small one leaves is for the large one, wherever they lie.
    let (partitions, problems) = read(&[(0, 8192, 99_000), (8192, 4096, 1000)]);
    assert_eq!((partitions.len(), problems.len()), (100_000, 0));
}

#[test]
fn of_partitions_that_begin_at_one_place_the_longest_is_read() {
    let (partitions, problems) = read(&[(512, 4096, 1), (512, 1 << 19, 3), (0, 512, 1)]);
    assert_eq!(partitions, [3, 2, 2, 2]);
    let [(subject, detail)] = &problems[..] else { panic!("{problems:?}") };
    assert!(subject == "partition 1" && detail.contains("where partition 2 does"), "{detail}");
}
