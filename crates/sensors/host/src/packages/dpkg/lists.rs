//! Which installed packages the lists of APT's sources know. Reads the lists below
//! `/var/lib/apt/lists`, plain or packed with lz4 or gzip, piece by piece; of each only the names.
//!
//! Limits: 256 MiB of all lists, unpacked; 1,000 lists. A list that cannot be read leaves unknown what
//! no other list knows.

use std::{
    collections::HashSet,
    io::{self, Read},
    path::Path,
};

use flate2::read::MultiGzDecoder;
use leaksweep_facts::{Observed, Reason, tables::host::Package};
use lz4_flex::frame::FrameDecoder;

use super::TABLE;
use crate::{
    machine::Machine,
    name,
    root::{Failure, Root},
};

const FOLDER: &str = "/var/lib/apt/lists";
const COLUMNS: &[&str] = &["in_lists"];
const MAX_LISTS: usize = 1_000;
const BUDGET: u64 = 256 << 20;
const PIECE: usize = 1 << 20;
const FIELD: &[u8] = b"Package: ";

/// Fills whether a list knows each package. Without any list nothing can be told, and that is no problem.
pub fn compare(machine: &Machine, found: &mut Observed<Package>) {
    let listing = match machine.root.list_if_there(FOLDER) {
        Ok(listing) => listing,
        Err(failure) => return problem(found, FOLDER.into(), failure),
    };
    let is_list = |name: &String| name.contains("_Packages") || name == "Packages";
    let names = listing.entries.iter().map(|entry| name::os(&entry.name)).filter(is_list);
    let names: Vec<String> = names.take(MAX_LISTS).collect();
    if names.is_empty() {
        return;
    }
    let mut search = Search::of(&found.rows);
    let mut whole = true;
    for name in names {
        let path = Path::new(FOLDER).join(name);
        if let Err(failure) = search.list(&machine.root, &path) {
            whole = false;
            problem(found, name::path(&path), failure);
        }
    }
    for package in &mut found.rows {
        let known = !search.sought.contains(package.name.as_bytes());
        package.in_lists = (known || whole).then_some(known);
    }
}

fn problem(found: &mut Observed<Package>, subject: String, failure: Failure) {
    found.problem(failure.problem(TABLE, subject).in_columns(COLUMNS));
}

struct Search {
    /// The names that no list had so far.
    sought: HashSet<Vec<u8>>,
    left: u64,
}

impl Search {
    fn of(packages: &[Package]) -> Self {
        let sought = packages.iter().map(|package| package.name.clone().into_bytes()).collect();
        Self { sought, left: BUDGET }
    }

    fn list(&mut self, root: &Root, path: &Path) -> Result<(), Failure> {
        if self.sought.is_empty() {
            return Ok(());
        }
        let file = root.reader(path, BUDGET)?;
        match path.extension().and_then(|end| end.to_str()) {
            None => self.pieces(file),
            Some("lz4") => self.pieces(FrameDecoder::new(file)),
            Some("gz") => self.pieces(MultiGzDecoder::new(file)),
            // A host's name has dots.
            Some(end) if end.ends_with("_Packages") => self.pieces(file),
            Some(end) => Err(Failure {
                reason: Reason::Unsupported,
                detail: format!("a list packed as {end}"),
            }),
        }
    }

    /// Looks through what a reader gives; a line that a piece cuts is looked at with the next.
    fn pieces(&mut self, mut reader: impl Read) -> Result<(), Failure> {
        let mut piece = vec![b'\n'];
        loop {
            let before = piece.len();
            let mut limited = reader.by_ref().take(PIECE as u64);
            limited.read_to_end(&mut piece).map_err(unpacked)?;
            let read = piece.len() - before;
            if read == 0 {
                self.names(&piece, true);
                return Ok(());
            }
            self.left = self.left.checked_sub(read as u64).ok_or_else(spent)?;
            let end = memchr::memrchr(b'\n', &piece).unwrap_or_default();
            self.names(piece.get(..=end).unwrap_or_default(), false);
            // A line longer than a piece names nothing.
            let rest = piece.split_off(end.min(piece.len()));
            piece = if rest.len() > PIECE { Vec::new() } else { rest };
        }
    }

    /// The names in whole lines, the first of which is behind the first end of a line.
    fn names(&mut self, lines: &[u8], last: bool) {
        for at in memchr::memmem::find_iter(lines, FIELD) {
            let starts = at > 0 && lines.get(at - 1) == Some(&b'\n');
            let name = lines.get(at + FIELD.len()..).unwrap_or_default();
            let end = memchr::memchr(b'\n', name).or(last.then_some(name.len()));
            let name = end.and_then(|end| name.get(..end)).unwrap_or_default();
            if starts {
                self.sought.remove(name.trim_ascii());
            }
        }
    }
}

fn unpacked(error: io::Error) -> Failure {
    match error.raw_os_error() {
        Some(_) => error.into(),
        None => Failure::malformed(format!("it cannot be unpacked: {error}")),
    }
}

fn spent() -> Failure {
    let detail = format!("more than {BUDGET} bytes of lists in all");
    Failure { reason: Reason::TooLarge, detail }
}

/// For the fuzz target: a list in each of its forms.
pub fn parse(content: &[u8]) {
    let mut search = Search { sought: HashSet::from([b"a".to_vec()]), left: 16 << 20 };
    let _ = search.pieces(content);
    let _ = search.pieces(FrameDecoder::new(content));
    let _ = search.pieces(MultiGzDecoder::new(content));
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::*;
    use crate::fixture::{mounted, write};

    const STATUS: &str = "var/lib/dpkg/status";
    const LIST: &str = "var/lib/apt/lists/a.example_dists_x_main_binary-amd64_Packages";

    fn stanza(name: &str) -> String {
        format!("Package: {name}\nStatus: install ok installed\nVersion: 1\nArchitecture: all\n\n")
    }

    /// The names with what is known of them, and the reasons of problems.
    fn told(files: &[(&str, Vec<u8>)]) -> (Vec<(String, Option<bool>)>, Vec<Reason>) {
        let folder = tempfile::tempdir().unwrap();
        let status = ["known", "foreign"].map(stanza).concat();
        write(&folder.path().join(STATUS), status.as_bytes());
        for (path, content) in files {
            write(&folder.path().join(path), content);
        }
        let found = super::super::collect(&mounted(folder.path()));
        let rows = found.rows.into_iter().map(|row| (row.name, row.in_lists)).collect();
        (rows, found.problems.into_iter().map(|problem| problem.reason).collect())
    }

    fn rows(known: Option<bool>, foreign: Option<bool>) -> Vec<(String, Option<bool>)> {
        vec![("known".into(), known), ("foreign".into(), foreign)]
    }

    fn list() -> Vec<u8> {
        let padding =
            format!("Package: other\nDescription: Package: foreign\n {}\n", "x".repeat(99));
        format!("{}\nPackage: known\nX-Package: foreign\n", padding.repeat(20_000)).into_bytes()
    }

    #[test]
    fn a_package_that_no_list_knows_is_told() {
        assert_eq!(told(&[(LIST, list())]), (rows(Some(true), Some(false)), vec![]));
        assert_eq!(told(&[(LIST, b"Package: foreign".to_vec())]).0, rows(Some(false), Some(true)));
        assert_eq!(told(&[]), (rows(None, None), vec![]));
        let other = "var/lib/apt/lists/a.example_dists_x_InRelease";
        assert_eq!(told(&[(other, b"Package: known\n".to_vec())]).0, rows(None, None));
    }

    #[test]
    fn packed_lists_are_read_and_broken_ones_leave_open_what_they_may_know() {
        let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        gzip.write_all(&list()).unwrap();
        let gzip = gzip.finish().unwrap();
        let mut lz4 = lz4_flex::frame::FrameEncoder::new(Vec::new());
        lz4.write_all(&list()).unwrap();
        let lz4 = lz4.finish().unwrap();
        let (gz, lz) = (format!("{LIST}.gz"), format!("{LIST}.lz4"));
        let whole = (rows(Some(true), Some(false)), vec![]);
        assert_eq!(told(&[(&gz, gzip.clone())]), whole);
        assert_eq!(told(&[(&lz, lz4.clone())]), whole);
        let cut = lz4.get(..lz4.len() / 2).unwrap().to_vec();
        for (path, content) in [(&lz, cut), (&lz, b"no list".to_vec()), (&gz, lz4)] {
            let found = told(&[(path, content)]);
            assert_eq!((found.0[1].1, found.1), (None, vec![Reason::Malformed]), "{path}");
        }
        let found = told(&[(LIST, list()), (&format!("{LIST}.xz"), b"x".to_vec())]);
        assert_eq!(found, (rows(Some(true), None), vec![Reason::Unsupported]));
    }

    #[test]
    fn a_list_that_unpacks_without_end_ends() {
        let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        let zeros = vec![0; 1 << 20];
        (0..300).for_each(|_| gzip.write_all(&zeros).unwrap());
        let found = told(&[(&format!("{LIST}.gz"), gzip.finish().unwrap())]);
        assert_eq!(found, (rows(None, None), vec![Reason::TooLarge]));
    }
}
