//! What the fuzzer starts from, and what it once found, on the stable toolchain.

use std::{fs, path::Path};

use leaksweep_facts::parsers;

fn all(target: &str, parser: fn(&[u8])) {
    let seeds = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fuzz/seeds").join(target);
    let seeds: Vec<_> = fs::read_dir(seeds).unwrap().collect();
    assert!(!seeds.is_empty());
    for seed in seeds {
        parser(&fs::read(seed.unwrap().path()).unwrap());
    }
}

#[test]
fn every_seed_is_read_without_a_panic() {
    all("sweep_file", parsers::sweep_file);
    all("sweep_part", parsers::sweep_part);
    all("key", parsers::key);
    all("certificate", parsers::certificate);
    all("custody", parsers::custody);
    all("statement", parsers::statement);
}

#[test]
fn every_part_of_a_seed_may_be_cut_off_or_changed() {
    let seeds = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fuzz/seeds/sweep_part");
    let part = fs::read(seeds.join("host_groups.arrow")).unwrap();
    for at in 0..part.len() {
        parsers::sweep_part(&part[..at]);
        for flip in [1, 0x80, 0xff] {
            let mut changed = part.clone();
            changed[at] ^= flip;
            parsers::sweep_part(&changed);
        }
    }
}
