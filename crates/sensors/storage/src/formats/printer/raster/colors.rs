//! The small picture of a page.

use super::{header::Page, lines::Lines};
use crate::formats::{Picture, Shrink};

const WIDEST: u32 = 60_000;

/// Makes points of lines.
pub struct View {
    page: Page,
    shrink: Shrink,
}

/// How inks or lights make a colour.
#[derive(Clone, Copy)]
enum Space {
    /// White is the highest value.
    Grey,
    /// White is zero: black ink alone.
    Black,
    Rgb,
    Cmy,
    Cmyk,
}

fn space(number: u32) -> Space {
    match number {
        3 | 12..=14 | 32.. => Space::Black,
        1 | 2 | 15 | 16 | 19 | 20 => Space::Rgb,
        4 | 5 => Space::Cmy,
        6..=9 | 17 => Space::Cmyk,
        _ => Space::Grey,
    }
}

impl View {
    pub fn new(page: Page) -> Option<Self> {
        // A line of more points would take long, and is no page's.
        (page.width <= WIDEST).then_some(())?;
        let shrink = Shrink::new(page.width, page.height)?;
        Some(Self { page, shrink })
    }

    pub fn picture(self) -> Option<Picture> {
        self.shrink.picture()
    }

    /// One colour's value of one point, from 0 to 255.
    #[inline(always)]
    fn sample(bytes: &[u8], bits: u32, index: usize) -> u8 {
        let byte = |at: usize| bytes.get(at).copied().unwrap_or(0);
        let part = |per: usize, mask: u8| {
            let shift = 8 - bits as usize * (index % per + 1);
            (byte(index / per) >> shift & mask) * (255 / mask)
        };
        match bits {
            1 => part(8, 1),
            2 => part(4, 3),
            4 => part(2, 15),
            // The high byte stands first in PWG's; of the other order the picture is coarse, and nothing worse.
            16 => byte(index * 2),
            _ => byte(index),
        }
    }

    /// One row of points, and in which way they make colours is decided once for all of them.
    fn take(&mut self, row: u32, bytes: &[u8]) {
        let (page, shrink) = (&self.page, &mut self.shrink);
        let (bits, space) = (page.bits_per_color, space(page.space));
        let count = (page.bits_per_pixel / bits).max(1) as usize;
        let last = count - 1;
        match page.order {
            0 => shrink.take(row, |x| {
                let first = x as usize * count;
                mix(space, count, |color| Self::sample(bytes, bits, first + color.min(last)))
            }),
            1 => {
                let band = bytes.len() / count;
                let line = |color: usize| bytes.get(band * color.min(last)..).unwrap_or(&[]);
                shrink.take(row, |x| {
                    mix(space, count, |color| Self::sample(line(color), bits, x as usize))
                });
            }
            // One plane alone: its ink.
            _ => shrink.take(row, |x| [255 - Self::sample(bytes, bits, x as usize); 3]),
        }
    }
}

#[inline(always)]
fn mix(space: Space, count: usize, value: impl Fn(usize) -> u8) -> [u8; 3] {
    match space {
        Space::Grey => [value(0); 3],
        Space::Rgb if count >= 3 => [value(0), value(1), value(2)],
        Space::Cmy if count >= 3 => [255 - value(0), 255 - value(1), 255 - value(2)],
        Space::Cmyk if count >= 4 => {
            // In YMCK and KCMY the order differs; shades stay right.
            let black = 255 - u16::from(value(3));
            [0, 1, 2].map(|color| ((255 - u16::from(value(color))) * black / 255) as u8)
        }
        Space::Rgb => [value(0); 3],
        _ => [255 - value(0); 3],
    }
}

impl Lines for View {
    fn wants(&mut self, first: u64, times: u64) -> bool {
        let height = u64::from(self.page.height);
        (first..first + times)
            .any(|row| row < height && u32::try_from(row).is_ok_and(|row| self.shrink.wants(row)))
    }

    fn line(&mut self, first: u64, times: u64, bytes: &[u8]) {
        for row in first..(first + times).min(self.page.height.into()) {
            let row = row as u32;
            if self.shrink.wants(row) {
                self.take(row, bytes);
            }
        }
    }
}
