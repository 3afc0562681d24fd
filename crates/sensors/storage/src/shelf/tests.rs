use leaksweep_facts::Time;

use super::*;
use crate::{
    formats::{Details, Family, Kind},
    recovery::{Names, State},
    tell::Told,
};

const PDF: Kind = Kind { name: "pdf", family: Family::Document, extension: "pdf" };

fn find(path: &str) -> Find {
    Find {
        runs: vec![Run::new(512, 3), Run::new(4096, 4)],
        bytes: 7,
        kind: PDF,
        format: None,
        walked: None,
        state: State::Whole,
        ways: vec!["ext4"],
        names: Some(Names {
            path: path.into(),
            partition: 1,
            deleted: true,
            owner: None,
            created: None,
            modified: None,
            deleted_at: None,
        }),
    }
}

#[test]
fn foreign_names_stay_in_their_folder() {
    for (path, expected) in [
        ("/home/a/Bericht 2026.pdf", "documents/000007-Bericht-2026.pdf"),
        ("../../etc/passwd", "documents/000007-passwd.pdf"),
        ("C:\\x\\预算.xlsx", "documents/000007-预算.pdf"),
        ("/..", "documents/000007.pdf"),
        ("/a\n\u{202e}b.pdf", "documents/000007-a--b.pdf"),
    ] {
        assert_eq!(place(7, &find(path)), expected, "{path}");
    }
    for char in ["长", "𝐀", "a"] {
        let long = place(7, &find(&char.repeat(500)));
        let name = long.rsplit('/').next().unwrap();
        assert!(name.len() <= 143 - "-part".len() && name.len() > 60, "{long}");
    }
    assert_eq!(Details::default().name, None);
}

#[test]
fn what_is_written_is_in_both_manifests() {
    let place = tempfile::tempdir().unwrap();
    let root = place.path().join("out");
    let folder = Folder::new(&root).unwrap();
    let find = find("/a<b>&\u{1}.pdf");
    let mut told = Told::untold(7, &find);
    told.artifact.written = Some(folder.put(7, &find, &mut &b"content"[..]).unwrap());
    let manifest = Manifest {
        format: 1,
        tool_version: "0".into(),
        sensor: "storage".into(),
        target: "disk & co".into(),
        machine_id: None,
        platform: None,
        started: Time(0),
        ended: Time(0),
        privileged: true,
        live: false,
        extent: Default::default(),
        parts: Vec::new(),
    };
    folder.finish(&manifest, &[told.artifact]).unwrap();
    let read = |name: &str| std::fs::read_to_string(root.join(name)).unwrap();
    let json: serde_json::Value = serde_json::from_str(&read("manifest.json")).unwrap();
    let entry = &json["artifacts"][0];
    assert_eq!(entry["runs"][1]["start"], 4096);
    assert_eq!(read(entry["file"].as_str().unwrap()), "content");
    let xml = read("manifest.dfxml");
    assert!(xml.contains("disk &amp; co") && xml.contains("/a&lt;b&gt;&amp;\u{FFFD}.pdf"), "{xml}");
    assert!(xml.contains("offset=\"3\" img_offset=\"4096\" len=\"4\""), "{xml}");
}

#[test]
fn only_a_full_disk_ends_the_writing() {
    let place = tempfile::tempdir().unwrap();
    let folder = Folder::new(&place.path().join("out")).unwrap();
    folder.put(1, &find("/a.pdf"), &mut &b"a"[..]).unwrap();
    for _ in 0..=MOST_FAILED {
        let problem = folder.put(1, &find("/a.pdf"), &mut &b"a"[..]).unwrap_err();
        assert!(problem.detail.contains("exists"), "{}", problem.detail);
    }
    folder.put(2, &find("/a.pdf"), &mut &b"a"[..]).unwrap();
    struct Full;
    impl Read for Full {
        fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
            Err(io::ErrorKind::StorageFull.into())
        }
    }
    for number in 0..MOST_FAILED as i64 {
        assert!(folder.put(10 + number, &find("/a.pdf"), &mut Full).is_err());
    }
    assert!(folder.put(99, &find("/a.pdf"), &mut &b"a"[..]).is_err());
}

#[test]
fn a_folder_that_holds_something_is_refused() {
    let place = tempfile::tempdir().unwrap();
    std::fs::write(place.path().join("mine"), "x").unwrap();
    assert!(Folder::new(place.path()).is_err());
}
