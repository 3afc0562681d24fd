//! Under which names the records of packages may know the paths that are asked for. Lists may be
//! large, so a line that means none of them costs one look at its length and last byte.

use std::{
    collections::{HashMap, HashSet},
    os::unix::ffi::OsStrExt,
    path::{Path, PathBuf},
};

use crate::root::Root;

/// The folders that a merged `/usr` took over; lists may still use the old names.
const MERGED: [&str; 6] = ["bin", "sbin", "lib", "lib32", "lib64", "libx32"];

pub struct Names {
    /// To the numbers of the paths.
    names: HashMap<Vec<u8>, Vec<usize>>,
    /// Which shapes the names have: most lines have another, and need no look at their text.
    shapes: Vec<bool>,
}

impl Names {
    /// `paths` are as rows have them; `real` are the same with their folders' links resolved.
    pub fn new<'a>(root: &Root, paths: impl Iterator<Item = [&'a Path; 2]>) -> Self {
        let merged: Vec<&str> =
            MERGED.into_iter().filter(|folder| root.link(folder).is_ok()).collect();
        let mut names: HashMap<Vec<u8>, Vec<usize>> = HashMap::new();
        let mut add = |name: &Path, number: usize| {
            let numbers = names.entry(name.as_os_str().as_bytes().to_vec()).or_default();
            if numbers.last() != Some(&number) {
                numbers.push(number);
            }
        };
        for (number, both) in paths.enumerate() {
            for name in both {
                add(name, number);
                if let Some(old) = before_merge(name, &merged) {
                    add(&old, number);
                }
            }
        }
        Self { names, shapes: Vec::new() }.with_shapes()
    }

    pub fn none() -> Self {
        Self { names: HashMap::new(), shapes: Vec::new() }
    }

    /// Lets these names be noticed though nobody asked for them.
    pub fn also<'a>(mut self, names: impl Iterator<Item = &'a Vec<u8>>) -> Self {
        names.for_each(|name| _ = self.names.entry(name.clone()).or_default());
        self.with_shapes()
    }

    fn with_shapes(mut self) -> Self {
        let shapes: HashSet<u16> = self.names.keys().map(|name| shape(name)).collect();
        self.shapes = (0..=u16::MAX).map(|shape| shapes.contains(&shape)).collect();
        self
    }

    pub fn knows(&self, name: &[u8]) -> bool {
        let possible = self.shapes.get(usize::from(shape(name))).is_some_and(|known| *known);
        possible && self.names.contains_key(name)
    }

    pub fn of(&self, name: &[u8]) -> &[usize] {
        self.names.get(name).map(Vec::as_slice).unwrap_or_default()
    }
}

fn before_merge(name: &Path, merged: &[&str]) -> Option<PathBuf> {
    let inner = name.strip_prefix("/usr").ok()?;
    merged.iter().any(|folder| inner.starts_with(folder)).then(|| Path::new("/").join(inner))
}

/// A name's length and last byte.
fn shape(name: &[u8]) -> u16 {
    u16::from_be_bytes([name.len() as u8, name.last().copied().unwrap_or_default()])
}
