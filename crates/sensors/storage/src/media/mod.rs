//! Opens a medium: a device, a raw image, one in parts, E01, qcow2, a flash chip's dump with spare areas, or standard input.
//!
//! For reading alone, always; see `files`, the only place that opens anything. Nothing waits for another side. What cannot be read is
//! zeros, and is remembered as a place. Standard input that is a file is read where it is; anything else is kept in a temporary
//! file without a name, in which zeros take no room.

mod about;
mod cache;
mod device;
mod documents;
mod error;
pub(crate) mod ewf;
mod files;
pub(crate) mod flash;
pub(crate) mod layer;
mod parts;
mod patient;
mod places;
pub(crate) mod qcow2;
mod split;

use std::{
    fs::File,
    path::{Path, PathBuf},
    sync::{Mutex, MutexGuard, PoisonError},
    time::Instant,
};

use leaksweep_facts::{Problem, Reason, output};
use rustix::fs::FileType;

pub use about::{About, Access, Form, Notes};
pub use documents::{documents, papers};
pub use error::MediaError;
pub use flash::Geometry;
use layer::Layer;
use patient::Patient;
use places::Places;

use crate::{Bytes, Gap, Run, ranges::Ranges};

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Input {
    Path(PathBuf),
    Standard,
}

impl Input {
    /// `-` is standard input.
    pub fn new(named: impl Into<PathBuf>) -> Self {
        let path = named.into();
        if path.as_os_str() == "-" { Self::Standard } else { Self::Path(path) }
    }

    fn path(&self) -> &Path {
        match self {
            Self::Path(path) => path,
            Self::Standard => Path::new("standard input"),
        }
    }
}

/// What of spare areas a dump has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Spare {
    /// They are looked for.
    #[default]
    Recognise,
    None,
    Told(Geometry),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Options {
    pub spare: Spare,
    /// The most bytes of standard input that are kept.
    pub most_spooled: u64,
}

impl Default for Options {
    fn default() -> Self {
        Self { spare: Spare::Recognise, most_spooled: 16 << 40 }
    }
}

pub struct Medium {
    layer: Box<dyn Layer>,
    about: About,
    lost: Mutex<Places>,
}

impl Medium {
    fn new(layer: impl Layer + 'static, about: About) -> Self {
        Self { layer: Box::new(layer), about, lost: Mutex::default() }
    }

    pub fn about(&self) -> &About {
        &self.about
    }

    fn places(&self) -> MutexGuard<'_, Places> {
        self.lost.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes for lost what an earlier reading could not read.
    pub fn lose(&self, run: Run) {
        self.places().add(run);
    }

    /// Places that could not be read so far, in order; fewer than 131,072: so many are left where some were read at last.
    pub fn bad(&self) -> Vec<Run> {
        self.places().runs()
    }

    /// All bytes that could not be read so far.
    pub fn bad_bytes(&self) -> u64 {
        self.places().bytes()
    }

    /// Tries sector by sector what was stepped over in haste; gives what can be read now.
    pub fn again(&self, until: Instant) -> Ranges {
        let mut gained = Ranges::default();
        self.layer.again(until, &mut |run| {
            gained.add(run);
            self.places().remove(run);
        });
        gained
    }

    /// What went wrong so far, for the table storage_media.
    pub fn problems(&self, subject: &str) -> Vec<Problem> {
        let many = self.places().are_joined().then(|| {
            "more places than can be listed could not be read: what lies between some of them counts as lost".to_owned()
        });
        let faults = self.layer.faults().into_iter().chain(many);
        faults
            .map(|fault| Problem::new("storage_media", subject, Reason::Malformed, fault))
            .collect()
    }

    /// Whether a few places can be read: a locked disk refuses them all.
    fn readable(&self) -> bool {
        let mut sector = [0; 512];
        let last = self.len().saturating_sub(512);
        let mut refused = |at: u64| {
            let mut lost = false;
            let count = sector.len().min(self.len().min(512) as usize);
            self.layer.read(at, &mut sector[..count], &mut |_| lost = true);
            lost
        };
        self.len() == 0
            || ![0, last / 2 / 512 * 512, last / 512 * 512].into_iter().all(&mut refused)
    }
}

impl Bytes for Medium {
    fn len(&self) -> u64 {
        self.layer.len()
    }

    fn gap(&self, at: u64, until: u64) -> Option<Gap> {
        let left = self.len().checked_sub(at).filter(|left| *left > 0)?;
        let gap = match self.about.access {
            Access::Locked => Gap::lost(self.len()),
            _ => self.layer.gap(at, until)?,
        };
        if gap.lost {
            self.places().add(Run::new(at, left.min(gap.end.saturating_sub(at))));
        }
        Some(gap)
    }

    fn is_bad(&self, at: u64, bytes: u64) -> bool {
        self.places().touches(Run::new(at, bytes))
    }

    fn read_at(&self, at: u64, into: &mut [u8]) -> usize {
        let left = self.len().saturating_sub(at);
        let count = usize::try_from(left).unwrap_or(usize::MAX).min(into.len());
        let into = &mut into[..count];
        if self.about.access == Access::Locked {
            into.fill(0);
            self.places().add(Run::new(at, count as u64));
        } else {
            self.layer.read(at, into, &mut |run| self.places().add(run));
        }
        count
    }
}

pub fn open(input: &Input, options: &Options) -> Result<Medium, MediaError> {
    let (file, path) = match input {
        Input::Path(path) => (open_named(path)?, Some(path.as_path())),
        Input::Standard => (open_standard(options)?, None),
    };
    let unopened = |source| MediaError::Unopened { path: input.path().to_owned(), source };
    let kind = files::kind(&file).map_err(unopened)?;
    let len = files::length(&file).map_err(unopened)?;
    if len == 0 {
        let hint = "is a card or disk in the drive?";
        return Err(no_medium(
            input.path(),
            "empty",
            if kind == FileType::BlockDevice { hint } else { "" },
        ));
    }
    let mut medium = match kind {
        FileType::BlockDevice => open_device(file, len),
        _ => open_image(file, len, input.path(), path, options)?,
    };
    if !medium.readable() && medium.about.access != Access::Locked {
        medium.about.access = Access::Unreadable;
    }
    Ok(medium)
}

/// The files that are read as one with the image at `path`: the parts of a raw one, the segments of E01, what a qcow2 lies on.
pub fn pieces(path: &Path) -> Vec<PathBuf> {
    let real = files::leads(path);
    let path = real.as_deref().unwrap_or(path);
    match split::parts(path) {
        Ok(Some(parts)) => parts,
        _ => ewf::segments(path).chain(qcow2::backing(path)).collect(),
    }
}

fn no_medium(path: &Path, what: &'static str, hint: &'static str) -> MediaError {
    MediaError::NoMedium { path: path.to_owned(), what, hint }
}

fn open_named(path: &Path) -> Result<File, MediaError> {
    let unopened = |source| MediaError::Unopened { path: path.to_owned(), source };
    let file = files::named(path).map_err(unopened)?;
    match files::kind(&file).map_err(unopened)? {
        FileType::RegularFile | FileType::BlockDevice => Ok(file),
        FileType::Fifo => Err(no_medium(path, "a pipe", "lead it to standard input and name `-`")),
        FileType::Directory => {
            Err(no_medium(path, "a folder", "name the device that is mounted there, or an image"))
        }
        FileType::CharacterDevice => {
            Err(no_medium(path, "a character device", "name a block device or an image"))
        }
        _ => Err(no_medium(path, "neither a file nor a device", "")),
    }
}

fn open_standard(options: &Options) -> Result<File, MediaError> {
    let file = files::standard().map_err(MediaError::Standard)?;
    match files::kind(&file).map_err(MediaError::Standard)? {
        FileType::RegularFile | FileType::BlockDevice => Ok(file),
        FileType::Directory => Err(no_medium(Input::Standard.path(), "a folder", "")),
        _ => output::spool(file, options.most_spooled).map_err(|failed| match failed {
            output::SpoolError::Read(source) => MediaError::Standard(source),
            output::SpoolError::Write { folder, source } => MediaError::NoRoom { folder, source },
        }),
    }
}

fn open_device(file: File, len: u64) -> Medium {
    let mut about = About::new(Form::Device, len);
    device::tell(&file, &mut about);
    let sector = u64::from(about.sector.unwrap_or(512));
    Medium::new(Patient::new(file, len, sector), about)
}

/// `path` is none for standard input, beside which nothing lies.
fn open_image(
    file: File,
    len: u64,
    name: &Path,
    path: Option<&Path>,
    options: &Options,
) -> Result<Medium, MediaError> {
    // Parts lie beside the image, not beside a link to it.
    let is_link = |path: &&Path| matches!(files::kind_of(path), Ok(FileType::Symlink));
    let (link, real) = (path.filter(is_link), path.and_then(files::leads));
    let path = real.as_deref().or(path);
    let layer = Patient::file(file, len);
    let damaged =
        |detail: &str| MediaError::Damaged { path: name.to_owned(), detail: detail.into() };
    let mut head = [0; 16];
    let known = len >= 16 && layer::exact(&layer, 0, &mut head);
    if known && head.starts_with(ewf::MAGIC) {
        let image = match path {
            Some(path) => ewf::Ewf::open(path).map_err(|error| match link {
                Some(link) if ewf::has_neighbours(link) => linked(link),
                _ => error,
            })?,
            None => ewf::Ewf::single(Box::new(layer)).map_err(damaged)?,
        };
        let (about, lost): (_, Vec<Run>) = (image.about(), image.lost().collect());
        let medium = Medium::new(image, about);
        lost.into_iter().for_each(|run| medium.places().add(run));
        return Ok(medium);
    }
    if known && head.starts_with(qcow2::MAGIC) {
        let image = match path {
            Some(path) => qcow2::Qcow2::open(path, link, Box::new(layer))?,
            None => qcow2::Qcow2::single(Box::new(layer)).map_err(damaged)?,
        };
        let about = image.about();
        return Ok(Medium::new(image, about));
    }
    if let Some((form, hint)) = foreign(&head) {
        return Err(MediaError::Unsupported { path: name.to_owned(), form, hint });
    }
    let parts = path.map_or(Ok(None), split::parts);
    let is_split = |parts: &_| matches!(parts, Ok(Some(_)));
    if let Some(link) = link.filter(|link| !is_split(&parts) && is_split(&split::parts(link))) {
        return Err(linked(link));
    }
    let (layer, form): (Box<dyn Layer>, Form) = match parts? {
        Some(parts) => (Box::new(split::Split::open(parts)?), Form::Split),
        None if path.is_none() => (Box::new(layer), Form::Stream),
        None => (Box::new(layer), Form::Raw),
    };
    Ok(open_flash(layer, form, options))
}

/// One part alone would be taken for all of the image.
fn linked(path: &Path) -> MediaError {
    MediaError::Unsupported {
        path: path.to_owned(),
        form: "a link to one of the parts of an image that lie apart",
        hint: "copy what the links of all parts lead to into one folder, and name one of them there",
    }
}

/// Without the spare areas, where there are such.
fn open_flash(layer: Box<dyn Layer>, form: Form, options: &Options) -> Medium {
    let geometry = match options.spare {
        Spare::None => None,
        Spare::Told(geometry) => Some(geometry),
        Spare::Recognise => flash::recognise(&*layer),
    };
    let Some(geometry) = geometry else {
        let about = About::new(form, layer.len());
        return Medium { layer, about, lost: Mutex::default() };
    };
    let flash = flash::Flash::new(layer, geometry);
    let mut about = About::new(Form::Flash, flash.len());
    let told = if options.spare == Spare::Recognise { " by its content" } else { "" };
    about.notes.add(format!("pages of {geometry} bytes{told}; the spare areas are left out"));
    Medium::new(flash, about)
}

/// Images of other programs, which would look like chance.
fn foreign(head: &[u8; 16]) -> Option<(&'static str, &'static str)> {
    const CONVERT: &str = "make a raw image of it with qemu-img convert -O raw";
    const EXPORT: &str = "export it as E01 or raw";
    let known: [(&[u8], &str, &str); 10] = [
        (b"EVF2\x0d\x0a\x81\x00", "an Ex01 image", EXPORT),
        (b"LVF\x09\x0d\x0a\xff\x00", "an L01 collection of files", EXPORT),
        (b"LEF2\x0d\x0a\x81\x00", "an Lx01 collection of files", EXPORT),
        (b"AFF10\x0d\x0a\x00", "an AFF image", EXPORT),
        (b"KDMV", "a VMDK disk", CONVERT),
        (b"vhdxfile", "a VHDX disk", CONVERT),
        (b"conectix", "a VHD disk", CONVERT),
        (b"QED\x00", "a QED disk", CONVERT),
        (b"<<< Oracle VM Vi", "a VDI disk", CONVERT),
        (b"<<< QEMU VM Virt", "a VDI disk", CONVERT),
    ];
    known.iter().find(|(magic, ..)| head.starts_with(magic)).map(|(_, form, hint)| (*form, *hint))
}

#[cfg(test)]
mod tests;

#[cfg(test)]
use ewf::tests::content as ewf_content;
