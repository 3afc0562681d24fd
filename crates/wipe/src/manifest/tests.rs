use leaksweep_formats::fingerprint::SEALED;

use super::{rolling::STEP, *};
use crate::{
    Pulse,
    chance::noise,
    double::{Double, Faults},
    readback::{Expected, Reading, State},
};

/// Portions of such a medium have 64 KiB each.
const BLOCKS: usize = 24;
const BYTES: usize = BLOCKS * SEALED + 3 * STEP;

fn of(bytes: u64) -> Of {
    Of { identity: [1; 32], bytes }
}

fn made(content: &[u8]) -> Manifest {
    let double = Double::new(content.to_vec(), Faults::default());
    let making = Making { device: &double, pulse: &Pulse::default(), key: [5; 32] };
    making.run(of(content.len() as u64), 7).unwrap().0
}

fn found(manifest: &Manifest, content: Vec<u8>) -> State {
    let double = Double::new(content, Faults::default());
    let search = Search::new(manifest);
    let reading = Reading {
        device: &double,
        expected: &Expected::Anything,
        search: Some(&search),
        teller: &(),
        pulse: &Pulse::default(),
    };
    reading.run().unwrap()
}

fn places(state: &State) -> Vec<u64> {
    assert_eq!(state.survivors, state.first_survivors.len() as u64);
    assert!(state.first_survivors.iter().all(|range| range.bytes == SEALED as u64));
    state.first_survivors.iter().map(|range| range.start).collect()
}

#[test]
fn a_block_is_found_at_every_sector_on_zeros_and_in_chance() {
    let old = noise(1, BYTES);
    let manifest = made(&old);
    assert_eq!(manifest.blocks(), BLOCKS as u64 + 1);
    let block = &old[7 * SEALED..8 * SEALED];
    let last = (BYTES - SEALED) / STEP;
    // Aligned and not, over the border of two portions, at the very beginning and the very end.
    let near = (0..=130).chain(last - 130..=last);
    for place in near.chain([999, 1000, 1001, 1535, 1536, 1537]).map(|sector| sector * STEP) {
        for ground in [vec![0; BYTES], noise(2, BYTES)] {
            let mut now = ground;
            now[place..place + SEALED].copy_from_slice(block);
            assert_eq!(places(&found(&manifest, now)), [place as u64], "{place}");
        }
    }
}

#[test]
fn none_is_found_in_chance_and_none_that_misses_a_bit() {
    let old = noise(1, BYTES);
    let manifest = made(&old);
    for seed in 2..30 {
        assert_eq!(found(&manifest, noise(seed, BYTES)).survivors, 0, "{seed}");
    }
    for at in [0, 1, STEP, SEALED / 2, SEALED - 1] {
        let mut now = noise(2, BYTES);
        now[STEP..STEP + SEALED].copy_from_slice(&old[..SEALED]);
        assert_eq!(found(&manifest, now.clone()).survivors, 1);
        now[STEP + at] ^= 0x10;
        assert_eq!(found(&manifest, now).survivors, 0, "{at}");
    }
    // Between two sectors it is not looked for.
    let mut between = noise(2, BYTES);
    between[100..100 + SEALED].copy_from_slice(&old[..SEALED]);
    assert_eq!(found(&manifest, between).survivors, 0);
}

#[test]
fn all_that_survive_are_found_and_a_medium_that_nobody_wiped_is_nothing_else() {
    let old = noise(3, BYTES);
    let manifest = made(&old);
    let all: Vec<u64> = (0..BLOCKS).map(|number| (number * SEALED) as u64).collect();
    let last = (BYTES - SEALED) as u64;
    assert_eq!(places(&found(&manifest, old.clone())), [all, vec![last]].concat());
    // The same block many times is in the manifest once.
    let one = &old[..SEALED];
    let many = one.repeat(BLOCKS);
    assert_eq!(made(&many).blocks(), 1);
    assert_eq!(found(&made(&many), many).survivors, BLOCKS as u64);
}

/// Each sector then begins a block of the manifest, within portions and across them.
#[test]
fn one_sector_over_and_over_is_found_at_every_place() {
    let content = noise(11, STEP).repeat(BLOCKS * SEALED / STEP);
    let found = found(&made(&content), content);
    assert_eq!(found.survivors, ((BLOCKS - 1) * SEALED / STEP + 1) as u64);
    assert!(found.first_survivors.windows(2).all(|two| two[1].start == two[0].start + 512));
}

#[test]
fn a_block_across_two_portions_that_cannot_be_read_again_counts() {
    let mut content = noise(2, 2 * SEALED);
    let old = noise(1, SEALED);
    content[3 * STEP..3 * STEP + SEALED].copy_from_slice(&old);
    let manifest = made(&old);
    let search = Search::new(&manifest);
    let edges = |half: &[u8]| {
        let mut looking = search.begin();
        looking.at(0, half, false, |place| panic!("found at {place}"));
        looking.end()
    };
    let (before, behind) = content.split_at(SEALED);
    let across = |bad| {
        let double = Double::new(content.clone(), Faults { bad, ..Faults::default() });
        let mut seam = Seam::new(&search, &double);
        assert!(seam.take(0, &edges(before)).unwrap().is_empty());
        seam.take(SEALED as u64, &edges(behind)).unwrap()
    };
    assert_eq!((across(0), across(1024)), (vec![1536], vec![1536]));
}

#[test]
fn what_says_nothing_is_left_out() {
    let mut old = vec![0; 8 * SEALED];
    old[SEALED..2 * SEALED].fill(0xFF);
    old[2 * SEALED..3 * SEALED].copy_from_slice(&b"12345678".repeat(SEALED / 8));
    old[3 * SEALED..4 * SEALED].copy_from_slice(&noise(4, SEALED));
    old[5 * SEALED] = 1;
    let manifest = made(&old);
    assert_eq!((manifest.blocks(), manifest.plain, manifest.unread), (2, 6, 0));
    assert_eq!(found(&manifest, vec![0; 8 * SEALED]).survivors, 0);
    assert_eq!(places(&found(&manifest, old)), [3, 5].map(|block| block * SEALED as u64));
}

#[test]
fn a_medium_of_every_length_is_remembered_to_its_last_sector() {
    for bytes in [0, 1, STEP, SEALED - 1, SEALED] {
        let blocks = u64::from(bytes == SEALED);
        assert_eq!(made(&noise(5, bytes)).blocks(), blocks, "{bytes}");
    }
    for more in [1, 511, STEP, 5 * STEP + 3, SEALED - 1] {
        let old = noise(5, SEALED + more);
        let manifest = made(&old);
        let whole = more / STEP * STEP;
        assert_eq!(manifest.blocks(), 1 + u64::from(whole > 0), "{more}");
        let mut now = noise(6, SEALED + more);
        now[whole..whole + SEALED].copy_from_slice(&old[whole..whole + SEALED]);
        assert_eq!(places(&found(&manifest, now)), [whole as u64], "{more}");
    }
}

#[test]
fn what_cannot_be_read_is_counted() {
    let double = Double::new(noise(7, BYTES), Faults { seed: 3, bad: 40, ..Faults::default() });
    let making = Making { device: &double, pulse: &Pulse::default(), key: [5; 32] };
    let (manifest, findings) = making.run(of(BYTES as u64), 7).unwrap();
    let bad = (0..BYTES as u64).step_by(4096).filter(|at| double.is_bad(*at)).count() as u64;
    assert!(bad > 3 && manifest.unread == bad * 4096, "{bad} {}", manifest.unread);
    let of = |class: &str| {
        let found = findings.classes.iter().find(|share| share.class == class);
        found.map_or(0, |share| share.bytes)
    };
    assert_eq!((of("bad"), of("zero")), (bad * 4096, 0));
    assert_eq!(findings.classes.iter().map(|share| share.bytes).sum::<u64>(), BYTES as u64);
}

#[test]
fn keys_make_digests_that_nobody_can_compare() {
    let content = noise(8, 4 * SEALED);
    let double = Double::new(content.clone(), Faults::default());
    let of_key = |key| {
        let making = Making { device: &double, pulse: &Pulse::default(), key: [key; 32] };
        making.run(of(content.len() as u64), 7).unwrap().0
    };
    let (one, other) = (of_key(1), of_key(2));
    assert!(one.digests.iter().all(|digest| !other.digests.contains(digest)));
    let (file, _) = one.sealed();
    assert!(!file.windows(32).any(|part| content[..64].windows(32).any(|own| own == part)));
}

#[test]
fn the_file_comes_back_and_one_byte_that_is_altered_or_lost_is_noticed() {
    let manifest = made(&noise(9, 3 * SEALED));
    let (file, root) = manifest.sealed();
    let again = Manifest::parse(&file).unwrap();
    assert_eq!((again.sealed().1, &again), (root, &manifest));
    for at in 0..file.len() {
        for bit in [1, 0x80] {
            let mut other = file.clone();
            other[at] ^= bit;
            assert!(Manifest::parse(&other).is_err(), "byte {at}");
        }
        assert!(Manifest::parse(&file[..at]).is_err(), "cut at {at}");
    }
    assert!(Manifest::parse(&[file.as_slice(), b"\0"].concat()).is_err());
    assert_eq!(Manifest::parse(b"PK\x03\x04"), Err(FileError::NoManifest));
}

/// Whoever can make its digest anew can still not make it contradict itself.
#[test]
fn a_file_whose_digests_are_not_in_order_or_miscounted_is_refused() {
    let (file, _) = made(&noise(9, 3 * SEALED)).sealed();
    let sealed = |change: &dyn Fn(&mut Vec<u8>)| {
        let mut content = file[..file.len() - 32].to_vec();
        change(&mut content);
        let root = blake3::hash(&content);
        content.extend(root.as_bytes());
        Manifest::parse(&content)
    };
    assert!(sealed(&|_| ()).is_ok());
    let refused = |change: &dyn Fn(&mut Vec<u8>)| {
        assert!(matches!(sealed(change), Err(FileError::Malformed(_))));
    };
    refused(&|content| content[136..152].rotate_left(8));
    refused(&|content| content.copy_within(136..144, 144));
    refused(&|content| content[120] += 1);
    refused(&|content| content[127] = 0xFF);
    refused(&|content| content[128] = 1);
    refused(&|content| content.truncate(content.len() - 8));
    refused(&|content| content.truncate(content.len() - 1));
}

#[test]
fn a_terabyte_is_remembered_in_130_megabytes() {
    let blocks = 1_000_000_000_000_u64.div_ceil(SEALED as u64);
    let manifest = made(&noise(9, 3 * SEALED));
    let bytes = manifest.sealed().0.len() as u64 - manifest.blocks() * 8 + blocks * 8;
    assert!(bytes <= 130_000_000, "{bytes}");
    assert!(MOST_BLOCKS > 20 * blocks);
}
