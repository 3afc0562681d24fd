//! Writes a preview as PNG, small enough for a table.

use std::io::Write;

use flate2::{Compression, write::ZlibEncoder};

use crate::formats::{Picture, Shrink};

/// The most bytes of one preview.
pub const MOST: usize = 24 * 1024;

/// A PNG of at most [`MOST`] bytes: in greys where it has no colours, else in true colour; with fewer shades, and then smaller,
/// until it fits. None of a picture without points.
pub fn png(picture: &Picture) -> Option<Vec<u8>> {
    let mut small = None;
    let mut side = picture.width.max(picture.height);
    loop {
        let now = small.as_ref().unwrap_or(picture);
        let fits = [8, 5, 4].iter().find_map(|bits| write(now, *bits));
        if fits.is_some() || side < 8 {
            return fits;
        }
        side = side * 3 / 4;
        small = smaller(picture, side);
        small.as_ref()?;
    }
}

/// The same with its longer side `side` long.
fn smaller(picture: &Picture, side: u32) -> Option<Picture> {
    let longest = u64::from(picture.width.max(picture.height));
    let scale = |of: u32| ((u64::from(of) * u64::from(side) / longest) as u32).max(1);
    let (width, height) = (scale(picture.width), scale(picture.height));
    let mut shrink = Shrink::to(picture.width, picture.height, width, height)?;
    let rows = picture.rgb.chunks_exact(picture.width as usize * 3);
    for (row, points) in (0..picture.height).zip(rows) {
        shrink.take(row, |x| points.as_chunks::<3>().0[x as usize]);
    }
    shrink.picture()
}

/// With so many bits of each colour, in eight; none as soon as it is larger than [`MOST`].
fn write(picture: &Picture, bits: u32) -> Option<Vec<u8>> {
    let row = picture.width as usize * 3;
    (row > 0 && picture.rgb.len() == row * picture.height as usize).then_some(())?;
    let points = picture.rgb.as_chunks::<3>().0;
    let grey = points.iter().all(|[red, green, blue]| red == green && green == blue);
    let channels = if grey { 1 } else { 3 };
    let shades = shades(bits);
    let mut packed = ZlibEncoder::new(Vec::new(), Compression::new(1));
    let mut rows = Rows::new(picture.width as usize * channels, channels);
    for points in picture.rgb.chunks_exact(row) {
        let values = points.iter().step_by(3 / channels);
        packed.write_all(rows.filter(values.map(|value| shades[usize::from(*value)]))).ok()?;
        if packed.total_out() > MOST as u64 {
            return None;
        }
    }
    let mut png = b"\x89PNG\r\n\x1a\n".to_vec();
    let mut head = Vec::from(picture.width.to_be_bytes());
    head.extend(picture.height.to_be_bytes());
    head.extend([8, if grey { 0 } else { 2 }, 0, 0, 0]);
    chunk(&mut png, b"IHDR", &head);
    chunk(&mut png, b"IDAT", &packed.finish().ok()?);
    chunk(&mut png, b"IEND", &[]);
    (png.len() <= MOST).then_some(png)
}

/// What each shade of 256 becomes with so many bits.
fn shades(bits: u32) -> [u8; 256] {
    let most = (1_u32 << bits) - 1;
    std::array::from_fn(|value| ((value as u32 * most + 127) / 255 * 255 / most) as u8)
}

/// One row after another: as it is, or as differences to the left or from above, whatever has the smallest values.
struct Rows {
    channels: usize,
    above: Vec<u8>,
    /// The row in each of the three ways, behind the number of the way.
    ways: [Vec<u8>; 3],
}

impl Rows {
    fn new(bytes: usize, channels: usize) -> Self {
        let way = |number| std::iter::once(number).chain(std::iter::repeat_n(0, bytes)).collect();
        Self { channels, above: vec![0; bytes], ways: [way(0), way(1), way(2)] }
    }

    fn filter(&mut self, values: impl Iterator<Item = u8>) -> &[u8] {
        let [plain, left, above] = &mut self.ways;
        let (plain, left, above) = (&mut plain[1..], &mut left[1..], &mut above[1..]);
        plain.iter_mut().zip(values).for_each(|(to, value)| *to = value);
        differ(left, plain, &plain[..plain.len() - self.channels], self.channels);
        differ(above, plain, &self.above, 0);
        self.above.copy_from_slice(plain);
        let cost = |row: &&Vec<u8>| {
            row[1..].iter().map(|byte| u32::from(byte.cast_signed().unsigned_abs())).sum::<u32>()
        };
        self.ways.iter().min_by_key(cost).map_or(&[], Vec::as_slice)
    }
}

/// Sets each value less the one that stands `skip` before it; the first ones stay.
fn differ(into: &mut [u8], values: &[u8], before: &[u8], skip: usize) {
    into[..skip].copy_from_slice(&values[..skip]);
    for ((to, value), before) in into[skip..].iter_mut().zip(&values[skip..]).zip(before) {
        *to = value.wrapping_sub(*before);
    }
}

fn chunk(png: &mut Vec<u8>, name: &[u8; 4], body: &[u8]) {
    png.extend((body.len() as u32).to_be_bytes());
    let begins = png.len();
    png.extend(name);
    png.extend(body);
    let sum = crc32fast::hash(&png[begins..]);
    png.extend(sum.to_be_bytes());
}
