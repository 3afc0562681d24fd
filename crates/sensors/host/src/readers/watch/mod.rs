//! Watching for a while who reads what: by what the kernel tells of files that are opened and read, where it may be
//! asked, and by looking at all open files four times a second. What is held longer than that is never missed.
//!
//! Limits: of devices the kernel is not asked, for its answer would open them. Of files in folders that come to be while
//! it watches, and of any document in another's home, only looks tell. Mappings are looked at before and after.

mod events;
mod sample;

use std::{
    collections::HashMap,
    thread,
    time::{Duration, Instant},
};

use leaksweep_facts::{Problem, Reason, Time, tables::host::Process};

use self::{
    events::{Event, Events},
    sample::Sampler,
};
use super::{
    TABLE, access_of,
    connected::Connected,
    maps,
    rows::{Rows, Sight},
    stores::{Found, Stores},
};
use crate::{
    accounts::Names,
    machine::{Kernel, Machine},
    processes::Facts,
    root::Failure,
    tally::Tally,
};

/// Between two looks at all open files.
const STEP: Duration = Duration::from_millis(250);
/// While the kernel tells nothing new, what it tells may gather.
const LULL: Duration = Duration::from_millis(20);
const ENDED: &[&str] = &["process", "program", "user", "expected", "connected"];

/// By which way it watches; tests try each alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Way {
    Both,
    #[cfg(test)]
    Looks,
    #[cfg(test)]
    Events,
}

pub struct Watcher<'a> {
    machine: &'a Machine,
    kernel: &'a Kernel,
    stores: &'a Stores,
    pub way: Way,
    facts: Facts<'a>,
    /// What was read of processes since the last look at all.
    known: HashMap<i64, Option<Process>>,
    connected: Connected<'a>,
    asked: Instant,
    tally: Tally,
    /// The longest time between two looks.
    longest: Duration,
    /// How long the looks took, together.
    pub spent: Duration,
}

impl<'a> Watcher<'a> {
    pub fn new(
        machine: &'a Machine,
        kernel: &'a Kernel,
        names: &'a Names,
        stores: &'a Stores,
    ) -> Self {
        Self {
            machine,
            kernel,
            stores,
            way: Way::Both,
            facts: Facts::new(machine, kernel, names),
            known: HashMap::new(),
            connected: Connected::new(kernel),
            asked: Instant::now(),
            tally: Tally::default(),
            longest: Duration::ZERO,
            spent: Duration::ZERO,
        }
    }

    pub fn watch(&mut self, length: Duration, rows: &mut Rows<'_>) -> Vec<Problem> {
        let end = Instant::now() + length;
        let mut events = self.events();
        let mut sampler = Sampler::default();
        let mut next = Instant::now();
        let mut last = next;
        while Instant::now() < end {
            if Instant::now() >= next {
                self.longest = self.longest.max(last.elapsed());
                last = Instant::now();
                self.sample(&mut sampler, rows);
                next = last + STEP;
            }
            let pause = next.min(end).saturating_duration_since(Instant::now());
            match &mut events {
                Some(events) => self.listen(events, pause, rows),
                None => thread::sleep(pause),
            }
        }
        self.sample(&mut sampler, rows);
        self.mapped(&sampler, rows);
        self.problems(events.is_some_and(|events| events.lost))
    }

    fn events(&mut self) -> Option<Events> {
        if !self.way.listens() {
            return None;
        }
        match Events::of(&self.machine.root, self.stores, &mut self.tally) {
            Ok(events) => Some(events),
            Err(failure) => {
                let detail = format!(
                    "the kernel does not tell what is opened ({}); what is closed within {} ms is missed",
                    failure.detail,
                    STEP.as_millis()
                );
                self.tally.add(&["times"], "watching", Failure { detail, ..failure });
                None
            }
        }
    }

    fn sample(&mut self, sampler: &mut Sampler, rows: &mut Rows<'_>) {
        if !self.way.looks() {
            return;
        }
        let started = Instant::now();
        self.known.clear();
        rows.turn();
        let held = sampler.look(self.machine, self.kernel, self.stores, &mut self.tally);
        for one in &held {
            if let Some(access) = access_of(self.kernel, one) {
                self.see(one.pid, &one.found, access, "descriptor", rows);
            }
        }
        self.spent += started.elapsed();
    }

    fn mapped(&mut self, sampler: &Sampler, rows: &mut Rows<'_>) {
        for pid in sampler.pids() {
            let found = maps::of(self.machine, self.kernel, pid, self.stores);
            for one in &found {
                self.see(pid, one, "mapped", "mapping", rows);
            }
        }
    }

    fn listen(&mut self, events: &mut Events, pause: Duration, rows: &mut Rows<'_>) {
        let told = events.wait(self.machine, self.kernel, self.stores, pause);
        rows.turn();
        let news = told.iter().any(|event| !self.known.contains_key(&event.pid));
        for Event { pid, found, access } in &told {
            self.see(*pid, found, access, "event", rows);
        }
        if !news && !told.is_empty() {
            thread::sleep(LULL.min(pause));
        }
    }

    fn see(
        &mut self,
        pid: i64,
        found: &Found,
        access: &'static str,
        by: &'static str,
        rows: &mut Rows<'_>,
    ) {
        if !self.known.contains_key(&pid) {
            let process = self.facts.of(pid);
            if process.is_none() {
                let detail = "it ended before more than its number was read";
                let failure = Failure { reason: Reason::Vanished, detail: detail.into() };
                self.tally.add(ENDED, format!("process {pid}"), failure);
            }
            self.known.insert(pid, process);
        }
        let known = self.known.get(&pid).and_then(Option::as_ref);
        let gone = Process { pid, ..Process::default() };
        let process = known.unwrap_or(&gone);
        let sight = Sight { found, access, by, at: Time::now() };
        let (connected, asked, kernel) = (&mut self.connected, &mut self.asked, self.kernel);
        rows.see(process, &sight, &mut || {
            let age = asked.elapsed();
            if age > STEP || age > LULL && !connected.knows(pid) {
                *connected = Connected::new(kernel);
                *asked = Instant::now();
            }
            connected.of(pid)
        });
    }

    fn problems(&mut self, lost: bool) -> Vec<Problem> {
        if lost {
            let detail = "the kernel told of more than could be read; some was lost";
            let failure = Failure { reason: Reason::TooLarge, detail: detail.into() };
            self.tally.add(&[], "watching", failure);
        }
        if self.longest > 2 * STEP {
            let detail =
                format!("there were up to {} ms between two looks", self.longest.as_millis());
            let failure = Failure { reason: Reason::TooLarge, detail };
            self.tally.add(&["times"], "watching", failure);
        }
        std::mem::take(&mut self.tally).problems(TABLE, self.machine.privileged)
    }
}

impl Way {
    fn looks(self) -> bool {
        #[cfg(test)]
        if self == Self::Events {
            return false;
        }
        true
    }

    fn listens(self) -> bool {
        #[cfg(test)]
        if self == Self::Looks {
            return false;
        }
        true
    }
}
