//! Why a medium cannot be opened.

use std::{io, path::PathBuf};

#[derive(Debug, thiserror::Error)]
pub enum MediaError {
    #[error("cannot open {}: {source}{}", path.display(), hint_of(source))]
    Unopened { path: PathBuf, source: io::Error },

    #[error("{} is {what}{hint}", path.display())]
    NoMedium { path: PathBuf, what: &'static str, hint: &'static str },

    #[error("{} is missing: {after} is there, and more of the image follows{hint}", name.display())]
    MissingPart { name: PathBuf, after: String, hint: &'static str },

    #[error("{} is {form}, which is not read; {hint}", path.display())]
    Unsupported { path: PathBuf, form: &'static str, hint: &'static str },

    #[error("{} is damaged: {detail}", path.display())]
    Damaged { path: PathBuf, detail: String },

    #[error("cannot keep standard input in {}: {source}; set TMPDIR to a folder with more room, or name a file", folder.display())]
    NoRoom { folder: PathBuf, source: io::Error },

    #[error("cannot read standard input: {0}")]
    Standard(io::Error),
}

fn hint_of(error: &io::Error) -> &'static str {
    match error.kind() {
        io::ErrorKind::PermissionDenied => "; run as root, or let your group read it",
        _ => "",
    }
}
