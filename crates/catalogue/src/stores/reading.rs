//! The files of `catalogue/stores/`, read with the place of every mistake.

use std::path::Path;

use super::{Group, rules};
use crate::remote::{CatalogueError, Mistake, file_text, files, line_of};

/// Every group of a folder that could be read, and every mistake.
pub fn folder(path: &Path) -> Result<(Vec<Group>, Vec<Mistake>), CatalogueError> {
    let (mut groups, mut mistakes) = (Vec::new(), Vec::new());
    for file in files(path, &["toml"], "catalogue file (NAME.toml)")? {
        match file_text(&file).and_then(|text| group(&file, &text).map(|group| (group, text))) {
            Ok((group, text)) => {
                let broken = rules::check(&group).into_iter();
                mistakes.extend(broken.map(|broken| broken.at(&file, &text)));
                groups.push(group);
            }
            Err(mistake) => mistakes.push(mistake),
        }
    }
    groups.sort_by(|a, b| a.id.cmp(&b.id));
    for (id, broken) in rules::between(&groups) {
        let file = path.join(id).with_extension("toml");
        let text = file_text(&file).unwrap_or_default();
        mistakes.push(broken.at(&file, &text));
    }
    Ok((groups, mistakes))
}

/// One group from the text of its file.
pub fn group(path: &Path, text: &str) -> Result<Group, Mistake> {
    let id = path.file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default();
    toml::from_str::<Group>(text).map(|group| Group { id, ..group }).map_err(|error| {
        let line = error.span().map(|span| line_of(text, span.start));
        Mistake { path: path.to_owned(), line, what: error.message().replace('\n', ", ") }
    })
}
