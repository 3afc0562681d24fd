//! Each byte parser as one function of bytes, for the fuzz targets.

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
    let dump = bytes.to_vec();
    if let Some(geometry) = crate::media::flash::recognise(&dump) {
        read_layer(&crate::media::flash::Flash::new(Box::new(dump), geometry));
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
