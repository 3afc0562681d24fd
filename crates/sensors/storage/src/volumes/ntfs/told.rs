//! Tells the files: the table is read twice, first for the folders alone.

use super::{
    content::{self, Share, Used},
    file::{File, Stream},
    folders::Folders,
    mft::Mft,
    record::Record,
};
use crate::{
    Bytes, Pieces, Run,
    volumes::{
        Content, Named, What,
        fields::{Fields, part, wide},
        tell::Teller,
    },
};

const BITMAP: u64 = 6;
/// The system's own records come first.
const FIRST: u64 = 16;
const SYSTEM: &str = "$Extend/";

pub fn tell(bytes: &dyn Bytes, mut table: Mft, teller: &mut Teller) {
    let folders = folders(bytes, &mut table, teller);
    let runs = bitmap(bytes, &mut table, teller);
    let bitmap = Pieces::new(bytes, &runs);
    let mut used = Used::new(&bitmap, &table.boot);
    for number in FIRST..table.records {
        let Some(record) = table.next(number).filter(|record| record.base().is_none()) else {
            continue;
        };
        let mut file = File::read(&record, number, bytes, &mut table);
        if file.cut {
            teller.too_large("some of its files have more streams or pieces than are kept");
        }
        let path = match file.name.take() {
            Some(name) => {
                file.created = file.created.or(name.created);
                file.modified = file.modified.or(name.modified);
                folders.path(&name)
            }
            None if file.streams.iter().any(|stream| stream.size > 0) => {
                format!("?/record {number}")
            }
            None => continue,
        };
        if path.starts_with(SYSTEM) {
            continue;
        }
        let mut one = One { file, path, record: &record, bytes, table: &table, used: &mut used };
        one.tell(teller);
        if teller.full() {
            teller.too_large("it names more files than are told");
            break;
        }
    }
    if table.spent() {
        teller.too_large("its files have more further records than are read");
    }
}

fn folders(bytes: &dyn Bytes, table: &mut Mft, teller: &mut Teller) -> Folders {
    let mut folders = Folders::default();
    for number in 0..table.records {
        let own = |record: &Record| record.folder() && record.base().is_none();
        let Some(record) = table.next(number).filter(own) else { continue };
        if let Some(name) = File::read(&record, number, bytes, table).name {
            folders.add(number, &record, name, teller);
        }
    }
    folders
}

fn bitmap(bytes: &dyn Bytes, table: &mut Mft, teller: &mut Teller) -> Vec<Run> {
    let record = table.single(BITMAP);
    let streams = record.map(|record| File::read(&record, BITMAP, bytes, table).streams);
    let stream = streams.into_iter().flatten().find(|stream| stream.name.is_empty());
    match stream.map(|stream| content::of(stream, bytes, &table.boot, teller)) {
        Some(Content::Runs(runs)) if !runs.is_empty() => runs,
        _ => {
            teller.malformed("its $Bitmap cannot be read: what was overwritten is not known");
            Vec::new()
        }
    }
}

/// One file, about to be told with its streams.
struct One<'o, 'a> {
    file: File,
    path: String,
    record: &'o Record,
    bytes: &'o dyn Bytes,
    table: &'o Mft<'a>,
    used: &'o mut Used<'a>,
}

impl One<'_, '_> {
    fn tell(&mut self, teller: &mut Teller) {
        let streams = std::mem::take(&mut self.file.streams);
        let link = link(&self.file.reparse);
        let (mut own, others): (Vec<_>, Vec<_>) =
            streams.into_iter().partition(|stream| stream.name.is_empty());
        let what = match (&link, self.record.folder()) {
            (Some(_), _) => What::Link,
            (None, true) => What::Folder,
            (None, false) => What::File,
        };
        let named = self.named(what);
        let named = match (link, own.pop()) {
            (Some(target), _) => Named { content: Content::Held(target.into_bytes()), ..named },
            (None, Some(stream)) if what == What::File => self.with(named, stream, teller),
            _ => named,
        };
        teller.tell(named);
        for stream in others {
            let path = format!("{}:{}", self.path, part(&stream.name));
            let named = Named { path, way: "ntfs stream", ..self.named(What::File) };
            let named = self.with(named, stream, teller);
            teller.tell(named);
        }
    }

    fn named(&self, what: What) -> Named {
        let deleted = !self.record.in_use();
        Named {
            path: self.path.clone(),
            what,
            bytes: 0,
            content: Content::Runs(Vec::new()),
            deleted,
            owner: None,
            created: self.file.created,
            modified: self.file.modified,
            deleted_at: None,
            way: if deleted { "ntfs deleted record" } else { "ntfs" },
            recorded: true,
        }
    }

    fn with(&mut self, named: Named, stream: Stream, teller: &mut Teller) -> Named {
        const WOF: u32 = 0x8000_0017;
        let size = stream.size;
        let system = Fields(&self.file.reparse).u32(0) == WOF && stream.name.is_empty();
        if system && size > 0 {
            let content = Content::Absent("packed by the system in a form that is not read");
            return Named { bytes: size, content, ..named };
        }
        let runs = named.deleted.then(|| self.clusters(&stream));
        let share = runs.map_or(Share::None, |runs| self.used.share(&runs));
        let content = match share {
            Share::All => Content::Absent("overwritten"),
            _ => content::of(stream, self.bytes, &self.table.boot, teller),
        };
        Named { bytes: size, content, recorded: share != Share::Some, ..named }
    }

    fn clusters(&self, stream: &Stream) -> Vec<Run> {
        let boot = &self.table.boot;
        let extents = stream.parts().flat_map(|(_, extents)| extents).copied();
        super::runs::placed(&extents.collect::<Vec<_>>(), boot.cluster, boot.count).runs
    }
}

/// Where a link leads.
fn link(reparse: &[u8]) -> Option<String> {
    let fields = Fields(reparse);
    let names = match fields.u32(0) {
        0xA000_000C => 20,
        0xA000_0003 => 16,
        // Of Linux: the target itself, in UTF-8.
        0xA000_001D => {
            return Some(
                String::from_utf8_lossy(reparse.get(12..).unwrap_or_default()).into_owned(),
            );
        }
        _ => return None,
    };
    let name = |at: usize| {
        let (start, bytes) = (usize::from(fields.u16(at)), usize::from(fields.u16(at + 2)));
        wide(fields.units(names + start, bytes / 2))
    };
    Some(name(12)).filter(|name| !name.is_empty()).or_else(|| Some(name(8)))
}
