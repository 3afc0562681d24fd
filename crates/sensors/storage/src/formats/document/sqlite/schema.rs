//! Whose database it is, by the names of its tables; and how many rows the table has that matters.

use std::collections::HashSet;

use super::page::{tree, u16_at, u32_at, varint};
use crate::Stretch;
use crate::formats::{Details, Family, Kind, Setting, Walked};

/// The most pages that are read to list tables and to count rows.
const MOST: usize = 50_000;
const MOST_TABLES: usize = 2000;
/// The most rows of the schema that are read: of indexes, views and triggers too.
const MOST_ROWS: usize = 100_000;
const LONGEST_NAME: usize = 200;

struct Known {
    table: &'static str,
    beside: &'static str,
    says: &'static str,
    contacts: bool,
}

const fn known(table: &'static str, beside: &'static str, says: &'static str) -> Known {
    Known { table, beside, says, contacts: false }
}

const fn contacts(table: &'static str, beside: &'static str, says: &'static str) -> Known {
    Known { table, beside, says, contacts: true }
}

/// A table whose rows count, another that must be there, and what it is.
const KNOWN: &[Known] = &[
    contacts("raw_contacts", "data", "Android contacts"),
    contacts("ZABCDRECORD", "ZABCDEMAILADDRESS", "macOS Contacts"),
    contacts("ABPerson", "ABMultiValue", "iOS contacts"),
    known("urls", "visits", "Chromium history"),
    known("cookies", "meta", "Chromium cookies"),
    known("logins", "meta", "Chromium logins"),
    known("moz_places", "moz_historyvisits", "Firefox history"),
    known("moz_cookies", "", "Firefox cookies"),
    known("moz_formhistory", "", "Firefox forms"),
    known("sms", "threads", "Android messages"),
    known("message", "chat", "iOS messages"),
    known("rcontact", "message", "WeChat messages"),
    known("messages", "attachments", "Outlook or Thunderbird messages"),
    known("ZACCOUNT", "", "Apple accounts"),
];

pub fn tell(stretch: &mut Stretch, size: u64, pages: u64, walked: &mut Walked) {
    let tables = tables(stretch, size, pages);
    let find = |name: &str| tables.iter().find(|(table, _)| table == name);
    let found = KNOWN.iter().find_map(|known| {
        let beside = known.beside.is_empty() || find(known.beside).is_some();
        find(known.table).filter(|_| beside).map(|(_, root)| (known, *root))
    });
    match found {
        Some((known, root)) => {
            let rows = rows(stretch, size, pages, root);
            walked.details.application = Details::text(known.says);
            walked.details.pages = Some(rows);
            if known.contacts {
                walked.kind = Some(Kind {
                    name: "contacts-sqlite",
                    family: Family::Contacts,
                    extension: "sqlite",
                });
                let setting = Setting {
                    kind: "address book",
                    entries: Some(rows),
                    at: Some(0),
                    ..Setting::default()
                };
                walked.details.settings.push(setting);
            }
        }
        None => {
            let names: Vec<&str> = tables.iter().map(|(name, _)| name.as_str()).take(8).collect();
            walked.details.title = Details::text(&names.join(", "));
        }
    }
}

/// Calls once with each leaf of the tree below a page.
fn leaves(
    stretch: &mut Stretch,
    size: u64,
    pages: u64,
    root: u32,
    take: &mut dyn FnMut(&[u8], usize, usize),
) {
    let (mut open, mut read) = (vec![root], HashSet::new());
    while let Some(number) = open.pop() {
        if read.len() >= MOST || number == 0 || u64::from(number) > pages || !read.insert(number) {
            continue;
        }
        let page = stretch.peek(u64::from(number - 1) * size, size as usize);
        let start = if number == 1 { 100 } else { 0 };
        let Some((places, cells)) = tree(page, start) else { continue };
        if page[start] == 13 {
            take(page, places, cells);
        } else if page[start] == 5 {
            let child = |cell: usize| u32_at(page, u16_at(page, places + cell * 2)?);
            let room = MOST.saturating_sub(open.len());
            open.extend(u32_at(page, start + 8));
            open.extend((0..cells).rev().filter_map(child).take(room));
        }
    }
}

fn rows(stretch: &mut Stretch, size: u64, pages: u64, root: u32) -> u32 {
    let mut rows = 0_u32;
    leaves(stretch, size, pages, root, &mut |_, _, cells| rows = rows.saturating_add(cells as u32));
    rows
}

/// The names of tables, with the pages where they begin.
fn tables(stretch: &mut Stretch, size: u64, pages: u64) -> Vec<(String, u32)> {
    let (mut tables, mut left) = (Vec::new(), MOST_ROWS);
    leaves(stretch, size, pages, 1, &mut |page, places, cells| {
        let cells = cells.min(left);
        left -= cells;
        let rows = (0..cells).filter_map(|cell| row(page, u16_at(page, places + cell * 2)?));
        let room = MOST_TABLES.saturating_sub(tables.len());
        tables.extend(rows.take(room));
    });
    tables
}

/// A row of the schema that is a table.
fn row(page: &[u8], at: usize) -> Option<(String, u32)> {
    let (_, at) = varint(page, at)?;
    let (_, start) = varint(page, at)?;
    let (head, mut at) = varint(page, start)?;
    let mut body = start.checked_add(usize::try_from(head).ok()?)?;
    let mut fields: [&[u8]; 4] = [&[]; 4];
    for field in &mut fields {
        let (kind, next) = varint(page, at)?;
        at = next;
        let bytes = match kind {
            0 | 8 | 9 => 0,
            1..=4 => kind,
            5 => 6,
            6 | 7 => 8,
            _ => kind.saturating_sub(12) / 2,
        };
        let end = body.checked_add(usize::try_from(bytes).ok()?)?;
        *field = page.get(body..end)?;
        body = end;
    }
    let root = fields[3].iter().fold(0_u32, |sum, byte| sum << 8 | u32::from(*byte));
    let name = &fields[1][..fields[1].len().min(LONGEST_NAME)];
    (fields[0] == b"table").then(|| (String::from_utf8_lossy(name).into_owned(), root))
}
