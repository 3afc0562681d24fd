use std::{fs, path::Path};

use super::{super::*, Fixture, mount, says};

#[test]
fn a_disk_that_nobody_uses_is_not_refused() {
    let fixture = Fixture::usual();
    fixture.file("proc/self/mountinfo", &mount("254:0", "/", "/dev/vda"));
    fixture.file("proc/swaps", "Filename Type\n/dev/sdb1 partition 1 0 -2\n");
    assert_eq!(fixture.refused("sda"), None);
    let medium = fixture.subject("sda").medium;
    assert_eq!((medium.serial.as_deref(), medium.bytes), (Some("WD-1234AB"), 1 << 20));
}

#[test]
fn what_is_mounted_is_refused_by_its_place() {
    for (number, source) in [("8:2", "/dev/sda2"), ("8:0", "/dev/root"), ("0:44", "/dev/sda2")] {
        let fixture = Fixture::usual();
        fixture.file("proc/self/mountinfo", &mount(number, "/srv/my\\040data", source));
        let part = if number == "8:0" { "sda" } else { "sda2" };
        let told = format!("{part} is mounted at /srv/my data");
        says(fixture.refused("sda"), &told, "umount '/srv/my data'");
    }
    let fixture = Fixture::usual();
    fixture.file("proc/self/mountinfo", &mount("8:20", "/srv", "/dev/sda20"));
    assert_eq!(fixture.refused("sda"), None, "another one whose name begins alike");
}

#[test]
fn the_disk_of_the_system_is_refused_as_such() {
    for place in ["/", "/usr", "/boot", "/boot/efi", "/var"] {
        let fixture = Fixture::usual();
        fixture.file("proc/self/mountinfo", &mount("8:1", place, "/dev/sda1"));
        let told = format!("this system runs from it: sda1 is mounted at {place}");
        says(fixture.refused("sda"), &told, "start this machine from a stick");
    }
}

#[test]
fn a_mount_that_only_another_namespace_sees_is_seen() {
    let fixture = Fixture::usual();
    fixture.link("proc/self/ns/mnt", "mnt:[1]");
    fixture.link("proc/11/ns/mnt", "mnt:[1]");
    fixture.file("proc/11/mountinfo", &mount("8:1", "/never", "read: the namespace is known"));
    assert_eq!(fixture.refused("sda"), None);
    fixture.link("proc/77/ns/mnt", "mnt:[2]");
    fixture.file("proc/77/mountinfo", &mount("8:1", "/inside", "/dev/sda1"));
    says(fixture.refused("sda"), "sda1 is mounted at /inside", "umount");
}

#[test]
fn swap_is_refused() {
    let fixture = Fixture::usual();
    fixture.file("proc/swaps", "Filename Type\n/dev/sda2  partition 1048572 0 -2\n");
    says(fixture.refused("sda"), "/dev/sda2 is swap", "swapoff '/dev/sda2'");
}

#[test]
fn a_file_that_is_swap_is_refused_by_all_its_names() {
    let fixture = Fixture::new();
    fixture.file("my swap", "content");
    let path = fixture.path("my swap").display().to_string().replace(' ', "\\040");
    fixture.file("proc/swaps", &format!("Filename Type\n{path} file 1 0 -2\n"));
    fs::hard_link(fixture.path("my swap"), fixture.path("other")).unwrap();
    for name in ["my swap", "other"] {
        let refused = look(&fixture.world, &fixture.path(name), true).err();
        let told = format!("{} is swap", fixture.path(name).canonicalize().unwrap().display());
        says(refused, &told, "swapoff");
    }
}

#[test]
fn what_stands_on_it_is_named() {
    let fixture = Fixture::usual();
    let holder = "sys/devices/ata1/block/sda/sda1/holders/dm-3";
    fixture.file(holder, "");
    says(fixture.refused("sda"), "sda1 is in use by dm-3", "vgchange -an");
    fixture.file("sys/class/block/dm-3/dm/name", "vg0-home\n");
    says(fixture.refused("sda"), "sda1 is in use by vg0-home", "take vg0-home down first");
}

#[test]
fn a_partition_and_what_stands_on_others_are_no_media() {
    let fixture = Fixture::usual();
    says(fixture.refused("sda1"), "it is a partition of sda", "name the whole disk, /dev/sda");
    for (number, name) in ["dm-0", "md127", "bcache0", "zram0", "ram3", "drbd1"].iter().enumerate()
    {
        let fixture = Fixture::new();
        let folder = fixture.device(&format!("virtual/block/{name}"), &format!("253:{number}"));
        says(fixture.refused(name), "it stands on other devices: ", "name the disk itself");
        fixture.file(&format!("{folder}/slaves/sda1"), "");
        fixture.file(&format!("{folder}/slaves/sdb1"), "");
        let hint = "take it apart, then wipe the disks below it: sda1, sdb1";
        says(fixture.refused(name), "it stands on other devices: sda1, sdb1", hint);
    }
}

#[test]
fn two_disks_that_say_the_same_number_are_refused_both() {
    let fixture = Fixture::usual();
    fixture.disk("usb2/block/sdb", "8:16", "WD-1234AB");
    says(fixture.refused("sda"), "sdb has the same serial number", "unplug the other one");
    says(fixture.refused("sdb"), "sda has the same serial number", "unplug the other one");
    let fixture = Fixture::usual();
    fixture.disk("usb2/block/sdb", "8:16", "WD-1234ABC");
    assert_eq!(fixture.refused("sda"), None);
}

#[test]
fn parts_of_one_device_are_no_twins() {
    let fixture = Fixture::new();
    for (folder, number) in [
        ("nvme0/nvme0n1", "259:0"),
        ("nvme0/nvme0n2", "259:1"),
        ("mmc0/mmcblk0", "179:0"),
        ("mmc0/mmcblk0/mmcblk0boot0", "179:8"),
        ("mmc0/mmcblk0/mmcblk0gp0", "179:16"),
    ] {
        fixture.disk(folder, number, &folder[..4]);
    }
    // A way to the namespace by one of several controllers.
    let way = fixture.disk("nvme1/nvme0c1n1", "259:2", "nvme");
    fixture.file(&format!("{way}/hidden"), "1\n");
    for name in ["nvme0n1", "nvme0n2", "mmcblk0", "mmcblk0boot0"] {
        assert_eq!(fixture.refused(name), None, "{name}");
    }
    fixture.disk("nvme1/nvme1n1", "259:3", "nvme");
    says(fixture.refused("nvme0n1"), "nvme1n1 has the same serial number", "unplug");
    fixture.disk("mmc1/mmcblk10", "179:24", "mmc0");
    says(fixture.refused("mmcblk0"), "mmcblk10 has the same serial number", "unplug");
}

#[test]
fn what_is_read_only_or_not_told_is_refused() {
    let fixture = Fixture::usual();
    fixture.file("sys/devices/ata1/block/sda/ro", "1\n");
    says(fixture.refused("sda"), "it is read-only", "write blocker");
    fs::remove_file(fixture.path("sys/devices/ata1/block/sda/ro")).unwrap();
    says(fixture.refused("sda"), "the kernel tells nothing of it", "plug it in again");
}

#[test]
fn what_is_no_medium_is_refused_by_what_it_is() {
    let fixture = Fixture::new();
    fixture.file("image", "content");
    fixture.file("empty", "");
    let look = |path: &Path, image| look(&fixture.world, path, image).err();
    let at = |path: &str| fixture.path(path);
    says(look(&at("image"), false), "it is a plain file", "say --image");
    assert_eq!(look(&at("image"), true), None);
    says(look(&at("empty"), true), "it has no bytes", "put the card or the disk in");
    says(look(&at("proc"), false), "it is a folder", "lsblk");
    says(look(&at("proc"), true), "it is a folder", "lsblk");
    says(
        look(Path::new("/dev/null"), false),
        "it is a controller or a terminal, not a medium",
        "nvme0n1",
    );
    let missing = look(&at("missing"), false).unwrap();
    assert!(missing.to_string().starts_with("it cannot be looked at: "), "{missing}");
    assert!(missing.hint().contains("as root"));
    let socket = std::os::unix::net::UnixListener::bind(at("socket")).unwrap();
    says(look(&at("socket"), false), "it is no medium", "name a disk, a card");
    drop(socket);
}

#[test]
fn an_image_under_a_loop_device_is_refused_by_all_its_names() {
    let fixture = Fixture::new();
    fixture.file("image", "content");
    fs::hard_link(fixture.path("image"), fixture.path("other")).unwrap();
    fixture.link("link", fixture.path("image"));
    fixture.device("virtual/block/loop4", "7:4");
    let backing = fixture.path("image").display().to_string();
    fixture.file("sys/devices/virtual/block/loop4/loop/backing_file", &format!("{backing}\n"));
    for name in ["image", "other", "link"] {
        let refused = look(&fixture.world, &fixture.path(name), true).err();
        says(refused, "the loop device loop4 stands on it", "losetup -d /dev/loop4");
    }
}

#[test]
fn only_the_whole_number_is_agreed_to() {
    let fixture = Fixture::usual();
    let subject = fixture.subject("sda");
    assert_eq!(subject.phrase, "WD-1234AB");
    for typed in ["WD-1234AB", "WD-1234AB\n", "  WD-1234AB\r\n"] {
        assert_eq!(agreed(&subject, typed), Ok(()), "{typed:?}");
    }
    for typed in [
        "",
        "\n",
        "yes",
        "sda",
        "/dev/sda",
        "WD-1234A",
        "D-1234AB",
        "WD-1234ABC",
        "WD-1234AC",
        "wd-1234ab",
        "WD-1234Ab",
        "WD- 1234AB",
        "WD 1234AB",
        "WD1234AB",
        "WD-1234AB WD-1234AB",
        "WD-1234AB\nyes",
        "\u{FEFF}WD-1234AB",
        "WD\u{2010}1234AB",
    ] {
        let refused = agreed(&subject, typed).err();
        let told = format!("'{}' is not its serial number", typed.trim());
        says(refused, &told, "nothing was written");
    }
    let long = agreed(&subject, &"x".repeat(100_000)).unwrap_err();
    assert!(long.to_string().len() < 150);
}

#[test]
fn a_member_and_a_device_as_image_are_told_what_to_do() {
    let member = Refusal::Member("LVM");
    assert!(member.to_string().ends_with("volume: LVM"));
    assert!(member.hint().contains("--former-member"));
    assert!(Refusal::NoImage.hint().contains("leave --image away"));
}
