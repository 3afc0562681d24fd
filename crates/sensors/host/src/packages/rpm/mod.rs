//! rpm. Reads its database where distributions keep it, in each of the three forms that rpm has
//! had; rpm is not run. What the forms share: a record is one package's header.
//!
//! Limits: a file of at most 512 MiB, as many packages as every manager may have, and no more bytes
//! in records than the file has; whatever goes beyond is hostile, and the rest of it is not read.
//! Signing keys, which rpm keeps as packages, are no rows.

mod berkeley;
pub mod header;
mod ndb;
mod sqlite;

use std::collections::HashSet;

use header::Header;
use leaksweep_facts::{Observed, Time, tables::host::Package};

use super::{MAX_ROWS, TABLE};
use crate::{
    machine::Machine,
    name,
    root::{Failure, Root},
    sqlite::Database,
};

const FOLDERS: [&str; 3] = ["/var/lib/rpm", "/usr/lib/sysimage/rpm", "/usr/share/rpm"];
const FORMS: [(&str, Form); 3] =
    [("rpmdb.sqlite", sqlite::read), ("Packages.db", ndb::read), ("Packages", berkeley::read)];
const DATABASE_CAP: u64 = 512 << 20;
/// A database with more faults than this is not looked at further.
const MAX_FAULTS: usize = 100;

type Form = fn(&[u8], &mut Records<'_>);
type Each<'a> = &'a mut dyn FnMut(&str, &Header<'_>) -> Result<(), String>;

/// A database, or a part of one, that is there and cannot be read.
pub struct Unread {
    pub subject: String,
    pub failure: Failure,
}

pub fn collect(machine: &Machine) -> Observed<Package> {
    let mut found = Observed::default();
    let unread = visit(machine, &mut |path, header| {
        found.rows.push(package(path, header)?);
        Ok(())
    });
    found.problems =
        unread.into_iter().map(|part| part.failure.problem(TABLE, part.subject)).collect();
    found
}

/// Whether rpm left a database. What cannot be read is there.
pub fn is_there(root: &Root) -> bool {
    let found =
        |path: String| root.stat(path).map_or_else(|failure| !failure.is_absence(), |_| true);
    FOLDERS.iter().any(|folder| FORMS.iter().any(|(file, _)| found(format!("{folder}/{file}"))))
}

/// Shows every package's header, with its database, and gives what could not be read.
pub fn visit(machine: &Machine, each: Each<'_>) -> Vec<Unread> {
    let mut unread = Vec::new();
    let mut seen = HashSet::new();
    for folder in FOLDERS {
        for (file, form) in FORMS {
            let path = format!("{folder}/{file}");
            // One database often has several names: an old folder is a link to the new one.
            match machine.root.stat(&path) {
                Ok(stat) if !seen.insert((stat.st_dev, stat.st_ino)) => {}
                Err(failure) if failure.is_absence() => {}
                Ok(_) => unread.extend(database(&machine.root, &path, form, each)),
                Err(failure) => unread.push(Unread { subject: path, failure }),
            }
        }
    }
    unread
}

fn database(root: &Root, path: &str, form: Form, each: Each<'_>) -> Vec<Unread> {
    // Of the forms SQLite alone keeps changes beside the file.
    let database = match Database::load(root, path, DATABASE_CAP) {
        Ok(database) => database,
        Err(failure) => return vec![Unread { subject: path.to_owned(), failure }],
    };
    let mut records = Records::new(path, database.content.len(), each);
    form(&database.content, &mut records);
    let changes = database.unread.map(|(subject, failure)| Unread { subject, failure });
    records.unread.extend(changes);
    records.unread
}

/// Takes what a form finds in a database.
struct Records<'a> {
    path: &'a str,
    /// How many bytes the records still to come may have. Sound records do not overlap.
    left: usize,
    count: usize,
    /// Whether to read no further.
    over: bool,
    each: Each<'a>,
    unread: Vec<Unread>,
}

impl<'a> Records<'a> {
    fn new(path: &'a str, left: usize, each: Each<'a>) -> Self {
        Self { path, left, count: 0, over: false, each, unread: Vec::new() }
    }

    /// One header. `place` says where in the database it is.
    fn header(&mut self, place: &str, blob: &[u8]) {
        self.count += 1;
        if self.count > MAX_ROWS {
            return self.end("more packages than any machine has");
        }
        match self.left.checked_sub(blob.len()) {
            Some(left) => self.left = left,
            None => return self.end("its records are larger than the file"),
        }
        if let Err(detail) = self.show(blob) {
            self.fault(place, detail);
        }
    }

    fn show(&mut self, blob: &[u8]) -> Result<(), String> {
        let header = Header::open(blob)?;
        let name = header.name()?;
        if name == b"gpg-pubkey" {
            return Ok(());
        }
        let named = |detail| format!("package {}: {detail}", name::text(name));
        (self.each)(self.path, &header).map_err(named)
    }

    /// Something that cannot be read; `place` is empty for the database as a whole.
    fn fault(&mut self, place: &str, detail: impl Into<String>) {
        let subject = match place {
            "" => self.path.to_owned(),
            place => format!("{}:{place}", self.path),
        };
        self.unread.push(Unread { subject, failure: Failure::malformed(detail) });
        if self.unread.len() >= MAX_FAULTS && !self.over {
            self.end("more faults than are worth listing");
        }
    }

    fn end(&mut self, detail: &str) {
        if !self.over {
            self.over = true;
            self.fault("", format!("{detail}; the rest of it is not read"));
        }
    }
}

fn package(path: &str, header: &Header<'_>) -> Result<Package, String> {
    let text = |tag| Ok::<_, String>(header.text(tag)?.map(name::text).unwrap_or_default());
    let name = text(header::NAME)?;
    let publisher = match text(header::VENDOR)? {
        vendor if vendor.is_empty() || vendor == "(none)" => text(header::PACKAGER)?,
        vendor => vendor,
    };
    let source = text(header::SOURCE_RPM)?;
    Ok(Package {
        manager: "rpm".into(),
        version: version(header)?,
        architecture: text(header::ARCHITECTURE)?,
        state: "installed".into(),
        publisher,
        source: source_name(&source).unwrap_or(&name).to_owned(),
        installed: header.number(header::INSTALL_TIME)?.map(|time| Time(time.into())),
        location: path.into(),
        name,
        ..Package::default()
    })
}

/// `EPOCH:VERSION-RELEASE`, as rpm compares it.
fn version(header: &Header<'_>) -> Result<String, String> {
    let version = header.text(header::VERSION)?.ok_or("it has no version")?;
    let release = header.text(header::RELEASE)?.ok_or("it has no release")?;
    let plain = format!("{}-{}", name::text(version), name::text(release));
    Ok(match header.number(header::EPOCH)? {
        Some(epoch) => format!("{epoch}:{plain}"),
        None => plain,
    })
}

/// The name in `NAME-VERSION-RELEASE.src.rpm`.
fn source_name(file: &str) -> Option<&str> {
    file.rsplitn(3, '-').nth(2)
}

/// For the fuzz targets: one database in one of the forms.
pub fn parse(content: &[u8], form: &str) {
    let mut each = |path: &str, header: &Header<'_>| {
        package(path, header)?;
        header.files(&mut |_| ())
    };
    let mut records = Records::new("", content.len(), &mut each);
    if let Some((_, read)) = FORMS.iter().find(|(file, _)| *file == form) {
        read(content, &mut records);
    }
}

#[cfg(test)]
mod tests;
