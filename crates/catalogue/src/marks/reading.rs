//! The files of `catalogue/marks/`, read with the place of every mistake.

use std::path::Path;

use super::{Language, rules};
use crate::remote::{CatalogueError, Mistake, file_text, files, line_of};

/// Every language of a folder that could be read, and every mistake.
pub fn folder(path: &Path) -> Result<(Vec<Language>, Vec<Mistake>), CatalogueError> {
    let (mut languages, mut mistakes) = (Vec::new(), Vec::new());
    for file in files(path, &["toml"], "catalogue file (NAME.toml)")? {
        match file_text(&file).and_then(|text| language(&file, &text).map(|read| (read, text))) {
            Ok((read, text)) => {
                let broken = rules::check(&read).into_iter();
                mistakes.extend(broken.map(|broken| broken.at(&file, &text)));
                languages.push(read);
            }
            Err(mistake) => mistakes.push(mistake),
        }
    }
    languages.sort_by(|a, b| a.code.cmp(&b.code));
    Ok((languages, mistakes))
}

/// One language from the text of its file.
pub fn language(path: &Path, text: &str) -> Result<Language, Mistake> {
    let code = path.file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default();
    toml::from_str::<Language>(text).map(|read| Language { code, ..read }).map_err(|error| {
        let line = error.span().map(|span| line_of(text, span.start));
        Mistake { path: path.to_owned(), line, what: error.message().replace('\n', ", ") }
    })
}
