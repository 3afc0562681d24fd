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

    fn point(page: &Page, bytes: &[u8], x: usize) -> [u8; 3] {
        let bits = page.bits_per_color;
        let colors = match page.order {
            0 => (page.bits_per_pixel / bits).max(1) as usize,
            _ => 1,
        };
        let value = |color: usize| Self::sample(bytes, bits, x * colors + color.min(colors - 1));
        let grey = |value: u8| [value; 3];
        match space(page.space) {
            _ if page.order == 1 => {
                let count = (page.bits_per_pixel / bits).max(1) as usize;
                let band = bytes.len() / count;
                let of = |color: usize| {
                    Self::sample(bytes.get(band * color.min(count - 1)..).unwrap_or(&[]), bits, x)
                };
                mix(page.space, count, &of)
            }
            // One plane alone: its ink.
            _ if page.order == 2 => grey(255 - value(0)),
            _ => mix(page.space, colors, &value),
        }
    }
}

fn mix(number: u32, count: usize, value: &dyn Fn(usize) -> u8) -> [u8; 3] {
    match space(number) {
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
        let page = self.page;
        for row in first..(first + times).min(page.height.into()) {
            let row = row as u32;
            if self.shrink.wants(row) {
                self.shrink.take(row, |x| Self::point(&page, bytes, x as usize));
            }
        }
    }
}
