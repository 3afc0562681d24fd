//! Journeys of wiping on images and on a real loop device: planned, refused, wiped, proven, certified, proven again by others.

#[allow(dead_code, reason = "the tests of `wipe` use the rest")]
#[path = "../../wipe/tests/real/attached.rs"]
mod attached;
mod desk;
#[allow(dead_code, reason = "the tests of `wipe` use the rest")]
#[path = "../../wipe/tests/real/served.rs"]
mod served;

use std::{fs, process::Output};

use attached::Loop;

use desk::Desk;
use leaksweep_facts::{
    certificate::{Certificate, Level, Outcome},
    signed::Signed,
    sweep::sha256,
};
use served::{Faults, Served};

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
    assert!(says.contains("WIPED AND PROVEN") && says.contains("Clear"), "{says}");
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

/// What `wipe` is told of loop devices, which are named by their kernel name and size.
fn loops<'a>(devices: &'a [&'a Loop], phrases: &'a [String]) -> Vec<&'a str> {
    let named = devices.iter().map(|device| device.path().to_str().unwrap());
    let serials = phrases.iter().flat_map(|phrase| ["--serial", phrase]);
    let rest = ["--yes", "--key", "wipe.key", "--state", "state"];
    ["wipe"].into_iter().chain(named).chain(serials).chain(rest).collect()
}

fn phrases(devices: &[&Loop]) -> Vec<String> {
    devices.iter().map(|device| format!("{}:{SIZE}", device.name())).collect()
}

/// Two devices in one run: one over a file that fails as it is told, and one over a plain file.
struct Pair {
    desk: Desk,
    bad: Loop,
    good: Loop,
    failing: Served,
}

impl Pair {
    fn new(faults: Faults) -> Option<Self> {
        let desk = desk();
        let failing = Served::new(text(), faults)?;
        let bad = Loop::over(&failing.file(), &[])?;
        let good = Loop::over(&desk.path("disk.img"), &[])?;
        Some(Self { desk, bad, good, failing })
    }

    fn wiped(&self) -> Output {
        let devices = [&self.bad, &self.good];
        self.desk.run(&loops(&devices, &phrases(&devices)))
    }

    fn certified(&self, device: &Loop) -> Vec<(Outcome, Level)> {
        let all = certificates(&self.desk).into_iter();
        let own = all.filter(|(name, _)| name.starts_with(&format!("{}-", device.name())));
        own.map(|(_, certificate)| (certificate.result, certificate.level)).collect()
    }

    /// The good one, whatever became of the other.
    fn is_well(&self) {
        assert_eq!(self.certified(&self.good), [(Outcome::Wiped, Level::Clear)]);
        assert!(fs::read(self.desk.path("disk.img")).unwrap().iter().all(|byte| *byte == 0));
    }
}

#[test]
fn of_two_devices_at_once_one_vanishes_and_the_other_ends_with_its_own_certificate() {
    let faults = Faults { ends: Some(2), ..Faults::default() };
    let Some(pair) = Pair::new(faults) else { return };
    let output = pair.wiped();
    let error = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(2), "{error}");
    assert!(error.contains(&format!("{}: the device is gone", pair.bad.path().display())));
    assert!(error.contains("plug it in again"), "{error}");
    pair.is_well();
    assert!(pair.failing.disk.is_off() && pair.certified(&pair.bad).is_empty());
    let left = fs::read_dir(pair.desk.path("state")).unwrap().map(|entry| entry.unwrap().path());
    let [journal] = left.collect::<Vec<_>>().try_into().unwrap();
    assert!(journal.display().to_string().contains(&pair.bad.name()), "it goes on from there");
}

#[test]
fn of_two_devices_at_once_one_has_bad_sectors_and_is_certified_as_failed() {
    let faults = Faults { seed: 5, bad: 20, ..Faults::default() };
    let Some(pair) = Pair::new(faults) else { return };
    let output = pair.wiped();
    let (says, error) =
        (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert_eq!(output.status.code(), Some(1), "{error}");
    assert!(says.contains("FAILED") && says.contains("WIPED AND PROVEN"), "{says}");
    pair.is_well();
    assert_eq!(pair.certified(&pair.bad), [(Outcome::Failed, Level::None)]);
    assert_eq!(fs::read_dir(pair.desk.path("state")).unwrap().count(), 0);
}

#[test]
fn one_device_that_is_refused_keeps_the_others_from_being_touched() {
    let desk = desk();
    fs::write(desk.path("other.img"), text()).unwrap();
    let Some(good) = Loop::over(&desk.path("disk.img"), &[]) else { return };
    let Some(read_only) = Loop::over(&desk.path("other.img"), &["-r"]) else { return };
    let devices = [&good, &read_only];
    let mut phrases = phrases(&devices);
    let refused = desk.refuses(&loops(&devices, &phrases));
    assert!(refused.contains(&read_only.name()) && refused.contains("read-only"), "{refused}");
    let devices = [&good, &good];
    let twice = desk.refuses(&loops(&devices, &phrases));
    assert!(twice.contains("named twice"), "{twice}");
    phrases.truncate(1);
    let few = desk.refuses(&loops(&[&good, &good], &phrases));
    assert!(few.contains("named twice"), "{few}");
    assert!(certificates(&desk).is_empty());
    assert_eq!(fs::read(desk.path("disk.img")).unwrap(), text());
}

/// What stands there is a text with a word of the user's.
fn sweep(desk: &Desk, file: &str) {
    let sweep = ["storage", "disk.img", "--word", "plans", "--no-preview", "--save", file];
    desk.says(0, &[sweep.as_slice(), &["--fail-on", "never"]].concat());
}

#[test]
fn what_a_sweep_found_before_is_certified_on_every_page() {
    let desk = desk();
    sweep(&desk, "before.sweep");
    let says = desk.says(0, &wipe(&["--manifest", "--before", "before.sweep"]));
    assert!(says.contains("Found before") && says.contains("text 文本"), "{says}");
    let [(name, certificate)] = certificates(&desk).try_into().unwrap();
    let before = certificate.before.unwrap();
    assert!(before.recoverable() > 0 && before.finds.iter().any(|find| find.what == "text"));
    assert!(before.finds.iter().any(|find| find.what == "marked"), "{before:?}");
    let file = sha256(&fs::read(desk.path("before.sweep")).unwrap());
    let swept = before.swept.unwrap();
    assert_eq!((swept.sweep.as_str(), swept.unread), (file.as_str(), 0));
    assert_eq!(before.classes[0].class, "text");
    for format in ["html", "terminal"] {
        let page = desk.says(0, &["certificate", "show", &name, "--format", format]);
        for part in ["清除前发现", "文本", "含标志词语", &file[..16]] {
            assert!(page.contains(part), "{format} {part}: {page}");
        }
    }
}

#[test]
fn a_sweep_of_another_medium_or_another_content_is_refused_before_anything_is_written() {
    let desk = desk();
    sweep(&desk, "before.sweep");
    let mut other = text();
    other[SIZE - 1] ^= 1;
    fs::write(desk.path("disk.img"), &other).unwrap();
    let refused = desk.refuses(&wipe(&["--before", "before.sweep"]));
    assert!(refused.contains("no sweep of this medium") && refused.contains("hint"), "{refused}");
    other.truncate(SIZE - 512);
    fs::write(desk.path("disk.img"), &other).unwrap();
    assert!(desk.refuses(&wipe(&["--before", "before.sweep"])).contains("no sweep of this"));
    desk.save("host.sweep", &[]);
    let host = desk.refuses(&wipe(&["--before", "host.sweep"]));
    assert!(host.contains("no sweep of a medium") && host.contains("storage DEVICE"), "{host}");
    fs::write(desk.path("disk.img"), text()).unwrap();
    let twice = ["--before", "before.sweep", "--before", "before.sweep"];
    assert!(desk.refuses(&wipe(&twice)).contains("second sweep"));
    assert_eq!(fs::read(desk.path("disk.img")).unwrap(), text());
    assert!(certificates(&desk).is_empty());
}

#[test]
fn what_a_sweep_could_recover_afterwards_speaks_against_the_wipe() {
    let desk = desk();
    let verify = ["wipe", "verify", "disk.img", "--image", "--after", "after.sweep"];
    let kept = ["--certificate", "after.json", "--key", "wipe.key"];
    sweep(&desk, "after.sweep");
    let says = desk.says(1, &[verify.as_slice(), &kept].concat());
    assert!(says.contains("Found after") && says.contains("DATA IS ON THIS MEDIUM"), "{says}");
    let after = Signed::<Certificate>::open(&desk.path("after.json")).unwrap();
    assert!(after.document().after.as_ref().unwrap().recoverable() > 0);
    fs::write(desk.path("disk.img"), vec![0; SIZE]).unwrap();
    assert!(desk.refuses(&verify).contains("no sweep of this medium"));
    sweep(&desk, "after.sweep");
    let says = desk.says(0, &verify);
    assert!(says.contains("nothing that could be recovered 未发现可恢复的内容"), "{says}");
    // What stood on an image before it was wiped nobody can compare any more.
    let before = [verify.as_slice(), &["--before", "after.sweep"]].concat();
    assert!(desk.refuses(&before).contains("no sweep of this medium"));
}
