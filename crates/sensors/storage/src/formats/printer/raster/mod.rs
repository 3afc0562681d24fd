//! Pictures of pages, line for line: CUPS raster 1 to 3 in both byte orders, PWG raster, Apple raster.
//!
//! Packed pages are decoded: every line must come out at its length, so the end is exact, and what is not a page's is noticed within a
//! line. Pages that are not packed are only counted. A job ends where no page's header follows; one that says how many pages it has is
//! broken where fewer follow. At most 200 000 points a side.

mod colors;
mod header;
mod lines;

use header::{Form, Page};
use lines::{Lines, Unseen};

use super::{
    APPLE_RASTER, CUPS_RASTER, PWG_RASTER,
    trail::{Body, Stop, Trail},
};
use crate::{
    Stretch,
    formats::{Details, End, Format, Kind, Picture, Proof, Signature, Walked},
};

pub static FORMAT: Format = Format {
    kind: CUPS_RASTER,
    signatures: &[
        Signature::new(b"RaS2"),
        Signature::new(b"2SaR"),
        Signature::new(b"RaS3"),
        Signature::new(b"3SaR"),
        Signature::new(b"RaSt"),
        Signature::new(b"tSaR"),
    ],
    looks,
    walk: walk_bare,
    texts: None,
    picture: Some(picture),
};

pub static APPLE: Format = Format {
    kind: APPLE_RASTER,
    signatures: &[Signature::new(b"UNIRAST\0")],
    looks: |seen| seen.get(12..44).is_some_and(|header| header::apple(header).is_some()),
    walk: walk_bare,
    texts: None,
    picture: Some(picture),
};

/// What of the first header 512 bytes show.
fn looks(seen: &[u8]) -> bool {
    let Some(form) = seen.first_chunk().and_then(|sync| header::form(*sync)) else { return false };
    let mut whole = vec![0; form.header];
    let rest = &seen[4..];
    let count = rest.len().min(form.header);
    whole[..count].copy_from_slice(&rest[..count]);
    count >= 420 && header::page(form, &whole).is_some()
}

/// Where pages begin, and how their headers are read.
#[derive(Clone, Copy)]
enum Pages {
    Cups(Form),
    Apple { count: u32 },
}

impl Pages {
    fn read(stretch: &mut Stretch, at: u64) -> Option<(Self, u64)> {
        if stretch.starts(at, b"UNIRAST\0") {
            let count = stretch.u32_be(at + 8)?;
            return Some((Pages::Apple { count }, at + 12));
        }
        let form = header::form(stretch.array(at)?)?;
        Some((Pages::Cups(form), at + 4))
    }

    fn header(self) -> usize {
        match self {
            Pages::Cups(form) => form.header,
            Pages::Apple { .. } => 32,
        }
    }

    fn page(self, trail: &mut Trail) -> Option<Page> {
        let seen = trail.peek(self.header());
        match self {
            Pages::Cups(form) => header::page(form, seen),
            Pages::Apple { .. } => header::apple(seen),
        }
    }

    fn is_packed(self) -> bool {
        match self {
            Pages::Cups(form) => form.packed,
            Pages::Apple { .. } => true,
        }
    }

    fn lines(self, trail: &mut Trail, page: &Page, lines: &mut dyn Lines) -> bool {
        match self {
            Pages::Cups(Form { packed: false, .. }) => lines::plain(trail, page, lines),
            Pages::Cups(_) => lines::unpack(trail, page, false, lines),
            Pages::Apple { .. } => lines::unpack(trail, page, true, lines),
        }
    }
}

/// Walks all pages from the trail's place.
pub fn walk(trail: &mut Trail) -> Option<Body> {
    let (pages, first) = Pages::read(trail.stretch, trail.at)?;
    let begin = trail.at;
    trail.take(first - begin);
    let mut count = 0_u32;
    let mut total = match pages {
        Pages::Apple { count } if count < 100_000 => count,
        _ => 0,
    };
    let stop = loop {
        trail.confirm();
        let Some(page) = pages.page(trail) else {
            break if count > 0 && count >= total { Stop::Closed } else { Stop::Broken };
        };
        total = total.max(page.total);
        let head = trail.take(pages.header() as u64);
        trail.settle();
        if !head || !pages.lines(trail, &page, &mut Unseen) {
            break Stop::Broken;
        }
        count += 1;
    };
    (count > 0 || trail.sure > first).then_some(())?;
    Some(Body { decoded: pages.is_packed(), ..Body::new(stop, count, u64::from(count) + 1) })
}

fn walk_bare(stretch: &mut Stretch) -> Option<Walked> {
    let (is_pwg, is_apple) = (stretch.starts(4, b"PwgRaster\0"), stretch.starts(0, b"UNI"));
    let mut trail = Trail::new(stretch, 0);
    let body = walk(&mut trail)?;
    let whole = body.stop == Stop::Closed;
    let length = match () {
        () if whole => trail.at,
        () if body.decoded => trail.broken(),
        () => trail.broken_counted(),
    };
    // A whole header of a page, whose numbers fit each other, is no bait; Apple's is too short for that.
    if !whole && body.pages == 0 && length < if is_apple { 300 } else { 420 } {
        return None;
    }
    let proof = if body.decoded { Proof::Decoded } else { Proof::Structure };
    let mut walked = Walked::whole(length, proof);
    walked.end = if whole { End::Whole } else { End::Broken };
    walked.kind = is_pwg.then_some(PWG_RASTER);
    walked.details = Details { pages: Some(body.pages), ..Details::default() };
    Some(walked)
}

/// The first page of the raster at a place.
pub fn picture_at(stretch: &mut Stretch, at: u64) -> Option<Picture> {
    let (pages, first) = Pages::read(stretch, at)?;
    let mut trail = Trail::new(stretch, first);
    let page = pages.page(&mut trail)?;
    let mut view = colors::View::new(page)?;
    trail.take(pages.header() as u64);
    pages.lines(&mut trail, &page, &mut view);
    view.picture()
}

fn picture(stretch: &mut Stretch, _: &Walked) -> Option<Picture> {
    picture_at(stretch, 0)
}

/// The kind by which a raster inside a job is called.
pub fn kind(stretch: &mut Stretch, at: u64) -> Kind {
    match stretch.peek(at, 14) {
        seen if seen.starts_with(b"UNIRAST") => APPLE_RASTER,
        seen if seen.ends_with(b"PwgRaster\0") => PWG_RASTER,
        _ => CUPS_RASTER,
    }
}
