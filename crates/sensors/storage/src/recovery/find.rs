//! One find: where it lies, what it is, and by which ways it is known.

use crate::{
    Run,
    formats::{Details, End, Format, Kind, Proof, Walked},
};

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum State {
    /// Only a record names it; its bytes are gone or cannot be read.
    NameOnly,
    Truncated,
    Damaged,
    Whole,
}

impl State {
    /// As the column `state` has it.
    pub fn as_str(self) -> &'static str {
        match self {
            State::NameOnly => "name only",
            State::Truncated => "truncated",
            State::Damaged => "damaged",
            State::Whole => "whole",
        }
    }

    pub fn of(end: End) -> Self {
        match end {
            End::Whole => State::Whole,
            End::Broken => State::Truncated,
            End::Damaged { .. } => State::Damaged,
        }
    }
}

/// What a file system says of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Names {
    pub path: String,
    pub partition: u32,
    pub deleted: bool,
    pub owner: Option<u32>,
    pub created: Option<i64>,
    pub modified: Option<i64>,
    pub deleted_at: Option<i64>,
}

#[derive(Clone)]
pub struct Find {
    pub runs: Vec<Run>,
    pub bytes: u64,
    pub kind: Kind,
    /// None for a file whose content has no known form.
    pub format: Option<&'static Format>,
    /// What its walk said; of a file without form nothing.
    pub walked: Option<Walked>,
    pub state: State,
    pub ways: Vec<&'static str>,
    pub names: Option<Names>,
}

impl Find {
    pub fn carved(start: u64, format: &'static Format, walked: Walked) -> Self {
        Self::walked(vec![Run::new(start, walked.length)], format, walked, "carved")
    }

    pub fn walked(
        runs: Vec<Run>,
        format: &'static Format,
        walked: Walked,
        way: &'static str,
    ) -> Self {
        Self {
            runs,
            bytes: walked.length,
            kind: walked.kind.unwrap_or(format.kind),
            format: Some(format),
            state: State::of(walked.end),
            walked: Some(walked),
            ways: vec![way],
            names: None,
        }
    }

    /// Its first byte on the medium.
    pub fn start(&self) -> Option<u64> {
        self.runs.first().map(|run| run.start).filter(|start| *start != Run::HOLE)
    }

    pub fn is_whole(&self) -> bool {
        self.state == State::Whole
    }

    pub fn proof(&self) -> Option<Proof> {
        self.walked.as_ref().map(|walked| walked.proof)
    }

    pub fn details(&self) -> Option<&Details> {
        self.walked.as_ref().map(|walked| &walked.details)
    }

    /// Whether what lies in it is its own and no find beside it: it has a form, and that was followed.
    pub fn keeps_its_inside(&self) -> bool {
        self.format.is_some() && self.walked.is_some()
    }

    /// The runs that surely are its own.
    pub fn own_runs(&self) -> Vec<Run> {
        let mut left = self.walked.as_ref().map_or(self.bytes, Walked::sound).max(1);
        let mut own = Vec::with_capacity(self.runs.len());
        for run in &self.runs {
            let bytes = run.bytes.min(left);
            if bytes > 0 && run.start != Run::HOLE {
                own.push(Run::new(run.start, bytes));
            }
            left -= bytes;
        }
        own
    }

    /// Ends it after so many bytes: what follows is not its own.
    pub fn end_at(&mut self, bytes: u64) {
        let Some(walked) = &mut self.walked else { return };
        (walked.length, walked.end) = (bytes, End::Broken);
        (self.bytes, self.state) = (bytes, State::Truncated);
        if let Some(run) = self.runs.first_mut() {
            run.bytes = bytes;
        }
    }

    /// Takes what another way says of the same file: the better content of the two, and both ways.
    pub fn merge(&mut self, mut other: Find) {
        let quality = |find: &Find| (find.state, find.format.is_some(), find.proof());
        if quality(&other) > quality(self) {
            std::mem::swap(self, &mut other);
        }
        for way in other.ways {
            if !self.ways.contains(&way) {
                self.ways.push(way);
            }
        }
        self.names = self.names.take().or(other.names);
    }
}
