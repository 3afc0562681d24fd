//! Walks the folders, first what lives, then what is deleted: only then it is known which folders are nobody's.

use std::collections::{HashMap, HashSet};

use super::{
    boot::{Boot, Root},
    deleted::Deleted,
    entries::{self, Entries, Entry, SIZE, Seen},
    table::{Chains, Runs},
};
use crate::{
    Bytes, Pieces, Run, Stretch,
    volumes::{
        Content, Named, What,
        tell::{Pending, Teller, below},
    },
};

const MOST_BYTES: u64 = 4 * 1024 * 1024;
/// The most deleted entries, and bytes of their paths, that wait for their clusters to be told.
const MOST_GONE: usize = 500_000;
const MOST_GONE_BYTES: usize = 48 * 1024 * 1024;

struct Folder {
    runs: Vec<Run>,
    first: u32,
    deleted: bool,
}

/// A deleted file, and the upper half of its folder's first cluster.
struct Gone {
    path: String,
    entry: Entry,
    high: u32,
}

pub struct Walk<'a> {
    bytes: &'a dyn Bytes,
    boot: &'a Boot,
    chains: Chains<'a>,
    /// Clusters of folders that were read.
    seen: HashSet<u32>,
    gone: Vec<Gone>,
    deleted: Deleted,
    gone_bytes: usize,
}

impl<'a> Walk<'a> {
    pub fn new(bytes: &'a dyn Bytes, boot: &'a Boot) -> Self {
        let chains = Chains::new(bytes, boot.table, boot.clusters);
        let deleted = Deleted::new(&chains);
        let (seen, gone) = (HashSet::new(), Vec::new());
        Self { bytes, boot, chains, seen, gone, deleted, gone_bytes: 0 }
    }

    pub fn all(mut self, teller: &mut Teller) {
        let (runs, first) = root(&mut self.chains, self.boot);
        self.seen.extend((first != 0).then_some(first));
        let live = self.walk(Pending::new("", Folder { runs, first, deleted: false }), teller);
        let lost = self.walk(live, teller);
        self.walk(lost, teller);
        for first in self.deleted.orphans(&mut self.chains, &self.seen) {
            if let Some(folder) = self.deleted_folder(first) {
                let inner = self.walk(Pending::new("?", folder), teller);
                self.walk(inner, teller);
            }
        }
        self.tell_gone(teller);
    }

    /// Reads folders and those in them; gives back the deleted ones.
    fn walk(&mut self, mut pending: Pending<Folder>, teller: &mut Teller) -> Pending<Folder> {
        let mut deleted = Pending::empty();
        while let Some((path, folder)) = pending.pop() {
            for entry in self.entries(&folder, teller) {
                if entry.deleted || folder.deleted {
                    self.deleted_entry(&path, &folder, entry, &mut pending, &mut deleted, teller);
                } else {
                    self.live_entry(&path, entry, &mut pending, teller);
                }
            }
            if teller.full() {
                break;
            }
        }
        deleted
    }

    fn entries(&mut self, folder: &Folder, teller: &mut Teller) -> Vec<Entry> {
        let pieces = Pieces::new(self.bytes, &folder.runs);
        let mut content = Stretch::new(&pieces);
        let surely = self.is_root(folder) || content.array(0).is_some_and(|raw| entries::own(&raw));
        let mut entries = if surely { Entries::default() } else { Entries::doubtful() };
        let (mut found, mut ended) = (Vec::new(), false);
        for at in (0..pieces.len().min(MOST_BYTES)).step_by(SIZE) {
            let Some(raw) = content.array(at) else { break };
            let blank = raw == [0; SIZE];
            if !teller.slot(blank) {
                break;
            }
            // What could not be read reads as zeros, and ends nothing.
            if blank && !ended && pieces.is_bad(at, SIZE as u64) {
                teller.unread_folder();
                continue;
            }
            match entries.next(raw, self.boot.high()) {
                Seen::Never => ended = true,
                Seen::Entry(entry) => {
                    // What stands behind the end was there before the folder was emptied, or never.
                    let deleted = entry.deleted || ended;
                    let entry = Entry { deleted, ..entry };
                    if !deleted || self.could_be(&entry) {
                        found.push(entry);
                    }
                }
                Seen::Other | Seen::Label(_) => (),
            }
        }
        found
    }

    fn is_root(&self, folder: &Folder) -> bool {
        match self.boot.root {
            Root::Fixed(_) => folder.first == 0,
            Root::Cluster(first) => folder.first == first,
        }
    }

    fn could_be(&self, entry: &Entry) -> bool {
        let clusters = self.boot.clusters;
        let placed = entry.first == 0 || clusters.has(entry.first);
        placed
            && u64::from(entry.bytes) <= clusters.count * clusters.size
            && entry.modified.is_some()
    }

    fn live_entry(
        &mut self,
        path: &str,
        entry: Entry,
        pending: &mut Pending<Folder>,
        teller: &mut Teller,
    ) {
        let path = below(path, &entry.name);
        let named = named(path.clone(), &entry, self.boot.name());
        if !entry.folder {
            let bytes = u64::from(entry.bytes);
            let runs = self.chains.follow(entry.first, bytes).cut(bytes);
            teller.tell(Named { content: Content::Runs(runs), ..named });
            return;
        }
        teller.tell(named);
        let runs = self.chains.follow(entry.first, MOST_BYTES);
        if self.take(&runs) {
            let folder = Folder { runs: runs.runs, first: entry.first, deleted: false };
            pending.push(path, folder, teller);
        }
    }

    /// Whether nobody read this folder yet.
    fn take(&mut self, runs: &Runs) -> bool {
        let size = self.boot.clusters.size;
        let start = self.boot.clusters.start;
        let cluster = |place: u64| u32::try_from((place - start) / size + 2).unwrap_or(u32::MAX);
        let all = runs.runs.iter().flat_map(|run| (run.start..run.end()).step_by(size as usize));
        let fresh = runs.runs.first().is_some_and(|run| !self.seen.contains(&cluster(run.start)));
        if fresh {
            self.seen.extend(all.map(cluster));
        }
        fresh
    }

    fn deleted_entry(
        &mut self,
        path: &str,
        folder: &Folder,
        entry: Entry,
        pending: &mut Pending<Folder>,
        deleted: &mut Pending<Folder>,
        teller: &mut Teller,
    ) {
        let path = below(path, &entry.name);
        if !entry.folder {
            let full = self.gone.len() == MOST_GONE || self.gone_bytes > MOST_GONE_BYTES;
            if full || path.len() > crate::volumes::tell::LONGEST_PATH {
                return teller.too_large("it has more deleted entries than are kept");
            }
            self.gone_bytes += path.len();
            return self.gone.push(Gone { path, entry, high: folder.first & 0xFFFF_0000 });
        }
        teller.tell(Named { deleted: true, ..named(path.clone(), &entry, self.boot.deleted()) });
        // Some systems clear the upper half of the number.
        let high = entry.first | (folder.first & 0xFFFF_0000);
        let found = self.deleted_folder(entry.first).or_else(|| self.deleted_folder(high));
        let into = if folder.deleted { pending } else { deleted };
        if let Some(found) = found {
            into.push(path, found, teller);
        }
    }

    fn deleted_folder(&mut self, first: u32) -> Option<Folder> {
        let runs = self.deleted.folder(&mut self.chains, first, self.boot.high(), &self.seen)?;
        let fresh = self.take(&runs);
        fresh.then_some(Folder { runs: runs.runs, first, deleted: true })
    }

    fn tell_gone(mut self, teller: &mut Teller) {
        let mut claims: HashMap<u32, u32> = HashMap::new();
        for gone in &self.gone {
            *claims.entry(gone.entry.first).or_default() += 1;
        }
        for gone in std::mem::take(&mut self.gone) {
            let entry = &gone.entry;
            let bytes = u64::from(entry.bytes);
            let alone = claims.get(&entry.first) == Some(&1) && bytes <= self.boot.clusters.size;
            let content = self.deleted.content(
                &mut self.chains,
                [entry.first, entry.first | gone.high],
                bytes,
            );
            let named = named(gone.path, entry, self.boot.deleted());
            let recorded = alone || bytes == 0;
            if !teller.tell(Named { deleted: true, content, recorded, ..named }) {
                break;
            }
        }
        self.chains.tell(teller);
        self.deleted.tell(teller);
    }
}

fn named(path: String, entry: &Entry, way: &'static str) -> Named {
    Named {
        path,
        what: if entry.folder { What::Folder } else { What::File },
        bytes: if entry.folder { 0 } else { u64::from(entry.bytes) },
        content: Content::Runs(Vec::new()),
        deleted: false,
        owner: None,
        created: entry.created,
        modified: entry.modified,
        deleted_at: None,
        way,
        recorded: true,
    }
}

fn root(chains: &mut Chains, boot: &Boot) -> (Vec<Run>, u32) {
    match boot.root {
        Root::Fixed(run) => (vec![run], 0),
        Root::Cluster(first) => (chains.follow(first, MOST_BYTES).runs, first),
    }
}

/// The label in the root stands before the one in the boot sector.
pub fn label(volume: &mut Stretch, boot: &Boot) -> Option<String> {
    let run = match boot.root {
        Root::Fixed(run) => run,
        Root::Cluster(first) => boot.clusters.run(first, 1)?,
    };
    let mut entries = Entries::default();
    let label =
        (run.start..run.end()).step_by(SIZE).map_while(|at| volume.array(at)).find_map(|raw| {
            match entries.next(raw, false) {
                Seen::Label(name) => Some(name),
                _ => None,
            }
        });
    crate::volumes::fields::label(&label?)
}
