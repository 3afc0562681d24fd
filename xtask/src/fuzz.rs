//! Runs every fuzz target for a while. The corpus that grows stays in `fuzz/corpus` and out of git;
//! the seeds in `fuzz/seeds/TARGET` are kept.

use std::{fs, path::Path, process::Command};

use crate::command;

pub const SECONDS: u32 = 60;
/// One input may take this long; a parser that needs longer has a loop that input controls.
const TIMEOUT: &str = "-timeout=10";
/// Above every cap that the parsers state.
const MEMORY: &str = "-rss_limit_mb=2048";

pub fn run(seconds: u32) -> Result<bool, String> {
    let version = Command::new("cargo").args(["fuzz", "--version"]).output();
    if !version.is_ok_and(|output| output.status.success()) {
        return Err("cargo-fuzz is not installed; run: cargo install --locked cargo-fuzz".into());
    }
    let mut found = Vec::new();
    for target in targets()? {
        println!("{target}: {seconds} s");
        if !fuzz(&target, seconds)? {
            found.push(target);
        }
    }
    match found.as_slice() {
        [] => println!("no findings"),
        found => println!("findings in: {}; the inputs are in fuzz/artifacts", found.join(", ")),
    }
    Ok(found.is_empty())
}

fn targets() -> Result<Vec<String>, String> {
    let folder = fs::read_dir("fuzz/src/bin").map_err(|error| format!("fuzz: {error}"))?;
    let mut names = Vec::new();
    for entry in folder.flatten() {
        let path = entry.path();
        if path.extension().is_some_and(|extension| extension == "rs") {
            names.extend(path.file_stem().map(|name| name.to_string_lossy().into_owned()));
        }
    }
    names.sort();
    Ok(names)
}

fn fuzz(target: &str, seconds: u32) -> Result<bool, String> {
    let corpus = format!("fuzz/corpus/{target}");
    fs::create_dir_all(&corpus).map_err(|error| format!("{corpus}: {error}"))?;
    let seeds = format!("fuzz/seeds/{target}");
    // Not the cargo that runs us: cargo-fuzz asks for the compiler by the name `cargo`.
    let mut command = Command::new("cargo");
    // Coverage is an unstable option of the compiler; the pinned one has it too.
    command.env("RUSTC_BOOTSTRAP", "1");
    command.args(["fuzz", "run", "--sanitizer", "none", target, &corpus]);
    if Path::new(&seeds).is_dir() {
        command.arg(&seeds);
    }
    command.args(["--", &format!("-max_total_time={seconds}"), TIMEOUT, MEMORY]);
    command::succeeds(&mut command)
}
