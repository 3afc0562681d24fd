//! A picture of the means of all blocks: an eighth of each side, without more than the codes.
//! At most [`MOST`] means are held; larger pictures have no preview.

use super::{
    decoder::Decoder,
    frame::{Coding, Frame},
    scan::Means,
};
use crate::{
    Stretch,
    formats::{Picture, Shrink, Walked},
};

const MOST: u64 = 8 << 20;

#[derive(Default)]
struct Planes {
    planes: [Vec<u8>; 4],
    widths: [usize; 4],
}

impl Planes {
    fn new(frame: &Frame) -> Option<Self> {
        (frame.blocks() <= MOST && frame.coding != Coding::Other).then_some(())?;
        let mut planes = Self::default();
        for (index, component) in frame.components.iter().enumerate().take(4) {
            planes.widths[index] = component.all.0 as usize;
            planes.planes[index] = vec![128; component.all.0 as usize * component.all.1 as usize];
        }
        Some(planes)
    }

    fn at(&self, component: usize, x: u32, y: u32) -> u8 {
        let place = y as usize * self.widths[component] + x as usize;
        self.planes[component].get(place).copied().unwrap_or(128)
    }
}

impl Means for Planes {
    const WANTED: bool = true;

    #[inline(always)]
    fn mean(&mut self, component: usize, x: u32, y: u32, value: i32) {
        let Some(width) = self.widths.get(component) else { return };
        if let Some(place) = self.planes[component].get_mut(y as usize * width + x as usize) {
            *place = (value / 8 + 128).clamp(0, 255) as u8;
        }
    }
}

pub fn picture(stretch: &mut Stretch, walked: &Walked) -> Option<Picture> {
    embedded(stretch, &mut Decoder::default(), 0, walked.length)
}

/// The picture at a place, with the tables that stand elsewhere.
pub fn embedded(
    stretch: &mut Stretch,
    decoder: &mut Decoder,
    at: u64,
    end: u64,
) -> Option<Picture> {
    // The frame comes before all data: room is made by a first look at the head alone.
    let frame = Decoder::default().head(stretch, at, end)?;
    let mut planes = Planes::new(&frame)?;
    decoder.read(stretch, at, end, &mut planes);
    draw(&frame, decoder.transform, &planes)
}

fn draw(frame: &Frame, transform: Option<u8>, planes: &Planes) -> Option<Picture> {
    let (width, height) = (frame.width.div_ceil(8), frame.height.div_ceil(8));
    let mut shrink = Shrink::new(width, height)?;
    let colours = Colours::of(frame, transform);
    let (across, down) = frame.largest;
    for y in 0..height {
        if !shrink.wants(y) {
            continue;
        }
        let point = |x: u32| {
            let mut values = [0; 4];
            for (index, component) in frame.components.iter().enumerate().take(4) {
                let (x, y) = (x * component.h / across, y * component.v / down);
                values[index] = planes.at(index, x, y);
            }
            colours.rgb(values)
        };
        shrink.take(y, point);
    }
    shrink.picture()
}

#[derive(Clone, Copy)]
enum Colours {
    Grey,
    Rgb,
    YCbCr,
    /// Cyan, magenta, yellow and black, as Adobe inverts them.
    Cmyk,
    Ycck,
}

impl Colours {
    fn of(frame: &Frame, transform: Option<u8>) -> Self {
        let ids: Vec<u8> = frame.components.iter().map(|component| component.id).collect();
        match (ids.len(), transform) {
            (0..=2, _) => Self::Grey,
            (3, Some(0)) => Self::Rgb,
            (3, None) if ids == *b"RGB" => Self::Rgb,
            (3, _) => Self::YCbCr,
            (_, Some(2)) => Self::Ycck,
            _ => Self::Cmyk,
        }
    }

    fn rgb(self, [a, b, c, d]: [u8; 4]) -> [u8; 3] {
        let times = |x: u8| (u32::from(x) * u32::from(d) / 255) as u8;
        match self {
            Self::Grey => [a; 3],
            Self::Rgb => [a, b, c],
            Self::YCbCr => from_luma(a, b, c),
            Self::Cmyk => [a, b, c].map(times),
            Self::Ycck => from_luma(a, b, c).map(times),
        }
    }
}

/// Red, green and blue of a luma and two differences, in 1024ths.
pub fn from_luma(luma: u8, blue: u8, red: u8) -> [u8; 3] {
    let (y, b, r) = (i32::from(luma) << 10, i32::from(blue) - 128, i32::from(red) - 128);
    [y + 1436 * r, y - 352 * b - 731 * r, y + 1815 * b]
        .map(|v| ((v + 512) >> 10).clamp(0, 255) as u8)
}
