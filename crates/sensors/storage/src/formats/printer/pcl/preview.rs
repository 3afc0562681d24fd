//! The first page of a job in PCL, as far as it is of rows: what drivers send that draw pages themselves. Text and HP-GL/2 are
//! not drawn. Of a page at most 64 MiB are read; rows have at most 64 KiB, and rows of other packings are blank.

use std::ops::Range;

use super::{rows::Rows, sequence};
use crate::{
    Stretch,
    formats::{Picture, Shrink, Walked},
};

const ESC: u8 = 0x1B;
const LOOK: usize = 16;
const MOST: u64 = 64 << 20;
/// Of an inch: what resolutions and units divide.
const INCH: i64 = 7200;
/// Left of where the cursor is zero.
const MARGIN: i64 = INCH / 4;
const FARTHEST: i64 = 200 * INCH;

/// Width and height of sheets by their numbers, in hundredths of an inch.
const SHEETS: [(i64, (i64, i64)); 7] = [
    (1, (725, 1050)),
    (2, (850, 1100)),
    (3, (850, 1400)),
    (6, (1100, 1700)),
    (25, (583, 827)),
    (26, (827, 1169)),
    (27, (1169, 1654)),
];
const USUAL: (i64, i64) = SHEETS[5].1;

pub fn picture(stretch: &mut Stretch, walked: &Walked) -> Option<Picture> {
    picture_at(stretch, 0, walked.length)
}

pub fn picture_at(stretch: &mut Stretch, at: u64, end: u64) -> Option<Picture> {
    let mut page = Page::default();
    page.read(stretch, at, end.min(at.saturating_add(MOST)));
    page.canvas?.shrink.picture()
}

struct Page {
    /// In hundredths of an inch.
    sheet: (i64, i64),
    turned: bool,
    units: i64,
    resolution: i64,
    /// Where the next row begins.
    cursor: (i64, i64),
    rows: Rows,
    canvas: Option<Canvas>,
}

/// The page, by the resolution of its first row.
struct Canvas {
    resolution: i64,
    shrink: Shrink,
}

impl Default for Page {
    fn default() -> Self {
        let (sheet, rows) = (USUAL, Rows::default());
        let (units, resolution) = (300, 75);
        Self { sheet, turned: false, units, resolution, cursor: (0, 0), rows, canvas: None }
    }
}

impl Page {
    fn read(&mut self, stretch: &mut Stretch, mut at: u64, end: u64) {
        while at < end {
            let seen = stretch.peek(at, 4096.min((end - at) as usize));
            let Some(plain) = memchr::memchr2(ESC, 0x0C, seen) else {
                at += seen.len().max(1) as u64;
                continue;
            };
            let here = &seen[plain..];
            let ends = here[0] == 0x0C || here.starts_with(b"\x1bE");
            if ends && self.canvas.is_some() {
                return;
            }
            at += plain as u64;
            at = match sequence::opening(&here[..here.len().min(LOOK)]) {
                Some(sequence::Opening::Short(_)) => at + 2,
                Some(sequence::Opening::Long { prefix, group, bytes }) => {
                    self.values(stretch, at + bytes as u64..end, (prefix, group))
                }
                None => at + 1,
            };
        }
    }

    /// The place behind the values of a sequence and their data.
    fn values(&mut self, stretch: &mut Stretch, part: Range<u64>, what: (u8, u8)) -> u64 {
        let (mut at, (prefix, group)) = (part.start, what);
        while at < part.end
            && let Some(value) = sequence::value(stretch.peek(at, LOOK))
        {
            at += value.bytes as u64;
            let count = sequence::data(prefix, group, value);
            let data = stretch.peek(at, usize::try_from(count).unwrap_or(0).min(Rows::LONGEST));
            self.take((prefix, group, value.letter), value, data);
            at = at.saturating_add(count);
            if value.last {
                break;
            }
        }
        at
    }

    fn take(&mut self, what: (u8, u8, u8), value: sequence::Value, data: &[u8]) {
        let number = value.number;
        match what {
            (b'*', b't', b'R') if (1..=INCH).contains(&number) => self.resolution = number,
            (b'&', b'u', b'D') if (1..=INCH).contains(&number) => self.units = number,
            (b'&', b'l', b'A') => {
                let known = SHEETS.iter().find(|(sheet, _)| *sheet == number);
                self.sheet = known.map_or(USUAL, |(_, sides)| *sides);
            }
            (b'&', b'l', b'O') => self.turned = number % 2 == 1,
            (b'*', b'p', b'X') => move_to(&mut self.cursor.0, value, INCH / self.units),
            (b'*', b'p', b'Y') => move_to(&mut self.cursor.1, value, INCH / self.units),
            (b'&', b'a', b'H') => move_to(&mut self.cursor.0, value, 10),
            (b'&', b'a', b'V') => move_to(&mut self.cursor.1, value, 10),
            (b'*', b'r', b'U') => self.rows.planes(number),
            (b'*', b'v', b'W') => self.rows.configure(data),
            (b'*', b'r', b'A' | b'B' | b'C') => {
                self.rows.forget();
                if what.2 == b'A' && number == 0 {
                    self.cursor.0 = 0;
                }
            }
            (b'*', b'b', b'M') => self.rows.packing = number,
            (b'*', b'b', b'Y') => {
                self.rows.forget();
                self.down(number);
            }
            (b'*', b'b', b'V') => self.rows.plane(data),
            (b'*', b'b', b'W') => {
                self.rows.plane(data);
                self.draw();
                self.rows.begin();
                self.down(1);
            }
            _ => {}
        }
    }

    fn down(&mut self, rows: i64) {
        let step = rows.clamp(0, FARTHEST) * INCH / self.resolution;
        self.cursor.1 = (self.cursor.1 + step).min(FARTHEST);
    }

    fn draw(&mut self) {
        if self.canvas.is_none() {
            self.canvas = self.begun();
        }
        let Some(canvas) = &mut self.canvas else { return };
        let Ok(row) = u32::try_from(self.cursor.1 * canvas.resolution / INCH) else { return };
        if !canvas.shrink.wants(row) {
            return;
        }
        let left = (self.cursor.0 + MARGIN) * canvas.resolution / INCH;
        let point = |x: u32| {
            let dot = (i64::from(x) - left) * self.resolution / canvas.resolution;
            usize::try_from(dot).map_or([255; 3], |dot| self.rows.point(dot))
        };
        canvas.shrink.take(row, point);
    }

    fn begun(&self) -> Option<Canvas> {
        let (width, height) = self.sheet;
        let sides = if self.turned { (height, width) } else { (width, height) };
        let dots = |side: i64| u32::try_from(side * self.resolution / 100).ok();
        let shrink = Shrink::new(dots(sides.0)?, dots(sides.1)?)?;
        Some(Canvas { resolution: self.resolution, shrink })
    }
}

/// Signs move from where the cursor is.
fn move_to(cursor: &mut i64, value: sequence::Value, unit: i64) {
    let to = value.number.saturating_mul(unit);
    let to = if value.signed { cursor.saturating_add(to) } else { to };
    *cursor = to.clamp(-FARTHEST, FARTHEST);
}

#[cfg(test)]
mod tests {
    use std::{fs, process::Command};

    use super::*;
    use crate::formats::Format;

    /// A word, a grey field, and a line in colour.
    const PAGE: &str = "%!PS\n/Helvetica findfont 90 scalefont setfont 72 650 moveto (Plan) show \
        0.4 setgray 72 300 200 150 rectfill 1 0 0 setrgbcolor 300 100 moveto 500 500 lineto 20 setlinewidth stroke showpage\n";

    /// How much ink there is, and its centre, in thousandths of the page.
    fn ink(picture: &Picture) -> [f64; 3] {
        let width = picture.width as usize;
        let mut sums = [0.0; 3];
        for (at, point) in picture.rgb.chunks_exact(3).enumerate() {
            let ink = f64::from(765 - point.iter().map(|part| u32::from(*part)).sum::<u32>());
            let place = [1.0, (at % width) as f64, (at / width) as f64];
            sums.iter_mut().zip(place).for_each(|(sum, place)| *sum += ink * place);
        }
        let all = width as f64 * f64::from(picture.height);
        let centre = |sum: f64, side: u32| sum / sums[0] * 1000.0 / f64::from(side);
        [
            sums[0] / 765.0 / all * 1000.0,
            centre(sums[1], picture.width),
            centre(sums[2], picture.height),
        ]
    }

    #[test]
    fn what_real_drivers_send_looks_as_the_page() {
        let Some(gs) = leaksweep_peers::need("gs") else { return };
        let folder = tempfile::tempdir().unwrap();
        let page = folder.path().join("page.ps");
        fs::write(&page, PAGE).unwrap();
        let drawn = |device: &str, format: &Format| {
            let to = folder.path().join(device);
            let output = Command::new(&gs)
                .args(["-q", "-dBATCH", "-dNOPAUSE", "-sPAPERSIZE=a4", "-r150"])
                .arg(format!("-sDEVICE={device}"))
                .arg(format!("-sOutputFile={}", to.display()))
                .arg(&page)
                .output()
                .unwrap();
            assert!(output.status.success(), "{device}");
            let bytes = fs::read(&to).unwrap();
            let mut stretch = Stretch::new(&bytes);
            let walked = (format.walk)(&mut stretch).unwrap_or_else(|| panic!("{device}"));
            format.picture.unwrap()(&mut stretch, &walked).unwrap_or_else(|| panic!("{device}"))
        };
        let all = crate::formats::all();
        let png = all.into_iter().find(|format| format.kind.name == "png").unwrap();
        let wanted = ink(&drawn("png16m", png));
        for device in
            ["laserjet", "ljet4", "deskjet", "djet500", "pj", "cdj550", "cdeskjet", "cljet5c"]
        {
            let picture = drawn(device, &super::super::FORMAT);
            assert_eq!(picture.height, 400, "{device}");
            let found = ink(&picture);
            // Margins are the driver's, and dots of grey are not all seen.
            let near = |at: usize, apart: f64| (wanted[at] - found[at]).abs() < apart;
            let near = near(0, wanted[0] / 4.0) && near(1, 65.0) && near(2, 65.0);
            assert!(near, "{device}: {found:?}, not {wanted:?}");
        }
    }
}
