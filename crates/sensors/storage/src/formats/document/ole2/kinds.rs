//! What a compound file is, by the names of its streams and the class of its root.

use super::chains::Entry;
use crate::formats::{Family, Kind};

const fn document(name: &'static str) -> Kind {
    Kind { name, family: Family::Document, extension: name }
}

const INSTALLER: [u8; 16] = [0x84, 0x10, 0x0C, 0, 0, 0, 0, 0, 0xC0, 0, 0, 0, 0, 0, 0, 0x46];

pub fn kind(entries: &[Entry]) -> Kind {
    let has = |name: &str| entries.iter().any(|entry| entry.name == name);
    if entries.first().is_some_and(|root| root.class == INSTALLER) {
        return Kind { name: "msi", family: Family::Archive, extension: "msi" };
    }
    if has("EncryptedPackage") {
        return Kind { name: "ooxml-encrypted", family: Family::Document, extension: "docx" };
    }
    let known = [
        ("WordDocument", document("doc")),
        ("Workbook", document("xls")),
        ("Book", document("xls")),
        ("PowerPoint Document", document("ppt")),
        ("\u{5}HwpSummaryInformation", document("hwp")),
        ("VisioDocument", document("vsd")),
        ("__properties_version1.0", Kind { name: "msg", family: Family::Mail, extension: "msg" }),
        ("Catalog", Kind { name: "thumbs", family: Family::Other, extension: "db" }),
    ];
    known.into_iter().find(|(name, _)| has(name)).map_or(super::OLE2.kind, |(_, kind)| kind)
}
