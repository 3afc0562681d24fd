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

#[test]
fn a_header_that_tells_of_pages_and_of_no_table_is_none() {
    let script = STORE.replace("SIZE", "512").replace("MODE", "delete").replace("NAME", "");
    let Some(mut file) = python(&script) else { return };
    file[103..107].copy_from_slice(&[0, 0, 2, 0]);
    assert_eq!(walk(&SQLITE, &file), None);
}

/// A tree all of whose branches lead to one leaf.
#[test]
fn a_leaf_is_read_once_however_often_it_is_named() {
    let mut file = vec![0; 2 * 1024];
    file[..16].copy_from_slice(b"SQLite format 3\0");
    file[16..24].copy_from_slice(&[4, 0, 1, 1, 0, 64, 32, 32]);
    (file[31], file[47], file[59]) = (2, 4, 1);
    let places: Vec<u8> = (0..100).flat_map(|_| 900_u16.to_be_bytes()).collect();
    file[100..112].copy_from_slice(&[5, 0, 0, 0, 100, 3, 132, 0, 0, 0, 0, 2]);
    file[112..312].copy_from_slice(&places);
    file[900..904].copy_from_slice(&[0, 0, 0, 2]);
    let leaf = [13, 0, 0, 0, 1, 3, 132, 0, 3, 132];
    file[1024..1034].copy_from_slice(&leaf);
    file[1924..1936].copy_from_slice(b"\x00\x01\x05\x17\x35\x0d\x01table");
    file[1936..1956].fill(b'n');
    file[1956] = 2;
    let title = walk(&SQLITE, &file).and_then(|walked| walked.details.title);
    assert_eq!(title.map(|title| title.matches(',').count()), Some(0));
}

#[test]
fn blobs_that_end_in_zeros_are_no_holes() {
    let blobs = "
import sqlite3,tempfile
with tempfile.TemporaryDirectory() as d:
    c=sqlite3.connect(d+'/a')
    c.execute('create table data(x)')
    for x in BLOBS: c.execute('insert into data values(?)',[x])
    c.commit()
    c.close()
    out.write(open(d+'/a','rb').read())";
    for given in [
        "[bytes(20000)]",
        "[bytes(1000),'x'*900]",
        "[random.randbytes(9000)+bytes(9000),'x'*900,bytes(13000),'y'*9000]",
    ] {
        let Some(file) = python(&blobs.replace("BLOBS", given)) else { return };
        for behind in [vec![], vec![0; 9000], chance(9000)] {
            let walked = walk(&SQLITE, &[&file[..], &behind].concat()).unwrap();
            assert_eq!((walked.length, walked.end), (file.len() as u64, End::Whole), "{given}");
        }
    }
    // The end of a text that is zeros was lost.
    let texts = blobs.replace("BLOBS", "['x'*1000,'y'*1000,'z'*1000]");
    let Some(mut file) = python(&texts) else { return };
    let torn = file.len() - 1024;
    file[torn..].fill(0);
    assert_eq!(walk(&SQLITE, &file).unwrap().end, End::Broken);
}

#[test]
fn a_hole_does_not_cost_what_lies_behind_it() {
    let script = STORE.replace("SIZE", "512").replace("MODE", "delete").replace("NAME", "");
    let Some(mut file) = python(&script) else { return };
    file.truncate(512);
    let pages = 5 * super::HOPELESS as usize;
    file[28..32].copy_from_slice(&(pages as u32).to_be_bytes());
    let held = [&[0, 0, 0, 1][..], &[7; 508]].concat();
    file.extend(held.repeat(pages - 1));
    let hole = 51_200..51_200 + super::HOPELESS as usize * 512;
    file[hole.clone()].fill(0);
    let damaged = End::Damaged { at: hole.start as u64 };
    let walked = walk(&SQLITE, &file).unwrap();
    assert_eq!((walked.length, walked.end), (file.len() as u64, damaged));
    // Without anything behind it, it is cut there.
    file[hole.start..].fill(0);
    assert_eq!(walk(&SQLITE, &file).unwrap().end, End::Broken);
}

/// Over a gigabyte there is one page of zeros that no table uses.
#[test]
fn the_page_of_locks_is_no_gap() {
    struct Large(Vec<u8>);
    impl crate::Bytes for Large {
        fn len(&self) -> u64 {
            (super::LOCKED / 65_536 + 2) * 65_536
        }
        fn read_at(&self, at: u64, into: &mut [u8]) -> usize {
            let count = (into.len() as u64).min(self.len().saturating_sub(at)) as usize;
            into[..count].fill(0);
            let pages = at.div_ceil(65_536)..(at + count as u64).div_ceil(65_536);
            for page in pages.filter(|page| *page != super::LOCKED / 65_536) {
                into[(page * 65_536 + 3 - at) as usize] = 1;
            }
            let own = self.0.get(at as usize..).unwrap_or_default();
            let own = &own[..own.len().min(count)];
            into[..own.len()].copy_from_slice(own);
            count
        }
    }
    let script = STORE.replace("SIZE", "65536").replace("MODE", "delete").replace("NAME", "");
    let Some(mut file) = python(&script) else { return };
    file.truncate(65_536);
    let pages = (super::LOCKED / 65_536 + 2) as u32;
    file[28..32].copy_from_slice(&pages.to_be_bytes());
    let large = Large(file);
    let walked = (SQLITE.walk)(&mut crate::Stretch::new(&large)).unwrap();
    assert_eq!(walked.end, End::Whole);
}
