//! Runs every test of the workspace, and says what was skipped and why.
//!
//! The last line is the count that a runner of CI reads: `N passed, N failed, N skipped`.

use std::{
    collections::BTreeSet,
    fs,
    io::{BufRead, BufReader, Write},
    path::Path,
    process::Stdio,
};

use crate::{command, peers};

#[derive(Debug, Default, PartialEq, Eq)]
pub struct Options {
    no_install: bool,
    peers_required: bool,
    /// Handed on to `cargo test`.
    rest: Vec<String>,
}

impl Options {
    pub fn parse(arguments: &[&str]) -> Result<Self, String> {
        let mut options = Self::default();
        let mut arguments = arguments.iter();
        while let Some(argument) = arguments.next() {
            match *argument {
                "--no-install" => options.no_install = true,
                "--peers-required" => options.peers_required = true,
                "--" => options.rest = arguments.by_ref().map(|rest| rest.to_string()).collect(),
                other => return Err(format!("'{other}' is no option of test")),
            }
        }
        Ok(options)
    }
}

/// What the closing lines of all test programs add up to.
#[derive(Debug, Default, PartialEq, Eq, Clone, Copy)]
struct Count {
    passed: usize,
    failed: usize,
    ignored: usize,
}

pub fn run(options: &Options) -> Result<bool, String> {
    let top = crate::top().canonicalize().map_err(|error| error.to_string())?;
    let folder = top.join(".peers");
    fs::create_dir_all(&folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    if !options.no_install {
        peers::install(&folder);
    }
    let record = folder.join("skipped");
    if record.exists() {
        fs::remove_file(&record).map_err(|error| format!("{}: {error}", record.display()))?;
    }
    let (count, well) = cargo_test(options, &folder, &record)?;
    let skipped = fs::read_to_string(&record).unwrap_or_default();
    print!("{}", summary(count, &skipped));
    if !well && count.failed == 0 {
        return Err("cargo test ended before its tests did".into());
    }
    Ok(well)
}

fn cargo_test(options: &Options, folder: &Path, record: &Path) -> Result<(Count, bool), String> {
    let mut command = command::cargo();
    command.args(["test", "--no-fail-fast"]);
    if !options.rest.iter().any(|word| word == "-p" || word == "--package") {
        command.arg("--workspace");
    }
    command.args(&options.rest);
    command.env(leaksweep_peers::FOLDER, folder).env(leaksweep_peers::SKIPPED, record);
    if options.peers_required {
        command.env(leaksweep_peers::MODE, "required");
    }
    let child = command.stdout(Stdio::piped()).spawn();
    let mut child = child.map_err(|error| command::cannot_start(&command, &error))?;
    let mut count = Count::default();
    for line in BufReader::new(child.stdout.take().ok_or("no output")?).split(b'\n') {
        let line = line.map_err(|error| format!("cargo test: {error}"))?;
        count.add(&String::from_utf8_lossy(&line));
        let mut out = std::io::stdout().lock();
        out.write_all(&[&line[..], b"\n"].concat()).map_err(|error| error.to_string())?;
    }
    let status = child.wait().map_err(|error| format!("cargo test: {error}"))?;
    Ok((count, status.success()))
}

impl Count {
    /// Takes `test result: ok. 3 passed; 0 failed; 1 ignored; …`; any other line says nothing.
    fn add(&mut self, line: &str) {
        let Some((_, counts)) = line.strip_prefix("test result: ").and_then(|l| l.split_once(". "))
        else {
            return;
        };
        for item in counts.split("; ") {
            let Some((number, what)) = item.split_once(' ') else { continue };
            let number = number.parse::<usize>().unwrap_or(0);
            match what {
                "passed" => self.passed += number,
                "failed" => self.failed += number,
                "ignored" => self.ignored += number,
                _ => {}
            }
        }
    }
}

/// Cargo counts a skipped test as passed; here it is not.
fn summary(count: Count, record: &str) -> String {
    let lines: BTreeSet<&str> = record.lines().filter(|line| !line.is_empty()).collect();
    let tests: BTreeSet<&str> =
        lines.iter().map(|line| line.split_once(": ").map_or(*line, |(test, _)| test)).collect();
    let mut text = String::from("\n");
    for line in &lines {
        text += &format!("skipped: {line}\n");
    }
    let passed = count.passed.saturating_sub(tests.len());
    let skipped = count.ignored + tests.len();
    text + &format!("{passed} passed, {} failed, {skipped} skipped\n", count.failed)
}

#[cfg(test)]
mod cases {
    use super::*;

    #[test]
    fn options_are_read_and_the_rest_goes_to_cargo() {
        let options = Options::parse(&["--no-install", "--peers-required", "--", "-p", "x"]);
        let rest = vec!["-p".to_owned(), "x".to_owned()];
        assert_eq!(options, Ok(Options { no_install: true, peers_required: true, rest }));
        assert!(Options::parse(&["--peer-required"]).is_err());
    }

    #[test]
    fn closing_lines_add_up_and_other_lines_do_not() {
        let mut count = Count::default();
        count.add("test result: ok. 3 passed; 0 failed; 1 ignored; 0 measured; 0 filtered out");
        count.add("test result: FAILED. 1 passed; 2 failed; 0 ignored; 0 measured; 0 filtered out");
        count.add("test a::b ... ok. 9 passed");
        assert_eq!(count, Count { passed: 4, failed: 2, ignored: 1 });
    }

    #[test]
    fn a_skipped_test_is_not_a_passed_one() {
        let count = Count { passed: 5, failed: 0, ignored: 1 };
        let text = summary(count, "a: no rpm\nb: no chromium\na: no rpm\n");
        assert_eq!(
            text,
            "\nskipped: a: no rpm\nskipped: b: no chromium\n3 passed, 0 failed, 3 skipped\n"
        );
    }
}
