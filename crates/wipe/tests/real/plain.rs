use std::fs;

use leaksweep_facts::certificate::{Level, Outcome};
use leaksweep_wipe::{
    device::Device,
    guard::{self, World},
    medium::{self, OpenError},
};

use crate::{
    attached::Loop,
    wiping::{Wiping, left, noise},
};

/// No multiple of a manifest's block, nor of a page.
const BYTES: usize = (3 << 20) + 5 * 512;

#[test]
fn a_loop_device_is_wiped_and_proven_by_every_way() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("medium");
    for (scheme, method, first) in [
        ("zero", None, 0_u8),
        ("bmb21-2019", None, 0xFF),
        ("33cc55aa", Some("overwrite"), 0x33),
        ("zero", Some("kernel-zero-out"), 0),
    ] {
        let old = noise(1, BYTES);
        fs::write(&file, &old).unwrap();
        let Some(device) = Loop::over(&file, &[]) else { return };
        let subject = device.look().unwrap();
        assert_eq!((subject.medium.bytes, subject.medium.bus.as_str()), (BYTES as u64, "loop"));
        assert_eq!(subject.phrase, format!("{}:{BYTES}", device.name()));
        let mut opened = device.open().unwrap();
        assert!(opened.is_direct());
        let certificate = Wiping::new(scheme, true, method).run(&mut opened).unwrap();
        assert_eq!((certificate.result, certificate.level), (Outcome::Wiped, Level::Clear));
        let proof = certificate.proof.unwrap();
        assert_eq!((proof.read_bytes, proof.bytes), (BYTES as u64, BYTES as u64));
        assert_eq!(proof.differential.map(|found| found.survivors), Some(0));
        drop(opened);
        drop(device);
        let now = fs::read(&file).unwrap();
        assert_eq!((now.len(), now[0], left(&old, &now)), (BYTES, first, vec![]), "{scheme}");
        if first == 0 {
            assert!(now.iter().all(|byte| *byte == 0));
        }
    }
}

#[test]
fn an_open_device_is_held_alone() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("medium");
    fs::write(&file, noise(2, 1 << 20)).unwrap();
    let Some(device) = Loop::over(&file, &[]) else { return };
    let opened = device.open().unwrap();
    assert!(matches!(device.open(), Err(OpenError::Busy(_))));
    drop(opened);
    let number = device.look().unwrap().number;
    let other = medium::open_block(device.path(), number + 1, 512);
    assert!(matches!(other, Err(OpenError::Changed(_))));
    device.open().unwrap();
}

/// A disk that is pulled out has no bytes any more; the kernel says no more than that something failed.
#[test]
fn a_device_that_has_no_bytes_any_more_is_gone() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("medium");
    fs::write(&file, noise(3, 1 << 20)).unwrap();
    let Some(device) = Loop::over(&file, &[]) else { return };
    let opened = device.open().unwrap();
    let mut bytes = medium::aligned::Aligned::new(4096);
    assert_eq!(opened.read_at(4096, &mut bytes).unwrap(), 4096);
    fs::write(&file, b"").unwrap();
    device.measure();
    let gone = |result: std::io::Result<usize>| {
        assert_eq!(result.unwrap_err().raw_os_error(), Some(19), "ENODEV");
    };
    gone(opened.read_at(4096, &mut bytes));
    gone(opened.write_at(4096, &bytes));
}

#[test]
fn an_image_is_wiped_to_its_last_byte_and_does_not_grow() {
    let folder = tempfile::tempdir().unwrap();
    for bytes in [1, 511, 4096, 70_000, (1 << 20) + 777] {
        let file = folder.path().join("image");
        let old = noise(bytes as u64, bytes);
        fs::write(&file, &old).unwrap();
        let subject = guard::look(&World::default(), &file, true).unwrap();
        assert_eq!((subject.phrase.as_str(), subject.medium.bytes), ("image", bytes as u64));
        let mut opened = medium::open_image(&file, subject.inode).unwrap();
        assert!(medium::open_image(&file, subject.inode).is_err(), "it is held alone");
        let certificate = Wiping::new("zero", true, Some("overwrite")).run(&mut opened).unwrap();
        assert_eq!(certificate.result, Outcome::Wiped, "{bytes}: {:?}", certificate.reasons);
        assert_eq!(fs::read(&file).unwrap(), vec![0; bytes]);
    }
}
