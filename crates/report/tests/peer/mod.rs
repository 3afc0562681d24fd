//! Programs that check our output and that a bare machine lacks. A test without its peer says so
//! and passes, unless `LEAKSWEEP_PEERS=required`.
//!
//! Peers live in `.peers` (or `LEAKSWEEP_PEERS_DIR`): `python/bin/python3` with the packages
//! `jsonschema` and `ocsf-json-schema`, and `node_modules/@microsoft/sarif-multitool-linux`.

#![allow(dead_code, reason = "every test file uses its own part")]

use std::{
    io::Write,
    path::{Path, PathBuf},
    process::{Command, Output},
};

pub fn project() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

pub fn folder() -> PathBuf {
    std::env::var_os("LEAKSWEEP_PEERS_DIR").map_or_else(|| project().join(".peers"), Into::into)
}

/// Says that a test is skipped, or fails where peers are required.
pub fn skip(test: &str, reason: &str) {
    assert!(std::env::var("LEAKSWEEP_PEERS").as_deref() != Ok("required"), "{test}: {reason}");
    // The macros for it would be captured with the output of a test that passes.
    let _ = writeln!(std::io::stderr(), "skipped: {test}: {reason}");
}

/// A Python that has these modules: the private one, or the system's.
pub fn python(modules: &str) -> Option<Command> {
    let private = folder().join("python/bin/python3");
    let has = |python: &Path| {
        let import = Command::new(python).args(["-c", &format!("import {modules}")]).output();
        import.is_ok_and(|output| output.status.success())
    };
    [private, "python3".into()].into_iter().find(|python| has(python)).map(Command::new)
}

pub fn says(output: &Output) -> String {
    let (out, err) = (&output.stdout, &output.stderr);
    String::from_utf8_lossy(out).into_owned() + &String::from_utf8_lossy(err)
}

/// Validates JSON files against a schema file, which may be of any draft.
pub const VALIDATE: &str = "
import json, sys, jsonschema
schema = json.load(open(sys.argv[1], encoding='utf-8-sig'))
validator = jsonschema.validators.validator_for(schema)
validator.check_schema(schema)
bad = 0
for path in sys.argv[2:]:
    for error in validator(schema).iter_errors(json.load(open(path))):
        print(path, error.json_path, error.message[:300])
        bad += 1
sys.exit(bad > 0)
";
