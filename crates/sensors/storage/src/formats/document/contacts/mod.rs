//! People, servers, accounts and keys: what an office's devices keep beside documents.
//!
//! Forms: vCard and iCalendar, LDIF, address books as devices export them (Canon's `.abk`, Xerox's and others' CSV, Kyocera's XML), keys in PEM.
//! [`told`] finds the same, and settings of mail, directory and file servers and of wireless networks, in any text. Of a secret only that it is there.
//!
//! Limits: 64 settings of one text, names of 200 characters.

mod book;
mod cards;
mod keys;
mod servers;
#[cfg(test)]
mod tests;

pub use keys::PEM;

use crate::formats::{Family, Format, Kind, Setting, Signature};

pub(super) const ADDRESS_BOOK: Kind =
    Kind { name: "address-book", family: Family::Contacts, extension: "csv" };
const SETTINGS: Kind = Kind { name: "settings", family: Family::Settings, extension: "conf" };

pub static VCARD: Format = Format {
    kind: Kind { name: "vcard", family: Family::Contacts, extension: "vcf" },
    signatures: &[Signature::new(b"BEGIN:VCARD")],
    looks: cards::looks_vcard,
    walk: cards::vcards,
    texts: None,
    picture: None,
};

pub static ICALENDAR: Format = Format {
    kind: Kind { name: "icalendar", family: Family::Contacts, extension: "ics" },
    signatures: &[Signature::new(b"BEGIN:VCALENDAR")],
    looks: cards::looks_calendar,
    walk: cards::calendars,
    texts: None,
    picture: None,
};

pub static BOOK: Format = Format {
    kind: ADDRESS_BOOK,
    signatures: &[
        Signature::new(b"# Canon AddressBook"),
        Signature::new(b"XrxAddressBookId"),
        Signature::new(b"version: 1\ndn:"),
        Signature::new(b"version: 1\r\ndn:"),
        Signature::new(b"version: 1\n\ndn:"),
        Signature::new(b"version: 1\r\n\r\ndn:"),
        Signature::new(b"dn: "),
        Signature::new(b"address,search-id,"),
    ],
    looks: book::looks,
    walk: book::walk,
    texts: None,
    picture: None,
};

/// What a text is more exactly, and what it gives away.
pub fn told(text: &[u8]) -> (Option<Kind>, Vec<Setting>) {
    let mut settings: Vec<Setting> = book::entries(text).into_iter().collect();
    let kind = if settings.is_empty() { None } else { Some(ADDRESS_BOOK) };
    settings.extend(keys::keys(text));
    settings.extend(servers::settings(text));
    settings.truncate(64);
    let kind = kind.or((!settings.is_empty()).then_some(SETTINGS));
    (kind, settings)
}
