//! What to sweep, and how far.

use std::{path::PathBuf, sync::Arc, time::Duration};

use leaksweep_facts::seal::PublicKey;

use super::{Journal, Progress};
use crate::{
    media::{self, Input},
    tell::Shelf,
};

pub struct Options {
    pub input: Input,
    pub media: media::Options,
    /// The name to give the target; none takes the serial number, or the file's name.
    pub target: Option<String>,
    /// Words to look for beside the built-in ones.
    pub words: Vec<String>,
    /// A folder of documents that must not be there.
    pub known: Option<PathBuf>,
    /// A folder of certificates and custody records, or one of them.
    pub certificates: Option<PathBuf>,
    /// Keys of those who are trusted to sign them; none trusts everybody.
    pub trusted: Vec<PublicKey>,
    /// Whether small pictures and first words are kept.
    pub previews: bool,
    /// Where recovered files go.
    pub shelf: Option<Arc<dyn Shelf + Send>>,
    /// Where it is kept how far the reading came, and from where it goes on.
    pub journal: Option<Arc<dyn Journal + Send>>,
    /// For how long pieces are joined.
    pub joining: Duration,
    pub progress: Arc<Progress>,
}

impl Options {
    pub fn new(input: Input) -> Self {
        Self {
            input,
            media: media::Options::default(),
            target: None,
            words: Vec::new(),
            known: None,
            certificates: None,
            trusted: Vec::new(),
            previews: true,
            shelf: None,
            journal: None,
            joining: Duration::from_secs(60),
            progress: Arc::default(),
        }
    }
}
