//! What could not be observed, and why. A problem is a fact like any other: it keeps an empty
//! table from passing for "nothing there".

use std::fmt;

/// Why an observation is missing. The text is what the column `reason` holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Reason {
    /// The system refused; more rights would show it.
    Denied,
    /// It is there, and its content makes no sense.
    Malformed,
    /// Larger than the cap of its reader.
    TooLarge,
    /// A pipe, device or folder where a file was expected, or a link out of the root.
    WrongType,
    /// It ended or was deleted while it was read. This alone does not keep a check from passing:
    /// a sweep describes the moment at which it looked.
    Vanished,
    /// The kernel, file system or format offers no way, or this version knows none.
    Unsupported,
    /// Only a running machine shows it, and the sweep read a mounted disk.
    NotLive,
    /// The system answered with an error of its own.
    Failed,
}

impl Reason {
    pub const ALL: [Reason; 8] = [
        Reason::Denied,
        Reason::Malformed,
        Reason::TooLarge,
        Reason::WrongType,
        Reason::Vanished,
        Reason::Unsupported,
        Reason::NotLive,
        Reason::Failed,
    ];

    pub fn as_str(self) -> &'static str {
        match self {
            Reason::Denied => "denied",
            Reason::Malformed => "malformed",
            Reason::TooLarge => "too large",
            Reason::WrongType => "wrong type",
            Reason::Vanished => "vanished",
            Reason::Unsupported => "unsupported",
            Reason::NotLive => "not live",
            Reason::Failed => "failed",
        }
    }

    pub fn of(error: &std::io::Error) -> Self {
        match error.kind() {
            std::io::ErrorKind::PermissionDenied => Reason::Denied,
            std::io::ErrorKind::NotFound => Reason::Vanished,
            std::io::ErrorKind::Unsupported => Reason::Unsupported,
            std::io::ErrorKind::InvalidData => Reason::Malformed,
            std::io::ErrorKind::FileTooLarge => Reason::TooLarge,
            _ => Reason::Failed,
        }
    }
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// One thing that a sensor could not observe.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// The table that lacks something because of it.
    pub table: &'static str,
    /// The columns that lack it; none means that whole rows may be missing.
    pub columns: &'static [&'static str],
    /// What was looked at: a path, a process, a line of a file.
    pub subject: String,
    pub reason: Reason,
    /// What exactly happened.
    pub detail: String,
    /// What the user can do about it; empty where nothing is known.
    pub hint: String,
}

impl Problem {
    pub fn new(
        table: &'static str,
        subject: impl Into<String>,
        reason: Reason,
        detail: impl Into<String>,
    ) -> Self {
        let hint = match reason {
            Reason::Denied => "run as root",
            Reason::NotLive => "sweep the machine while it runs",
            _ => "",
        };
        Self {
            table,
            columns: &[],
            subject: subject.into(),
            reason,
            detail: detail.into(),
            hint: hint.into(),
        }
    }

    pub fn io(table: &'static str, subject: impl Into<String>, error: &std::io::Error) -> Self {
        Self::new(table, subject, Reason::of(error), error.to_string())
    }

    /// Only these columns are affected: rows are there, cells are missing.
    pub fn in_columns(mut self, columns: &'static [&'static str]) -> Self {
        self.columns = columns;
        self
    }

    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = hint.into();
        self
    }
}

/// What a collector or parser gives: the rows that it saw and what it could not see. It never
/// fails as a whole.
#[derive(Debug, Clone, PartialEq)]
pub struct Observed<T> {
    pub rows: Vec<T>,
    pub problems: Vec<Problem>,
}

impl<T> Default for Observed<T> {
    fn default() -> Self {
        Self { rows: Vec::new(), problems: Vec::new() }
    }
}

impl<T> Observed<T> {
    pub fn extend(&mut self, other: Self) {
        self.rows.extend(other.rows);
        self.problems.extend(other.problems);
    }

    pub fn problem(&mut self, problem: Problem) {
        self.problems.push(problem);
    }
}
