//! What a sweep of a medium says of it before or after a wipe, as a certificate has it: which medium it was, and how many things of
//! each family could be recovered. Whether it is the medium that is wiped is asked of whoever knows both.

use std::collections::BTreeMap;

use arrow_array::{Array, RecordBatch, cast::AsArray, types::Int64Type};
use thiserror::Error;

use crate::{
    Sweep, Table,
    certificate::{Count, Findings, Share, Swept},
    tables::storage::{Artifact, Medium},
};

/// What is counted of all families together: things that hold words of classification.
pub const MARKED: &str = "marked";

#[derive(Debug, Error, PartialEq, Eq)]
pub enum SweptError {
    #[error("it is no sweep of a medium")]
    NoMedium,
    #[error("it did not look for what can be recovered")]
    NothingSought,
}

/// One medium as a sweep saw it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SweptMedium {
    pub model: Option<String>,
    pub serial: Option<String>,
    pub bytes: u64,
    /// Of its content; none where not every byte was read.
    pub fingerprint: Option<String>,
    pub findings: Findings,
}

impl SweptMedium {
    /// `digest` is that of the sweep's file.
    pub fn of(sweep: &Sweep, digest: String) -> Result<Self, SweptError> {
        let media = sweep.table(Medium::DEF.name).unwrap_or_default();
        let row = media.iter().find(|batch| batch.num_rows() > 0).map(|batch| Row { batch, at: 0 });
        let row = row.ok_or(SweptError::NoMedium)?;
        let artifacts = sweep.table(Artifact::DEF.name).ok_or(SweptError::NothingSought)?;
        let bytes = row.count("bytes");
        Ok(Self {
            model: row.text("model").map(str::to_owned),
            serial: row.text("serial").map(str::to_owned),
            bytes,
            fingerprint: row.text("fingerprint").map(str::to_owned),
            findings: Findings {
                classes: shares(&row),
                finds: counts(artifacts),
                swept: Some(Swept {
                    sweep: digest,
                    ended: sweep.manifest.ended.to_string(),
                    unread: bytes.saturating_sub(row.count("read_bytes")),
                }),
            },
        })
    }
}

fn shares(row: &Row<'_>) -> Vec<Share> {
    let all = ["zero", "ones", "pattern", "text", "structured", "random", "bad"];
    let share =
        |class: &str| Share { class: class.into(), bytes: row.count(&format!("{class}_bytes")) };
    all.into_iter().map(share).filter(|share| share.bytes > 0).collect()
}

/// Of a thing of which only the name is left nothing can be recovered.
fn counts(batches: &[RecordBatch]) -> Vec<Count> {
    let mut families: BTreeMap<&str, u64> = BTreeMap::new();
    let mut marked = 0;
    for batch in batches {
        let rows = (0..batch.num_rows()).map(|at| Row { batch, at });
        for row in rows.filter(|row| row.text("state") != Some("name only")) {
            *families.entry(row.text("family").unwrap_or("other")).or_default() += 1;
            marked += u64::from(row.count("marks") > 0);
        }
    }
    let count = |(what, count): (&str, u64)| Count { what: what.to_owned(), count };
    let marked = (marked > 0).then_some((MARKED, marked));
    families.into_iter().chain(marked).map(count).collect()
}

struct Row<'a> {
    batch: &'a RecordBatch,
    at: usize,
}

impl<'a> Row<'a> {
    fn text(&self, column: &str) -> Option<&'a str> {
        let column = self.batch.column_by_name(column)?.as_string_opt::<i32>()?;
        column.is_valid(self.at).then(|| column.value(self.at))
    }

    /// None, and what cannot be, counts as nothing.
    fn count(&self, column: &str) -> u64 {
        let column = self.batch.column_by_name(column);
        let column = column.and_then(|column| column.as_primitive_opt::<Int64Type>());
        let value = column.filter(|column| column.is_valid(self.at));
        value.map_or(0, |column| u64::try_from(column.value(self.at)).unwrap_or(0))
    }
}
