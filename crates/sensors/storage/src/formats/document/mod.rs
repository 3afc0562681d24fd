//! Documents, mail, archives, databases and texts.

pub mod contacts;
pub(crate) mod inflate;
pub mod mail;
pub mod markup;
pub(crate) mod moments;
pub(crate) mod opaque;
pub mod pdf;
pub mod rtf;
pub mod text;
mod xml;
pub mod zip;

use super::{Format, Joints};

/// The narrower before the wider where both begin alike.
pub const FORMATS: &[&Format] = &[&pdf::PDF, &zip::ZIP, &mail::MBOX, &mail::EML, &rtf::RTF,
    &contacts::VCARD, &contacts::ICALENDAR, &contacts::BOOK, &contacts::PEM, &markup::XML, &markup::HTML];

/// Forms that record the places of their parts, by the names of their kinds.
pub const JOINTS: &[(&str, Joints)] = &[("pdf", pdf::joint::joints), ("zip", zip::joint::joints)];
