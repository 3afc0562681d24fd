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

/// Walks by one of the forms of printers, then has the texts and the picture of what was found.
fn printer(kind: &str, bytes: &[u8]) {
    use crate::{Stretch, formats};
    struct Count(u64);
    impl formats::Texts for Count {
        fn begin(&mut self, _: &'static str) {}
        fn push(&mut self, bytes: &[u8]) {
            self.0 += bytes.len() as u64;
        }
    }
    let bytes = bytes.to_vec();
    let forms = formats::printer::FORMATS.iter().filter(|form| form.kind.name == kind);
    for form in forms {
        let mut stretch = Stretch::new(&bytes);
        (form.looks)(&bytes[..bytes.len().min(512)]);
        let Some(walked) = (form.walk)(&mut stretch) else { continue };
        assert!(
            walked.length > 0
                && walked.length <= bytes.len() as u64
                && walked.sound() <= walked.length
        );
        if let Some(texts) = form.texts {
            texts(&mut stretch, &walked, &mut Count(0));
        }
        if let Some(picture) = form.picture {
            picture(&mut stretch, &walked);
        }
    }
}

pub fn pjl(bytes: &[u8]) {
    printer("pjl", bytes);
}

pub fn pcl(bytes: &[u8]) {
    printer("pcl5", bytes);
}

pub fn pcl_xl(bytes: &[u8]) {
    printer("pcl-xl", bytes);
}

pub fn postscript(bytes: &[u8]) {
    printer("postscript", bytes);
}

pub fn eps(bytes: &[u8]) {
    printer("eps", bytes);
}

pub fn raster(bytes: &[u8]) {
    printer("cups-raster", bytes);
}

pub fn urf(bytes: &[u8]) {
    printer("apple-raster", bytes);
}

pub fn escp(bytes: &[u8]) {
    printer("esc-p", bytes);
}

pub fn escpos(bytes: &[u8]) {
    printer("esc-pos", bytes);
}

pub fn zpl(bytes: &[u8]) {
    printer("zpl", bytes);
}

pub fn hpgl(bytes: &[u8]) {
    printer("hp-gl", bytes);
}

pub fn ejl(bytes: &[u8]) {
    printer("ejl", bytes);
}

pub fn zjstream(bytes: &[u8]) {
    printer("zjstream", bytes);
}

pub fn slx(bytes: &[u8]) {
    printer("slx", bytes);
}

pub fn oakt(bytes: &[u8]) {
    printer("oakt", bytes);
}

pub fn emf_spool(bytes: &[u8]) {
    printer("emf-spool", bytes);
}

pub fn emf(bytes: &[u8]) {
    printer("emf", bytes);
}

pub fn shd(bytes: &[u8]) {
    printer("shd", bytes);
}

pub fn ipp_control(bytes: &[u8]) {
    printer("cups-control", bytes);
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
