//! The files of a catalogue, read with the place of every mistake. Reads: a folder of `ID.toml`
//! files that somebody may have written by hand; each is capped, and a mistake in one does not keep
//! the others from being read.

use std::{
    fs::{self, File},
    io::Read,
    path::{Path, PathBuf},
};

use thiserror::Error;

use super::{Tool, rules};

/// The largest file of ours has a hundredth of it.
const CAP: u64 = 1 << 20;
/// The whole world has no more such tools.
const MOST: usize = 10_000;

/// What is wrong with a catalogue file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mistake {
    pub path: PathBuf,
    /// Counted from 1; none where the whole file is meant.
    pub line: Option<usize>,
    pub what: String,
}

impl std::fmt::Display for Mistake {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}", self.path.display())?;
        if let Some(line) = self.line {
            write!(f, ":{line}")?;
        }
        write!(f, ": {}", self.what)
    }
}

#[derive(Debug, Error)]
pub enum CatalogueError {
    #[error("cannot read {}", path.display())]
    Unreadable { path: PathBuf, source: std::io::Error },
    #[error("{} holds no {wanted}", path.display())]
    Empty { path: PathBuf, wanted: &'static str },
    #[error("{} holds more than {MOST} files", path.display())]
    TooMany { path: PathBuf },
}

/// Every tool of a folder that could be read, and every mistake.
pub fn folder(path: &Path) -> Result<(Vec<Tool>, Vec<Mistake>), CatalogueError> {
    folder_beside(path, &[])
}

/// The same for a folder whose tools are to stand beside others. Those of the same id give way.
pub fn folder_beside(
    path: &Path,
    others: &[Tool],
) -> Result<(Vec<Tool>, Vec<Mistake>), CatalogueError> {
    let files = files(path, &["toml"], "catalogue file (NAME.toml)")?;
    let mut read = Vec::new();
    let mut mistakes = Vec::new();
    for file in files {
        match file_text(&file).and_then(|text| tool(&file, &text).map(|tool| (tool, text))) {
            Ok((tool, text)) => read.push((file, tool, text)),
            Err(mistake) => mistakes.push(mistake),
        }
    }
    for (file, tool, text) in &read {
        mistakes.extend(rules::check(tool).into_iter().map(|broken| broken.at(file, text)));
    }
    // By id, as the built-in ones: a file's ending would put `a-b` before `a`.
    read.sort_by(|(_, a, _), (_, b, _)| a.id.cmp(&b.id));
    let tools: Vec<Tool> = read.iter().map(|(_, tool, _)| tool.clone()).collect();
    for (id, broken) in rules::shared(&tools).into_iter().chain(rules::beside(&tools, others)) {
        let found = read.iter().find(|(_, tool, _)| tool.id == id);
        mistakes.extend(found.map(|(file, _, text)| broken.at(file, text)));
    }
    mistakes.sort_by(|a, b| (&a.path, a.line).cmp(&(&b.path, b.line)));
    Ok((tools, mistakes))
}

/// One tool from the text of its file.
pub fn tool(path: &Path, text: &str) -> Result<Tool, Mistake> {
    let mistake = |line, what: String| Mistake { path: path.to_owned(), line, what };
    let id = path.file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default();
    match toml::from_str::<Tool>(text) {
        Ok(tool) => Ok(Tool { id, ..tool }),
        Err(error) => {
            let line = error.span().map(|span| line_of(text, span.start));
            Err(mistake(line, error.message().replace('\n', ", ")))
        }
    }
}

/// The files of a folder that end so, in their order.
pub(crate) fn files(
    path: &Path,
    endings: &[&str],
    wanted: &'static str,
) -> Result<Vec<PathBuf>, CatalogueError> {
    let unreadable = |source| CatalogueError::Unreadable { path: path.to_owned(), source };
    let mut files = Vec::new();
    for entry in fs::read_dir(path).map_err(unreadable)? {
        let file = entry.map_err(unreadable)?.path();
        if file.extension().is_some_and(|end| endings.iter().any(|wanted| end == *wanted)) {
            files.push(file);
        }
        if files.len() > MOST {
            return Err(CatalogueError::TooMany { path: path.to_owned() });
        }
    }
    if files.is_empty() {
        return Err(CatalogueError::Empty { path: path.to_owned(), wanted });
    }
    files.sort();
    Ok(files)
}

/// What a plain file holds, up to [`CAP`].
pub(crate) fn bytes(path: &Path) -> Result<Vec<u8>, String> {
    let metadata = fs::metadata(path).map_err(|error| error.to_string())?;
    if !metadata.is_file() {
        return Err("not a plain file".into());
    }
    let mut content = Vec::new();
    let file = File::open(path).map_err(|error| error.to_string())?;
    file.take(CAP + 1).read_to_end(&mut content).map_err(|error| error.to_string())?;
    if content.len() as u64 > CAP {
        return Err(format!("more than {CAP} bytes"));
    }
    Ok(content)
}

pub(crate) fn file_text(path: &Path) -> Result<String, Mistake> {
    let mistake = |what: String| Mistake { path: path.to_owned(), line: None, what };
    String::from_utf8(bytes(path).map_err(mistake)?).map_err(|error| {
        let at = error.utf8_error().valid_up_to();
        let line = error.as_bytes().iter().take(at).filter(|byte| **byte == b'\n').count() + 1;
        Mistake { line: Some(line), ..mistake("not UTF-8".into()) }
    })
}

pub(crate) fn line_of(text: &str, at: usize) -> usize {
    text.bytes().take(at).filter(|byte| *byte == b'\n').count() + 1
}
