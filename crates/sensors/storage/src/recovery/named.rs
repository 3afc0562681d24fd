//! What file systems name, live and deleted, and what the content of each is.

use leaksweep_facts::Problem;

use super::{
    carve::best,
    find::{Find, Names, State},
    threads::in_turn,
};
use crate::{
    Bytes, Pieces, Run, Stretch,
    formats::{Family, Format, Kind, Walked, document::text},
    volumes::{Content, FileSystem, Named, Volume, What},
};

/// A file without known form.
pub const PLAIN: Kind = Kind { name: "file", family: Family::Other, extension: "bin" };

/// One volume on the medium.
pub struct Volumes<'a> {
    pub medium: &'a dyn Bytes,
    pub formats: &'a [&'static Format],
    pub partition: u32,
    pub start: u64,
}

/// Takes a file that its file system keeps packed, with its content: it is gone after the call.
pub type Held<'a> = &'a mut dyn FnMut(Find, &[u8]);

/// What a volume holds.
#[derive(Default)]
pub struct Inventory {
    pub finds: Vec<Find>,
    pub problems: Vec<Problem>,
    pub files: u64,
    pub deleted: u64,
    /// Files without form that are counted and not kept: see [`MOST`].
    pub unkept: u64,
}

/// The most finds of one volume that are kept. Files whose content has no known form stand back.
pub const MOST: usize = 100_000;

pub fn read(volumes: &Volumes, system: &FileSystem, volume: &Volume, held: Held) -> Inventory {
    let part = Pieces::part(volumes.medium, volumes.start, volume.bytes);
    let mut inventory = Inventory::default();
    let mut waiting = Vec::new();
    let problems = (system.read)(&part, volume, &mut |named| {
        if named.what != What::File {
            return;
        }
        inventory.count(&named);
        match &named.content {
            Content::Held(content) => {
                let find = volumes.packed(&named, content);
                held(find, content);
            }
            _ => waiting.push(named),
        }
        if waiting.len() >= PORTION {
            inventory.settle(volumes, std::mem::take(&mut waiting));
        }
    });
    inventory.settle(volumes, waiting);
    inventory.problems.extend(problems);
    inventory
}

/// Files that are walked at once by all cores.
const PORTION: usize = 4096;

impl Inventory {
    fn count(&mut self, named: &Named) {
        let count = if named.deleted { &mut self.deleted } else { &mut self.files };
        *count += 1;
    }

    fn settle(&mut self, volumes: &Volumes, waiting: Vec<Named>) {
        let found = in_turn(&waiting, || (), |(), named| volumes.find(named));
        for find in found.into_iter().flatten().flatten() {
            if self.finds.len() < MOST {
                self.finds.push(find);
            } else {
                self.unkept += 1;
            }
        }
    }
}

impl Volumes<'_> {
    fn packed(&self, named: &Named, content: &[u8]) -> Find {
        let mut stretch = Stretch::new(&content);
        self.identified(named, Vec::new(), &mut stretch)
            .unwrap_or_else(|| self.plain(named, Vec::new()))
    }

    fn find(&self, named: &Named) -> Option<Find> {
        let Content::Runs(runs) = &named.content else {
            let mut find = self.plain(named, Vec::new());
            find.state = State::NameOnly;
            return Some(find);
        };
        let runs: Vec<Run> = runs.iter().map(|run| self.placed(*run)).collect();
        let pieces = Pieces::new(self.medium, &runs);
        let mut stretch = Stretch::new(&pieces);
        stretch.aim(0, named.bytes);
        match self.identified(named, runs.clone(), &mut stretch) {
            Some(find) if named.recorded || find.is_whole() => Some(find),
            // A guess that nothing confirms keeps its name alone.
            _ if !named.recorded => {
                Some(Find { state: State::NameOnly, ..self.plain(named, Vec::new()) })
            }
            _ => Some(self.plain(named, runs)),
        }
    }

    fn placed(&self, run: Run) -> Run {
        match run.start {
            Run::HOLE => run,
            start => Run::new(self.start.saturating_add(start), run.bytes),
        }
    }

    /// What the content is by its form. The file system knows better how long it is, where the form ends within it.
    fn identified(&self, named: &Named, runs: Vec<Run>, stretch: &mut Stretch) -> Option<Find> {
        let head = stretch.peek(0, 512).to_vec();
        let begins = |format: &&&'static Format| {
            format.signatures.iter().any(|signature| {
                stretch.starts(signature.at, signature.bytes) && (format.looks)(&head)
            })
        };
        let formats: Vec<&'static Format> = self.formats.iter().filter(begins).copied().collect();
        let length = stretch.len();
        let (format, walked) =
            best(stretch, 0, formats.into_iter()).or_else(|| as_text(stretch))?;
        let held = runs.iter().map(|run| run.bytes).sum::<u64>();
        let mut find = Find::walked(runs, format, walked, named.way);
        if find.is_whole() {
            find.bytes = length;
            find.runs = cut(find.runs, length);
        } else if held >= named.bytes && named.recorded {
            // All of it is there, whatever its form says.
            find.bytes = named.bytes;
        }
        find.names = Some(self.names(named));
        Some(find)
    }

    fn plain(&self, named: &Named, runs: Vec<Run>) -> Find {
        let held: u64 = runs.iter().map(|run| run.bytes).sum();
        let whole = held >= named.bytes || matches!(named.content, Content::Held(_));
        Find {
            runs: cut(runs, named.bytes),
            bytes: named.bytes,
            kind: PLAIN,
            format: None,
            walked: None,
            state: if whole { State::Whole } else { State::Truncated },
            ways: vec![named.way],
            names: Some(self.names(named)),
        }
    }

    fn names(&self, named: &Named) -> Names {
        Names {
            path: named.path.clone(),
            partition: self.partition,
            deleted: named.deleted,
            owner: named.owner,
            created: named.created,
            modified: named.modified,
            deleted_at: named.deleted_at,
        }
    }
}

/// A file that is text from its first to its last byte.
fn as_text(stretch: &mut Stretch) -> Option<(&'static Format, Walked)> {
    stretch.aim(0, stretch.len());
    text::whole(stretch).map(|walked| (&text::TEXT, walked))
}

/// Runs of together at most `bytes`: the last cluster of a file is seldom full.
fn cut(runs: Vec<Run>, bytes: u64) -> Vec<Run> {
    let mut left = bytes;
    let mut short = Vec::with_capacity(runs.len());
    for run in runs {
        let bytes = run.bytes.min(left);
        if bytes > 0 {
            short.push(Run { bytes, ..run });
        }
        left -= bytes;
    }
    short
}
