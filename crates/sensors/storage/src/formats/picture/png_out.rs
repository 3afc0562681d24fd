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
        let fits = [8, 5, 4]
            .iter()
            .find_map(|bits| Some(write(now, *bits)?).filter(|png| png.len() <= MOST));
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

/// With so many bits of each colour, in eight.
fn write(picture: &Picture, bits: u32) -> Option<Vec<u8>> {
    let row = picture.width as usize * 3;
    (row > 0 && picture.rgb.len() == row * picture.height as usize).then_some(())?;
    let grey =
        picture.rgb.chunks_exact(3).all(|point| point[0] == point[1] && point[1] == point[2]);
    let channels = if grey { 1 } else { 3 };
    let shade = |value: u8| {
        let most = (1_u32 << bits) - 1;
        ((u32::from(value) * most + 127) / 255 * 255 / most) as u8
    };
    let mut packed = ZlibEncoder::new(Vec::new(), Compression::new(1));
    let mut above = vec![0; picture.width as usize * channels];
    let mut line = Vec::with_capacity(above.len());
    for points in picture.rgb.chunks_exact(row) {
        line.clear();
        line.extend(points.iter().step_by(3 / channels).map(|value| shade(*value)));
        packed.write_all(&filtered(&line, &above, channels)).ok()?;
        std::mem::swap(&mut line, &mut above);
    }
    let mut png = b"\x89PNG\r\n\x1a\n".to_vec();
    let mut head = Vec::from(picture.width.to_be_bytes());
    head.extend(picture.height.to_be_bytes());
    head.extend([8, if grey { 0 } else { 2 }, 0, 0, 0]);
    chunk(&mut png, b"IHDR", &head);
    chunk(&mut png, b"IDAT", &packed.finish().ok()?);
    chunk(&mut png, b"IEND", &[]);
    Some(png)
}

/// The row as it is, or as differences to the left or from above: whatever has the smallest values.
fn filtered(line: &[u8], above: &[u8], channels: usize) -> Vec<u8> {
    let left = |at: usize| at.checked_sub(channels).map_or(0, |at| line[at]);
    let kinds: [Vec<u8>; 3] = [
        line.to_vec(),
        (0..line.len()).map(|at| line[at].wrapping_sub(left(at))).collect(),
        line.iter().zip(above).map(|(value, above)| value.wrapping_sub(*above)).collect(),
    ];
    let cost = |row: &Vec<u8>| {
        row.iter().map(|value| u32::from(value.cast_signed().unsigned_abs())).sum::<u32>()
    };
    let best = (0_u8..).zip(kinds).min_by_key(|(_, row)| cost(row));
    let (kind, row) = best.unwrap_or_default();
    std::iter::once(kind).chain(row).collect()
}

fn chunk(png: &mut Vec<u8>, name: &[u8; 4], body: &[u8]) {
    png.extend((body.len() as u32).to_be_bytes());
    let begins = png.len();
    png.extend(name);
    png.extend(body);
    let sum = crc32fast::hash(&png[begins..]);
    png.extend(sum.to_be_bytes());
}
