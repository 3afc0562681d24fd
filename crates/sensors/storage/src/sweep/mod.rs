//! One sweep of a medium: it is read once from end to end, then what was suspected is walked, joined, and told.

mod journal;
mod marks;
mod options;
mod places;
mod progress;
mod reading;
mod rows;
#[cfg(test)]
mod tests;
mod volumes;

use std::{
    path::Path,
    sync::{Mutex, PoisonError},
    time::Instant,
};

use leaksweep_facts::{
    Manifest, Problem, Reason, Sweep, Time,
    sweep::{Extent as Depth, FORMAT},
};

pub use journal::{Journal, MOST as MOST_JOURNAL, parse as parse_journal};
pub use options::Options;
pub use progress::Progress;

use crate::{
    Bytes, Run,
    formats::{self, Format},
    known::{Known, Seen},
    marks::Words,
    media::{self, Input, MediaError, Medium},
    papers::Given,
    recovery::{self, Allowance, Faults, Find, Recovery, Stored, in_turn},
    tell::{Reader, Room, Shelf, Teller, Told},
    triage::{
        Candidate, State,
        class::{self, Class},
        map::Extent,
    },
};
use marks::Marked;
use places::Places;
use rows::{MOST_PREVIEWS, Rows};
use volumes::Volumes;

/// Finds whose rows wait for their turn.
const TOLD_AT_ONCE: usize = 4096;

pub fn sweep(options: &Options) -> Result<Sweep, MediaError> {
    let started = Time::now();
    let medium = media::open(&options.input, &options.media)?;
    let (words, denied) = Words::new(&options.words);
    let mut rows = Rows::default();
    rows.problems.extend(denied.iter().map(|word| unfit(word)));
    let formats: Vec<&'static Format> = formats::all().collect();
    let known = options.known.as_deref().map(|folder| documents(folder, &mut rows)).transpose()?;
    let given = options.certificates.as_deref().map(Given::read).transpose()?;
    let observed =
        Observation { options, medium: &medium, words: &words, known: known.as_ref(), formats };
    let started = observed.fill(started, &mut rows)?;
    if let Some(given) = given {
        rows.papers(given, &medium, &options.trusted);
    }
    let manifest = observed.manifest(started);
    if let Some(shelf) = &options.shelf {
        rows.shelve(shelf.as_ref(), &manifest);
    }
    let mut sweep = Sweep::new(manifest);
    rows.record(&mut sweep);
    sweep.manifest.ended = Time::now();
    Ok(sweep)
}

fn documents(folder: &Path, rows: &mut Rows) -> Result<Known, MediaError> {
    let sources = media::documents(folder)?;
    let (known, problems) = Known::read(sources);
    rows.problems.extend(problems);
    Ok(known)
}

/// Where the map has these classes.
fn extents_of(extents: &[Extent], classes: &[Class]) -> Vec<Run> {
    let all = extents.iter().filter(|extent| classes.contains(&extent.class));
    all.map(|extent| Run::new(extent.start, extent.bytes)).collect()
}

fn unfit(word: &str) -> Problem {
    let detail = "a word has 2 to 100 characters and at least three bytes";
    Problem::new("storage_marks", word, Reason::Unsupported, detail)
}

struct Observation<'a> {
    options: &'a Options,
    medium: &'a Medium,
    words: &'a Words,
    known: Option<&'a Known>,
    formats: Vec<&'static Format>,
}

impl Observation<'_> {
    /// Gives when the sweep began: an earlier one, if it goes on from there.
    fn fill(&self, started: Time, rows: &mut Rows) -> Result<Time, MediaError> {
        let seen = Mutex::new(Seen::default());
        let (started, mut state) = self.triage(started, &seen, rows)?;
        let extents = state.map.extents();
        let stored = self.stored(&state);
        let (faults, allowance) =
            (Faults::default(), Allowance::of(stored.of_all(), self.formats.len()));
        let reader = || -> Box<dyn Reader + '_> { Box::new(Marked::new(self.words)) };
        let shelf = self.options.shelf.as_deref().map(|shelf| shelf as &dyn Shelf);
        let previews = Room::new(if self.options.previews { MOST_PREVIEWS } else { 0 });
        let teller = Teller {
            reader: &reader,
            previews: &previews,
            shelf,
            known: self.known,
            most: stored.of_one(),
            allowance: &allowance,
        };
        let mut volumes = Volumes::of(self.medium, &self.formats, &faults, &allowance);
        self.options.progress.begin("reading file systems", 0);
        let named = volumes.read(&mut |find, content| {
            let number = rows.next_number();
            rows.take(teller.tell_content(content, number, &find));
        });
        let candidates = std::mem::take(&mut state.sights.candidates);
        let mut finds = self.recover(named, candidates, &volumes, (&faults, &allowance));
        let likely = extents_of(&extents, &[Class::Text, Class::Mixed]);
        let others = extents_of(&extents, &[Class::Structured]);
        finds.extend(recovery::texts(self.medium, &faults, &allowance, &finds, likely, &others));
        let places = Places::of(&finds, rows.told());
        self.tell(&teller, &finds, &seen, rows);
        self.documents(seen, rows);
        marks::in_the_clear(self.words, &state.sights.hits, &places, rows);
        self.options.progress.begin("writing down", 0);
        volumes.record(rows);
        rows.problems.extend(faults.problems());
        rows.problems.extend(allowance.problems());
        rows.medium(self, &state, &extents);
        Ok(started)
    }

    fn stored(&self, state: &State) -> Stored {
        let empty = [Class::Zero, Class::Bad].map(|class| state.map.total(class));
        Stored { bytes: self.medium.len(), empty: empty.into_iter().sum() }
    }

    fn recover(
        &self,
        named: Vec<Find>,
        candidates: Vec<Candidate>,
        volumes: &Volumes,
        (faults, allowance): (&Faults, &Allowance),
    ) -> Vec<Find> {
        let progress = &self.options.progress;
        progress.begin("recovering", 0);
        let recovery = Recovery {
            medium: self.medium,
            formats: &self.formats,
            progress: progress.done(),
            faults,
            allowance,
            deadline: Instant::now() + self.options.joining,
        };
        let clusters = |place: u64| volumes.cluster(place);
        let zeros = |place: u64| {
            let mut block = [0; 512];
            let read = self.medium.read_at(place, &mut block);
            class::uniform(&block[..read]) == Some(0)
        };
        recovery.run(named, candidates, &clusters, &zeros)
    }

    fn tell(&self, teller: &Teller, finds: &[Find], seen: &Mutex<Seen>, rows: &mut Rows) {
        let first = rows.told();
        let numbered: Vec<(i64, &Find)> = (first + 1..).zip(finds).collect();
        self.options
            .progress
            .begin("telling", finds.iter().map(|find| find.bytes).fold(0, u64::saturating_add));
        for some in numbered.chunks(TOLD_AT_ONCE) {
            self.tell_some(teller, some, seen, rows);
        }
    }

    fn tell_some(
        &self,
        teller: &Teller,
        numbered: &[(i64, &Find)],
        seen: &Mutex<Seen>,
        rows: &mut Rows,
    ) {
        // Each of these is told by itself.
        let told = in_turn(
            &Faults::default(),
            numbered,
            || (),
            |(), (number, find)| {
                let told = teller.tell(self.medium, *number, find);
                self.options.progress.add(find.bytes);
                told
            },
        );
        for (told, (number, find)) in told.into_iter().zip(numbered) {
            let told = told.unwrap_or_else(|| fault(*number, find));
            if let Some(document) = told.document {
                let mut seen = seen.lock().unwrap_or_else(PoisonError::into_inner);
                seen.artifact(document, *number, find.start());
            }
            rows.take(told);
        }
    }

    fn documents(&self, seen: Mutex<Seen>, rows: &mut Rows) {
        let seen = seen.into_inner().unwrap_or_else(PoisonError::into_inner);
        rows.known = self.known.map(|known| seen.rows(known, self.medium));
    }

    fn manifest(&self, started: Time) -> Manifest {
        let about = self.medium.about();
        let name = match &self.options.input {
            Input::Path(path) => path.file_name().map(|name| name.to_string_lossy().into_owned()),
            Input::Standard => None,
        };
        let target = self.options.target.clone().or_else(|| about.serial.clone()).or(name);
        Manifest {
            format: FORMAT,
            tool_version: env!("CARGO_PKG_VERSION").into(),
            sensor: "storage".into(),
            target: target.filter(|name| !name.is_empty()).unwrap_or_else(|| "medium".into()),
            machine_id: None,
            platform: None,
            started,
            ended: started,
            privileged: true,
            live: false,
            extent: Depth {
                known_documents: self.known.is_some(),
                certificates: self.options.certificates.is_some(),
                ..Depth::default()
            },
            parts: Vec::new(),
        }
    }
}

/// What is left of a find whose telling failed by a fault of ours.
fn fault(number: i64, find: &Find) -> Told {
    let mut told = Told::untold(number, find);
    let what = format!("artifact {number}");
    let detail = "leaksweep failed on it; please report this";
    told.problems.push(Problem::new("storage_artifacts", what, Reason::Failed, detail));
    told
}
