//! Images of media, dumps of flash, and the tables of partitions on them.

use super::sectors::Sectors;
use crate::{
    Run,
    media::{
        Geometry,
        ewf::Ewf,
        flash::{self, Flash},
        layer::Layer,
        qcow2::Qcow2,
    },
    partitions::{self, Slot},
};

/// Reads all of a layer that is not too long, and a few places of one that is.
fn read(layer: &dyn Layer) {
    let mut bytes = vec![0; 64 * 1024];
    let len = layer.len();
    let far = [len / 2, len.saturating_sub(1)].into_iter();
    for at in (0..len.min(1 << 20)).step_by(bytes.len()).chain(far) {
        let count = (len - at.min(len)).min(bytes.len() as u64) as usize;
        let (start, end) = (at, at.saturating_add(count as u64));
        layer.read(at, &mut bytes[..count], &mut |run: Run| {
            assert!(run.start >= start && run.end() <= end, "{run:?} is not of {start} to {end}");
        });
    }
    // Not from every place: a gap is looked for through all tables behind it.
    for at in [0, len / 2].into_iter().filter(|at| *at < len) {
        assert!(layer.gap(at, len).is_none_or(|gap| gap.end > at && gap.end <= len));
    }
}

pub fn media_ewf(bytes: &[u8]) {
    if let Ok(image) = Ewf::single(Box::new(Sectors::large(bytes))) {
        image.lost().for_each(|run| assert!(run.end() <= image.len()));
        image.about();
        read(&image);
    }
}

pub fn media_qcow2(bytes: &[u8]) {
    if let Ok(image) = Qcow2::single(Box::new(Sectors::large(bytes))) {
        image.about();
        read(&image);
    }
}

/// Which geometry, how many blocks of 32 pages, what the spare areas begin with; what follows is repeated in the pages, by
/// one byte later in each. Pages of up to 4 KiB, so that many are tried. What is recognised must read as the pages alone.
pub fn media_flash(bytes: &[u8]) {
    let [geometry, blocks, first, pattern @ ..] = bytes else { return };
    let pattern = if pattern.is_empty() { &[0xFF] } else { &pattern[..pattern.len().min(4096)] };
    let geometry = flash::KNOWN[usize::from(*geometry) % 5];
    let size = geometry.page as usize;
    let repeated = pattern.repeat(size.div_ceil(pattern.len()) + 1);
    let spare: Vec<u8> =
        (0..geometry.spare).map(|at| first.wrapping_add((at * 7 * at) as u8)).collect();
    let (mut dump, mut pages) = (Vec::new(), Vec::new());
    for row in 0..usize::from(*blocks % 4) * 32 {
        let page = &repeated[row % pattern.len()..][..size];
        pages.extend_from_slice(page);
        dump.extend_from_slice(page);
        dump.extend_from_slice(&spare);
    }
    if let Some(recognised) = flash::recognise(&dump) {
        read(&Flash::new(Box::new(dump.clone()), recognised));
    }
    let flash = Flash::new(Box::new(dump), geometry);
    let from = (pattern.len() as u64 * 37).min(flash.len());
    let mut alone = vec![0; (flash.len() - from) as usize];
    flash.read(from, &mut alone, &mut |run| panic!("{run:?} is not lost"));
    assert!(alone == pages[from as usize..]);
    read(&Flash::new(Box::new(bytes.to_vec()), Geometry::new(512, 16)));
}

pub fn partitions(bytes: &[u8]) {
    let medium = bytes.to_vec();
    let len = bytes.len() as u64;
    for sector in [None, Some(512), Some(4096)] {
        let observed = partitions::read(&medium, sector);
        assert!(observed.rows.iter().all(|slot: &Slot| slot.end() <= len));
        let lost = partitions::found(len, &observed.rows, &[len / 2], &mut |at| Some(at ^ 0x200));
        assert!(lost.iter().all(|slot| slot.end() <= len));
    }
    partitions::encryption(&medium);
}
