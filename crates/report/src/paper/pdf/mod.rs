//! A sheet as PDF: A4, text that can be searched and copied, drawn in vectors alone.
//!
//! `fonts` knows where a character comes from, `setting` measures and breaks text, `canvas` draws, `flow` fills pages, `frame`
//! draws what stands around the sections, `file` puts them together. Text runs from left to right, one character after the
//! other: scripts that join their letters or run from right to left are readable and not beautiful. What no font has is shown
//! by its number, as `\u{1f5a8}`.

mod canvas;
mod file;
mod flow;
mod fonts;
mod frame;
mod latin;
mod setting;

use super::sheet::Sheet;
use flow::{Flow, Room};
pub use fonts::{FontError, Fonts};
use setting::Setting;

/// What the certificate may take, from generous to the least; the last always fits.
const ROOMS: [Room; 5] = [
    Room { value: 4, items: 12, item: 4, classes: 8 },
    Room { value: 3, items: 6, item: 3, classes: 8 },
    Room { value: 2, items: 4, item: 2, classes: 6 },
    Room { value: 1, items: 2, item: 2, classes: 4 },
    Room { value: 1, items: 1, item: 1, classes: 3 },
];
/// On as many pages as it takes.
const AMPLE: Room = Room { value: 55, items: 60, item: 60, classes: 12 };
/// A story of a thousand entries has its end in the JSON.
const MOST_PAGES: usize = 200;

/// On one page, cut where it has no room.
pub fn one_page(sheet: &Sheet, fonts: &Fonts) -> Vec<u8> {
    let mut drawn = Vec::new();
    for room in ROOMS {
        let mut flow = Flow::new(Setting::new(fonts), room, 1);
        flow.sheet(sheet);
        let fits = flow.fits();
        drawn = file::bytes(flow.finish(), sheet);
        if fits {
            break;
        }
    }
    drawn
}

pub fn pages(sheet: &Sheet, fonts: &Fonts) -> Vec<u8> {
    let mut flow = Flow::new(Setting::new(fonts), AMPLE, MOST_PAGES);
    flow.sheet(sheet);
    file::bytes(flow.finish(), sheet)
}
