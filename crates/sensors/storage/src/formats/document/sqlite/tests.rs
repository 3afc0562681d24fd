use super::{LOG, SQLITE};
use crate::formats::{
    End, Family,
    document::specimens::{chance, holds, python, walk},
};

const STORE: &str = "
import sqlite3,tempfile,os
with tempfile.TemporaryDirectory() as d:
    c=sqlite3.connect(d+'/a')
    c.execute('pragma page_size=SIZE')
    c.execute('pragma journal_mode=MODE')
    c.execute('create table raw_contacts(name text)')
    c.execute('create table data(x text)')
    c.executemany('insert into raw_contacts values(?)',[(str(random.random())*9,) for _ in range(300)])
    c.commit()
    out.write(open(d+'/aNAME','rb').read())
    c.close()";

#[test]
fn an_address_book_is_told_with_its_rows() {
    for size in ["512", "4096", "65536"] {
        let script = STORE.replace("SIZE", size).replace("MODE", "delete").replace("NAME", "");
        let Some(file) = python(&script) else { return };
        let walked = holds(&SQLITE, &file);
        assert_eq!(walked.kind.unwrap().family, Family::Contacts, "{size}");
        assert_eq!(walked.details.settings[0].entries, Some(300), "{size}");
    }
}

#[test]
fn a_foreign_page_is_noticed() {
    let script = STORE.replace("SIZE", "1024").replace("MODE", "delete").replace("NAME", "");
    let Some(mut file) = python(&script) else { return };
    file[30_720..31_744].copy_from_slice(&chance(1024));
    assert_eq!(walk(&SQLITE, &file).unwrap().end, End::Damaged { at: 30_720 });
}

#[test]
fn a_log_ends_with_its_last_frame() {
    let script = STORE.replace("SIZE", "1024").replace("MODE", "wal").replace("NAME", "-wal");
    let Some(file) = python(&script) else { return };
    let walked = walk(&LOG, &[&file[..], &chance(5000)].concat()).unwrap();
    assert_eq!((walked.length, walked.end), (file.len() as u64, End::Whole));
    let cut = walk(&LOG, &file[..file.len() - 1100]).unwrap();
    assert_eq!(cut.end, End::Broken);
}
