use std::{fs, path::PathBuf};

use leaksweep_wipe::{
    device::Device,
    guard::{self, Refusal, World},
    medium::{OpenError, aligned::Aligned, open_reading},
};

use crate::attached::{Loop, Mounted, Swap, run};

const BYTES: usize = 16 << 20;

struct Image {
    _folder: tempfile::TempDir,
    path: PathBuf,
}

fn image() -> Image {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("medium");
    fs::write(&path, vec![b'x'; BYTES]).unwrap();
    Image { _folder: folder, path }
}

fn refused(device: &Loop) -> Refusal {
    device.look().expect_err("it is refused")
}

#[test]
fn what_is_mounted_is_left_alone_by_both_the_guard_and_the_kernel() {
    let image = image();
    if leaksweep_peers::need("mke2fs").is_none() {
        return;
    }
    let Some(device) = Loop::over(&image.path, &[]) else { return };
    assert!(run("mke2fs", &["-q", "-F"], device.path()));
    let place = image.path.with_file_name("place with spaces");
    let Some(mounted) = Mounted::at(device.path(), &place) else { return };
    let (part, place) = (device.name(), place.display().to_string());
    assert_eq!(refused(&device), Refusal::Mounted { part, place });
    assert!(matches!(device.open(), Err(OpenError::Busy(_))));
    drop(mounted);
    device.look().unwrap();
    device.open().unwrap();
}

#[test]
fn a_partition_and_a_disk_whose_partition_is_mounted_are_left_alone() {
    let image = image();
    if ["mke2fs", "addpart"].iter().any(|peer| leaksweep_peers::need(peer).is_none()) {
        return;
    }
    let Some(device) = Loop::over(&image.path, &[]) else { return };
    let partition = device.partition(image.path.parent().unwrap());
    let told = guard::look(&World::default(), &partition, false);
    assert_eq!(told, Err(Refusal::Partition(device.name())));
    assert!(run("mke2fs", &["-q", "-F"], &partition));
    let Some(mounted) = Mounted::at(&partition, &image.path.with_file_name("place")) else {
        return;
    };
    assert!(matches!(refused(&device), Refusal::Mounted { part, .. } if part.ends_with("p1")));
    assert!(matches!(device.open(), Err(OpenError::Busy(_))));
    drop(mounted);
    device.look().unwrap();
}

#[test]
fn swap_is_left_alone() {
    let image = image();
    if leaksweep_peers::need("mkswap").is_none() {
        return;
    }
    let Some(device) = Loop::over(&image.path, &[]) else { return };
    let Some(swap) = Swap::on(device.path()) else { return };
    assert_eq!(refused(&device), Refusal::Swap(device.path().display().to_string()));
    assert!(matches!(device.open(), Err(OpenError::Busy(_))));
    drop(swap);
    device.look().unwrap();
}

#[test]
fn a_read_only_device_is_left_alone() {
    let image = image();
    let Some(device) = Loop::over(&image.path, &["-r"]) else { return };
    assert_eq!(refused(&device), Refusal::ReadOnly);
    // The kernel refuses each write, not the opening.
    if let Ok(opened) = device.open() {
        assert!(opened.write_at(0, &Aligned::new(4096)).is_err());
    }
    assert!(fs::read(&image.path).unwrap().iter().all(|byte| *byte == b'x'));
}

#[test]
fn a_member_of_a_volume_is_known_by_its_mark() {
    let image = image();
    let mut content = vec![0; BYTES];
    content[512..520].copy_from_slice(b"LABELONE");
    content[536..544].copy_from_slice(b"LVM2 001");
    fs::write(&image.path, &content).unwrap();
    let Some(device) = Loop::over(&image.path, &[]) else { return };
    device.look().unwrap();
    let medium = open_reading(device.path(), true, 512).unwrap();
    assert_eq!(guard::member_of(&medium, &[]), Some("LVM"));
    assert!(medium.write_at(0, &Aligned::new(4096)).is_err(), "opened for reading alone");
}

#[test]
fn an_image_below_a_loop_device_and_a_device_as_image_are_left_alone() {
    let image = image();
    let world = World::default();
    assert_eq!(guard::look(&world, &image.path, false), Err(Refusal::PlainFile));
    let Some(device) = Loop::over(&image.path, &[]) else { return };
    assert_eq!(guard::look(&world, &image.path, true), Err(Refusal::UnderLoop(device.name())));
    let other = image.path.with_file_name("other");
    fs::hard_link(&image.path, &other).unwrap();
    assert_eq!(guard::look(&world, &other, true), Err(Refusal::UnderLoop(device.name())));
    assert_eq!(guard::look(&world, device.path(), true), Err(Refusal::NoImage));
    drop(device);
    guard::look(&world, &image.path, true).unwrap();
}
