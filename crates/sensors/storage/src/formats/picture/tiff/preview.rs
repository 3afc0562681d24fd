//! The first page, small. Tiles and packings that are not known have no preview, and JPEG gives the first strip.

use super::{
    lines::{coding, mirrored},
    page::Page,
};
use crate::{
    Stretch,
    formats::{
        Picture, Walked,
        picture::{
            ifd::Order,
            jpeg::{self, embedded},
            points::{Differences, Points, Rows},
        },
    },
};

pub fn picture(stretch: &mut Stretch, _: &Walked) -> Option<Picture> {
    let (order, first) = Order::read(stretch, 0)?;
    let directory = order.directory(stretch, first)?;
    let page = Page::read(stretch, order, &directory)?;
    if page.packing == 7 {
        return photograph(stretch, order, &page);
    }
    (!page.tiled && !page.apart && !page.is_thinned()).then_some(())?;
    let points = Points {
        width: page.width,
        height: page.height,
        across: page.part.0,
        depth: page.depth,
        samples: page.samples,
        packing: page.packing,
        photometric: page.photometric,
        differences: match page.predictor {
            2 if page.depth == 8 => Differences::Left,
            _ => Differences::None,
        },
        palette: palette(stretch, order, &page),
        little: order.little,
        coding: coding(&page),
        first: mirrored(&page),
    };
    let mut rows = Rows::new(&points)?;
    for index in 0..page.strips() {
        let Some((at, bytes)) = page.strip(stretch, order, index) else { break };
        let first = (index * u64::from(page.part.1)).min(u64::from(u32::MAX)) as u32;
        rows.strip(stretch, first, page.rows(index), at, bytes);
    }
    rows.picture()
}

fn photograph(stretch: &mut Stretch, order: Order, page: &Page) -> Option<Picture> {
    let (at, bytes) = page.strip(stretch, order, 0)?;
    let mut decoder = jpeg::Decoder::default();
    if let Some(tables) = page.tables {
        decoder.read(stretch, tables.place, tables.end(), &mut jpeg::NoMeans);
    }
    if page.photometric == 2 {
        decoder.transform = Some(0);
    }
    embedded(stretch, &mut decoder, at, at.checked_add(bytes)?)
}

fn palette(stretch: &mut Stretch, order: Order, page: &Page) -> Vec<[u8; 3]> {
    let Some(entry) = page.palette.filter(|_| page.depth <= 8) else { return Vec::new() };
    let count = 1_u64 << page.depth;
    let mut shade = |at| order.value(stretch, entry, at).map_or(0, |value| (value >> 8) as u8);
    (0..count).map(|at| [shade(at), shade(at + count), shade(at + 2 * count)]).collect()
}
