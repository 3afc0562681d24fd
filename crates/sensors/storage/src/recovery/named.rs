//! What file systems name, live and deleted, and what the content of each is.

use leaksweep_facts::Problem;

use super::{
    allowance::Allowance,
    carve::Best,
    find::{Find, Names, State},
    threads::{Faults, in_turn},
};
use crate::{
    Bytes, Pieces, Run, Stretch,
    formats::{Family, Format, Kind, Walked, document::text},
    volumes::{Content, FileSystem, Named, Volume, What},
};

/// A file without known form.
pub const PLAIN: Kind = Kind { name: "file", family: Family::Other, extension: "bin" };

/// Where a volume lies, and what is known to walk what it names.
pub struct Place<'a> {
    pub medium: &'a dyn Bytes,
    pub faults: &'a Faults,
    pub allowance: &'a Allowance,
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
}

pub fn read(place: &Place, system: &FileSystem, volume: &Volume, held: Held) -> Inventory {
    let part = Pieces::part(place.medium, place.start, volume.bytes);
    let mut inventory = Inventory::default();
    let (mut waiting, mut held_bytes) = (Vec::new(), 0);
    let problems = place.faults.guard(|| {
        (system.read)(&part, volume, &mut |named| {
            if named.what != What::File {
                return;
            }
            inventory.count(&named);
            match &named.content {
                Content::Held(content) => inventory.hold(place, &named, content, held),
                _ => {
                    held_bytes += weight(&named);
                    waiting.push(named);
                }
            }
            if waiting.len() >= PORTION || held_bytes >= PORTION_BYTES {
                held_bytes = 0;
                inventory.settle(place, std::mem::take(&mut waiting));
            }
        })
    });
    inventory.settle(place, waiting);
    inventory.problems.extend(problems.unwrap_or_default());
    inventory
}

/// Files that are walked at once by all cores.
const PORTION: usize = 4096;
/// Or fewer, where they lie in many pieces.
const PORTION_BYTES: u64 = 8 << 20;

/// What its name, which rows have too, and its pieces take.
fn weight(named: &Named) -> u64 {
    let runs = match &named.content {
        Content::Runs(runs) => runs.len(),
        _ => 0,
    };
    path_weight(named) + (runs * size_of::<Run>()) as u64
}

fn path_weight(named: &Named) -> u64 {
    named.path.len() as u64 * 2
}

impl Inventory {
    fn count(&mut self, named: &Named) {
        let count = if named.deleted { &mut self.deleted } else { &mut self.files };
        *count += 1;
    }

    fn hold(&self, place: &Place, named: &Named, content: &[u8], held: Held) {
        if !place.allowance.named.take(1) || !place.allowance.memory.take(path_weight(named)) {
            return;
        }
        let find = place.faults.guard(|| place.packed(named, content));
        held(find.unwrap_or_else(|| place.plain(named, Vec::new())), content);
    }

    fn settle(&mut self, place: &Place, waiting: Vec<Named>) {
        let found = in_turn(place.faults, &waiting, || (), |(), named| place.find(named));
        for (found, named) in found.into_iter().zip(&waiting) {
            self.keep(place, named, found);
        }
    }

    /// Without its pieces where there is no room for them.
    fn keep(&mut self, place: &Place, named: &Named, found: Option<Find>) {
        let allowance = place.allowance;
        if !allowance.named.take(1) {
            return;
        }
        if allowance.memory.take(weight(named)) {
            self.finds.push(found.unwrap_or_else(|| place.named_only(named)));
        } else if allowance.memory.take_instead(path_weight(named)) {
            self.finds.push(place.named_only(named));
        }
    }
}

impl Place<'_> {
    fn packed(&self, named: &Named, content: &[u8]) -> Find {
        let mut stretch = Stretch::new(&content);
        self.identified(named, Vec::new(), &mut stretch)
            .unwrap_or_else(|| self.plain(named, Vec::new()))
    }

    fn find(&self, named: &Named) -> Find {
        let Content::Runs(runs) = &named.content else { return self.named_only(named) };
        let runs = self.there(runs.iter().map(|run| self.placed(*run)));
        if runs.is_empty() && named.bytes > 0 {
            return self.named_only(named);
        }
        let stored = runs.iter().filter(|run| run.start != Run::HOLE).map(|run| run.bytes);
        let walked = self.allowance.bytes.take(stored.fold(0, u64::saturating_add));
        let pieces = Pieces::new(self.medium, &runs);
        let mut stretch = Stretch::new(&pieces);
        stretch.aim(0, if walked { named.bytes } else { 0 });
        match self.identified(named, runs.clone(), &mut stretch) {
            Some(find) if named.recorded || find.is_whole() => find,
            _ if named.recorded => self.plain(named, runs),
            // A guess that nothing confirms keeps its name alone.
            _ => self.named_only(named),
        }
    }

    fn named_only(&self, named: &Named) -> Find {
        Find { state: State::NameOnly, ..self.plain(named, Vec::new()) }
    }

    fn placed(&self, run: Run) -> Run {
        match run.start {
            Run::HOLE => run,
            start => Run::new(self.start.saturating_add(start), run.bytes),
        }
    }

    /// Up to the first that lies behind the medium's end: an image may be cut.
    fn there(&self, runs: impl Iterator<Item = Run>) -> Vec<Run> {
        let end = self.medium.len();
        let mut there = Vec::new();
        for run in runs {
            if run.start == Run::HOLE || run.end() <= end {
                there.push(run);
                continue;
            }
            let bytes = end.saturating_sub(run.start);
            there.extend((bytes > 0).then_some(Run { bytes, ..run }));
            break;
        }
        there
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
        let mut best = Best::default();
        for format in formats {
            stretch.aim(0, length);
            let walked = (format.walk)(stretch).filter(|walked| walked.length > 0);
            if walked.is_some_and(|walked| best.take(format, walked)) {
                break;
            }
        }
        self.faults.notice(stretch);
        let (format, walked) = best.0.or_else(|| as_text(stretch))?;
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
