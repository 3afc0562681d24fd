//! The rows of a sweep as they come together.

use leaksweep_facts::{
    Manifest, Observed, Problem, Reason, Sweep,
    seal::PublicKey,
    sweep::hex,
    tables::storage::{Artifact, Extent, KnownDocument, Mark, Medium, Partition, Preview, Setting},
};

use super::Observation;
use crate::{
    Bytes,
    media::{self, Access},
    papers::{Given, Papers, This},
    tell::{Shelf, Told, signed},
    triage::{
        Sights, State,
        class::{self, Class},
        map,
    },
};

#[derive(Default)]
pub struct Rows {
    pub media: Vec<Medium>,
    pub partitions: Vec<Partition>,
    extents: Vec<Extent>,
    artifacts: Vec<Artifact>,
    previews: Vec<Preview>,
    settings: Vec<Setting>,
    marks: Vec<Mark>,
    /// How many more there were.
    unkept_marks: u64,
    /// None where no known documents were given.
    pub known: Option<Vec<KnownDocument>>,
    /// None where no papers were given.
    pub papers: Option<Papers>,
    pub problems: Vec<Problem>,
}

/// The most rows of marks and of previews.
const MOST_MARKS: usize = 100_000;
pub const MOST_PREVIEWS: usize = 200;
/// Places of bad sectors that are named.
const MOST_PLACES: usize = 64;
/// Of so many hundredths a medium is wiped where nothing can be recovered.
const NEARLY_ALL: u64 = 99;

impl Rows {
    /// How many finds were told so far.
    pub fn told(&self) -> i64 {
        self.artifacts.len() as i64
    }

    pub fn next_number(&self) -> i64 {
        self.told() + 1
    }

    pub fn take(&mut self, told: Told) {
        self.artifacts.push(told.artifact);
        self.settings.extend(told.settings);
        self.problems.extend(told.problems);
        told.marks.into_iter().for_each(|mark| self.mark(mark));
        if self.previews.len() < MOST_PREVIEWS {
            self.previews.extend(told.preview);
        }
    }

    pub fn mark(&mut self, mark: Mark) {
        let number = mark.artifact.and_then(|number| usize::try_from(number - 1).ok());
        if let Some(artifact) = number.and_then(|number| self.artifacts.get_mut(number)) {
            artifact.marks += mark.times;
        }
        if self.marks.len() < MOST_MARKS {
            self.marks.push(mark);
        } else {
            self.unkept_marks += 1;
        }
    }

    /// What the pass saw and did not keep.
    pub fn unkept(&mut self, sights: &Sights) {
        let many = [
            ("storage_artifacts", sights.unkept_candidates, "places where a file may begin"),
            ("storage_marks", sights.unkept_hits, "words in the clear"),
        ];
        for (table, count, what) in many {
            if count > 0 {
                let detail = format!("{count} more {what} than are kept");
                self.problems.push(Problem::new(table, "the medium", Reason::TooLarge, detail));
            }
        }
    }

    pub fn medium(&mut self, seen: &Observation, state: &State, extents: &[map::Extent]) {
        let (about, bytes) = (seen.medium.about(), seen.medium.len());
        let (bad, bad_bytes) = (seen.medium.bad(), seen.medium.bad_bytes());
        let total = |class| signed(state.map.total(class));
        let places = bad.iter().take(MOST_PLACES).map(|run| format!("{}+{}", run.start, run.bytes));
        let path = match &seen.options.input {
            crate::media::Input::Path(path) => path.to_string_lossy().into_owned(),
            crate::media::Input::Standard => "-".into(),
        };
        self.problems.extend(seen.medium.problems(&path));
        if state.regained > 0 {
            let detail = format!("{} bytes could only be read later", state.regained);
            let problem = Problem::new("storage_media", &*path, Reason::Failed, detail);
            self.problems.push(problem.in_columns(&["fingerprint"]));
        }
        self.media.push(Medium {
            path,
            form: about.form.as_str().into(),
            bytes: signed(bytes),
            sector: about.sector.map(i64::from),
            maker: about.maker.clone(),
            model: about.model.clone(),
            serial: about.serial.clone(),
            firmware: about.firmware.clone(),
            bus: about.bus.map(Into::into),
            rotating: about.rotating,
            access: about.access.as_str().into(),
            password: about.password,
            hidden_bytes: about.hidden_bytes.map(signed),
            read_bytes: signed(state.done.saturating_sub(bad_bytes)),
            bad_bytes: signed(bad_bytes),
            bad_places: (!bad.is_empty()).then(|| places.collect::<Vec<_>>().join(" ")),
            zero_bytes: total(Class::Zero),
            ones_bytes: total(Class::Ones),
            pattern_bytes: total(Class::Pattern),
            text_bytes: total(Class::Text),
            structured_bytes: total(Class::Structured),
            random_bytes: total(Class::Random),
            pattern: pattern(seen.medium, extents),
            wiped: self.wiped(about.access, bytes, state).map(Into::into),
            fingerprint: state.fingerprint().map(|fingerprint| hex(&fingerprint)),
            notes: about.notes.text(),
        });
        self.extents = extents.iter().map(row).collect();
    }

    /// Nearly all is one filler, and nothing is left that anyone could read.
    fn wiped(&self, access: Access, bytes: u64, state: &State) -> Option<&'static str> {
        let readable = matches!(access, Access::Readable | Access::Frozen);
        let left = self.artifacts.iter().any(|artifact| artifact.state != "name only")
            || self
                .partitions
                .iter()
                .any(|part| part.file_system.is_some() || part.encryption.is_some());
        if !readable || left || bytes == 0 {
            return None;
        }
        let fillers = [
            (Class::Zero, "zeros"),
            (Class::Ones, "ones"),
            (Class::Pattern, "pattern"),
            (Class::Random, "random"),
        ];
        let enough = |class| {
            u128::from(state.map.total(class)) * 100 >= u128::from(bytes) * u128::from(NEARLY_ALL)
        };
        fillers.into_iter().find(|(class, _)| enough(*class)).map(|(_, word)| word)
    }

    /// What the papers say, now that the medium's fingerprint is known.
    pub fn papers(&mut self, given: Given, medium: &media::Medium, trusted: &[PublicKey]) {
        let whole = |row: &&Medium| row.read_bytes == row.bytes;
        let read = self.media.first().filter(whole);
        let fingerprint = read.and_then(|row| row.fingerprint.clone());
        let this = This::new(medium.about(), medium.len(), fingerprint);
        self.papers = Some(given.told(&this, trusted));
    }

    pub fn shelve(&mut self, shelf: &dyn Shelf, manifest: &Manifest) {
        if let Err(error) = shelf.finish(manifest, &self.artifacts) {
            let problem =
                Problem::io("storage_artifacts", "the manifest of recovered files", &error);
            self.problems.push(problem.in_columns(&["written"]));
        }
    }

    pub fn record(mut self, sweep: &mut Sweep) {
        if self.unkept_marks > 0 {
            let detail = format!("{} more places of words than are kept", self.unkept_marks);
            let what = "the medium";
            self.problems.push(Problem::new("storage_marks", what, Reason::TooLarge, detail));
        }
        sweep.observe(seen(self.media));
        sweep.observe(seen(self.partitions));
        sweep.observe(seen(self.extents));
        sweep.observe(seen(self.artifacts));
        sweep.observe(seen(self.previews));
        sweep.observe(seen(self.settings));
        sweep.observe(seen(self.marks));
        if let Some(known) = self.known {
            sweep.observe(seen(known));
        }
        if let Some(papers) = self.papers {
            sweep.observe(seen(papers.certificates));
            sweep.observe(seen(papers.custody));
            sweep.report(&papers.problems);
        }
        sweep.report(&self.problems);
    }
}

fn seen<T>(rows: Vec<T>) -> Observed<T> {
    Observed { rows, problems: Vec::new() }
}

fn row(extent: &map::Extent) -> Extent {
    Extent {
        start: signed(extent.start),
        bytes: signed(extent.bytes),
        class: extent.class.as_str().into(),
        entropy: signed(extent.entropy()),
    }
}

/// What repeats in the longest stretch of a pattern.
fn pattern(medium: &dyn Bytes, extents: &[map::Extent]) -> Option<String> {
    let patterns = extents.iter().filter(|extent| extent.class == Class::Pattern);
    let longest = patterns.max_by_key(|extent| extent.bytes)?;
    let mut block = vec![0; class::BLOCK];
    let read = medium.read_at(longest.start, &mut block);
    let period = class::period(&block[..read])?;
    Some(hex(&block[..period]))
}
