//! A byte parser without a fuzz target is one that nobody fuzzes.

use std::{fs, path::Path};

/// The crates that list byte parsers, by their names in Rust, and their lists: `parsers.rs` or all of the folder `parsers`.
fn lists(top: &Path) -> Vec<(String, String)> {
    let sensors = fs::read_dir(top.join("crates/sensors")).unwrap();
    let sensors = sensors.map(|entry| entry.unwrap().path());
    let crates = sensors.chain(
        ["crates/facts", "crates/formats", "crates/catalogue", "crates/wipe"]
            .map(|path| top.join(path)),
    );
    crates
        .filter_map(|folder| {
            let list = fs::read_to_string(folder.join("src/parsers.rs")).ok();
            let list = list.or_else(|| folder_list(&folder.join("src/parsers")))?;
            let name = folder.file_name()?.to_str()?;
            Some((format!("leaksweep_{name}"), list))
        })
        .collect()
}

fn folder_list(folder: &Path) -> Option<String> {
    let files = fs::read_dir(folder).ok()?;
    Some(files.map(|file| fs::read_to_string(file.unwrap().path()).unwrap()).collect())
}

/// Functions, and rows of a table in a macro.
fn parsers(list: &str) -> impl Iterator<Item = &str> {
    list.lines().filter_map(|line| match line.strip_prefix("pub fn ") {
        Some(function) => function.split_once('(').map(|(name, _)| name),
        None => {
            let (name, _) = line.strip_prefix("    ")?.strip_suffix(';')?.split_once(": ")?;
            name.bytes().all(|byte| byte == b'_' || byte.is_ascii_alphanumeric()).then_some(name)
        }
    })
}

fn missing(list: &str, krate: &str, target: impl Fn(&str) -> Option<String>) -> Vec<String> {
    let line = |name: &str| format!("leaksweep_fuzz::fuzz!({krate}::parsers::{name});");
    let wrong = |name: &&str| !target(name).is_some_and(|text| text.contains(&line(name)));
    parsers(list)
        .filter(wrong)
        .map(|name| format!("fuzz/src/bin/{name}.rs: #![no_main] {}", line(name)))
        .collect()
}

#[test]
fn every_byte_parser_has_a_fuzz_target_of_its_name() {
    let top = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/.."));
    let target = |name: &str| {
        fs::read_to_string(top.join("fuzz/src/bin").join(name).with_extension("rs")).ok()
    };
    let lists = lists(top);
    for krate in ["host", "printer", "storage", "facts", "wipe"] {
        assert!(lists.iter().any(|(name, _)| name.strip_prefix("leaksweep_") == Some(krate)));
    }
    let missing: Vec<String> =
        lists.iter().flat_map(|(krate, list)| missing(list, krate, target)).collect();
    assert!(missing.is_empty(), "write\n{}", missing.join("\n"));
}

#[test]
fn every_fuzz_target_has_seeds() {
    let fuzz = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../fuzz"));
    let targets = fs::read_dir(fuzz.join("src/bin")).unwrap().map(|target| target.unwrap().path());
    let seeds = |target: &Path| fs::read_dir(fuzz.join("seeds").join(target.file_stem().unwrap()));
    let bare: Vec<_> =
        targets.filter(|target| seeds(target).map_or(0, Iterator::count) == 0).collect();
    assert!(bare.is_empty(), "nothing to start from for {bare:?}");
}

#[test]
fn a_parser_without_its_target_is_named() {
    let list = "pub fn passwd(bytes: &[u8]) {\n}\nfn hidden(a: u8) {}\n    let a: u8 = 1;\n";
    let good = "#![no_main]\nleaksweep_fuzz::fuzz!(leaksweep_host::parsers::passwd);\n";
    assert_eq!(missing(list, "leaksweep_host", |_| Some(good.into())), [""; 0]);
    assert_eq!(missing(list, "leaksweep_host", |_| None).len(), 1);
    assert_eq!(missing(list, "leaksweep_facts", |_| Some(good.into())).len(), 1);
    assert_eq!(parsers("table! {\n    fat: FAT, large;\n}\n").collect::<Vec<_>>(), ["fat"]);
}
