//! What a trojan would steal: where it lies, and whose it is.
//!
//! A file of `catalogue/stores/` is one [`Group`]: its stores, the applications whose stores they are, and programs that
//! read them by right. The format is documented in docs/catalogue.md.

mod reading;
mod rules;

pub use reading::{folder, group};
pub use rules::check;

use serde::Deserialize;

use crate::remote::words;

/// Stores of one kind of application.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Group {
    /// The name of its file.
    #[serde(skip)]
    pub id: String,
    pub name: String,
    #[serde(rename = "store")]
    pub stores: Vec<Store>,
    #[serde(rename = "application")]
    pub applications: Vec<Application>,
    #[serde(default, rename = "reader")]
    pub readers: Vec<Reader>,
}

/// What lies in the folders of an application.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Store {
    pub id: String,
    pub name: String,
    pub kind: Kind,
    /// Where one can look it up.
    pub source: String,
    /// Patterns below each folder: `*` within a component, `**` for any number of them.
    pub files: Vec<String>,
    /// Names that fit but are none of it.
    #[serde(default)]
    pub but: Vec<String>,
}

/// To whom stores belong.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Application {
    pub name: String,
    pub source: String,
    /// From `/` or `~` on.
    pub folders: Vec<String>,
    /// Its programs, where they are installed: whole paths, perhaps with `*`. Below `/app` stands what Flatpak installs.
    #[serde(default)]
    pub programs: Vec<String>,
    /// The ids under which Flatpak installs it.
    #[serde(default)]
    pub flatpak: Vec<String>,
    /// Which stores of the group it has; none: all.
    #[serde(default)]
    pub stores: Vec<String>,
}

/// Others that read stores of the group by right.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Reader {
    pub name: String,
    pub source: String,
    pub programs: Vec<String>,
    /// Which stores it may read; none: all.
    #[serde(default)]
    pub stores: Vec<String>,
}

words! {
    /// What is in a store.
    Kind {
        Browser = "browser",
        Chat = "chat",
        Mail = "mail",
        Keys = "keys",
        Passwords = "passwords",
        Keyboard = "keyboard",
        Screen = "screen",
        Clipboard = "clipboard",
        Camera = "camera",
        Microphone = "microphone",
        /// Whatever lies in a home.
        Documents = "documents",
    }
}

impl Group {
    /// The applications that have this store.
    pub fn having<'a>(&'a self, store: &'a Store) -> impl Iterator<Item = &'a Application> {
        self.applications.iter().filter(|one| one.has(store))
    }

    /// Who else may read this store.
    pub fn reading<'a>(&'a self, store: &'a Store) -> impl Iterator<Item = &'a Reader> {
        self.readers.iter().filter(|one| of(&one.stores, store))
    }
}

fn of(named: &[String], store: &Store) -> bool {
    named.is_empty() || named.contains(&store.id)
}

impl Application {
    pub fn has(&self, store: &Store) -> bool {
        of(&self.stores, store)
    }

    /// Where this store of it lies.
    pub fn paths<'a>(&'a self, store: &'a Store) -> impl Iterator<Item = String> + 'a {
        let below =
            |folder: &'a String| store.files.iter().map(move |file| format!("{folder}/{file}"));
        self.folders.iter().flat_map(below)
    }
}
