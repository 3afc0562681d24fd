use std::{
    sync::atomic::AtomicU64,
    time::{Duration, Instant},
};

use super::{Allowance, Faults, Find, Names, Place, Recovery, State, read_volume};
use crate::{
    Bytes, Run, Stretch,
    chance::noise,
    formats::{Family, Format, Kind, Proof, Signature, Walked},
    triage::Candidate,
    volumes::{Content, FileSystem, Named, Volume, What},
};

const BOX: Kind = Kind { name: "box", family: Family::Document, extension: "box" };

/// `BOX` and a length, that many bytes, and `END`.
fn walk(stretch: &mut Stretch) -> Option<Walked> {
    let length = stretch.starts(0, b"BOX").then(|| stretch.u8(3)).flatten()?;
    let end = u64::from(length) + 4;
    if stretch.starts(end, b"END") {
        return Some(Walked::whole(end + 3, Proof::Checksum));
    }
    Some(Walked::broken(end.min(stretch.len()), Proof::Structure))
}

static FORMAT: Format = Format {
    kind: BOX,
    signatures: &[Signature::new(b"BOX")],
    looks: |_| true,
    walk,
    texts: None,
    picture: None,
};

fn recover(medium: &[u8], named: Vec<Find>, places: &[u64]) -> Vec<Find> {
    let candidates = places.iter().map(|at| Candidate { at: *at, format: 0 }).collect();
    recovered(&[&FORMAT], medium, named, candidates)
}

/// Of candidates with the numbers of their forms.
fn recover_by(formats: &[&'static Format], medium: &[u8], places: &[(u64, u16)]) -> Vec<Find> {
    let candidates = places.iter().map(|(at, format)| Candidate { at: *at, format: *format });
    recovered(formats, medium, Vec::new(), candidates.collect())
}

fn recovered(
    formats: &[&'static Format],
    medium: &[u8],
    named: Vec<Find>,
    candidates: Vec<Candidate>,
) -> Vec<Find> {
    let (finds, problems) = told(formats, medium, named, candidates);
    assert_eq!(problems, Vec::<String>::new());
    finds
}

/// With what went wrong.
fn told(
    formats: &[&'static Format],
    medium: &[u8],
    named: Vec<Find>,
    candidates: Vec<Candidate>,
) -> (Vec<Find>, Vec<String>) {
    let (progress, faults) = (AtomicU64::new(0), Faults::default());
    let allowance = Allowance::of(medium.len() as u64, formats.len());
    let recovery = Recovery {
        medium: &medium,
        formats,
        progress: &progress,
        faults: &faults,
        allowance: &allowance,
        deadline: Instant::now() + Duration::from_secs(5),
    };
    let finds = recovery.run(named, candidates, &|_| 512, &|_| false);
    (finds, faults.problems().map(|problem| problem.detail).collect())
}

fn put(medium: &mut [u8], at: usize, bytes: &[u8]) {
    medium[at..at + bytes.len()].copy_from_slice(bytes);
}

fn named(start: u64, bytes: u64) -> Find {
    Find {
        runs: vec![Run::new(start, bytes)],
        bytes,
        kind: super::named::PLAIN,
        format: None,
        walked: None,
        state: State::Whole,
        ways: vec!["ext4"],
        names: Some(Names {
            path: "/a".into(),
            partition: 1,
            deleted: false,
            owner: None,
            created: None,
            modified: None,
            deleted_at: None,
        }),
    }
}

#[test]
fn what_lies_inside_a_find_is_none_of_its_own() {
    let mut medium = vec![0; 4096];
    put(&mut medium, 100, b"BOX\x20");
    put(&mut medium, 110, b"BOX\x03abcEND");
    put(&mut medium, 136, b"END");
    put(&mut medium, 200, b"BOX\x03abcEND");
    let finds = recover(&medium, Vec::new(), &[100, 110, 200]);
    let places: Vec<_> = finds.iter().map(|find| (find.start(), find.bytes)).collect();
    assert_eq!(places, [(Some(100), 39), (Some(200), 10)]);
    assert!(finds.iter().all(|find| find.ways == ["carved"] && find.state == State::Whole));
}

#[test]
fn a_find_that_breaks_off_does_not_swallow_the_next() {
    let mut medium = vec![0; 4096];
    put(&mut medium, 0, b"BOX\x10");
    put(&mut medium, 64, b"BOX\x03abcEND");
    let finds = recover(&medium, Vec::new(), &[0, 64]);
    let states: Vec<_> = finds.iter().map(|find| (find.start(), find.state)).collect();
    assert_eq!(states, [(Some(0), State::Truncated), (Some(64), State::Whole)]);
}

/// `RUN` and a length: nothing but the length ends it.
fn run(stretch: &mut Stretch) -> Option<Walked> {
    let length = stretch.starts(0, b"RUN").then(|| stretch.u8(3)).flatten()?;
    Some(Walked::whole(u64::from(length).min(stretch.len()), Proof::Structure))
}

static COUNTED: Format = Format { signatures: &[Signature::new(b"RUN")], walk: run, ..FORMAT };

#[test]
fn a_find_ends_where_a_surer_one_begins_that_goes_beyond_it() {
    let mut medium = vec![0; 4096];
    put(&mut medium, 0, b"RUN\x20");
    put(&mut medium, 10, b"BOX\x03abcEND");
    put(&mut medium, 26, b"BOX\x03abcEND");
    put(&mut medium, 512, b"RUN\x40");
    put(&mut medium, 530, b"BOX\x03abcEND");
    let finds =
        recover_by(&[&COUNTED, &FORMAT], &medium, &[(0, 0), (10, 1), (26, 1), (512, 0), (530, 1)]);
    let seen: Vec<_> = finds.iter().map(|find| (find.start(), find.bytes, find.state)).collect();
    let cut = (Some(0), 26, State::Truncated);
    assert_eq!(seen, [cut, (Some(26), 10, State::Whole), (Some(512), 64, State::Whole)]);
}

/// A box, before which another's `END` may stand.
fn led(stretch: &mut Stretch) -> Option<Walked> {
    let lead = if stretch.starts(0, b"END") { 3 } else { 0 };
    let length = stretch.starts(lead, b"BOX").then(|| stretch.u8(lead + 3)).flatten()?;
    Some(Walked::whole(lead + u64::from(length) + 7, Proof::Checksum))
}

static LED: Format = Format { walk: led, ..FORMAT };

#[test]
fn the_last_words_of_one_are_not_the_first_of_the_next() {
    let mut medium = vec![0; 4096];
    put(&mut medium, 0, b"RUN\x0d");
    put(&mut medium, 10, b"ENDBOX\x03abcEND");
    let finds = recover_by(&[&COUNTED, &LED], &medium, &[(0, 0), (10, 1), (13, 1)]);
    let seen: Vec<_> = finds.iter().map(|find| (find.start(), find.bytes, find.state)).collect();
    assert_eq!(seen, [(Some(0), 13, State::Whole), (Some(13), 10, State::Whole)]);
}

#[test]
fn a_broken_find_gives_back_what_it_read_too_far() {
    let mut medium = vec![0; 4096];
    put(&mut medium, 0, b"BOX\xC0");
    put(&mut medium, 100, b"RUN\x10");
    let finds = recover_by(&[&COUNTED, &FORMAT], &medium, &[(0, 1), (100, 0)]);
    let seen: Vec<_> = finds.iter().map(|find| (find.start(), find.bytes, find.state)).collect();
    assert_eq!(seen, [(Some(0), 100, State::Truncated), (Some(100), 16, State::Whole)]);
}

#[test]
fn one_file_found_in_two_ways_is_one_find() {
    let mut medium = vec![0; 4096];
    put(&mut medium, 512, b"BOX\x03abcEND");
    let finds = recover(&medium, vec![named(512, 300)], &[512]);
    let [find] = &finds[..] else { panic!("{} finds", finds.len()) };
    assert_eq!((find.kind.name, find.bytes), ("box", 10));
    assert_eq!(find.ways, ["carved", "ext4"]);
    assert_eq!(find.names.as_ref().map(|names| &*names.path), Some("/a"));
}

#[test]
fn what_has_no_form_hides_nothing_inside() {
    let mut medium = vec![0; 4096];
    put(&mut medium, 1000, b"BOX\x03abcEND");
    let finds = recover(&medium, vec![named(512, 2000)], &[1000]);
    let places: Vec<_> = finds.iter().map(Find::start).collect();
    assert_eq!(places, [Some(512), Some(1000)]);
}

/// Never ends as long as it sees anything.
static CIRCLE: Format = Format {
    walk: |stretch| {
        while stretch.u8(0).is_some() {}
        Some(Walked::broken(7, Proof::Structure))
    },
    ..FORMAT
};

#[test]
fn a_walk_that_input_leads_round_in_circles_ends_and_is_told() {
    let medium = vec![7; 4096];
    let candidates = [512, 1024].map(|at| Candidate { at, format: 0 }).to_vec();
    let (finds, problems) = told(&[&CIRCLE], &medium, Vec::new(), candidates);
    assert_eq!(finds.len(), 2);
    let [problem] = &problems[..] else { panic!("{problems:?}") };
    assert!(problem.contains("round in circles, and gave up, at 2 places"), "{problem}");
}

/// Names a file of two pieces, the second of which goes on behind the medium's end, and one that lies behind it altogether.
fn cut_volume(
    _: &dyn Bytes,
    _: &Volume,
    told: &mut dyn FnMut(Named),
) -> Vec<leaksweep_facts::Problem> {
    for (path, runs) in [
        ("/cut", vec![Run::new(512, 512), Run::new(Run::HOLE, 100), Run::new(3584, 1024)]),
        ("/gone", vec![Run::new(8192, 512)]),
    ] {
        told(Named {
            path: path.into(),
            what: What::File,
            bytes: runs.iter().map(|run| run.bytes).sum(),
            content: Content::Runs(runs),
            deleted: false,
            owner: None,
            created: None,
            modified: None,
            deleted_at: None,
            way: "fat16",
            recorded: true,
        });
    }
    Vec::new()
}

#[test]
fn files_of_an_image_that_was_cut_end_with_it() {
    static CUT: FileSystem = FileSystem { probe: |_| None, read: cut_volume };
    let (medium, faults) = (noise(3, 4096), Faults::default());
    let allowance = Allowance::of(4096, 0);
    let place = Place {
        medium: &medium,
        faults: &faults,
        allowance: &allowance,
        formats: &[],
        partition: 1,
        start: 0,
    };
    let inventory = read_volume(&place, &CUT, &Volume::default(), &mut |_, _| ());
    let states: Vec<_> =
        inventory.finds.iter().map(|find| (find.state, find.bytes, &*find.runs)).collect();
    let there = [Run::new(512, 512), Run::new(Run::HOLE, 100), Run::new(3584, 512)];
    assert_eq!(states, [(State::Truncated, 1636, &there[..]), (State::NameOnly, 512, &[])]);
}

/// A walk that reads all there is, and finds nothing.
fn endless(stretch: &mut Stretch) -> Option<Walked> {
    (0..stretch.len()).step_by(4096).take_while(|at| stretch.u8(*at).is_some()).count();
    None
}

static ENDLESS: Format = Format { walk: endless, ..FORMAT };

#[test]
fn walks_that_lead_nowhere_end_for_all_of_them() {
    let medium = vec![7_u8; 1 << 20];
    let (progress, faults) = (AtomicU64::new(0), Faults::default());
    let allowance = Allowance::of(medium.len() as u64, 1);
    let recovery = Recovery {
        medium: &medium,
        formats: &[&ENDLESS],
        progress: &progress,
        faults: &faults,
        allowance: &allowance,
        deadline: Instant::now(),
    };
    // 512 MiB, and then 512 MiB of 64 KiB each.
    let candidates = (0..100_000).map(|at| Candidate { at, format: 0 }).collect();
    assert!(recovery.run(Vec::new(), candidates, &|_| 512, &|_| false).is_empty());
    let told: Vec<String> = allowance.problems().map(|problem| problem.detail).collect();
    assert!(told[0].contains("64 KiB alone") && told[1].contains("not looked at"), "{told:?}");
}
