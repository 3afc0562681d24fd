//! Journeys of wiping on images and on a real loop device: planned, refused, wiped, proven, certified, proven again by others.

mod desk;

use std::fs;

use desk::Desk;
use leaksweep_facts::{
    certificate::{Certificate, Level, Outcome},
    signed::Signed,
};

const SIZE: usize = 3 << 20;

/// No two blocks of it are alike.
fn text() -> Vec<u8> {
    let lines = (0..).map(|line| format!("Secret plans of the office, line {line}.\n"));
    lines.flat_map(String::into_bytes).take(SIZE).collect()
}

/// With an image that holds a text and a key that signs.
fn desk() -> Desk {
    let desk = Desk::new();
    fs::write(desk.path("disk.img"), text()).unwrap();
    desk.says(0, &["key", "new", "wipe.key"]);
    fs::write(desk.path("wipe.pub"), desk.says(0, &["key", "show", "wipe.key"])).unwrap();
    desk
}

fn wipe<'a>(more: &[&'a str]) -> Vec<&'a str> {
    let all = ["wipe", "disk.img", "--image", "--key", "wipe.key", "--state", "state"];
    [all.as_slice(), &["--serial", "disk.img", "--yes"], more].concat()
}

fn certificates(desk: &Desk) -> Vec<(String, Certificate)> {
    let names = fs::read_dir(desk.path(".")).unwrap().map(|entry| entry.unwrap().file_name());
    let names = names.map(|name| name.into_string().unwrap());
    names
        .filter(|name| name.ends_with(".certificate.json"))
        .map(|name| {
            let signed = Signed::<Certificate>::open(&desk.path(&name)).unwrap();
            (name, signed.document().clone())
        })
        .collect()
}

#[test]
fn an_image_is_wiped_proven_and_certified() {
    let desk = desk();
    let says = desk.says(0, &wipe(&["--manifest", "--operator", "李雷", "--asset", "A-17"]));
    assert!(says.contains("WIPED AND PROVEN") && says.contains("clear"), "{says}");
    assert!(fs::read(desk.path("disk.img")).unwrap().iter().all(|byte| *byte == 0));
    let [(name, certificate)] = certificates(&desk).try_into().unwrap();
    assert_eq!((certificate.result, certificate.level), (Outcome::Wiped, Level::Clear));
    assert_eq!(certificate.paper.operator.as_deref(), Some("李雷"));
    assert_eq!(certificate.before.unwrap().classes[0].class, "text");
    let differential = certificate.proof.unwrap().differential.unwrap();
    assert_eq!((differential.blocks, differential.survivors), (48, 0));
    let verified = desk.says(0, &["verify", &name, "--pub", "wipe.pub"]);
    assert!(verified.contains("level clear"), "{verified}");
    let pdf = fs::read(desk.path(&name.replace("json", "pdf"))).unwrap();
    assert!(pdf.starts_with(b"%PDF-"));
    let left: Vec<_> = fs::read_dir(desk.path("state")).unwrap().collect();
    assert_eq!(left.len(), 1, "the manifest stays, the journal is gone");
}

#[test]
fn the_wrong_name_and_the_wrong_thing_are_refused_and_nothing_is_written() {
    let desk = desk();
    let before = fs::read(desk.path("disk.img")).unwrap();
    let base = ["wipe", "disk.img", "--key", "wipe.key", "--state", "state", "--yes", "--serial"];
    for (more, says, hint) in [
        (vec!["disk.img"], "it is a plain file", "--image"),
        (vec!["disk", "--image"], "'disk' is not the file's name", "type all of it"),
        (vec!["DISK.IMG", "--image"], "'DISK.IMG' is not the file's name", "type all of it"),
        (
            vec!["disk.img", "--image", "--method", "nvme-format-erase"],
            "offers overwrite",
            "wipe plan",
        ),
        (vec!["disk.img", "--serial", "disk.img", "--image"], "1 devices and 2 serial numbers", ""),
    ] {
        let error = desk.refuses(&[base.as_slice(), &more].concat());
        assert!(error.contains(says) && error.contains(hint), "{error}");
    }
    let folder = desk.refuses(&["wipe", "plan", "."]);
    assert!(folder.contains("it is a folder"), "{folder}");
    let terminal = desk.refuses(&["wipe", "plan", "/dev/null"]);
    assert!(terminal.contains("not a medium"), "{terminal}");
    assert!(desk.refuses(&["wipe", "plan", "none.img", "--image"]).contains("No such file"));
    assert_eq!(fs::read(desk.path("disk.img")).unwrap(), before);
    assert!(certificates(&desk).is_empty());
}

#[test]
fn a_plan_says_what_would_be_done_and_writes_nothing() {
    let desk = desk();
    let before = fs::read(desk.path("disk.img")).unwrap();
    let says = desk.says(0, &["wipe", "plan", "disk.img", "--image", "--scheme", "ff,00"]);
    for part in ["overwrite (level clear", "write bytes ff to every byte", "write zeros"] {
        assert!(says.contains(part), "{says}");
    }
    assert_eq!(fs::read(desk.path("disk.img")).unwrap(), before);
}

#[test]
fn what_others_wiped_is_proven_against_what_was_there() {
    let desk = desk();
    desk.says(0, &["wipe", "remember", "disk.img", "--image", "-o", "disk.manifest"]);
    let verify = ["wipe", "verify", "disk.img", "--image"];
    let with = [verify.as_slice(), &["--manifest", "disk.manifest"]].concat();
    let says = desk.says(1, &with);
    assert!(says.contains("48"), "{says}");
    let mut content = vec![0xFF; SIZE];
    fs::write(desk.path("disk.img"), &content).unwrap();
    assert!(desk.says(0, &with).contains("not signed"));
    content[512 * 3..512 * 3 + 65_536].copy_from_slice(&text()[65_536..2 * 65_536]);
    fs::write(desk.path("disk.img"), &content).unwrap();
    desk.says(1, &with);
    desk.says(1, &[verify.as_slice(), &["--expect", "ff"]].concat());
    let mut manifest = fs::read(desk.path("disk.manifest")).unwrap();
    manifest[100] ^= 1;
    fs::write(desk.path("disk.manifest"), manifest).unwrap();
    assert!(desk.refuses(&with).contains("cut or altered"));
}

#[test]
fn a_sample_prints_what_it_can_rule_out_and_is_only_claimed() {
    let desk = desk();
    fs::write(desk.path("disk.img"), vec![0; SIZE]).unwrap();
    let says = desk.says(1, &["wipe", "verify", "disk.img", "--image", "--sample", "10%"]);
    assert!(says.contains("of 48 blocks") && says.contains("95 %"), "{says}");
}
