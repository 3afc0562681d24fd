//! Documents, mail, archives, databases and texts.

pub mod contacts;
pub(crate) mod inflate;
pub mod mail;
pub mod markup;
pub mod ole2;
pub(crate) mod opaque;
pub mod packed;
pub mod pdf;
pub mod rtf;
#[cfg(test)]
mod specimens;
mod sqlite;
mod system;
pub mod text;
mod xml;
pub mod zip;

use super::{Format, Joints};

/// The narrower before the wider where both begin alike.
pub const FORMATS: &[&Format] = &[
    &pdf::PDF,
    &zip::ZIP,
    &ole2::OLE2,
    &sqlite::SQLITE,
    &sqlite::LOG,
    &packed::gzip::GZIP,
    &packed::bzip2::BZIP2,
    &packed::xz::XZ,
    &packed::zstd::ZSTD,
    &packed::seven_zip::SEVEN_ZIP,
    &packed::rar::RAR,
    &packed::tar::TAR,
    &packed::cpio::CPIO,
    &packed::cabinet::CABINET,
    &system::hive::HIVE,
    &system::event_log::EVENT_LOG,
    &system::shortcut::SHORTCUT,
    &system::elf::ELF,
    &mail::MBOX,
    &mail::EML,
    &rtf::RTF,
    &contacts::VCARD,
    &contacts::ICALENDAR,
    &contacts::BOOK,
    &contacts::PEM,
    &markup::XML,
    &markup::HTML,
];

/// Forms that record the places of their parts, by the names of their kinds.
pub const JOINTS: &[(&str, Joints)] = &[
    ("pdf", pdf::joint::joints),
    ("zip", zip::joint::joints),
    ("ole2", ole2::joint::joints),
    ("sqlite", sqlite::joints),
    ("7z", packed::seven_zip::joints),
];
