//! Failures of one kind told once, with their number and the first of them: what an ordinary user
//! may not read of a thousand processes is one problem and not a thousand.

use leaksweep_facts::{Problem, Reason};

use crate::root::Failure;

#[derive(Default)]
pub struct Tally {
    kinds: Vec<Kind>,
}

struct Kind {
    columns: &'static [&'static str],
    count: usize,
    subject: String,
    failure: Failure,
}

impl Tally {
    /// Counts one failure that leaves these columns without a value; no columns: a row is missing.
    pub fn add(
        &mut self,
        columns: &'static [&'static str],
        subject: impl Into<String>,
        failure: Failure,
    ) {
        let known =
            |kind: &&mut Kind| kind.columns == columns && kind.failure.reason == failure.reason;
        match self.kinds.iter_mut().find(known) {
            Some(kind) => kind.count += 1,
            None => self.kinds.push(Kind { columns, count: 1, subject: subject.into(), failure }),
        }
    }

    /// `privileged` tells what to advise where the system refused.
    pub fn problems(self, table: &'static str, privileged: bool) -> Vec<Problem> {
        self.kinds.into_iter().map(|kind| kind.problem(table, privileged)).collect()
    }
}

impl Kind {
    fn problem(self, table: &'static str, privileged: bool) -> Problem {
        let detail = match (self.failure.reason, self.count) {
            (Reason::Vanished, 1) => "ended while it was read".into(),
            (Reason::Vanished, count) => format!("{count} such ended while they were read"),
            (_, 1) => self.failure.detail,
            (_, count) => format!("{}; so for {count} such", self.failure.detail),
        };
        let problem = Problem::new(table, self.subject, self.failure.reason, detail);
        let problem = problem.in_columns(self.columns);
        if privileged && self.failure.reason == Reason::Denied {
            return problem
                .hint("sweep from outside the container or sandbox that refuses even root");
        }
        problem
    }
}
