use leaksweep_facts::certificate::LeftOver;

use super::*;
use crate::{
    chance::noise,
    double::{Double, Faults},
    overwrite::{Filling, Scheme},
};

/// Portions of such a medium have 64 KiB each.
const PORTION: usize = 64 * 1024;
const BYTES: usize = 12 * PORTION + 1536;

struct Kinds;

impl Teller for Kinds {
    fn kind(&self, first: &[u8]) -> Option<String> {
        first.starts_with(b"%PDF").then(|| "PDF".into())
    }
}

fn zeros() -> Expected {
    Expected::Filling(Filling::Pattern(vec![0]), "zeros".into())
}

fn read(content: Vec<u8>, faults: Faults, expected: &Expected) -> State {
    let double = Double::new(content, faults);
    let (search, pulse) = (None, &Pulse::default());
    Reading { device: &double, expected, search, teller: &Kinds, pulse }.run().unwrap()
}

fn sound(content: Vec<u8>, expected: &Expected) -> State {
    read(content, Faults::default(), expected)
}

fn told(left: &LeftOver) -> (u64, u64, &str) {
    (left.start, left.bytes, left.class.as_str())
}

fn text(bytes: usize) -> Vec<u8> {
    let lines = (0..bytes / 20 + 1)
        .map(|line| format!("A letter to the office, line {line}, on the budget.\n"));
    lines.flat_map(String::into_bytes).take(bytes).collect()
}

#[test]
fn what_is_as_it_should_be_has_no_left_overs() {
    for scheme in ["zero", "ff", "33cc55aa", "random"] {
        let scheme = Scheme::parse(scheme).unwrap();
        let expected = Expected::last_of(&scheme, &[4; 32]);
        let Expected::Filling(filling, _) = &expected else { panic!() };
        let mut content = vec![0; BYTES];
        filling.fill(0, &mut content);
        let state = sound(content.clone(), &expected);
        assert_eq!((state.left.count, state.done), (0, BYTES as u64), "{}", scheme.name);
        assert_eq!(state.shares().len(), 1);
        assert_eq!(state.shares()[0].bytes, BYTES as u64);
        // One bit, anywhere.
        for at in [0, 4095, PORTION, 5 * PORTION + 77, BYTES - 1] {
            content[at] ^= 4;
            let state = sound(content.clone(), &expected);
            let start = (at / BLOCK * BLOCK) as u64;
            assert_eq!((state.left.count, state.left.first[0].start), (1, start), "{at}");
            content[at] ^= 4;
        }
    }
}

#[test]
fn left_overs_are_joined_across_portions_and_told_by_class_kind_and_preview() {
    let mut content = vec![0; BYTES];
    // Over four portions, and to the very end.
    content[PORTION - BLOCK..4 * PORTION + BLOCK]
        .copy_from_slice(&noise(1, 3 * PORTION + 2 * BLOCK));
    content[6 * PORTION..6 * PORTION + 8192].copy_from_slice(&text(8192));
    content[6 * PORTION + 8192..6 * PORTION + 16384].copy_from_slice(&noise(2, 8192));
    content[8 * PORTION..8 * PORTION + 4].copy_from_slice(b"%PDF");
    content[BYTES - 1] = 7;
    let state = sound(content, &zeros());
    let left: Vec<_> = state.left.first.iter().map(told).collect();
    let (portion, block) = (PORTION as u64, BLOCK as u64);
    assert_eq!(
        left,
        [
            (portion - block, 3 * portion + 2 * block, "random"),
            (6 * portion, 8192, "text"),
            (6 * portion + 8192, 8192, "random"),
            (8 * portion, block, "structured"),
            (12 * portion, 1536, "structured"),
        ]
    );
    assert_eq!((state.left.count, state.left.bytes), (5, left.iter().map(|left| left.1).sum()));
    let first = &state.left.first;
    assert!(first[1].preview.starts_with("A letter to the office"), "{}", first[1].preview);
    assert_eq!(first[3].kind.as_deref(), Some("PDF"));
    assert!(first[3].preview.starts_with("25504446") && first[1].kind.is_none());
    assert_eq!(first[4].preview, "07");
    let hexadecimal: String = noise(1, 48).iter().map(|byte| format!("{byte:02x}")).collect();
    assert_eq!(first[0].preview, hexadecimal);
}

#[test]
fn of_many_left_overs_the_first_are_kept_and_all_are_counted() {
    let mut content = vec![0; 2500 * 2 * BLOCK];
    content.chunks_mut(2 * BLOCK).for_each(|two| two[0] = 7);
    let state = sound(content, &zeros());
    assert_eq!((state.left.count, state.left.bytes), (2500, 2500 * BLOCK as u64));
    assert_eq!(state.left.first.len(), 1000);
    assert!(state.left.first.iter().all(|left| left.bytes == BLOCK as u64));
}

#[test]
fn what_a_device_chose_to_leave_is_anything_but_data() {
    for content in [
        vec![0; BYTES],
        vec![0xFF; BYTES],
        [1, 2, 3, 4].into_iter().cycle().take(BYTES).collect(),
        noise(3, BYTES - 1536),
    ] {
        assert_eq!(sound(content, &Expected::Anything).left.count, 0);
    }
    let mut content = noise(3, BYTES - 1536);
    content[3 * BLOCK..4 * BLOCK].copy_from_slice(&text(BLOCK));
    let state = sound(content, &Expected::Anything);
    assert_eq!(state.left.first.iter().map(told).collect::<Vec<_>>(), [(12288, 4096, "text")]);
}

#[test]
fn what_cannot_be_read_is_bad_and_nothing_else() {
    let faults = Faults { seed: 8, bad: 60, short: 300, ..Faults::default() };
    let double = Double::new(vec![0; BYTES], faults.clone());
    let bad: Vec<u64> = (0..BYTES as u64).step_by(4096).filter(|at| double.is_bad(*at)).collect();
    let state = read(vec![0; BYTES], faults, &zeros());
    assert!(bad.len() > 3);
    assert_eq!((state.left.count, state.bad.bytes()), (0, bad.len() as u64 * 4096));
    let is_bad =
        |at: u64| state.bad.ranges().iter().any(|range| range.start <= at && at < range.end());
    assert!((0..BYTES as u64).step_by(4096).all(|at| is_bad(at) == bad.contains(&at)));
    assert_eq!(state.bytes_of(Class::Bad) + state.bytes_of(Class::Zero), BYTES as u64);
}

#[test]
fn the_fingerprint_is_of_every_byte() {
    let content = noise(5, BYTES);
    let one = sound(content.clone(), &Expected::Anything).fingerprint();
    assert_eq!(one, sound(content.clone(), &Expected::Anything).fingerprint());
    for at in [0, PORTION, BYTES - 1] {
        let mut other = content.clone();
        other[at] ^= 1;
        assert_ne!(one, sound(other, &Expected::Anything).fingerprint());
    }
}

fn sampled(content: Vec<u8>, share: u32, key: u8) -> Sampled {
    let double = Double::new(content, Faults::default());
    let (expected, pulse) = (&zeros(), &Pulse::default());
    let key = [key; 32];
    Sampling { device: &double, expected, teller: &Kinds, pulse, share, key }.run().unwrap()
}

/// 1 at the beginning of one block of 64 KiB, and zeros.
fn one_of(blocks: usize, number: usize) -> Vec<u8> {
    let mut content = vec![0; blocks * PORTION];
    content[number * PORTION] = 1;
    content
}

#[test]
fn a_sample_takes_one_block_of_each_stretch_and_says_what_it_can_miss() {
    let found = sampled(vec![0; 100 * PORTION], 100, 1);
    assert_eq!((found.sample.blocks, found.sample.of, found.read), (10, 100, 10 * PORTION as u64));
    assert!(found.sample.bound.contains("10 of 100 blocks"), "{}", found.sample.bound);
    assert!(found.sample.bound.contains("at most 30.000 %"), "{}", found.sample.bound);
    assert!(found.sample.bound.contains("missed 90.0 times in 100"), "{}", found.sample.bound);
    // Of a stretch of ten blocks with data in all of them one is always seen.
    for stretch in 0..10 {
        let mut content = vec![0; 100 * PORTION];
        content[stretch * 10 * PORTION..(stretch + 1) * 10 * PORTION].fill(b'x');
        assert_eq!(
            sampled(content, 100, stretch as u8).state.left.bytes,
            PORTION as u64,
            "{stretch}"
        );
    }
}

#[test]
fn which_block_a_sample_takes_is_chance() {
    let seen = |key| {
        (0..20).filter(|at| sampled(one_of(20, *at), 500, key).state.left.count > 0).collect()
    };
    let choices: Vec<Vec<usize>> = (0..12).map(seen).collect();
    assert!(choices.iter().all(|choice| choice.len() == 10));
    assert!(choices.windows(2).any(|two| two[0] != two[1]));
    let ever: std::collections::BTreeSet<_> = choices.iter().flatten().collect();
    assert_eq!(ever.len(), 20, "every block can be chosen");
}

#[test]
fn a_sample_of_everything_misses_nothing() {
    for blocks in [1, 2, 7] {
        for number in 0..blocks {
            let found = sampled(one_of(blocks, number), 1000, 3);
            assert_eq!((found.state.left.count, found.sample.blocks), (1, blocks as u64));
            assert_eq!(found.sample.bound, "every block was read");
        }
    }
    let short = sampled(vec![0; PORTION + 512], 1, 3);
    assert_eq!((short.sample.blocks, short.sample.of), (1, 2));
    assert_eq!(sampled(Vec::new(), 1000, 3).read, 0);
}
