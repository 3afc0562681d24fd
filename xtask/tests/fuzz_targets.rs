//! A byte parser without a fuzz target is one that nobody fuzzes.

use std::{fs, path::Path};

/// The crates whose byte parsers are listed in a `parsers.rs`, by their names in Rust.
fn lists(top: &Path) -> Vec<(String, String)> {
    let sensors = fs::read_dir(top.join("crates/sensors")).unwrap();
    let sensors = sensors.map(|entry| entry.unwrap().path());
    let crates = sensors.chain(
        ["crates/facts", "crates/formats", "crates/catalogue", "crates/wipe"]
            .map(|path| top.join(path)),
    );
    crates
        .filter_map(|folder| {
            let list = fs::read_to_string(folder.join("src/parsers.rs")).ok()?;
            let name = folder.file_name()?.to_str()?;
            Some((format!("leaksweep_{name}"), list))
        })
        .collect()
}

fn parsers(list: &str) -> impl Iterator<Item = &str> {
    let names = list.lines().filter_map(|line| line.strip_prefix("pub fn "));
    names.filter_map(|line| line.split_once('(')).map(|(name, _)| name)
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
    assert!(lists.len() >= 3);
    let missing: Vec<String> =
        lists.iter().flat_map(|(krate, list)| missing(list, krate, target)).collect();
    assert!(missing.is_empty(), "write\n{}", missing.join("\n"));
}

#[test]
fn a_parser_without_its_target_is_named() {
    let list = "pub fn passwd(bytes: &[u8]) {\n}\nfn hidden(a: u8) {}\n";
    let good = "#![no_main]\nleaksweep_fuzz::fuzz!(leaksweep_host::parsers::passwd);\n";
    assert_eq!(missing(list, "leaksweep_host", |_| Some(good.into())), [""; 0]);
    assert_eq!(missing(list, "leaksweep_host", |_| None).len(), 1);
    assert_eq!(missing(list, "leaksweep_facts", |_| Some(good.into())).len(), 1);
}
