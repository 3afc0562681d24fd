use std::fs;

use super::*;
use crate::fixture::write;

const SEEDS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../fuzz/seeds/boot_efi");

fn seed(name: &str) -> Vec<u8> {
    fs::read(Path::new(SEEDS).join(name)).unwrap()
}

fn program(bytes: &[u8]) -> (Program, Option<Vec<u8>>) {
    let disk = tempfile::tempdir().unwrap();
    write(&disk.path().join("a.efi"), bytes);
    let root = Root::open(disk.path()).unwrap();
    let path = Path::new("/a.efi");
    (read(&root, path).unwrap(), command_line(&root, path).unwrap())
}

#[test]
fn signers_are_the_subjects_of_their_certificates() {
    let (found, line) = program(&seed("signed"));
    assert_eq!(found.signers.as_deref(), Some("Signer, of tests; issued by Issuer"));
    assert!(!found.senseless);
    assert_eq!(line.as_deref(), Some(&b"init=/bin/sh"[..]));
    let (found, _) = program(&seed("unsigned"));
    assert_eq!((found.signers.as_deref(), found.senseless), (Some(""), false));
    let (found, line) = program(b"#!/bin/sh\n");
    assert_eq!((found.signers, found.sha256.len(), line), (None, 64, None));
}

#[test]
fn a_signature_that_makes_no_sense_is_said() {
    let mut bytes = seed("signed");
    let at = bytes.len() - 100;
    bytes[at - 70..].fill(0xff);
    let (found, _) = program(&bytes);
    assert!(found.senseless || found.signers.is_some());
    let whole = seed("signed");
    let table = &whole[whole.len() - 150..];
    assert_eq!(signers(table).0, "");
    assert!(signers(b"\x10\0\0\0\0\x02\x02\0garbage.").1);
}

#[test]
fn every_part_of_a_seed_may_be_cut_off_or_changed() {
    for name in ["signed", "unsigned"] {
        let bytes = seed(name);
        for at in 0..bytes.len() {
            parse(&bytes[..at]);
            for flip in [1, 0x80, 0xff] {
                let mut changed = bytes.clone();
                changed[at] ^= flip;
                parse(&changed);
            }
        }
    }
}

#[test]
fn a_part_beyond_the_cap_is_a_failure() {
    let mut bytes = seed("signed");
    // The size of the table of signatures.
    let at = 0x40 + 24 + 112 + 4 * 8 + 4;
    bytes[at..at + 4].copy_from_slice(&u32::MAX.to_le_bytes());
    let disk = tempfile::tempdir().unwrap();
    write(&disk.path().join("a.efi"), &bytes);
    let root = Root::open(disk.path()).unwrap();
    assert!(read(&root, Path::new("/a.efi")).is_err());
}
