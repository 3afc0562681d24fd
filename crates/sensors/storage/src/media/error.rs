//! Why a medium cannot be opened.

use std::{io, path::PathBuf};

#[derive(Debug, thiserror::Error)]
pub enum MediaError {
    #[error("cannot open {}", path.display())]
    Unopened { path: PathBuf, source: io::Error },

    #[error("{} is {what}", path.display())]
    NoMedium { path: PathBuf, what: &'static str, hint: &'static str },

    #[error("{} is missing: {after} is there, and more of the image follows", name.display())]
    MissingPart { name: PathBuf, after: String, hint: &'static str },

    #[error("{} is {form}, which is not read", path.display())]
    Unsupported { path: PathBuf, form: &'static str, hint: &'static str },

    #[error("{} is damaged: {detail}", path.display())]
    Damaged { path: PathBuf, detail: String },

    #[error("cannot keep the journal: {detail}")]
    JournalUnkept { detail: String },

    #[error("cannot go on from the journal: {detail}")]
    Journal { detail: String },

    #[error("cannot keep standard input in {}", folder.display())]
    NoRoom { folder: PathBuf, source: io::Error },

    #[error("cannot read standard input: {0}")]
    Standard(io::Error),
}

impl MediaError {
    /// What the user can do about it.
    pub fn hint(&self) -> Option<&'static str> {
        let hint = match self {
            Self::Unopened { source, .. } if source.kind() == io::ErrorKind::PermissionDenied => {
                "run as root, or let your group read it"
            }
            Self::NoMedium { hint, .. }
            | Self::MissingPart { hint, .. }
            | Self::Unsupported { hint, .. } => hint,
            Self::NoRoom { .. } => "set TMPDIR to a folder with more room, or name a file",
            Self::JournalUnkept { .. } => "name a file in a folder that you can write to",
            Self::Journal { .. } => {
                "name another file; to begin anew, remove it if it is an old journal"
            }
            _ => "",
        };
        (!hint.is_empty()).then_some(hint)
    }
}
