//! Pictures: queries whose rows a report draws. They are asked as checks are, so that what could
//! not be observed is said here too. A new picture is a [`Subject`], a query and one line here.

use datafusion::error::DataFusionError;
use leaksweep_facts::verdict::{Doubt, Picture, Subject};

use crate::{
    Judge,
    judge::{KEPT_ROWS, Needs, doubts},
    query,
};

/// Whose targets a picture shows, and what it asks. The first column is `target`.
struct Question {
    subject: Subject,
    sensor: &'static str,
    sql: &'static str,
    /// The most rows that are kept of one target.
    most: usize,
}

const ALL: &[Question] = &[
    Question {
        subject: Subject::RemoteControl,
        sensor: "host",
        sql: include_str!("picture/remote-control.sql"),
        most: KEPT_ROWS,
    },
    Question {
        subject: Subject::StandingAccess,
        sensor: "host",
        sql: include_str!("picture/standing-access.sql"),
        most: KEPT_ROWS,
    },
    Question {
        subject: Subject::MediumMap,
        sensor: "storage",
        sql: include_str!("picture/medium-map.sql"),
        most: 4096,
    },
    Question {
        subject: Subject::MediumFinds,
        sensor: "storage",
        sql: include_str!("picture/medium-finds.sql"),
        most: KEPT_ROWS,
    },
    Question {
        subject: Subject::MediumPreviews,
        sensor: "storage",
        sql: include_str!("picture/medium-previews.sql"),
        most: 48,
    },
    Question {
        subject: Subject::Printers,
        sensor: "printer",
        sql: include_str!("picture/printers.sql"),
        most: 1,
    },
    Question {
        subject: Subject::PrinterDoors,
        sensor: "printer",
        sql: include_str!("picture/printer-doors.sql"),
        most: KEPT_ROWS,
    },
];

impl Judge<'_> {
    /// One picture of each subject for every target that its sensor observed.
    pub fn pictures(&self) -> Vec<Picture> {
        ALL.iter().flat_map(|question| self.picture(question)).collect()
    }

    fn picture(&self, question: &Question) -> Vec<Picture> {
        let targets = self.observed_by(question.sensor);
        if targets.is_empty() {
            return Vec::new();
        }
        self.drawn(question, &targets).unwrap_or_else(|error| {
            let failed = Doubt::Query { error: query::first_line(&error) };
            let blank = |&at: &usize| self.blank(question, at, vec![failed.clone()]);
            targets.iter().map(blank).collect()
        })
    }

    fn drawn(
        &self,
        question: &Question,
        targets: &[usize],
    ) -> Result<Vec<Picture>, DataFusionError> {
        let (needs, mut rows): (Needs, _) = self.rows(question.sql, question.most)?;
        let picture = |&at: &usize| {
            let doubts = doubts(&needs, self.facts, at);
            let rows = rows.remove(&at).unwrap_or_default();
            Picture { rows, ..self.blank(question, at, doubts) }
        };
        Ok(targets.iter().map(picture).collect())
    }

    fn blank(&self, question: &Question, target: usize, doubts: Vec<Doubt>) -> Picture {
        let target = self.facts.targets[target].name.clone();
        Picture { subject: question.subject, target, rows: Default::default(), doubts }
    }
}
