//! One way through a job: blocks of lines and bodies, from its first UEL to its last.

use super::{
    super::{
        PCL_XL, PCL5, PJL_PDF, POSTSCRIPT, pcl, pcl_xl, postscript, raster,
        text::Until,
        trail::{BAIT, Stop, Trail, UEL},
    },
    body,
    lines::{self, Block},
};
use crate::{
    Stretch,
    formats::{Details, End, Kind, Picture, Proof, Texts, Walked, document::pdf::PDF},
};

/// The most blocks of one job.
const BLOCKS: u32 = 10_000;
/// Lines of so many bytes and commands are no bait.
const HEADER: u64 = 100;
const COMMANDS: u32 = 3;

#[derive(Default)]
struct Job {
    details: Details,
    kind: Option<Kind>,
    /// Where the first body begins.
    body: Option<u64>,
    pages: u32,
    bodies: u32,
    elements: u64,
    commands: u32,
    /// `@PJL JOB` stands without its end.
    open: bool,
    eoj: bool,
    /// The last body closed itself.
    closed: bool,
    decoded: bool,
}

enum Next {
    More,
    Whole,
    Broken,
}

pub fn walk(stretch: &mut Stretch) -> Option<Walked> {
    let mut trail = Trail::new(stretch, 0);
    let lead = super::lead(trail.peek(512));
    trail.take(lead as u64);
    trail.starts(UEL).then_some(())?;
    let mut job = Job::default();
    let mut whole = false;
    for _ in 0..BLOCKS {
        match job.block(&mut trail) {
            Next::More => {}
            Next::Whole => {
                whole = true;
                break;
            }
            Next::Broken => break,
        }
    }
    job.finish(&mut trail, whole)
}

impl Job {
    /// From a UEL to the next.
    fn block(&mut self, trail: &mut Trail) -> Next {
        let uel = trail.at;
        let aligned = uel.is_multiple_of(512);
        trail.confirm();
        trail.take(UEL.len() as u64);
        let mut own = Details::default();
        let block = lines::block(trail, &mut own);
        let had = self.bodies > 0 || self.eoj;
        let another = block.opens && (block.job || !self.open || self.eoj || aligned);
        if had && another {
            // The UEL is the next job's.
            trail.at = uel;
            trail.foreign = Some(uel);
            return if self.eoj || self.closed { Next::Whole } else { Next::Broken };
        }
        self.note(&block, own);
        trail.settle();
        // Lines that open nothing close what came before them.
        self.closed |= had && block.commands > 0;
        if had && block.commands == 0 {
            line_end(trail);
            return Next::Whole;
        }
        if self.eoj {
            return self.last(trail);
        }
        if let Some(bytes) = block.image {
            return self.image(trail, bytes);
        }
        if trail.starts(UEL) {
            return Next::More;
        }
        if had {
            return Next::Whole;
        }
        self.body(trail, &block)
    }

    fn note(&mut self, block: &Block, own: Details) {
        self.commands += block.commands;
        self.open |= block.job;
        if block.eoj {
            (self.eoj, self.open) = (true, false);
        }
        let mine = &mut self.details;
        mine.title = mine.title.take().or(own.title);
        mine.author = mine.author.take().or(own.author);
        mine.name = mine.name.take().or(own.name);
        mine.user = mine.user.take().or(own.user);
        mine.host = mine.host.take().or(own.host);
        mine.application = mine.application.take().or(own.application);
        mine.created = mine.created.or(own.created);
        mine.encrypted = mine.encrypted.or(own.encrypted);
        if mine.settings.is_empty() {
            mine.settings = own.settings;
        }
    }

    /// Behind the lines that end the job: its last UEL, if it is not the next job's first.
    fn last(&mut self, trail: &mut Trail) -> Next {
        let end = trail.at;
        if !trail.starts(UEL) {
            return Next::Whole;
        }
        let aligned = end.is_multiple_of(512);
        trail.take(UEL.len() as u64);
        let behind = trail.at;
        let block = lines::block(trail, &mut Details::default());
        if block.commands == 1 && !block.opens && !block.eoj {
            // `@PJL` alone closes some drivers' jobs.
            return Next::Whole;
        }
        trail.at = if block.commands > 0 || (aligned && body::begins(trail.peek(16))) {
            end
        } else {
            behind
        };
        if trail.at == behind {
            line_end(trail);
        }
        trail.confirm();
        Next::Whole
    }

    fn body(&mut self, trail: &mut Trail, block: &Block) -> Next {
        let begin = trail.at;
        let Some(known) = body::walk(trail, block.language.as_deref(), &mut self.details) else {
            return Next::Broken;
        };
        self.body.get_or_insert(begin);
        self.kind.get_or_insert(known.kind);
        self.bodies += 1;
        self.elements += known.body.elements;
        self.pages = self.pages.saturating_add(known.body.pages);
        self.decoded = known.body.decoded && (self.decoded || self.bodies == 1);
        self.closed = matches!(known.body.stop, Stop::Closed | Stop::Foreign);
        match known.body.stop {
            Stop::Broken => Next::Broken,
            Stop::Uel => Next::More,
            Stop::Closed | Stop::Foreign => self.after(trail),
        }
    }

    /// A body that ended by itself; its UEL should follow, behind blanks or zeros perhaps.
    fn after(&mut self, trail: &mut Trail) -> Next {
        let blank = trail.peek(64).iter().take_while(|byte| b"\r\n\0 \x04".contains(byte)).count();
        if trail.stretch.starts(trail.at + blank as u64, UEL) {
            trail.take(blank as u64);
            return Next::More;
        }
        Next::Broken
    }

    /// Bands of pictures between lines.
    fn image(&mut self, trail: &mut Trail, bytes: u64) -> Next {
        self.body.get_or_insert(trail.at);
        let mut next = Some(bytes);
        for _ in 0..BLOCKS {
            let Some(bytes) = next else { break };
            if !trail.data(bytes) {
                return Next::Broken;
            }
            trail.confirm();
            self.bodies += 1;
            self.elements += 1;
            let mut own = Details::default();
            let block = lines::block(trail, &mut own);
            self.note(&block, own);
            if block.commands == 0 {
                break;
            }
            next = block.image;
        }
        match () {
            () if self.eoj => self.last(trail),
            () if trail.starts(UEL) => Next::More,
            () => Next::Broken,
        }
    }

    fn finish(mut self, trail: &mut Trail, whole: bool) -> Option<Walked> {
        let length = if whole { trail.at } else { trail.broken() };
        let length = if whole { length } else { length.max(self.body.unwrap_or(0).min(trail.at)) };
        let header = self.commands >= COMMANDS && self.body.unwrap_or(length) >= HEADER;
        let enough = match whole {
            true => self.bodies > 0 || self.commands >= 2,
            false => (self.elements >= 3 && trail.sure >= BAIT) || header,
        };
        if !enough || length < 16 {
            return None;
        }
        let proof = if self.decoded { Proof::Decoded } else { Proof::Structure };
        let mut walked = Walked::whole(length, proof);
        walked.end = if whole { End::Whole } else { End::Broken };
        walked.kind = self.kind;
        self.details.pages = (self.bodies > 0 && self.pages > 0).then_some(self.pages);
        let name = self.details.name.take();
        self.details.title = self.details.title.take().or(name);
        walked.details = self.details;
        Some(walked)
    }
}

/// Some drivers end the line behind their last UEL.
fn line_end(trail: &mut Trail) {
    let count = match trail.peek(2) {
        [b'\r', b'\n'] => 2,
        [b'\n', ..] => 1,
        _ => 0,
    };
    trail.take(count);
}

/// Where the first body begins and in what it is.
fn find(stretch: &mut Stretch) -> Option<(u64, Kind)> {
    let mut trail = Trail::new(stretch, 0);
    let lead = super::lead(trail.peek(512));
    trail.take(lead as u64);
    for _ in 0..BLOCKS {
        if !trail.starts(UEL) {
            break;
        }
        trail.take(UEL.len() as u64);
        let block = lines::block(&mut trail, &mut Details::default());
        if !trail.starts(UEL) {
            let language = block.language;
            let seen = trail.peek(16);
            let blank = seen.iter().take_while(|byte| b"\r\n \x04".contains(byte)).count();
            let kind = match &seen[blank..] {
                seen if seen.starts_with(b") HP") || seen.starts_with(b"( HP") => PCL_XL,
                seen if seen.starts_with(b"%!") => POSTSCRIPT,
                seen if seen.starts_with(b"UNIRAST") || seen.starts_with(b"RaS") => {
                    super::super::PWG_RASTER
                }
                seen if seen.starts_with(b"%PDF-") => PJL_PDF,
                [0x1B, ..] => PCL5,
                _ if language.as_deref() == Some("PCL") => PCL5,
                _ => return None,
            };
            return Some((trail.at + blank as u64, kind));
        }
    }
    None
}

pub fn texts(stretch: &mut Stretch, walked: &Walked, texts: &mut dyn Texts) {
    let Some((at, kind)) = find(stretch) else { return };
    let end = walked.length;
    if kind == POSTSCRIPT {
        return postscript::texts_of(stretch, at, end, texts);
    }
    if kind == PJL_PDF {
        body::pdf_inside(stretch, at, end, &mut |inner, walked| {
            if let Some(of) = PDF.texts {
                of(inner, walked, texts);
            }
        });
        return;
    }
    let mut trail = Trail::new(stretch, at);
    if kind == PCL_XL {
        texts.begin("pcl-xl");
        pcl_xl::walk(&mut trail, &mut Until { texts, end });
    } else if kind == PCL5 {
        texts.begin("pcl");
        pcl::walk(&mut trail, &mut Until { texts, end });
    }
}

pub fn picture(stretch: &mut Stretch, walked: &Walked) -> Option<Picture> {
    let (at, kind) = find(stretch)?;
    if kind == PCL5 {
        return pcl::picture_at(stretch, at, walked.length);
    }
    if kind == PJL_PDF {
        let mut picture = None;
        body::pdf_inside(stretch, at, u64::MAX, &mut |inner, walked| {
            picture = PDF.picture.and_then(|of| of(inner, walked));
        });
        return picture;
    }
    (kind == super::super::PWG_RASTER).then(|| raster::picture_at(stretch, at))?
}
