//! Words by which a document says that it is not for everybody.
//!
//! A file of `catalogue/marks/` is one [`Language`]; its name is the language's code. The format is documented in
//! docs/catalogue.md.

mod reading;
mod rules;

pub use reading::{folder, language};
pub use rules::check;

use serde::Deserialize;

use crate::remote::words;

#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Language {
    /// The name of its file: `zh`, `en`.
    #[serde(skip)]
    pub code: String,
    pub name: String,
    #[serde(rename = "mark")]
    pub marks: Vec<Mark>,
}

/// Words of one level that are looked for in the same way.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Mark {
    pub words: Vec<String>,
    pub level: Level,
    /// The law or scheme that has them.
    pub source: String,
    #[serde(default)]
    pub case: Case,
    /// Whether a letter or digit beside it makes it another word.
    #[serde(default)]
    pub whole_word: bool,
    /// Whether it counts only where no other letter stands on its line: for words of which ordinary texts are full.
    #[serde(default)]
    pub alone: bool,
    /// Longer words that hold one of these and are none.
    #[serde(default)]
    pub but: Vec<String>,
}

words! {
    /// What a word amounts to.
    Level {
        TopSecret = "top secret",
        Secret = "secret",
        Confidential = "confidential",
        Restricted = "restricted",
        Internal = "internal",
        Personal = "personal",
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Case {
    /// As it is written here.
    #[default]
    Exact,
    /// As it is written here, in capitals, in small letters, or with a capital first.
    Any,
}
