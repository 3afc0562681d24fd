//! Each byte parser as one function of bytes, for the fuzz targets.

use crate::volumes;

// File systems: see `volumes::sectors` for how an input is a volume.

pub fn fat(bytes: &[u8]) {
    volumes::attempt_sectors(&volumes::FAT, bytes);
}

pub fn exfat(bytes: &[u8]) {
    volumes::attempt_sectors(&volumes::EXFAT, bytes);
}

pub fn ntfs(bytes: &[u8]) {
    volumes::attempt_sectors(&volumes::NTFS, bytes);
}

pub fn iso9660(bytes: &[u8]) {
    volumes::attempt_sectors(&volumes::ISO9660, bytes);
}

pub fn squashfs(bytes: &[u8]) {
    volumes::attempt_sectors(&volumes::SQUASHFS, bytes);
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

pub fn partitions(bytes: &[u8]) {
    let medium = bytes.to_vec();
    for sector in [None, Some(512), Some(4096)] {
        let observed = crate::partitions::read(&medium, sector);
        let inside = |slot: &crate::partitions::Slot| slot.end() <= bytes.len() as u64;
        assert!(observed.rows.iter().all(inside));
    }
    crate::partitions::encryption(&medium);
}

/// Takes texts and keeps none.
struct Unheard;

impl crate::formats::Texts for Unheard {
    fn begin(&mut self, _: &'static str) {}
    fn push(&mut self, _: &[u8]) {}
}

/// Walks by the forms of these names, and asks all that they tell of what was found.
fn walked(names: &[&str], bytes: &[u8]) {
    for format in crate::formats::all().filter(|format| names.contains(&format.kind.name)) {
        follow(format, bytes);
    }
}

fn follow(format: &crate::formats::Format, bytes: &[u8]) {
    let bytes = bytes.to_vec();
    (format.looks)(&bytes[..bytes.len().min(512)]);
    let mut stretch = crate::Stretch::new(&bytes);
    let Some(walked) = (format.walk)(&mut stretch) else { return };
    assert!(walked.length <= bytes.len() as u64 && walked.sound() <= walked.length);
    if let Some(texts) = format.texts {
        texts(&mut stretch, &walked, &mut Unheard);
    }
    if let Some(joints) = format.joints() {
        joints(&mut stretch, &walked, 1 << 20);
    }
    if let Some(small) = format.picture.and_then(|picture| picture(&mut stretch, &walked)) {
        crate::formats::picture::png(&small);
    }
}

pub fn pjl(bytes: &[u8]) {
    walked(&["pjl"], bytes);
}

pub fn pcl(bytes: &[u8]) {
    walked(&["pcl5"], bytes);
}

pub fn pcl_xl(bytes: &[u8]) {
    walked(&["pcl-xl"], bytes);
}

pub fn postscript(bytes: &[u8]) {
    walked(&["postscript"], bytes);
}

pub fn eps(bytes: &[u8]) {
    walked(&["eps"], bytes);
}

pub fn raster(bytes: &[u8]) {
    walked(&["cups-raster"], bytes);
}

pub fn urf(bytes: &[u8]) {
    walked(&["apple-raster"], bytes);
}

pub fn escp(bytes: &[u8]) {
    walked(&["esc-p"], bytes);
}

pub fn escpos(bytes: &[u8]) {
    walked(&["esc-pos"], bytes);
}

pub fn zpl(bytes: &[u8]) {
    walked(&["zpl"], bytes);
}

pub fn hpgl(bytes: &[u8]) {
    walked(&["hp-gl"], bytes);
}

pub fn ejl(bytes: &[u8]) {
    walked(&["ejl"], bytes);
}

pub fn zjstream(bytes: &[u8]) {
    walked(&["zjstream"], bytes);
}

pub fn slx(bytes: &[u8]) {
    walked(&["slx"], bytes);
}

pub fn oakt(bytes: &[u8]) {
    walked(&["oakt"], bytes);
}

pub fn emf_spool(bytes: &[u8]) {
    walked(&["emf-spool"], bytes);
}

pub fn emf(bytes: &[u8]) {
    walked(&["emf"], bytes);
}

pub fn shd(bytes: &[u8]) {
    walked(&["shd"], bytes);
}

pub fn ipp_control(bytes: &[u8]) {
    walked(&["cups-control"], bytes);
}

pub fn jpeg(bytes: &[u8]) {
    walked(&["jpeg"], bytes);
}

pub fn png(bytes: &[u8]) {
    walked(&["png"], bytes);
}

pub fn tiff(bytes: &[u8]) {
    walked(&["tiff"], bytes);
}

pub fn jbig2(bytes: &[u8]) {
    walked(&["jbig2"], bytes);
}

pub fn jpeg2000(bytes: &[u8]) {
    walked(&["jp2", "j2k"], bytes);
}

pub fn gif(bytes: &[u8]) {
    walked(&["gif"], bytes);
}

pub fn bmp(bytes: &[u8]) {
    walked(&["bmp"], bytes);
}

pub fn webp(bytes: &[u8]) {
    walked(&["webp"], bytes);
}

pub fn heif(bytes: &[u8]) {
    walked(&["heic"], bytes);
}

pub fn pcx(bytes: &[u8]) {
    walked(&["pcx", "dcx"], bytes);
}

pub fn ext(bytes: &[u8]) {
    volumes::attempt_sectors(&volumes::ext::EXT, bytes);
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
    volumes::attempt_sectors(&volumes::xfs::XFS, bytes);
}

pub fn jffs2(bytes: &[u8]) {
    volumes::attempt(&volumes::jffs2::JFFS2, &bytes.to_vec());
}

pub fn ubifs(bytes: &[u8]) {
    volumes::attempt_sectors(&volumes::ubifs::UBIFS, bytes);
}

pub fn ubi(bytes: &[u8]) {
    volumes::attempt(&volumes::ubifs::UBI, &bytes.to_vec());
}

pub fn lzo(bytes: &[u8]) {
    if let Some(unpacked) = crate::lzo::unpack(bytes, 1 << 16) {
        assert!(unpacked.len() <= 1 << 16);
    }
}

pub fn pdf(bytes: &[u8]) {
    walked(&["pdf"], bytes);
}

/// A program that draws a page, with a map of its font.
pub fn pdf_text(bytes: &[u8]) {
    let head = b"%PDF-1.4\n1 0 obj <</Type/Font/ToUnicode 3 0 R>> endobj 2 0 obj <</Font<</F 1 0 R>>>> endobj\n";
    let mut file = head.to_vec();
    for number in [3, 4] {
        file.extend(format!("{number} 0 obj <</Length {}>> stream\n", bytes.len()).bytes());
        file.extend(bytes);
        file.extend(b"\nendstream endobj\n");
    }
    file.extend(b"startxref 0 %%EOF\n");
    walked(&["pdf"], &file);
}

pub fn zip_family(bytes: &[u8]) {
    walked(&["zip"], bytes);
}

pub fn ole2(bytes: &[u8]) {
    walked(&["ole2"], bytes);
}

pub fn gzip(bytes: &[u8]) {
    walked(&["gzip"], bytes);
}

pub fn bzip2(bytes: &[u8]) {
    walked(&["bzip2"], bytes);
}

pub fn xz(bytes: &[u8]) {
    walked(&["xz"], bytes);
}

pub fn zstd(bytes: &[u8]) {
    walked(&["zstd"], bytes);
}

pub fn seven_zip(bytes: &[u8]) {
    walked(&["7z"], bytes);
}

pub fn rar(bytes: &[u8]) {
    walked(&["rar"], bytes);
}

pub fn tar(bytes: &[u8]) {
    walked(&["tar"], bytes);
}

pub fn cpio_cabinet(bytes: &[u8]) {
    walked(&["cpio", "cab"], bytes);
}

pub fn sqlite(bytes: &[u8]) {
    walked(&["sqlite", "sqlite-wal"], bytes);
}

pub fn regf(bytes: &[u8]) {
    walked(&["registry"], bytes);
}

pub fn evtx(bytes: &[u8]) {
    walked(&["evtx"], bytes);
}

pub fn lnk(bytes: &[u8]) {
    walked(&["lnk"], bytes);
}

pub fn elf(bytes: &[u8]) {
    walked(&["elf"], bytes);
}

pub fn mail(bytes: &[u8]) {
    follow(&crate::formats::document::mail::EML, bytes);
}

pub fn mbox(bytes: &[u8]) {
    follow(&crate::formats::document::mail::MBOX, bytes);
}

pub fn rtf(bytes: &[u8]) {
    follow(&crate::formats::document::rtf::RTF, bytes);
}

pub fn pem(bytes: &[u8]) {
    follow(&crate::formats::document::contacts::PEM, bytes);
}

pub fn contacts(bytes: &[u8]) {
    use crate::formats::document::contacts;
    for format in [&contacts::VCARD, &contacts::ICALENDAR, &contacts::BOOK] {
        follow(format, bytes);
    }
    contacts::told(bytes);
}

pub fn markup(bytes: &[u8]) {
    use crate::formats::document::markup;
    follow(&markup::XML, bytes);
    follow(&markup::HTML, bytes);
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
    use crate::{
        formats::Texts,
        marks::{Reading, Words},
    };
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

pub fn sweep_journal(bytes: &[u8]) {
    crate::sweep::parse_journal(bytes);
}

/// Certificates and custody records, as rows.
pub fn papers(bytes: &[u8]) {
    crate::papers::parse(bytes);
}
