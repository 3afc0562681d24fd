use std::time::{Duration, Instant};

use super::*;

/// What a form makes of some bytes: how many packages, and each fault.
fn seen(form: Form, content: &[u8]) -> (usize, Vec<String>) {
    let mut count = 0;
    let mut each = |path: &str, header: &Header<'_>| {
        package(path, header)?;
        count += 1;
        header.files(&mut |_| ())
    };
    let mut records = Records::new("db", content.len(), &mut each);
    form(content, &mut records);
    let fault = |part: Unread| format!("{}: {}", part.subject, part.failure.detail);
    let faults = records.unread.into_iter().map(fault).collect();
    (count, faults)
}

/// A header of entries (tag, type, offset, count).
fn header(entries: &[[u32; 4]], data: &[u8]) -> Vec<u8> {
    let words = [entries.len() as u32, data.len() as u32].into_iter();
    let words = words.chain(entries.iter().flatten().copied());
    words.flat_map(u32::to_be_bytes).chain(data.iter().copied()).collect()
}

#[test]
fn a_header_that_lies_is_a_fault() {
    let sound = [[1000, 6, 0, 1], [1001, 6, 0, 1], [1002, 6, 0, 1]];
    let with = |entry| [&sound[..], &[entry]].concat();
    let cases = [
        ("sound", header(&sound, b"a\0"), None),
        ("empty", Vec::new(), Some("a header without its lengths")),
        ("no entry", header(&[], b""), Some("a header of 0 entries and 0 bytes")),
        ("many entries", vec![0xff; 100], Some("a header of 4294967295 entries and")),
        ("cut", header(&sound, b"a\0")[..20].to_vec(), Some("a header shorter than it says")),
        ("longer", [header(&sound, b"a\0"), vec![0]].concat(), Some("a header says 2 bytes")),
        ("no end", header(&sound, b"a"), Some("text 1000 has no end")),
        ("no name", header(&sound[1..], b"a\0"), Some("a header without a name")),
        ("outside", header(&with([1008, 4, 9, 1]), b"a\0"), Some("package a: entry 1008")),
        ("type", header(&with([1008, 6, 0, 1]), b"a\0"), Some("package a: entry 1008")),
        ("count", header(&with([1117, 8, 0, u32::MAX]), b"a\0"), Some("package a: entry 1117")),
        ("folder", header(&with([1117, 8, 0, 1]), b"a\0"), Some("package a: a file without")),
    ];
    for (case, blob, expected) in cases {
        let mut each = |path: &str, header: &Header<'_>| {
            package(path, header)?;
            header.files(&mut |_| ())
        };
        let mut records = Records::new("db", 1 << 20, &mut each);
        records.header("row 1", &blob);
        let detail = records.unread.first().map(|part| part.failure.detail.clone());
        let starts = detail.as_deref().unwrap_or_default().starts_with(expected.unwrap_or("?"));
        assert!(starts || detail.as_deref() == expected, "{case}: {detail:?}");
    }
}

#[test]
fn a_long_folder_named_again_and_again_is_refused() {
    let folder = [b"/".repeat(4000), b"\0a\0".to_vec(), vec![0; 500_000]].concat();
    let entries =
        [[1000, 6, 4001, 1], [1116, 4, 4003, 100_000], [1117, 8, 4003, 400_000], [1118, 8, 0, 1]];
    let blob = header(&entries, &folder);
    let detail = Header::open(&blob).unwrap().files(&mut |_| ()).unwrap_err();
    assert_eq!(detail, "paths that are longer than its data");
}

#[test]
fn no_database_at_all_is_a_fault_in_every_form() {
    for (file, form) in FORMS {
        for content in [&b""[..], b"SQLite format 3\0", b"RpmP", &[0xff; 5000], &[0; 5000]] {
            let (count, faults) = seen(form, content);
            assert!(count == 0 && faults.len() == 1, "{file}: {faults:?}");
        }
    }
}

/// The page of SQLite's file on which the table of packages begins, by its place in the file.
fn interior_pages(content: &[u8]) -> Vec<usize> {
    let pages = content.chunks(4096).enumerate().skip(1);
    pages.filter(|(_, page)| page[0] == 5).map(|(index, _)| index * 4096).collect()
}

#[test]
fn pages_in_a_circle_come_to_an_end() {
    let Some(made) = Made::by_rpm() else { return };
    let mut content = made.database();
    let interior = interior_pages(&content);
    assert!(!interior.is_empty(), "the table has a page that leads to pages");
    for start in interior {
        let itself = (start / 4096 + 1) as u32;
        content[start + 8..start + 12].copy_from_slice(&itself.to_be_bytes());
    }
    let (count, faults) = seen(sqlite::read, &content);
    assert!(count < 41 && faults[0].ends_with("the page is not there, or is used twice"));
}

#[test]
fn every_page_led_to_itself_costs_no_endless_work() {
    let Some(made) = Made::by_rpm() else { return };
    let headers = headers(&made.database());
    let mut content = as_ndb(&headers);
    // Every slot leads to the largest header.
    let first = content[32..48].to_vec();
    for slot in content[48..4096].chunks_mut(16) {
        slot.copy_from_slice(&first);
    }
    let (_, faults) = seen(ndb::read, &content);
    assert!(faults.iter().any(|fault| fault.contains("larger than the file")), "{faults:?}");
}

#[test]
fn a_page_size_that_is_wrong_and_a_file_that_is_cut_are_faults() {
    let Some(made) = Made::by_rpm() else { return };
    let whole = made.database();
    for size in [0_u16, 3, 256, 512, 8192, 1] {
        let mut content = whole.clone();
        content[16..18].copy_from_slice(&size.to_be_bytes());
        assert_ne!(seen(sqlite::read, &content).1, [""; 0], "{size}");
    }
    for length in (0..whole.len() - 1).step_by(1021) {
        assert_ne!(seen(sqlite::read, &whole[..length]).1, [""; 0], "{length}");
    }
}

/// A generator whose numbers are the same in every run.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, end: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        (self.0 >> 33) as usize % end
    }
}

/// The databases from which the fuzzer starts: each holds the same five packages.
fn seeds() -> Vec<(Form, Vec<u8>)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../fuzz/seeds");
    let targets = ["rpm_sqlite", "rpm_ndb", "rpm_berkeley"];
    let content =
        targets.map(|target| fs::read(folder.join(target).join("five_packages")).unwrap());
    FORMS.iter().map(|(_, form)| *form).zip(content).collect()
}

#[test]
fn the_seeds_of_the_fuzzer_are_sound() {
    for (form, content) in seeds() {
        assert_eq!(seen(form, &content), (5, vec![]));
    }
}

#[test]
fn a_database_that_is_cut_anywhere_gives_fewer_packages_and_says_so() {
    for (form, content) in seeds() {
        for length in (0..content.len()).step_by(7) {
            let (count, faults) = seen(form, &content[..length]);
            assert!(count == 5 || !faults.is_empty(), "{length}: {count}");
        }
    }
}

#[test]
fn a_database_with_any_bytes_changed_neither_panics_nor_hangs() {
    let mut files = seeds();
    if let Some(made) = Made::by_rpm() {
        files.push((sqlite::read, made.database()));
    }
    let (mut numbers, started) = (Numbers(1), Instant::now());
    for round in 0..20_000 {
        let (form, whole) = &files[round % files.len()];
        let mut content = whole.clone();
        for _ in 0..numbers.below(40) + 1 {
            let at = numbers.below(content.len());
            content[at] = [0, 1, 0x7f, 0xff, numbers.below(256) as u8][numbers.below(5)];
        }
        content.truncate(content.len() - numbers.below(2) * numbers.below(content.len()));
        seen(*form, &content);
        if started.elapsed() > Duration::from_millis(1500) {
            break;
        }
    }
    assert!(started.elapsed() < Duration::from_secs(5));
}
