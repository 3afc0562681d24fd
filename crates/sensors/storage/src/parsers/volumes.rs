//! File systems. Most are given as [`Sectors`], so that few bytes make a large volume.

use super::sectors::Sectors;
use crate::{
    Bytes, Run, Stretch,
    volumes::{
        Content, EXFAT, FAT, FileSystem, ISO9660, MOST_HELD, NTFS, SQUASHFS,
        ext::{EXT, EXT_COPY, journal::Journal},
        jffs2::JFFS2,
        ubifs::{UBI, UBIFS},
        xfs::XFS,
    },
};

/// What is read byte by byte ends behind the last sector.
const SHORT: u64 = 1 << 20;

/// Reads a volume to its end, if it is one; no file may have more bytes than it says.
fn attempt(system: &FileSystem, volume: &dyn Bytes) {
    let Some(found) = (system.probe)(&mut Stretch::new(volume)) else { return };
    (system.read)(volume, &found, &mut |named| match named.content {
        Content::Runs(runs) => {
            let placed = runs.iter().fold(0_u64, |all, run| all.saturating_add(run.bytes));
            assert!(placed <= named.bytes, "{}", named.path);
        }
        Content::Held(held) => assert!(held.len() as u64 <= MOST_HELD),
        Content::Absent(_) => {}
    });
}

macro_rules! systems {
    ($($parser:ident: $($system:ident)+, $volume:expr;)+) => {
        $(pub fn $parser(bytes: &[u8]) {
            let volume = $volume(bytes);
            $(attempt(&$system, &volume);)+
        })+
    };
}

systems! {
    exfat: EXFAT, Sectors::large;
    ext: EXT EXT_COPY, Sectors::large;
    fat: FAT, Sectors::large;
    iso9660: ISO9660, Sectors::large;
    jffs2: JFFS2, <[u8]>::to_vec;
    ntfs: NTFS, Sectors::large;
    squashfs: SQUASHFS, Sectors::large;
    ubi: UBI, <[u8]>::to_vec;
    ubifs: UBIFS, |bytes| Sectors::new(bytes, SHORT);
    xfs: XFS, Sectors::large;
}

pub fn ext_journal(bytes: &[u8]) {
    let runs = [Run::new(0, bytes.len() as u64)];
    let bytes = bytes.to_vec();
    if let Some(journal) = Journal::read(&bytes, &runs, 1024) {
        for copy in journal.copies() {
            journal.load(&bytes, *copy);
            assert!(journal.before(copy.block, copy.sequence).is_some());
        }
        journal.overlay(&[Run::new(0, u64::MAX)], 1024);
    }
}
