//! Bodies of jobs: by the language that was entered, or by their first bytes.

use memchr::memmem;

use super::super::{
    HBPL, HPGL, OAKT, PCL_XL, PCL5, PJL, PJL_PDF, POSTSCRIPT, QPDL, SLX, XQX, ZJS, chunks, hpgl,
    pcl, pcl_xl, postscript, raster,
    text::Unread,
    trail::{Body, Stop, Trail, UEL},
};
use crate::{
    Pieces, Stretch,
    formats::{Details, End, Kind, Walked, document::pdf::PDF},
};

/// What a body was.
pub struct Known {
    pub kind: Kind,
    pub body: Body,
}

const MAGICS: &[&[u8]] = &[
    b") HP-PCL XL;",
    b"( HP-PCL XL;",
    b"%!PS",
    b"\x04%!PS",
    b"%!",
    b"%PDF-",
    b"JZJZ",
    b",XQX",
    b"\xa5SLX",
    b"\x1bJP<",
    b"UNIRAST\0",
    b"RaS2",
    b"RaS3",
    b"3SaR",
    b"\x1bE",
    b"\x1b&",
    b"\x1b*",
    b"\x1b(",
    b"\x1b%0B",
    b"\x1b%1B",
];

pub fn begins(seen: &[u8]) -> bool {
    MAGICS.iter().any(|magic| seen.starts_with(magic))
}

/// Walks the body that begins here.
pub fn walk(trail: &mut Trail, language: Option<&str>, details: &mut Details) -> Option<Known> {
    skip_blanks(trail);
    let seen = trail.peek(16).to_vec();
    let is = |magic: &[u8]| seen.starts_with(magic);
    let known = |kind, body: Option<Body>| body.map(|body| Known { kind, body });
    match () {
        () if is(b") HP-") || is(b"( HP-") => known(PCL_XL, pcl_xl::walk(trail, &mut Unread)),
        () if is(b"%!") || is(b"\x04%!") => postscript(trail, details),
        () if is(b"%PDF-") => Some(Known { kind: PJL_PDF, body: pdf(trail, details) }),
        () if is(b"JZJZ") => known(ZJS, chunks::zjs(trail, details)),
        () if is(b"\xa5SLX") => known(SLX, chunks::slx(trail, details)),
        () if is(b",XQX") => known(XQX, chunks::xqx(trail, details)),
        () if is(b"OAKT") => known(OAKT, chunks::oakt(trail, details)),
        () if is(b"\x1bJP<") => known(HBPL, chunks::hbpl(trail, details)),
        () if is(b"UNIRAST") || is(b"RaS") || is(b"3SaR") || is(b"2SaR") => {
            let kind = raster::kind(trail.stretch, trail.at);
            known(kind, raster::walk(trail))
        }
        () => language.and_then(|language| named(trail, language, details)),
    }
    .or_else(|| begins(&seen).then(|| Known { kind: PCL5, body: pcl::walk(trail, &mut Unread) }))
}

fn skip_blanks(trail: &mut Trail) {
    let blank = trail.peek(16).iter().take_while(|byte| b"\r\n ".contains(byte)).count();
    trail.take(blank as u64);
}

/// The language counts where the first bytes say nothing.
fn named(trail: &mut Trail, language: &str, details: &mut Details) -> Option<Known> {
    let known = |kind, body: Option<Body>| body.map(|body| Known { kind, body });
    match language {
        "QPDL" => known(QPDL, chunks::qpdl(trail, details)),
        "HPGL2" | "HPGL" | "HP-GL/2" if trail.byte() != Some(0x1B) => {
            let ended = hpgl::inside(trail, &mut Unread);
            let stop = if ended.is_ok() && trail.starts(UEL) { Stop::Uel } else { Stop::Broken };
            Some(Known { kind: HPGL, body: Body::new(stop, 1, 2) })
        }
        "PCL" | "PCL5" | "PCL5C" | "PCL5E" | "PCL3GUI" | "PCL3" | "PCLSLEEK" | "LAVAFLOW"
        | "ACL" => known(PCL5, Some(pcl::walk(trail, &mut Unread))),
        "PCLXL" | "POSTSCRIPT" | "PDF" => None,
        _ if trail.starts(b"\x1bE") => known(PCL5, Some(pcl::walk(trail, &mut Unread))),
        _ => Some(Known { kind: PJL, body: unknown(trail) }),
    }
}

fn postscript(trail: &mut Trail, details: &mut Details) -> Option<Known> {
    if trail.byte() == Some(4) {
        trail.take(1);
    }
    let found = postscript::walk(trail)?;
    let own = found.details;
    details.title = details.title.take().or(own.title);
    details.user = details.user.take().or(own.user);
    details.application = details.application.take().or(own.application);
    details.created = details.created.or(own.created);
    let mut body = Body::new(found.stop, found.pages, 4);
    // Behind a document more may stand, up to the UEL: an end without a mark, another copy.
    for _ in 0..64 {
        skip_blanks(trail);
        if body.stop == Stop::Broken || trail.starts(UEL) || !trail.starts(b"%!") {
            break;
        }
        let more = postscript::walk(trail)?;
        body.stop = more.stop;
        body.pages = body.pages.saturating_add(more.pages);
    }
    Some(Known { kind: POSTSCRIPT, body })
}

/// A PDF by its own walker, which ends it before the UEL; else up to the UEL, whole where an end of file stands just before it.
fn pdf(trail: &mut Trail, details: &mut Details) -> Body {
    let begin = trail.at;
    if let Some(walked) = pdf_inside(trail.stretch, begin, u64::MAX, &mut |_, _| {}) {
        let blank = trail.stretch.peek(begin + walked.length, 64);
        let blank =
            blank.iter().take_while(|byte| b"\r\n\0 \x1a\x04".contains(byte)).count() as u64;
        if trail.stretch.starts(begin + walked.length + blank, UEL) {
            let pages = walked.details.pages.unwrap_or(0);
            details.title = details.title.take().or(walked.details.title);
            details.author = walked.details.author;
            details.application = details.application.take().or(walked.details.application);
            details.encrypted = details.encrypted.or(walked.details.encrypted);
            trail.at = begin + walked.length + blank;
            trail.settle();
            return Body::new(Stop::Uel, pages, 4);
        }
        if walked.end == End::Broken {
            // What its own walker does not take is not its own.
            trail.at = begin + walked.length;
            trail.settle();
            return Body::new(Stop::Broken, walked.details.pages.unwrap_or(0), 2);
        }
    }
    let met = to_uel(trail);
    let tail = trail.at.saturating_sub(1024).max(begin);
    let count = (trail.at - tail) as usize;
    let closed = memmem::find(trail.stretch.peek(tail, count), b"%%EOF").is_some();
    if met && closed {
        trail.settle();
        return Body::new(Stop::Uel, 0, 2);
    }
    // Of one that is cut, the last end of file that it has.
    let end = trail.at;
    let mut at = begin;
    while let Some(place) = trail.stretch.find(at, end, b"%%EOF") {
        at = place + 5;
        trail.sure = at;
    }
    Body::new(Stop::Broken, 0, 2)
}

/// Walks the PDF between two places, and lets more be done with it where it stands by itself.
pub fn pdf_inside(
    stretch: &mut Stretch,
    begin: u64,
    end: u64,
    more: &mut dyn FnMut(&mut Stretch, &Walked),
) -> Option<Walked> {
    let whole = stretch.whole();
    let part = Pieces::part(&whole, begin, end.saturating_sub(begin));
    let mut inner = Stretch::new(&part);
    // One that is led round in circles may not look for ever, here too.
    inner.aim(0, u64::MAX);
    let walked = (PDF.walk)(&mut inner);
    if let Some(walked) = &walked {
        inner.aim(0, u64::MAX);
        more(&mut inner, walked);
    }
    stretch.spend(inner.cost());
    stretch.join_gave_up(inner.gave_up());
    walked
}

/// A language that nothing is known of: all up to the UEL.
fn unknown(trail: &mut Trail) -> Body {
    let met = to_uel(trail);
    if met {
        trail.confirm();
    }
    Body::new(if met { Stop::Uel } else { Stop::Broken }, 0, u64::from(met))
}

/// The most bytes of a body without a grammar.
const LONGEST: u64 = 1 << 30;

fn to_uel(trail: &mut Trail) -> bool {
    let taken = trail.pass(LONGEST);
    let met = !taken && trail.foreign == Some(trail.at) && trail.starts(UEL);
    if met {
        // Whether it is this job's the lines behind it tell.
        trail.foreign = None;
    }
    met
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_pdf_in_a_job_costs_is_the_jobs() {
        let job = [&b"@PJL ENTER LANGUAGE=PDF\r\n%PDF-1.4\n"[..], &[b'.'; 5000]].concat();
        let mut stretch = Stretch::new(&job);
        pdf_inside(&mut stretch, 25, u64::MAX, &mut |_, _| {});
        assert!(stretch.cost() >= 4096);
    }
}
