use crate::{Problem, table};

table! {
    /// What could not be observed, and why. A check that finds no evidence while one of the columns that it
    /// reads has a problem for that target answers *unknown*, not *pass*.
    #[table("problems", version = 1)]
    pub struct ProblemRow {
        /// The sensor that looked.
        pub sensor: String,
        /// The table that lacks something because of it. In SQL, write `problems."table"`.
        pub table: String,
        /// The columns that lack it, separated by spaces; empty when whole rows may be missing.
        pub columns: String,
        /// What was looked at: a path, a process, a line of a file.
        pub subject: String,
        /// One of `denied`, `malformed`, `too large`, `wrong type`, `vanished`, `unsupported`, `not live`, `failed`.
        /// `vanished` alone does not keep a check from passing: a sweep describes the moment at which it looked.
        pub reason: String,
        /// What exactly happened.
        pub detail: String,
        /// What the user can do about it; empty where nothing is known.
        pub hint: String,
    }
}

impl ProblemRow {
    pub fn new(sensor: &str, problem: &Problem) -> Self {
        Self {
            sensor: sensor.into(),
            table: problem.table.into(),
            columns: problem.columns.join(" "),
            subject: problem.subject.clone(),
            reason: problem.reason.as_str().into(),
            detail: problem.detail.clone(),
            hint: problem.hint.clone(),
        }
    }
}
