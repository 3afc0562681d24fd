//! Address books as tables: LDIF, and what devices export.

use super::super::text::{
    ending,
    lines::{Lines, is_foreign, trimmed},
};
use crate::{
    Stretch,
    formats::{Details, Proof, Setting, Walked},
};

/// So much of a text is held to look for entries; one without any in it is no book.
const HELD: u64 = 256 * 1024;

pub fn looks(head: &[u8]) -> bool {
    let text = !head.iter().take(48).any(|byte| is_foreign(*byte));
    let is = |start: &[u8]| head.starts_with(start);
    let named = is(b"# Canon AddressBook") || is(b"XrxAddressBookId") || is(b"address,search-id,");
    text && (named || looks_ldif(head))
}

/// `dn: ` and an attribute, and then another line of the kind.
fn looks_ldif(head: &[u8]) -> bool {
    let mut lines = head.split(|byte| *byte == b'\n').map(<[u8]>::trim_ascii_end);
    let mut first = lines.next().unwrap_or_default();
    if first == b"version: 1" {
        // A line between them is usual.
        first = lines.find(|line| !line.is_empty()).unwrap_or_default();
    }
    let named =
        first.strip_prefix(b"dn: ").is_some_and(|name| memchr::memchr(b'=', name).is_some());
    let attribute = lines.next().is_some_and(|line| {
        let colon = memchr::memchr(b':', line).unwrap_or(0);
        colon > 1
            && line[..colon]
                .iter()
                .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b';'))
    });
    named && attribute
}

pub fn walk(stretch: &mut Stretch) -> Option<Walked> {
    looks(stretch.peek(0, 512)).then_some(())?;
    let end = stretch.len();
    let ldif = stretch.starts(0, b"dn: ") || stretch.starts(0, b"version: 1");
    let named = ldif || stretch.starts(0, b"# Canon");
    let mut lines = Lines::new(stretch, 0, end);
    let (mut count, mut stop, mut sure) = (0_u32, None, false);
    while stop.is_none() {
        let place = lines.place();
        if place >= HELD && !sure {
            sure = count > 0 || entries(lines.stretch().peek(0, HELD as usize)).is_some();
            sure.then_some(())?;
        }
        let Some((_, line)) = lines.take() else { break };
        let (text, length) = (trimmed(line), line.len() as u64);
        if ldif && !is_ldif(text) {
            stop = Some(place);
            break;
        }
        count = count.saturating_add(u32::from(begins_entry(text, named)));
        stop = ending::another(lines.stretch(), place, length).filter(|_| place > 0);
    }
    let at = lines.place();
    let length = stop.unwrap_or_else(|| ending::settle(lines.stretch(), at));
    let held = stretch.peek(0, length.min(HELD) as usize).to_vec();
    let entries = entries(&held).and_then(|entry| entry.entries).unwrap_or(count);
    if entries == 0 || length < 64 {
        return None;
    }
    let entries = entries.max(count);
    let book =
        Setting { kind: "address book", entries: Some(entries), at: Some(0), ..Setting::default() };
    let details = Details { pages: Some(entries), settings: vec![book], ..Details::default() };
    Some(Walked { details, ..Walked::whole(length, Proof::Structure) })
}

fn is_ldif(line: &[u8]) -> bool {
    matches!(line.first(), None | Some(b' ' | b'#' | b'-'))
        || memchr::memchr(b':', &line[..line.len().min(128)]).is_some()
}

fn begins_entry(line: &[u8], named: bool) -> bool {
    line.starts_with(b"dn:") || !named && memchr::memchr(b'@', line).is_some()
}

/// The address book that a text is, if it is one.
pub fn entries(text: &[u8]) -> Option<Setting> {
    let found = canon(text).or_else(|| kyocera(text)).or_else(|| table(text))?;
    (found > 0).then(|| Setting {
        kind: "address book",
        entries: Some(found),
        at: Some(0),
        ..Setting::default()
    })
}

fn canon(text: &[u8]) -> Option<u32> {
    let book = text.starts_with(b"# Canon AddressBook") || looks_ldif(text);
    book.then(|| count(text, b"\ndn:") + u32::from(text.starts_with(b"dn:")))
}

/// XML whose root is an address book of a device.
fn kyocera(text: &[u8]) -> Option<u32> {
    let head = &text[..text.len().min(1024)];
    memchr::memmem::find(head, b"<DeviceAddressBook")?;
    Some(count(text, b"Type=\"Contact\""))
}

fn count(text: &[u8], needle: &[u8]) -> u32 {
    memchr::memmem::find_iter(text, needle).count() as u32
}

/// A table whose first lines name a column of addresses and one of names; its rows with an address are counted.
fn table(text: &[u8]) -> Option<u32> {
    let mut lines = text.split(|byte| *byte == b'\n');
    let header = lines.by_ref().take(8).find(|line| is_header(line))?;
    let separator = [b',', b';', b'\t']
        .into_iter()
        .max_by_key(|one| header.iter().filter(|byte| *byte == one).count())?;
    let columns = header.iter().filter(|byte| **byte == separator).count();
    let row = |line: &&[u8]| {
        memchr::memchr(b'@', line).is_some()
            && line.iter().filter(|byte| **byte == separator).count() + 2 > columns / 2
    };
    Some(lines.filter(row).count() as u32).filter(|rows| *rows > 0)
}

fn is_header(line: &[u8]) -> bool {
    if line.len() > 8192 {
        return false;
    }
    let cells = line.split(|byte| matches!(byte, b',' | b';' | b'\t'));
    let cells = cells.take(256).map(|cell| {
        let letters = cell.iter().filter(|byte| byte.is_ascii_alphanumeric());
        letters.map(u8::to_ascii_lowercase).take(32).collect::<Vec<u8>>()
    });
    let (mut mail, mut name) = (false, false);
    for cell in cells {
        mail |= MAIL.iter().any(|one| cell == one.as_bytes());
        name |= NAME.iter().any(|one| cell == one.as_bytes());
    }
    mail && name
}

/// Names of columns, as letters and digits alone.
const MAIL: &[&str] = &[
    "email",
    "mail",
    "emailaddress",
    "mailaddress",
    "email1value",
    "primaryemail",
    "emailaddress1",
    "e1mail",
    "emailaddr",
    "smtpaddress",
    "scantoemail",
    "emailaddressorfaxnumber",
];
const NAME: &[&str] = &[
    "name",
    "displayname",
    "firstname",
    "lastname",
    "fullname",
    "surname",
    "username",
    "keydisplay",
    "registrationname",
    "abbrname",
    "entryname",
    "destinationname",
    "nickname",
    "searchstring",
];
