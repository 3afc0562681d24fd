use std::{fs, path::Path, process::Command};

use super::*;

fn job(path: &str, number: u64, size: u64, algorithms: &[Algorithm]) -> Job {
    Job { identity: (0, number), path: path.into(), size, algorithms: algorithms.to_vec() }
}

/// Every length near a block's and a chunk's end, in one folder.
fn files(folder: &Path) -> Vec<(String, usize)> {
    let edges = [0, 1, 55, 56, 63, 64, 65, 119, 120, 128, lanes::CHUNK - 1, lanes::CHUNK];
    let more = [lanes::CHUNK + 1, 3 * lanes::CHUNK + 77, 1 << 20];
    let sizes = edges.into_iter().chain(more).chain(200..260);
    let write = |(number, size): (usize, usize)| {
        let name = format!("f{number}");
        let content: Vec<u8> = (0..size).map(|at| (at * 7 + number) as u8).collect();
        fs::write(folder.join(&name), content).unwrap();
        (name, size)
    };
    sizes.enumerate().map(write).collect()
}

fn said(program: &str, folder: &Path, name: &str) -> String {
    let output = Command::new(program).arg(folder.join(name)).output().unwrap();
    String::from_utf8(output.stdout).unwrap().split(' ').next().unwrap().to_owned()
}

#[test]
fn files_side_by_side_have_the_digests_that_others_find() {
    let folder = tempfile::tempdir().unwrap();
    let files = files(folder.path());
    let root = Root::open(folder.path()).unwrap();
    let wants = [Algorithm::Md5, Algorithm::Sha256];
    let numbered = files.iter().enumerate();
    let jobs = numbered.map(|(at, (name, size))| {
        // Some want one alone, so that lanes with and without work stand beside each other.
        let wants = if at % 5 == 4 { &wants[1..] } else { &wants[..1 + at % 2] };
        // A size is what it was a moment ago.
        let size = &(*size + at % 3).saturating_sub(1);
        job(name, at as u64, *size as u64, wants)
    });
    let digests = all(&root, jobs.collect(), 1 << 30);
    assert_eq!(digests.len(), files.len());
    for (at, (name, _)) in files.iter().enumerate() {
        for sum in digests[&(0, at as u64)].as_ref().unwrap() {
            let program = if sum.algorithm == Algorithm::Md5 { "md5sum" } else { "sha256sum" };
            assert_eq!(sum.hex(), said(program, folder.path(), name), "{program} {name}");
        }
    }
}

#[test]
fn a_file_is_read_once_for_all_its_names_and_digests() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("a"), "abc").unwrap();
    fs::hard_link(folder.path().join("a"), folder.path().join("b")).unwrap();
    let root = Root::open(folder.path()).unwrap();
    let jobs = vec![job("b", 1, 3, &[Algorithm::Sha512]), job("a", 1, 3, &[Algorithm::Md5])];
    assert_eq!(merged(jobs.clone()).len(), 1);
    let digests = all(&root, jobs, 100);
    let names: Vec<_> =
        digests[&(0, 1)].as_ref().unwrap().iter().map(|sum| sum.algorithm).collect();
    assert_eq!(names, [Algorithm::Sha512, Algorithm::Md5]);
}

#[test]
fn what_cannot_be_read_is_said_and_holds_up_nothing() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("large"), [0; 100]).unwrap();
    fs::write(folder.path().join("sound"), "abc").unwrap();
    fs::create_dir(folder.path().join("folder")).unwrap();
    rustix::fs::mknodat(
        rustix::fs::CWD,
        folder.path().join("pipe"),
        rustix::fs::FileType::Fifo,
        0o600.into(),
        0,
    )
    .unwrap();
    let root = Root::open(folder.path()).unwrap();
    let names = ["absent", "large", "folder", "pipe", "sound"];
    let jobs = names.iter().enumerate();
    let jobs = jobs.map(|(at, name)| job(name, at as u64, 0, &[Algorithm::Md5])).collect();
    let digests = all(&root, jobs, 50);
    let failed: Vec<bool> = (0..5).map(|at| digests[&(0, at)].is_err()).collect();
    assert_eq!(failed, [true, true, true, true, false]);
    let sum = &digests[&(0, 4)].as_ref().unwrap()[0];
    assert_eq!(sum.to_string(), "md5:900150983cd24fb0d6963f7d28e17f72");
}

#[test]
fn the_digits_of_a_record_are_taken_only_whole() {
    let whole = "900150983cd24fb0d6963f7d28e17f72";
    assert_eq!(Sum::parse(Algorithm::Md5, whole.as_bytes()).unwrap().hex(), whole);
    let upper = whole.to_uppercase();
    assert_eq!(Sum::parse(Algorithm::Md5, upper.as_bytes()).unwrap().hex(), whole);
    for wrong in [
        "",
        "9",
        "newconffile",
        &whole[1..],
        &format!("{whole}00"),
        "g00150983cd24fb0d6963f7d28e17f72",
    ] {
        assert_eq!(Sum::parse(Algorithm::Md5, wrong.as_bytes()), None, "{wrong}");
    }
    assert_eq!(Sum::parse(Algorithm::Sha256, whole.as_bytes()), None);
}

/// `cargo test --release -p leaksweep-host digests_per_second -- --nocapture --ignored`
#[test]
#[ignore = "a measurement"]
fn digests_per_second() {
    let folder = tempfile::tempdir_in("/dev/shm").unwrap();
    let content = vec![7; 16 << 20];
    let jobs: Vec<Job> = (0..24)
        .map(|at| {
            fs::write(folder.path().join(at.to_string()), &content).unwrap();
            job(&at.to_string(), at, 16 << 20, &[Algorithm::Md5])
        })
        .collect();
    let root = Root::open(folder.path()).unwrap();
    for threads in [0, 1] {
        let started = std::time::Instant::now();
        if threads == 0 {
            all(&root, jobs.clone(), u64::MAX - 1);
        } else {
            let todo = Mutex::new(jobs.clone());
            let done = |_: &Job, sums: Result<Sums, Failure>| Some(sums);
            let next = || todo.lock().unwrap().pop();
            Lanes::new(&root, u64::MAX - 1, &|_| (), &done).run(&next);
        }
        let seconds = started.elapsed().as_secs_f64();
        let cores = if threads == 0 { "all cores" } else { "one core" };
        eprintln!("{cores}: {:.0} MB/s", (24 << 24) as f64 / seconds / 1e6);
    }
}
