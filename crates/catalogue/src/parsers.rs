//! One function for each byte parser, all of one shape, for `fuzz/`.

use std::path::Path;

use crate::{lolrmm, marks, remote};

/// A file of LOLRMM's, and what becomes of it.
pub fn lolrmm(bytes: &[u8]) {
    if let Ok(description) = lolrmm::parse(bytes) {
        let _ = lolrmm::tools(vec![("seed.yaml".into(), description)], &[], true);
    }
}

/// A file of a catalogue, and what is wrong with it.
pub fn catalogue_file(bytes: &[u8]) {
    if let Ok(text) = std::str::from_utf8(bytes)
        && let Ok(tool) = remote::tool(Path::new("seed.toml"), text)
    {
        let _ = remote::check(&tool);
    }
}

/// A file of marks, and what is wrong with it.
pub fn marks_file(bytes: &[u8]) {
    if let Ok(text) = std::str::from_utf8(bytes)
        && let Ok(language) = marks::language(Path::new("en.toml"), text)
    {
        let _ = marks::check(&language);
    }
}
