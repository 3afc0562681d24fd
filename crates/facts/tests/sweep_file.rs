//! The sweep file: what was written comes back, and whatever was done to it on the way is told.

mod repack;

use std::{fs, os::unix::fs::symlink, time::Duration};

use leaksweep_facts::{
    Manifest, Observed, Problem, Reason, Sweep, Table, Time,
    seal::{PublicKey, SecretKey},
    sweep::{Limits, SweepError, demand},
    tables::host::{Group, User},
};
use repack::Pack;

fn sweep() -> Sweep {
    let manifest = Manifest {
        format: 1,
        tool_version: "0.1.0".into(),
        sensor: "host".into(),
        target: "lab-07".into(),
        machine_id: Some("0123".into()),
        platform: Some("linux".into()),
        started: Time(1_700_000_000),
        ended: Time(1_700_000_001),
        privileged: true,
        live: true,
        extent: Default::default(),
        parts: Vec::new(),
    };
    let mut sweep = Sweep::new(manifest);
    let user = User { name: "王芳".into(), uid: 1000, expires: Some(Time(5)), ..User::default() };
    let denied = Problem::new("host_users", "/etc/shadow", Reason::Denied, "no");
    sweep.observe(Observed { rows: vec![user, User::default()], problems: vec![denied] });
    sweep.observe(Observed::<Group>::default());
    sweep
}

fn bytes() -> Vec<u8> {
    sweep().to_bytes(None).unwrap()
}

fn open(bytes: &[u8]) -> Result<Sweep, SweepError> {
    Sweep::from_bytes(bytes, &Limits::default()).map(|signed| signed.sweep)
}

/// The error as the user reads it.
fn refusal(bytes: &[u8]) -> String {
    open(bytes).expect_err("it must be refused").to_string()
}

#[test]
fn what_was_written_comes_back() {
    let read = open(&bytes()).unwrap();
    let written = sweep();
    assert_eq!(read.tables().collect::<Vec<_>>(), written.tables().collect::<Vec<_>>());
    assert_eq!(read.manifest.target, "lab-07");
    let users = read.manifest.parts.iter().find(|part| part.table == "host_users").unwrap();
    assert_eq!((users.rows, users.version), (2, User::DEF.version));
    assert!(read.table("host_groups").is_some_and(|seen| seen.iter().all(|b| b.num_rows() == 0)));
    assert!(read.table("host_mounts").is_none(), "a table that was not looked at is not there");
}

#[test]
fn the_same_facts_make_the_same_bytes() {
    let key = SecretKey::generate().unwrap();
    assert_eq!(bytes(), bytes());
    assert_eq!(sweep().to_bytes(Some(&key)).unwrap(), sweep().to_bytes(Some(&key)).unwrap());
}

#[test]
fn saving_replaces_the_whole_file_and_leaves_nothing_else() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.sweep");
    fs::write(&path, "what was there before").unwrap();
    sweep().save(&path, None).unwrap();
    assert_eq!(fs::read(&path).unwrap(), bytes());
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
}

#[test]
fn a_signature_names_its_key_and_holds() {
    let key = SecretKey::generate().unwrap();
    let bytes = sweep().to_bytes(Some(&key)).unwrap();
    let signed = Sweep::from_bytes(&bytes, &Limits::default()).unwrap();
    assert_eq!(signed.signer, Some(key.public()));
    demand(signed.signer.as_ref(), &[key.public()]).unwrap();
    let other = SecretKey::generate().unwrap().public();
    let error = demand(signed.signer.as_ref(), &[other]).unwrap_err().to_string();
    assert!(error.contains(&key.public().to_string()), "{error}");
}

#[test]
fn an_unsigned_file_is_refused_where_a_signature_is_demanded() {
    let signed = Sweep::from_bytes(&bytes(), &Limits::default()).unwrap();
    let error =
        demand(signed.signer.as_ref(), &[SecretKey::generate().unwrap().public()]).unwrap_err();
    assert!(matches!(error, SweepError::Unsigned));
    assert!(error.hint().unwrap().contains("--key"));
}

#[test]
fn a_key_survives_its_file_and_a_secret_one_is_not_taken_for_public() {
    let key = SecretKey::generate().unwrap();
    assert_eq!(SecretKey::parse(&key.to_text()).unwrap().public(), key.public());
    assert_eq!(PublicKey::parse(&key.public().to_string()), Ok(key.public()));
    assert!(PublicKey::parse(&key.to_text()).unwrap_err().to_string().contains("secret"));
    assert!(SecretKey::parse(&key.public().to_string()).is_err());
}

#[test]
fn a_file_that_was_cut_off_anywhere_is_refused() {
    let whole = bytes();
    for length in 0..whole.len() {
        assert!(open(&whole[..length]).is_err(), "{length} of {} bytes", whole.len());
    }
    let error = open(&whole[..whole.len() - 30]).unwrap_err();
    assert!(matches!(error, SweepError::Truncated(_)), "{error}");
    assert!(error.hint().unwrap().contains("again"));
}

#[test]
fn a_changed_byte_never_passes_for_the_signed_original() {
    let key = SecretKey::generate().unwrap();
    let whole = sweep().to_bytes(Some(&key)).unwrap();
    let original = sweep();
    for at in (0..whole.len()).step_by(13) {
        let mut changed = whole.clone();
        changed[at] ^= 0x41;
        let Ok(read) = Sweep::from_bytes(&changed, &Limits::default()) else { continue };
        // Bytes that mean nothing, as a date in the index, may change; facts and signer may not.
        if demand(read.signer.as_ref(), &[key.public()]).is_ok() {
            let (found, written) = (read.sweep.tables(), original.tables());
            assert_eq!(found.collect::<Vec<_>>(), written.collect::<Vec<_>>(), "byte {at}");
            assert_eq!(read.sweep.manifest.target, original.manifest.target, "byte {at}");
        }
    }
}

#[test]
fn a_part_that_was_altered_added_or_taken_is_named() {
    let mut pack = Pack::of(&bytes());
    *pack.part("host_users.arrow").last_mut().unwrap() ^= 1;
    assert!(refusal(&pack.stored()).contains("'host_users.arrow' does not match its digest"));

    let mut pack = Pack::of(&bytes());
    pack.add("host_mounts.arrow", b"x");
    assert!(refusal(&pack.stored()).contains("'host_mounts.arrow' is not in the manifest"));

    let mut pack = Pack::of(&bytes());
    pack.remove("host_users.arrow");
    assert!(refusal(&pack.stored()).contains("'host_users.arrow' is missing"));

    let mut pack = Pack::of(&bytes());
    pack.remove("manifest.json");
    assert_eq!(refusal(&pack.stored()), "it is not a sweep file");
}

#[test]
fn a_manifest_that_was_altered_after_signing_is_refused() {
    let mut pack = Pack::of(&sweep().to_bytes(Some(&SecretKey::generate().unwrap())).unwrap());
    pack.replace("manifest.json", "\"privileged\": true", "\"privileged\": false");
    let error = open(&pack.stored()).unwrap_err();
    assert!(matches!(error, SweepError::BadSignature), "{error}");
}

#[test]
fn a_signature_taken_from_another_sweep_is_refused() {
    let key = SecretKey::generate().unwrap();
    let mut other = sweep();
    other.manifest.ended = Time(1_800_000_000);
    let mut other = Pack::of(&other.to_bytes(Some(&key)).unwrap());
    let mut pack = Pack::of(&sweep().to_bytes(Some(&key)).unwrap());
    *pack.part("manifest.sig") = other.part("manifest.sig").clone();
    assert!(matches!(open(&pack.stored()).unwrap_err(), SweepError::BadSignature));
}

#[test]
fn a_file_of_a_newer_version_says_so_even_if_nothing_else_is_known_of_it() {
    let mut pack = Pack::of(&bytes());
    *pack.part("manifest.json") = br#"{"format": 2, "everything": "else"}"#.to_vec();
    let error = open(&pack.stored()).unwrap_err();
    assert!(matches!(error, SweepError::Newer { found: 2, known: 1 }), "{error}");
    assert!(error.hint().unwrap().contains("update"));
}

#[test]
fn fields_that_a_later_version_adds_to_the_manifest_are_passed_over() {
    let mut pack = Pack::of(&bytes());
    pack.replace("manifest.json", "\"format\": 1,", "\"format\": 1, \"mood\": \"fine\",");
    assert_eq!(open(&pack.stored()).unwrap().manifest.target, "lab-07");
}

#[test]
fn a_part_that_speaks_for_another_machine_is_refused() {
    let mut pack = Pack::of(&bytes());
    pack.replace("manifest.json", "\"lab-07\"", "\"lab-08\"");
    assert!(refusal(&pack.stored()).contains("speaks of another target"));
}

#[test]
fn two_parts_of_one_name_are_refused() {
    let mut pack = Pack::of(&bytes());
    let twin = pack.part("host_users.arrow").clone();
    pack.add("host_users.arrow", &twin);
    assert!(refusal(&pack.stored()).contains("the same name"));
}

#[test]
fn a_part_that_was_packed_again_is_refused_before_it_is_unpacked() {
    let error = refusal(&Pack::of(&bytes()).declared_deflated());
    assert!(error.contains("packed again"), "{error}");
}

#[test]
fn a_file_that_expands_beyond_the_limit_is_refused() {
    let rows = vec![User { comment: "x".repeat(1000), ..User::default() }; 20_000];
    let mut sweep = sweep();
    sweep.observe(Observed { rows, problems: Vec::new() });
    let bytes = sweep.to_bytes(None).unwrap();
    assert!(bytes.len() < 1 << 20, "20 MB of rows in {} bytes", bytes.len());
    let limits = Limits { expanded_bytes: 4 << 20, ..Limits::default() };
    let error = Sweep::from_bytes(&bytes, &limits).unwrap_err();
    assert!(matches!(error, SweepError::TooLarge { .. }), "{error}");
    assert!(error.to_string().contains("'host_users.arrow' expands to"), "{error}");
    assert!(Sweep::from_bytes(&bytes, &Limits::default()).is_ok());
}

#[test]
fn every_limit_has_its_own_error() {
    let bytes = bytes();
    let wide = Limits::default();
    let cases = [
        (Limits { file_bytes: 100, ..wide }, "the file"),
        (Limits { manifest_bytes: 100, ..wide }, "'manifest.json'"),
        (Limits { parts: 2, ..wide }, "its list of parts"),
        (Limits { expanded_bytes: 100, ..wide }, "expands to"),
    ];
    for (limits, what) in cases {
        let error = Sweep::from_bytes(&bytes, &limits).unwrap_err();
        assert!(matches!(error, SweepError::TooLarge { .. }), "{error}");
        assert!(error.to_string().contains(what), "{error}");
    }
}

#[test]
fn what_is_no_sweep_file_is_called_so() {
    for content in [&b"not a zip"[..], b"PK\x05\x06", b"\x7fELF", b"<html>"] {
        assert_eq!(refusal(content), "it is not a sweep file", "{content:?}");
    }
    let other = Pack::with("a.txt", b"hello").stored();
    assert_eq!(refusal(&other), "it is not a sweep file");
}

#[test]
fn an_empty_file_is_cut_off() {
    assert!(refusal(b"").starts_with("it is cut off"));
}

#[test]
fn a_folder_a_device_and_a_pipe_are_no_sweep_files_and_none_of_them_hangs() {
    let folder = tempfile::tempdir().unwrap();
    let pipe = folder.path().join("pipe");
    rustix::fs::mkfifoat(rustix::fs::CWD, &pipe, rustix::fs::Mode::RUSR).unwrap();
    let link = folder.path().join("link");
    symlink("/dev/zero", &link).unwrap();
    let (sender, receiver) = std::sync::mpsc::channel();
    std::thread::spawn(move || {
        for path in [folder.path(), &pipe, &link] {
            sender.send(Sweep::open(path, &Limits::default()).map(|_| ())).unwrap();
        }
    });
    for _ in 0..3 {
        let answer = receiver.recv_timeout(Duration::from_secs(10)).expect("no hang");
        assert!(matches!(answer, Err(SweepError::NotASweep)));
    }
}

#[test]
fn a_file_that_is_not_there_says_so() {
    let error = Sweep::open("/nonexistent/a.sweep".as_ref(), &Limits::default()).unwrap_err();
    assert!(matches!(error, SweepError::Io(_)));
}

fn with_manifest(change: impl Fn(&mut serde_json::Value)) -> Result<Sweep, SweepError> {
    let mut pack = Pack::of(&bytes());
    let mut manifest = serde_json::from_slice(pack.part("manifest.json")).unwrap();
    change(&mut manifest);
    *pack.part("manifest.json") = serde_json::to_vec(&manifest).unwrap();
    open(&pack.stored())
}

#[test]
fn a_table_that_is_there_twice_is_refused() {
    // The second, empty list of problems would have the last word.
    let twice = with_manifest(|manifest| {
        let parts = manifest["parts"].as_array_mut().unwrap();
        let again = parts[0].clone();
        parts.push(again);
    });
    assert!(twice.unwrap_err().to_string().contains("there twice"));
}

#[test]
fn a_manifest_that_miscounts_rows_is_refused() {
    let lying = with_manifest(|manifest| manifest["parts"][0]["rows"] = (1u64 << 40).into());
    assert!(lying.unwrap_err().to_string().contains("where the manifest says"));
}

#[test]
fn an_empty_cell_where_the_definition_allows_none_is_refused() {
    use arrow_array::{ArrayRef, Int64Array, RecordBatch, StringArray};
    use std::sync::Arc;
    let mut sweep = sweep();
    let target = sweep.manifest.target.clone();
    let columns: [(&str, ArrayRef); 3] = [
        ("target", Arc::new(StringArray::from(vec![target.as_str()]))),
        ("name", Arc::new(StringArray::from(vec!["root"]))),
        ("gid", Arc::new(Int64Array::from(vec![None]))),
    ];
    sweep.insert("host_groups", 1, RecordBatch::try_from_iter(columns).unwrap());
    let error = open(&sweep.to_bytes(None).unwrap()).unwrap_err();
    assert!(error.to_string().contains("'gid' has empty cells"), "{error}");
}

#[test]
fn a_saved_sweep_is_for_its_owner_alone() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("own.sweep");
    sweep().save(&path, None).unwrap();
    assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
}
