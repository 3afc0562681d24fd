//! What an initramfs holds, beside the disk: it runs before anything on the disk does, and nothing
//! looks into it afterwards.
//!
//! Limits: 512 MiB of an image, 1 GiB of all that is unpacked of all images, 256 MiB of a member,
//! 2,000 rows of an image, and what `unpack`, `cpio`, `sources` and `compare` say. Only plain files
//! are compared: links, folders and devices in the archive are not. A file that was changed on disk
//! after the archive was written, or whose folder was, is no sign of a change in the archive.

mod compare;
mod cpio;
mod hooks;
mod made;
mod sources;
mod unpack;

use std::{
    collections::HashMap,
    io::{self, BufRead, BufReader, Read},
    path::{Path, PathBuf},
};

use leaksweep_facts::{Time, sweep::hex, tables::host::BootFile};
use rustix::fs::Stat;
use sha2::{Digest, Sha256};

use crate::{
    name,
    root::{Failure, Root},
    traits,
};
use compare::{Compared, Content};
use cpio::Member;
use sources::Likely;
pub use sources::Sources;
pub use unpack::Budget;

/// No image is this large.
pub const CAP: u64 = 512 << 20;
/// What may be unpacked of all images together.
pub const UNPACKED: u64 = 1 << 30;
const MAX_MEMBER: u64 = 256 << 20;
const MAX_ROWS: usize = 2_000;
/// Names of members that share one file, in one image.
const MAX_LINKED: usize = 20_000;
const BUFFER: usize = 256 << 10;
/// So much of a script is looked at.
const SCRIPT: usize = 64 << 10;

/// What was learnt of one image.
#[derive(Debug, Default)]
pub struct Image {
    pub members: i64,
    pub same: i64,
    pub rows: Vec<BootFile>,
    pub sha256: Option<String>,
    pub failure: Option<Failure>,
    /// Whether there were more rows than are kept.
    pub more: bool,
}

/// Reads the image at the path.
pub fn read(found: Found<'_>, sources: &Sources, budget: &Budget) -> Image {
    match found.root.reader(found.path, CAP) {
        Ok(file) => {
            let file =
                BufReader::with_capacity(BUFFER, Hashed { inner: file, hash: Sha256::new() });
            Looking::new(found, sources).look(file, budget)
        }
        Err(failure) => Image { failure: Some(failure), ..Image::default() },
    }
}

/// An image that was found.
#[derive(Clone, Copy)]
pub struct Found<'a> {
    pub root: &'a Root,
    pub path: &'a Path,
    pub stat: Stat,
    /// Whether no other image was written later: from this one the machine starts.
    pub newest: bool,
}

/// The layers of a stream, as far as they make sense.
pub fn parse(bytes: &[u8]) {
    let mut input = bytes;
    let budget = Budget::new(16 << 20);
    let _ = unpack::members(&mut input, &budget, &mut |member, content| {
        let _ = sources::inside(&member.name);
        let _ = made::is_made(&sources::inside(&member.name), b"x");
        io::copy(content, &mut io::sink()).map(drop)
    });
}

/// A file whose digest is made on the way.
struct Hashed<R> {
    inner: R,
    hash: Sha256,
}

impl<R: Read> Read for Hashed<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.inner.read(buffer)?;
        self.hash.update(buffer.get(..count).unwrap_or_default());
        Ok(count)
    }
}

struct Looking<'a> {
    root: &'a Root,
    found: Found<'a>,
    sources: &'a Sources,
    image: Image,
    /// Members that are one file, of which the last one brings the content.
    linked: HashMap<(u32, u32, u32), Vec<PathBuf>>,
    links: usize,
}

impl<'a> Looking<'a> {
    fn new(found: Found<'a>, sources: &'a Sources) -> Self {
        let (image, linked) = (Image::default(), HashMap::new());
        Self { root: found.root, found, sources, image, linked, links: 0 }
    }

    fn look<R: Read>(mut self, mut file: BufReader<Hashed<R>>, budget: &Budget) -> Image {
        let input: &mut dyn BufRead = &mut file;
        let (_, outcome) = unpack::members(input, budget, &mut |member, content| {
            if member.is_plain() { self.member(member, content) } else { Ok(()) }
        });
        let rest = io::copy(&mut file, &mut io::sink());
        self.image.sha256 = rest.is_ok().then(|| hex(&file.into_inner().hash.finalize()));
        self.image.failure = outcome.err();
        self.image
    }

    fn member(&mut self, member: &Member, content: &mut dyn Read) -> io::Result<()> {
        self.image.members += 1;
        let inner = sources::inside(&member.name);
        if member.size == 0 {
            if member.links > 1 && self.links < MAX_LINKED {
                self.links += 1;
                self.linked.entry(member.file).or_default().push(inner);
            }
            return Ok(());
        }
        if member.size > MAX_MEMBER {
            self.row(member, &inner, "unread", None, None, None);
            return Ok(());
        }
        let mut names = vec![inner];
        if member.links > 1 {
            names.extend(self.linked.remove(&member.file).unwrap_or_default());
        }
        self.compare(member, &names, content)
    }

    fn compare(
        &mut self,
        member: &Member,
        names: &[PathBuf],
        content: &mut dyn Read,
    ) -> io::Result<()> {
        let content = Content::begin(content, member.size)?;
        let Some(inner) = names.first() else { return Ok(()) };
        let written = self.sources.is_written(self.root, inner, &content.head);
        if written || made::is_made(inner, &content.head) {
            return Ok(());
        }
        let script = script(&content.head);
        let mut likely = Likely::default();
        for name in names {
            let more = self.sources.of(name, member.size);
            likely.expected.extend(more.expected);
            likely.others.extend(more.others);
        }
        match content.compare(self.root, &likely)? {
            Compared::Same => self.image.same += i64::try_from(names.len()).unwrap_or(1),
            Compared::Other { with, sha256 } => {
                let origin =
                    self.origin(inner, with.as_ref().map(|(_, stat)| stat), &likely.expected);
                let with = with.map(|(path, _)| path);
                self.row(member, inner, origin, with, Some(sha256), script);
            }
        }
        Ok(())
    }

    /// What a member is that is not the same as on disk: nothing that was changed after the archive
    /// was written can have been the same. What is gone from the disk leaves its folder changed, but
    /// only libraries, modules and firmware go so often that the newest archive may still have them.
    fn origin(&self, inner: &Path, with: Option<&Stat>, paths: &[PathBuf]) -> &'static str {
        let later = |stat: &Stat| stat.st_ctime > self.found.stat.st_ctime;
        if let Some(stat) = with {
            return if later(stat) { "older" } else { "differs" };
        }
        let mut folders = paths.iter().filter_map(|path| self.root.stat(path.parent()?).ok());
        let goes = !self.found.newest || comes_and_goes(inner);
        if goes && folders.any(|stat| later(&stat)) { "older" } else { "foreign" }
    }

    fn row(
        &mut self,
        member: &Member,
        inner: &Path,
        origin: &str,
        with: Option<PathBuf>,
        sha256: Option<String>,
        script: Option<String>,
    ) {
        if self.image.rows.len() >= MAX_ROWS {
            self.image.more = true;
            return;
        }
        let table = inner.starts_with("kernel/firmware/acpi");
        self.image.rows.push(BootFile {
            kind: if table { "table" } else { "member" }.into(),
            path: name::path(self.found.path),
            inner: Some(name::path(inner)),
            origin: Some(origin.into()),
            compared_with: with.as_deref().map(name::path),
            sha256,
            size: i64::try_from(member.size).unwrap_or(i64::MAX),
            modified: Some(Time(member.modified)),
            traits: script.as_deref().and_then(traits::of),
            ..BootFile::default()
        });
    }
}

/// Libraries, modules and firmware, whose names change with each version.
fn comes_and_goes(inner: &Path) -> bool {
    let path = name::path(inner);
    let file = path.rsplit('/').next().unwrap_or_default();
    file.contains(".so.")
        || file.ends_with(".so")
        || path.contains("lib/modules/")
        || path.contains("lib/firmware/")
}

/// The text of a script; none for a program.
fn script(head: &[u8]) -> Option<String> {
    let text = head.get(..SCRIPT).unwrap_or(head);
    (!text.contains(&0)).then(|| name::text(text))
}

#[cfg(test)]
mod tests;
