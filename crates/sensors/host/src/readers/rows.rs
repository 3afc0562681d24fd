//! What was seen of readers, one row for each process, store and file.

use std::collections::HashMap;

use leaksweep_facts::{
    Observed, Problem, Reason, Time,
    tables::host::{Process, Reader},
};

use super::{
    TABLE,
    connected::Told,
    owners::Owners,
    stores::{Found, Stores},
};
use crate::{accounts::Names, name};

/// Nobody looks at more.
const ROWS: usize = 50_000;

/// One look at one file of a process.
#[derive(Debug, Clone)]
pub struct Sight<'a> {
    pub found: &'a Found,
    pub access: &'static str,
    pub by: &'static str,
    pub at: Time,
}

pub struct Rows<'a> {
    pub owners: Owners<'a>,
    stores: &'a Stores,
    names: &'a Names,
    rows: HashMap<Key, Noted>,
    turn: u64,
    problems: Vec<Problem>,
}

struct Noted {
    row: Reader,
    /// When it was last counted: a file with two descriptors is seen once in a look.
    turn: u64,
}

/// A process may become another program.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct Key {
    pid: i64,
    program: Option<String>,
    place: usize,
    path: Vec<u8>,
}

impl<'a> Rows<'a> {
    pub fn new(owners: Owners<'a>, stores: &'a Stores, names: &'a Names) -> Self {
        Self { owners, stores, names, rows: HashMap::new(), turn: 0, problems: Vec::new() }
    }

    /// Another look begins.
    pub fn turn(&mut self) {
        self.turn += 1;
    }

    /// Notes what was seen. `connected` is asked only of what is not known yet, or had no connection.
    pub fn see(
        &mut self,
        process: &Process,
        sight: &Sight<'_>,
        connected: &mut dyn FnMut() -> Told,
    ) {
        let key = Key {
            pid: process.pid,
            program: process.program.clone(),
            place: sight.found.place,
            path: sight.found.path.clone(),
        };
        if let Some(Noted { row, turn }) = self.rows.get_mut(&key) {
            row.see(sight);
            row.times += i64::from(std::mem::replace(turn, self.turn) != self.turn);
            if row.connected != Some(true) && row.expected != Some(true) {
                row.tell(connected());
            }
            return;
        }
        let Some(mut row) = self.row(process, sight) else { return };
        if self.rows.len() >= ROWS {
            return self.full();
        }
        row.tell(connected());
        self.rows.insert(key, Noted { row, turn: self.turn });
    }

    fn full(&mut self) {
        if self.problems.is_empty() {
            let detail = format!("more than {ROWS} rows");
            self.problems.push(Problem::new(TABLE, "the whole table", Reason::TooLarge, detail));
        }
    }

    fn row(&self, process: &Process, sight: &Sight<'_>) -> Option<Reader> {
        let store = self.stores.place(sight.found)?.store;
        let other_user = sight.found.owner.is_some_and(|owner| is_other(process, owner));
        if store.kind.as_str() == "documents" && !other_user {
            return None;
        }
        Some(Reader {
            pid: process.pid,
            process: process.name.clone(),
            program: process.program.clone(),
            user: process.user.clone(),
            store: store.id.clone(),
            name: store.name.clone(),
            kind: store.kind.as_str().into(),
            path: name::text(&sight.found.path),
            owner: sight.found.owner.map(|uid| self.names.user(uid)),
            access: sight.access.into(),
            expected: self.owners.expect(process, sight.found),
            other_user,
            seen_by: sight.by.into(),
            first_seen: sight.at,
            last_seen: sight.at,
            times: 1,
            ..Reader::default()
        })
    }

    pub fn done(self) -> Observed<Reader> {
        let mut rows: Vec<Reader> = self.rows.into_values().map(|noted| noted.row).collect();
        rows.sort_by(|a, b| (a.pid, &a.store, &a.path).cmp(&(b.pid, &b.store, &b.path)));
        Observed { rows, problems: self.problems }
    }
}

trait Seen {
    fn see(&mut self, sight: &Sight<'_>);
    fn tell(&mut self, told: Told);
}

impl Seen for Reader {
    fn see(&mut self, sight: &Sight<'_>) {
        self.access = wider(&self.access, sight.access).into();
        self.last_seen = self.last_seen.max(sight.at);
        // A descriptor tells more than a mapping of the same file.
        if self.seen_by == "mapping" && sight.by != "mapping" {
            self.seen_by = sight.by.into();
        }
    }

    fn tell(&mut self, (connected, to): Told) {
        // What was told once stays told.
        if connected.is_some() {
            self.connected = connected;
            self.connections = to;
        }
    }
}

fn wider<'a>(known: &'a str, new: &'a str) -> &'a str {
    match (known, new) {
        ("mapped", other) | (other, "mapped") => other,
        ("read", "read") => "read",
        ("write", "write") => "write",
        _ => "both",
    }
}

/// Whether the reader is somebody else, and neither root nor a service of the system.
fn is_other(process: &Process, owner: u32) -> bool {
    let service = process
        .unit
        .as_deref()
        .is_some_and(|unit| unit.ends_with(".service") && !unit.starts_with("user@"));
    let uid = process.effective_uid;
    uid != i64::from(owner) && uid != 0 && !(uid < 1000 && service)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn access_grows_and_a_descriptor_tells_more_than_a_mapping() {
        for (known, new, expected) in [
            ("read", "read", "read"),
            ("read", "write", "both"),
            ("mapped", "read", "read"),
            ("write", "mapped", "write"),
            ("both", "read", "both"),
            ("mapped", "mapped", "mapped"),
        ] {
            assert_eq!(wider(known, new), expected);
        }
    }

    #[test]
    fn root_and_services_of_the_system_are_nobody_else() {
        let process = |uid: i64, unit: Option<&str>| Process {
            effective_uid: uid,
            unit: unit.map(str::to_owned),
            ..Process::default()
        };
        assert!(is_other(&process(1001, None), 1000));
        assert!(is_other(&process(1001, Some("x.service")), 1000));
        assert!(is_other(&process(33, Some("session-1.scope")), 1000));
        assert!(!is_other(&process(33, Some("apache2.service")), 1000));
        assert!(!is_other(&process(0, None), 1000));
        assert!(!is_other(&process(1000, None), 1000));
    }
}
