//! `rpmdb.sqlite`: an SQLite 3 file whose table `Packages` has one header in each row.

use super::Records;
use crate::sqlite::{Value, Visitor, table};

type EachHeader<'a> = &'a mut dyn FnMut(&mut Records<'_>, &str, &[u8]);

pub fn read(content: &[u8], records: &mut Records<'_>) {
    rows(content, records, &mut |records, place, blob| records.header(place, blob));
}

/// Shows the place and the header of every row.
pub fn rows(content: &[u8], records: &mut Records<'_>, each: EachHeader<'_>) {
    table(content, "Packages", &mut Packages { records, each });
}

struct Packages<'a, 'r> {
    records: &'a mut Records<'r>,
    each: EachHeader<'a>,
}

impl Visitor for Packages<'_, '_> {
    fn row(&mut self, number: i64, values: &[Value<'_>]) {
        let place = format!("row {number}");
        match values {
            [_, Value::Bytes(blob), ..] => (self.each)(self.records, &place, blob),
            _ => self.records.fault(&place, "no record of a number and a header"),
        }
    }

    fn fault(&mut self, place: &str, detail: String) {
        self.records.fault(place, detail);
    }

    fn end(&mut self, detail: &str) {
        self.records.end(detail);
    }

    fn over(&self) -> bool {
        self.records.over
    }
}
