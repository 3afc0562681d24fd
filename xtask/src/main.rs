//! What cargo cannot do itself. Everything else is a cargo command.

mod bench;
mod command;
mod docs;
mod fuzz;
mod images;
mod peers;
mod tests;

use std::{env, path::Path, process::ExitCode};

const USAGE: &str = "\
cargo xtask test [--no-install] [--peers-required] [-- CARGO TEST ARGUMENTS]
    installs the test peers that it can, runs every test, and says what was skipped and why
cargo xtask docs [--check]
    writes docs/tables.md from the table definitions, or says whether it is up to date
cargo xtask fuzz [SECONDS [TARGET...]]
    runs fuzz targets (all) for SECONDS (60) of processor time each, one on every processor
cargo xtask storage-images FOLDER [--seed N] [--size tiny|tests|bench]
    makes images of storage media whose whole content is known
cargo xtask bench
    measures what README and bench/README.md state
";

fn main() -> ExitCode {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    if let Err(error) = env::set_current_dir(top()) {
        eprintln!("xtask: {}: {error}", top().display());
        return ExitCode::from(2);
    }
    match run(&arguments) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(message) => {
            eprintln!("xtask: {message}");
            ExitCode::from(2)
        }
    }
}

/// Whether what was asked went well; an error is that it could not be asked.
fn run(arguments: &[&str]) -> Result<bool, String> {
    match arguments {
        ["test", options @ ..] => tests::run(&tests::Options::parse(options)?),
        ["docs"] => docs::write(),
        ["docs", "--check"] => docs::check(),
        ["fuzz", asked @ ..] => fuzz::run(asked),
        ["storage-images", options @ ..] => images::run(options),
        ["bench", options @ ..] => bench::run(options),
        _ => Err(format!("what to do?\n\n{USAGE}")),
    }
}

/// The top of the repository.
fn top() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/.."))
}
