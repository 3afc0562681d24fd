//! All checks: those in the binary, and those in folders that the user names.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use thiserror::Error;

use super::{Check, CheckError, page};

/// No page of a check is longer.
const CAP: u64 = 1 << 20;

/// Why a folder gives no checks.
#[derive(Debug, Error)]
pub enum LibraryError {
    #[error("{}: {reason}", path.display())]
    Folder { path: PathBuf, reason: String },
    #[error("{}", listed(.0))]
    Checks(Vec<CheckError>),
}

/// Checks in the order of their ids, each id once.
#[derive(Debug, Clone, Default)]
pub struct Library {
    pub checks: Vec<Check>,
}

impl Library {
    /// `files` are paths below `checks/` and their texts.
    pub fn embedded(files: &[(&str, &str)]) -> Result<Self, LibraryError> {
        let mut library = Self::default();
        let parse = |(path, text): &(&str, &str)| page::parse(&id(path), Path::new(path), text);
        library.take(files.iter().map(parse).collect())?;
        Ok(library)
    }

    /// Adds every `SENSOR/NAME.md` below `folder`. A check of a known id takes its place.
    pub fn add_folder(&mut self, folder: &Path) -> Result<usize, LibraryError> {
        let unusable = |reason| LibraryError::Folder { path: folder.to_owned(), reason };
        let files = files(folder).map_err(|error| unusable(error.to_string()))?;
        if files.is_empty() {
            return Err(unusable("it holds no check: no file SENSOR/NAME.md".into()));
        }
        let parse = |relative: &String| {
            let path = folder.join(relative);
            let text = read(&path).map_err(|error| at(&path, error.to_string()))?;
            page::parse(&id(relative), &path, &text)
        };
        let count = files.len();
        self.take(files.iter().map(parse).collect())?;
        Ok(count)
    }

    pub fn find(&self, id: &str) -> Option<&Check> {
        self.checks.iter().find(|check| check.page.id == id)
    }

    fn take(&mut self, parsed: Vec<Result<Check, CheckError>>) -> Result<(), LibraryError> {
        let (good, bad): (Vec<_>, Vec<_>) = parsed.into_iter().partition(Result::is_ok);
        if !bad.is_empty() {
            return Err(LibraryError::Checks(bad.into_iter().filter_map(Result::err).collect()));
        }
        for check in good.into_iter().flatten() {
            self.checks.retain(|known| known.page.id != check.page.id);
            self.checks.push(check);
        }
        self.checks.sort_by(|a, b| a.page.id.cmp(&b.page.id));
        Ok(())
    }
}

fn listed(errors: &[CheckError]) -> String {
    errors.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")
}

fn id(relative: &str) -> String {
    relative.strip_suffix(".md").unwrap_or(relative).to_owned()
}

fn at(path: &Path, message: String) -> CheckError {
    CheckError { path: path.to_owned(), line: 1, message }
}

/// `SENSOR/NAME.md`, sorted. Two levels and no deeper: a check belongs to a sensor.
fn files(folder: &Path) -> io::Result<Vec<String>> {
    let mut files = Vec::new();
    for sensor in fs::read_dir(folder)? {
        let sensor = sensor?;
        if !sensor.file_type()?.is_dir() {
            continue;
        }
        for file in fs::read_dir(sensor.path())? {
            let name = file?.file_name().to_string_lossy().into_owned();
            if name.ends_with(".md") && !name.starts_with('.') {
                files.push(format!("{}/{name}", sensor.file_name().to_string_lossy()));
            }
        }
    }
    files.sort();
    Ok(files)
}

fn read(path: &Path) -> io::Result<String> {
    let found = fs::metadata(path)?;
    if !found.is_file() || found.len() > CAP {
        let message = "it is not a plain file of at most 1 MiB";
        return Err(io::Error::new(io::ErrorKind::InvalidData, message));
    }
    fs::read_to_string(path)
}
