//! Whether a reader, or what is one with it, has a connection to another machine.

use std::{
    collections::{BTreeSet, HashMap},
    path::PathBuf,
};

use super::family::Family;
use crate::{
    machine::Kernel,
    root::LIST_CAP,
    sockets::{Connections, socket},
};

/// Of more the first.
const SHOWN: usize = 8;

/// What one look tells; nothing is read twice.
pub struct Connected<'a> {
    kernel: &'a Kernel,
    family: Option<Family<'a>>,
    networks: HashMap<PathBuf, Connections>,
    told: HashMap<i64, Told>,
}

/// None where it could not be told; and to where.
pub type Told = (Option<bool>, Option<String>);

impl<'a> Connected<'a> {
    pub fn new(kernel: &'a Kernel) -> Self {
        Self { kernel, family: None, networks: HashMap::new(), told: HashMap::new() }
    }

    /// Whether the process was there when the look began.
    pub fn knows(&self, pid: i64) -> bool {
        self.family.as_ref().is_some_and(|family| family.knows(pid))
    }

    pub fn of(&mut self, pid: i64) -> Told {
        if let Some(told) = self.told.get(&pid) {
            return told.clone();
        }
        let kernel = self.kernel;
        let family = self.family.get_or_insert_with(|| Family::read(kernel));
        let (mut found, mut whole) = (BTreeSet::new(), family.knows(pid));
        for one in family.around(pid) {
            whole &= self.add(one, &mut found);
        }
        let told = told(&found, whole);
        self.told.insert(pid, told.clone());
        told
    }

    /// Adds the connections of one process; gives whether all of it was seen.
    fn add(&mut self, pid: i64, found: &mut BTreeSet<String>) -> bool {
        let mut sockets = Vec::new();
        let mut left = LIST_CAP;
        let seen = self.kernel.proc.links(&PathBuf::from(format!("{pid}/fd")), |_, target, _| {
            sockets.extend(socket(target));
            left -= 1;
            left > 0
        });
        match seen {
            Ok(cut) if sockets.is_empty() => return !cut,
            Err(failure) => return failure.is_absence(),
            Ok(_) => {}
        }
        let network = self.network(pid);
        found.extend(sockets.iter().filter_map(|inode| network.to(*inode)).map(str::to_owned));
        network.whole
    }

    /// A descriptor may come from another network; there it is seen with who opened it.
    fn network(&mut self, pid: i64) -> &Connections {
        let namespace = self.kernel.proc.link(format!("{pid}/ns/net"));
        let key = namespace.unwrap_or_else(|_| PathBuf::from(pid.to_string()));
        let kernel = self.kernel;
        let folder = PathBuf::from(format!("{pid}/net"));
        self.networks.entry(key).or_insert_with(|| Connections::read(kernel, &folder))
    }
}

fn told(found: &BTreeSet<String>, whole: bool) -> Told {
    let first: Vec<&str> = found.iter().take(SHOWN).map(String::as_str).collect();
    let shown = (!first.is_empty()).then(|| first.join(" "));
    match (shown.is_some(), whole) {
        (true, _) => (Some(true), shown),
        (false, true) => (Some(false), None),
        (false, false) => (None, None),
    }
}
