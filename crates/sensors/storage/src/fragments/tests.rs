use std::time::Duration;

use super::*;
use crate::formats::{Family, Kind, Signature};

/// Blocks of 700 bytes: `BLK`, whether it is the last, and a checksum of the rest; walked block by block.
static BLOCKS: Format = Format {
    kind: Kind { name: "blocks", family: Family::Other, extension: "blk" },
    signatures: &[Signature::new(b"BLK")],
    looks: |bytes| bytes.starts_with(b"BLK"),
    walk: |stretch| {
        let mut at = 0;
        loop {
            let block = stretch.peek(at, BLOCK).to_vec();
            let good = block.len() == BLOCK
                && block.starts_with(b"BLK")
                && crc32fast::hash(&block[8..]).to_le_bytes() == block[4..8];
            if !good {
                return (at > 0).then(|| Walked::broken(at, Proof::Checksum));
            }
            at += BLOCK as u64;
            if block[3] == 1 {
                return Some(Walked::whole(at, Proof::Checksum));
            }
        }
    },
    texts: None,
    picture: None,
};

const BLOCK: usize = 700;
const CLUSTER: usize = 4096;

struct Chance(u64);

impl Chance {
    fn bytes(&mut self, count: usize) -> Vec<u8> {
        (0..count).map(|_| self.below(256) as u8).collect()
    }

    fn below(&mut self, below: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        (self.0 >> 33) as usize % below
    }
}

fn file(chance: &mut Chance, blocks: usize) -> Vec<u8> {
    let mut file = Vec::new();
    for number in 0..blocks {
        let body = chance.bytes(BLOCK - 8);
        file.extend(b"BLK");
        file.push(u8::from(number + 1 == blocks));
        file.extend(crc32fast::hash(&body).to_le_bytes());
        file.extend(body);
    }
    file
}

/// The pieces of a file at their places, with something else between them.
fn medium(chance: &mut Chance, file: &[u8], cuts: &[usize], gaps: &[usize]) -> (Vec<u8>, Vec<Run>) {
    let mut medium = vec![0; CLUSTER * 3];
    let mut runs = Vec::new();
    let ends = cuts.iter().copied().chain([file.len()]);
    let mut from = 0;
    for (number, to) in ends.enumerate() {
        runs.push(Run::new(medium.len() as u64, (to - from) as u64));
        medium.extend(&file[from..to]);
        medium.resize(medium.len().next_multiple_of(CLUSTER), 0);
        from = to;
        if let Some(gap) = gaps.get(number) {
            medium.extend(chance.bytes(gap * CLUSTER));
        }
    }
    medium.extend(chance.bytes(CLUSTER * 200));
    (medium, runs)
}

fn joined(medium: &[u8], used: &dyn Fn(u64) -> bool) -> Option<(Vec<Run>, Walked)> {
    let start = 3 * CLUSTER as u64;
    let mut stretch = Stretch::new(&medium);
    stretch.aim(start, u64::MAX);
    let walked = (BLOCKS.walk)(&mut stretch).unwrap();
    let deadline = Instant::now() + Duration::from_secs(20);
    let limit = 128 * CLUSTER as u64;
    let cluster = CLUSTER as u64;
    join(&Torn {
        medium: &medium,
        format: &BLOCKS,
        start,
        cluster,
        walked: &walked,
        limit,
        used,
        deadline,
        landmarks: &Landmarks::new(&medium),
        faults: &Faults::default(),
    })
}

#[test]
fn two_pieces_are_joined_whatever_the_gap() {
    let mut chance = Chance(3);
    for gap in [1, 2, 3, 5, 8, 16, 30, 64, 128] {
        let file = file(&mut chance, 60 + gap);
        let cut = (1 + chance.below(file.len() / CLUSTER)) * CLUSTER;
        let (medium, runs) = medium(&mut chance, &file, &[cut], &[gap]);
        let (found, walked) = joined(&medium, &|_| false).unwrap();
        assert_eq!(found, runs, "{gap}");
        assert!(walked.is_whole() && walked.length == file.len() as u64);
    }
}

#[test]
fn three_pieces_are_joined() {
    let mut chance = Chance(4);
    let file = file(&mut chance, 100);
    let (medium, runs) = medium(&mut chance, &file, &[5 * CLUSTER, 11 * CLUSTER], &[7, 3]);
    assert_eq!(joined(&medium, &|_| false).unwrap().0, runs);
}

#[test]
fn what_belongs_to_others_is_left_to_them() {
    let mut chance = Chance(5);
    let file = file(&mut chance, 60);
    let (medium, runs) = medium(&mut chance, &file, &[5 * CLUSTER], &[9]);
    let gap = runs[0].end()..runs[1].start;
    assert_eq!(joined(&medium, &|at| gap.contains(&at)).unwrap().0, runs);
    let second = runs[1].start;
    assert!(joined(&medium, &|at| at == second).is_none());
}

#[test]
fn a_file_without_a_second_piece_stays_broken() {
    let mut chance = Chance(6);
    let mut cut = file(&mut chance, 60);
    cut.truncate(5 * CLUSTER);
    let (medium, _) = medium(&mut chance, &cut, &[], &[]);
    assert!(joined(&medium, &|_| false).is_none());
    assert!(joined(&medium, &|_| true).is_none());
}

/// Bytes below 128 up to one above: decoded by no more than their values, so that many joints hold.
static LOOSE: Format = Format {
    walk: |stretch| {
        let mut at = 0;
        loop {
            match stretch.u8(at) {
                Some(0xFF) => return Some(Walked::whole(at + 1, Proof::Decoded)),
                Some(0..128) => at += 1,
                _ => return Some(Walked::broken(at, Proof::Decoded)),
            }
        }
    },
    ..BLOCKS
};

static JOB: Format = Format { kind: Kind { family: Family::PrintJob, ..BLOCKS.kind }, ..LOOSE };

#[test]
fn a_joint_that_is_not_the_only_one_is_none() {
    // With one cluster less it would hold as well.
    assert!(loosely_joined(&LOOSE).is_none());
}

#[test]
fn a_print_job_goes_on_where_it_leaves_out_nothing() {
    let cluster = CLUSTER as u64;
    let runs = loosely_joined(&JOB).unwrap().0;
    assert_eq!(runs, [Run::new(0, 4 * cluster), Run::new(5 * cluster, 4 * cluster + 1)]);
}

/// Low bytes, a cluster of others, low bytes again: joined after a walk that broke behind the first.
fn loosely_joined(format: &'static Format) -> Option<(Vec<Run>, Walked)> {
    let mut chance = Chance(7);
    let low = |chance: &mut Chance, count| {
        chance.bytes(count).iter().map(|b| b & 0x7F | 1).collect::<Vec<u8>>()
    };
    let parts = [
        low(&mut chance, 4 * CLUSTER),
        vec![0x80; CLUSTER],
        low(&mut chance, 4 * CLUSTER),
        vec![0xFF],
    ];
    let medium = parts.concat();
    let walked = Walked::broken(4 * CLUSTER as u64, Proof::Decoded);
    let deadline = Instant::now() + Duration::from_secs(9);
    let torn = Torn {
        medium: &medium,
        format,
        start: 0,
        cluster: CLUSTER as u64,
        walked: &walked,
        limit: 128 * CLUSTER as u64,
        used: &|_| false,
        deadline,
        landmarks: &Landmarks::new(&medium),
        faults: &Faults::default(),
    };
    join(&torn)
}
