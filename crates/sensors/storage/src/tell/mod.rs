//! What is said of each find: its digest, what it says of itself, its words, its picture, and where it was written.

mod room;
mod stream;

use std::io::{self, Read};

use leaksweep_facts::{
    Manifest, Problem, Reason, Time,
    sweep::hex,
    tables::storage::{Artifact, Mark, Preview, Setting},
};

use crate::{
    Bytes, Pieces, Stretch,
    formats::{Details, Picture, Texts, picture},
    known::Known,
    recovery::{Allowance, Find, State},
};
pub use room::Room;
use stream::Stream;

/// Takes the words of one find's decoded text.
pub trait Reader: Texts {
    /// Rows without the artifact's number.
    fn marks(self: Box<Self>) -> Vec<Mark>;
    /// The beginning of the text, where it is one.
    fn beginning(&self) -> Option<String>;
}

/// Takes the recovered bytes of one find; gives its place below the folder.
pub trait Shelf: Sync {
    fn put(&self, number: i64, find: &Find, content: &mut dyn Read) -> Result<String, Problem>;

    /// Called once everything was put.
    fn finish(&self, manifest: &Manifest, artifacts: &[Artifact]) -> io::Result<()>;
}

pub struct Teller<'a> {
    pub reader: &'a (dyn Fn() -> Box<dyn Reader + 'a> + Sync),
    pub previews: &'a Room,
    pub shelf: Option<&'a dyn Shelf>,
    pub known: Option<&'a Known>,
    /// The most bytes that a find is read of: a file of holes may claim any number, and an image too.
    pub most: u64,
    pub allowance: &'a Allowance,
}

const UNREAD: &[&str] = &["sha256", "marks", "written"];

/// Everything that is said of one find.
pub struct Told {
    pub artifact: Artifact,
    pub settings: Vec<Setting>,
    pub preview: Option<Preview>,
    pub marks: Vec<Mark>,
    pub problems: Vec<Problem>,
    /// The number of the known document that it is.
    pub document: Option<u32>,
}

/// The most bytes of a find that are decoded for words.
const MOST_READ: u64 = 256 * 1024 * 1024;

impl Told {
    /// Of a find of which nothing more is said than where it lies.
    pub fn untold(number: i64, find: &Find) -> Self {
        Self {
            artifact: row(number, find),
            settings: settings(number, find),
            preview: None,
            marks: Vec::new(),
            problems: Vec::new(),
            document: None,
        }
    }

    fn too_large(number: i64, find: &Find, detail: &str) -> Self {
        let what = format!("artifact {number}");
        let problem = Problem::new("storage_artifacts", what, Reason::TooLarge, detail);
        Self { problems: vec![problem.in_columns(UNREAD)], ..Self::untold(number, find) }
    }
}

impl Teller<'_> {
    /// Of a find that lies on the medium.
    pub fn tell(&self, medium: &dyn Bytes, number: i64, find: &Find) -> Told {
        if find.state != State::NameOnly {
            let refused = match find.bytes {
                bytes if bytes > self.most => {
                    Some("it says that it has more bytes than the medium stores")
                }
                bytes if !self.allowance.bytes.take(bytes) => {
                    Some("together with others it says that it has many times the medium's bytes")
                }
                _ => None,
            };
            if let Some(detail) = refused {
                return Told::too_large(number, find, detail);
            }
        }
        let pieces = Pieces::new(medium, &find.runs);
        self.tell_of(&pieces, number, find)
    }

    /// Of a find whose bytes are these, and stand nowhere on the medium as they are.
    pub fn tell_content(&self, content: &[u8], number: i64, find: &Find) -> Told {
        let mut told = self.tell_of(&content, number, find);
        let mut reader = (self.reader)();
        reader.begin("file system");
        reader.push(content);
        let own = reader.marks().into_iter().map(|mark| Mark { artifact: Some(number), ..mark });
        told.marks.extend(own);
        told
    }

    fn tell_of(&self, content: &dyn Bytes, number: i64, find: &Find) -> Told {
        let mut told = Told::untold(number, find);
        if find.state == State::NameOnly || content.is_empty() {
            return told;
        }
        let content = &Pieces::part(content, 0, find.bytes);
        self.read(content, find, &mut told);
        let mut stream = Stream::new(content, find.is_whole());
        if let Some(shelf) = self.shelf {
            match shelf.put(number, find, &mut stream) {
                Ok(place) => told.artifact.written = Some(place),
                Err(problem) => told.problems.push(problem),
            }
        }
        if let Some(sha256) = stream.digest() {
            told.document = self.known.and_then(|known| known.whole(&sha256));
            told.artifact.sha256 = Some(hex(&sha256));
        }
        told
    }

    fn read(&self, content: &dyn Bytes, find: &Find, told: &mut Told) {
        let (Some(format), Some(walked)) = (find.format, &find.walked) else { return };
        let number = told.artifact.number;
        let mut stretch = Stretch::new(content);
        stretch.aim(0, MOST_READ);
        let mut beginning = None;
        if let Some(texts) = format.texts {
            let mut reader = (self.reader)();
            texts(&mut stretch, walked, reader.as_mut());
            beginning = reader.beginning();
            told.marks = reader.marks();
            for mark in &mut told.marks {
                mark.artifact = Some(number);
            }
        }
        if self.previews.is_left(number) {
            stretch.aim(0, u64::MAX);
            let shown = format.picture.and_then(|picture| picture(&mut stretch, walked));
            told.preview = preview(number, shown, beginning);
            if told.preview.is_some() {
                self.previews.take(number);
            }
        }
        if stretch.gave_up() {
            told.problems.push(circles(number));
        }
    }
}

fn circles(number: i64) -> Problem {
    let detail = "leaksweep was led round in circles in it; please report this";
    let what = format!("artifact {number}");
    Problem::new("storage_artifacts", what, Reason::Failed, detail).in_columns(&["marks"])
}

fn preview(number: i64, shown: Option<Picture>, text: Option<String>) -> Option<Preview> {
    use base64::{Engine, engine::general_purpose::STANDARD};
    let (width, height) = shown.as_ref().map_or((0, 0), |shown| (shown.width, shown.height));
    let png = shown.and_then(|shown| picture::png(&shown)).map(|png| STANDARD.encode(png));
    if png.is_none() && text.is_none() {
        return None;
    }
    let (width, height) = (i64::from(width), i64::from(height));
    Some(Preview { artifact: number, width, height, png, text })
}

fn row(number: i64, find: &Find) -> Artifact {
    let none = Details::default();
    let details = find.details().unwrap_or(&none);
    let names = find.names.as_ref();
    let time = |own: Option<i64>, named: Option<i64>| own.or(named).and_then(moment);
    let mut ways = find.ways.clone();
    ways.sort_unstable();
    Artifact {
        number,
        kind: find.kind.name.into(),
        family: find.kind.family.as_str().into(),
        path: names.map(|names| names.path.clone()).or_else(|| details.name.clone()),
        partition: names.map(|names| i64::from(names.partition)),
        start: find.start().map(signed),
        bytes: signed(find.bytes),
        pieces: find.runs.len().max(1) as i64,
        state: find.state.as_str().into(),
        proof: find.proof().map_or("named", |proof| proof.as_str()).into(),
        deleted: names.map(|names| names.deleted),
        ways: ways.join(", "),
        title: details.title.clone(),
        author: details.author.clone(),
        user: details.user.clone().or_else(|| names?.owner.map(|owner| owner.to_string())),
        host: details.host.clone(),
        application: details.application.clone(),
        pages: details.pages.map(i64::from),
        created: time(details.created, names.and_then(|names| names.created)),
        modified: time(details.modified, names.and_then(|names| names.modified)),
        deleted_at: time(None, names.and_then(|names| names.deleted_at)),
        encrypted: details.encrypted,
        marks: 0,
        sha256: None,
        written: None,
    }
}

fn settings(number: i64, find: &Find) -> Vec<Setting> {
    let settings = find.details().map_or(&[][..], |details| &details.settings);
    let row = |setting: &crate::formats::Setting| Setting {
        artifact: number,
        kind: setting.kind.into(),
        server: setting.server.clone(),
        user: setting.user.clone(),
        secret: setting.secret,
        entries: setting.entries.map(i64::from),
        at: setting.at.map(signed),
    };
    settings.iter().map(row).collect()
}

/// A time that a calendar has: what foreign bytes say may be any number.
fn moment(seconds: i64) -> Option<Time> {
    const YEAR_10000: i64 = 253_402_300_800;
    (1..YEAR_10000).contains(&seconds).then_some(Time(seconds))
}

/// Places and lengths as the tables hold them.
pub fn signed(value: u64) -> i64 {
    i64::try_from(value).unwrap_or(i64::MAX)
}
