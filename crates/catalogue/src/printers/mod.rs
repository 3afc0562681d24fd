//! What printers of a maker are known by, and where they show how they are set.
//!
//! A file of `catalogue/printers/` is one [`Maker`]. Every object, page and password has its source. Nothing in it is ever
//! set: objects are read by GET, pages by GET.

mod reading;
mod rules;

pub use reading::Reading;
pub use rules::check;

use std::collections::BTreeMap;

use serde::Deserialize;

/// One maker of printers.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Maker {
    /// The name of its file.
    #[serde(skip)]
    pub id: String,
    pub name: String,
    /// How its printers call it, in lower case; the beginning of a word is enough.
    pub names: Vec<String>,
    /// Its numbers below 1.3.6.1.4.1.
    #[serde(default)]
    pub enterprises: Vec<u32>,
    #[serde(default, rename = "object")]
    pub objects: Vec<Object>,
    #[serde(default, rename = "description")]
    pub descriptions: Vec<Description>,
    #[serde(default, rename = "page")]
    pub pages: Vec<Page>,
    /// The password that its documentation names for a new printer.
    pub first_password: Option<FirstPassword>,
    #[serde(default, rename = "panel")]
    pub panels: Vec<Panel>,
    #[serde(default, rename = "flaw")]
    pub flaws: Vec<Flaw>,
}

/// An object of SNMP and what its value says.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Object {
    /// With its instance, without a leading dot; of a table the column, and `walk` says so.
    pub oid: String,
    #[serde(default)]
    pub walk: bool,
    /// A column of `printer_settings` or `printer_devices`, as in `erase_mode`; or what a walked column holds of stored jobs: `job-name`,
    /// `job-user`, `job-protected`. Never what opens one.
    pub about: String,
    #[serde(flatten)]
    pub reading: Reading,
    pub source: String,
}

/// A part of the system's description (sysDescr) that tells something.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Description {
    /// A column of `printer_settings` or `printer_devices`.
    pub about: String,
    /// What stands before the value: one text behind the other.
    pub after: Vec<String>,
    /// What stands behind it; where it is not there, and without it, the value goes to the end.
    pub until: Option<String>,
    /// What it means that this part is there; then what stands behind it is no value.
    pub means: Option<String>,
    /// How a day is written in it; see [`Reading::day`].
    pub day: Option<String>,
    pub source: String,
}

/// A web page.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Page {
    pub path: String,
    /// As in `printer_pages.kind`.
    pub kind: String,
    /// What must stand in it, so that it is the page and not another under its address.
    pub holds: String,
    #[serde(default)]
    pub tells: Vec<Tell>,
    pub source: String,
}

/// A text on a page that tells something.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Tell {
    /// A column of `printer_settings` or `printer_devices`.
    pub about: String,
    /// What stands before the value: one text, or several that follow each other, with `…` between them.
    pub after: String,
    /// What stands behind it.
    pub until: String,
    #[serde(default)]
    pub values: BTreeMap<String, String>,
}

/// What a new printer lets in, as its documentation says.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FirstPassword {
    pub user: String,
    pub password: String,
    /// The page that demands it, by HTTP Basic.
    pub path: String,
    pub source: String,
}

/// How a person finds a setting out at a printer of this maker.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Panel {
    /// A column of `printer_settings`.
    pub about: String,
    pub how: String,
}

/// A flaw that is known of models of this maker.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Flaw {
    /// Its number: CVE-2024-51978.
    pub id: String,
    /// What it lets somebody do.
    pub lets: String,
    /// Patterns of models, with `*`.
    pub models: Vec<String>,
    /// The first version without it, where one number says so.
    pub fixed: Option<String>,
    pub source: String,
}
