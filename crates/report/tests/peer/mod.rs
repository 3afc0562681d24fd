//! How tests hold reports against other people's programs.

#![allow(dead_code, reason = "every test file uses its own part")]

use std::{
    path::{Path, PathBuf},
    process::Output,
};

pub fn project() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
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
