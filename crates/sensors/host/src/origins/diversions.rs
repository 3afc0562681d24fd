//! dpkg's diversions: where the file of every package but one lies instead. Reads
//! `/var/lib/dpkg/diversions`, up to 4 MiB.

use std::collections::HashMap;

use crate::{
    packages::dpkg,
    root::{Failure, Root, TEXT_CAP},
};

#[derive(Default)]
pub struct Diversions(HashMap<Vec<u8>, Diversion>);

struct Diversion {
    to: Vec<u8>,
    by: Vec<u8>,
}

pub fn path() -> String {
    format!("{}/diversions", dpkg::FOLDER)
}

impl Diversions {
    pub fn read(root: &Root) -> Result<Self, Failure> {
        let content = root.read_if_there(path(), TEXT_CAP)?.unwrap_or_default();
        let wrong = || Failure::malformed("not three lines for each diversion");
        parse(&content).map(Self).ok_or_else(wrong)
    }

    /// Where the file lies that the package calls by this name.
    pub fn place<'a>(&'a self, name: &'a [u8], package: &[u8]) -> &'a [u8] {
        let diverted = self.0.get(name).filter(|diversion| diversion.by != package);
        diverted.map_or(name, |diversion| &diversion.to)
    }

    /// The file's old name must be noticed for its new name to be found.
    pub fn names(&self) -> impl Iterator<Item = &Vec<u8>> {
        self.0.keys()
    }
}

/// None if the lines do not come in threes.
fn parse(content: &[u8]) -> Option<HashMap<Vec<u8>, Diversion>> {
    let content = content.strip_suffix(b"\n").unwrap_or(content);
    if content.is_empty() {
        return Some(HashMap::new());
    }
    let lines: Vec<&[u8]> = content.split(|byte| *byte == b'\n').collect();
    let (threes, rest) = lines.as_chunks::<3>();
    let entry = |[from, to, by]: &[&[u8]; 3]| {
        (from.to_vec(), Diversion { to: to.to_vec(), by: by.to_vec() })
    };
    rest.is_empty().then(|| threes.iter().map(entry).collect())
}

/// For the fuzz target.
pub fn check(content: &[u8]) {
    let _ = parse(content);
}
