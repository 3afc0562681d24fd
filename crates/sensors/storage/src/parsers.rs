//! Each byte parser as one function of bytes, for the fuzz targets.

use crate::volumes;

// File systems: see `volumes::sectors` for how an input is a volume.

pub fn fat(bytes: &[u8]) {
    volumes::attempt(&volumes::FAT, bytes);
}

pub fn exfat(bytes: &[u8]) {
    volumes::attempt(&volumes::EXFAT, bytes);
}

pub fn ntfs(bytes: &[u8]) {
    volumes::attempt(&volumes::NTFS, bytes);
}

pub fn iso9660(bytes: &[u8]) {
    volumes::attempt(&volumes::ISO9660, bytes);
}

pub fn squashfs(bytes: &[u8]) {
    volumes::attempt(&volumes::SQUASHFS, bytes);
}

use crate::{Run, media::layer::Layer};

/// Reads all of a layer that is not too long, and a few places of one that is.
fn read_layer(layer: &dyn Layer) {
    let mut bytes = vec![0; 64 * 1024];
    let len = layer.len();
    let far = [len / 2, len.saturating_sub(1)].into_iter();
    for at in (0..len.min(1 << 20)).step_by(bytes.len()).chain(far) {
        let count = (len - at.min(len)).min(bytes.len() as u64) as usize;
        let (start, end) = (at, at.saturating_add(count as u64));
        layer.read(at, &mut bytes[..count], &mut |run: Run| {
            assert!(run.start >= start && run.end() <= end, "{run:?} is not of {start} to {end}");
        });
        assert!(layer.hole(at).is_none_or(|end| end > at && end <= len));
    }
}

pub fn media_ewf(bytes: &[u8]) {
    if let Ok(image) = crate::media::ewf::Ewf::single(Box::new(bytes.to_vec())) {
        image.lost().for_each(|run| assert!(run.end() <= image.len()));
        image.about();
        read_layer(&image);
    }
}

pub fn media_qcow2(bytes: &[u8]) {
    if let Ok(image) = crate::media::qcow2::Qcow2::single(Box::new(bytes.to_vec())) {
        image.about();
        read_layer(&image);
    }
}

pub fn media_flash(bytes: &[u8]) {
    use crate::media::{Geometry, flash};
    let dump = bytes.to_vec();
    let recognised = flash::recognise(&dump);
    for geometry in recognised.into_iter().chain([Geometry::new(512, 16)]) {
        read_layer(&flash::Flash::new(Box::new(dump.clone()), geometry));
    }
}

pub fn media_identify(bytes: &[u8]) {
    use crate::media::{About, Form, Identify};
    if let Some(identify) = Identify::new(bytes) {
        identify.tell(&mut About::new(Form::Device, 0));
        assert!(identify.sector() >= 512 && identify.sectors() <= u64::MAX / 2 || identify.wide());
    }
}

pub fn partitions(bytes: &[u8]) {
    let medium = bytes.to_vec();
    for sector in [None, Some(512), Some(4096)] {
        let observed = crate::partitions::read(&medium, sector);
        let inside = |slot: &crate::partitions::Slot| slot.end() <= bytes.len() as u64;
        assert!(observed.rows.iter().all(inside));
    }
    crate::partitions::encryption(&medium);
}

/// A volume by one file system; no file may have more bytes than it says.
fn read_volume(system: &crate::volumes::FileSystem, volume: &[u8]) {
    use crate::volumes::{Content, MOST_HELD};
    let volume = volume.to_vec();
    let Some(found) = (system.probe)(&mut crate::Stretch::new(&volume)) else { return };
    (system.read)(&volume, &found, &mut |named| match named.content {
        Content::Runs(runs) => {
            let placed = runs.iter().fold(0_u64, |all, run| all.saturating_add(run.bytes));
            assert!(placed <= named.bytes, "{}", named.path);
        }
        Content::Held(held) => assert!(held.len() as u64 <= MOST_HELD),
        Content::Absent(_) => {}
    });
}

/// What comes before the superblock says nothing.
pub fn ext(bytes: &[u8]) {
    read_volume(&crate::volumes::ext::EXT, &[&[0; 1024], bytes].concat());
}

pub fn ext_journal(bytes: &[u8]) {
    use crate::volumes::ext::journal::Journal;
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

pub fn xfs(bytes: &[u8]) {
    read_volume(&crate::volumes::xfs::XFS, bytes);
}

pub fn jffs2(bytes: &[u8]) {
    read_volume(&crate::volumes::jffs2::JFFS2, bytes);
}

pub fn ubifs(bytes: &[u8]) {
    read_volume(&crate::volumes::ubifs::UBIFS, bytes);
    read_volume(&crate::volumes::ubifs::UBI, bytes);
}

pub fn lzo(bytes: &[u8]) {
    if let Some(unpacked) = crate::lzo::unpack(bytes, 1 << 16) {
        assert!(unpacked.len() <= 1 << 16);
    }
}

// Words, known documents, mail and texts.

/// Walks what the bytes are, reads its texts, and sees that nothing reaches over the end.
fn follow_form(format: &crate::formats::Format, bytes: &[u8]) {
    struct Nowhere;
    impl crate::formats::Texts for Nowhere {
        fn begin(&mut self, _: &'static str) {}
        fn push(&mut self, _: &[u8]) {}
    }
    let bytes = bytes.to_vec();
    (format.looks)(&bytes[..bytes.len().min(512)]);
    let mut stretch = crate::Stretch::new(&bytes);
    if let Some(walked) = (format.walk)(&mut stretch) {
        assert!(walked.length <= bytes.len() as u64 && walked.sound() <= walked.length);
        if let Some(texts) = format.texts {
            texts(&mut stretch, &walked, &mut Nowhere);
        }
    }
}

pub fn mail(bytes: &[u8]) {
    follow_form(&crate::formats::document::mail::EML, bytes);
}

pub fn mbox(bytes: &[u8]) {
    follow_form(&crate::formats::document::mail::MBOX, bytes);
}

pub fn rtf(bytes: &[u8]) {
    follow_form(&crate::formats::document::rtf::RTF, bytes);
}

pub fn pem(bytes: &[u8]) {
    follow_form(&crate::formats::document::contacts::PEM, bytes);
}

pub fn contacts(bytes: &[u8]) {
    use crate::formats::document::contacts;
    for format in [&contacts::VCARD, &contacts::ICALENDAR, &contacts::BOOK] {
        follow_form(format, bytes);
    }
    contacts::told(bytes);
}

pub fn markup(bytes: &[u8]) {
    use crate::formats::document::markup;
    follow_form(&markup::XML, bytes);
    follow_form(&markup::HTML, bytes);
}

pub fn text_runs(bytes: &[u8]) {
    use crate::formats::document::text;
    let medium = bytes.to_vec();
    let all = medium.len() as u64;
    let mut done = 0;
    text::runs(&medium, Run::new(0, all), &mut |start, walked| {
        assert!(start >= done && start + walked.length <= all);
        done = start + walked.length;
    });
    text::whole(&mut crate::Stretch::new(&medium));
}

pub fn marks_text(bytes: &[u8]) {
    use crate::{formats::Texts, marks::{Reading, Words}};
    static WORDS: std::sync::LazyLock<Words> =
        std::sync::LazyLock::new(|| Words::new(&["Äther".into(), "天罗".into()]).0);
    let mut reading = Reading::new(&WORDS);
    for text in bytes.split(|byte| *byte == b'|') {
        reading.begin("text");
        text.chunks(5).for_each(|piece| reading.push(piece));
    }
    assert!(reading.finish().iter().all(|found| found.times <= bytes.len() as u64));
}

/// The first half is a document, the second a medium.
pub fn known_block(bytes: &[u8]) {
    use crate::known::{Known, Seen};
    let (document, medium) = bytes.split_at(bytes.len() / 2);
    let source: Box<dyn std::io::Read> = Box::new(document);
    let (known, _) = Known::read([("document".to_owned(), source)].into_iter());
    let mut seen = Seen::default();
    known.blocks(medium, |at, place| seen.block(place, at as u64));
    for row in seen.rows(&known, &medium.to_vec()) {
        assert!(row.blocks <= row.of_blocks);
    }
}
