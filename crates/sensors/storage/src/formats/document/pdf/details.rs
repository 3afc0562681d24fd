//! What a PDF says of itself: its information dictionary, else its XMP.

use leaksweep_facts::Time;

use super::scan::Scan;
use super::strings;
use super::tokens::Dict;
use crate::Stretch;
use crate::formats::Details;

const MOST_XMP: usize = 64 * 1024;

pub fn of(stretch: &mut Stretch, scan: &Scan) -> Details {
    let mut details = Details { encrypted: Some(scan.encrypted), ..Details::default() };
    let counted = if scan.broke.is_some() { 0 } else { scan.count };
    let pages = if counted > 0 { counted } else { u64::from(scan.pages) };
    details.pages = u32::try_from(pages).ok().filter(|pages| *pages > 0);
    if scan.encrypted {
        return details;
    }
    if let Some(info) = &scan.info {
        from_info(&Dict::read(info), &mut details);
    }
    if let Some((at, end)) = scan.xmp {
        let count = usize::try_from(end.saturating_sub(at)).unwrap_or(MOST_XMP).min(MOST_XMP);
        from_xmp(&String::from_utf8_lossy(stretch.peek(at, count)), &mut details);
    }
    details
}

fn from_info(info: &Dict, details: &mut Details) {
    let bytes = |key: &[u8]| info.get(key).and_then(strings::bytes);
    let text = |key: &[u8]| bytes(key).and_then(|bytes| Details::text(&strings::text(&bytes)));
    details.title = text(b"Title");
    details.author = text(b"Author");
    details.application = match (text(b"Creator"), text(b"Producer")) {
        (Some(creator), Some(producer)) if creator != producer => {
            Details::text(&format!("{creator}; {producer}"))
        }
        (creator, producer) => creator.or(producer),
    };
    details.created = bytes(b"CreationDate").and_then(|bytes| strings::date(&bytes));
    details.modified = bytes(b"ModDate").and_then(|bytes| strings::date(&bytes));
}

fn from_xmp(xmp: &str, details: &mut Details) {
    let inner = |name: &str| {
        let start = xmp.find(&format!("<{name}>"))? + name.len() + 2;
        let rest = &xmp[start..];
        let rest = &rest[..rest.find(&format!("</{name}>"))?];
        let plain: String = rest
            .split('<')
            .map(|part| part.split_once('>').map_or(part, |(_, text)| text))
            .collect();
        let plain = plain
            .replace("&lt;", "<")
            .replace("&gt;", ">")
            .replace("&quot;", "\"")
            .replace("&amp;", "&");
        Details::text(&plain)
    };
    let moment = |name: &str| inner(name).and_then(|text| Time::parse(&text)).map(|time| time.0);
    details.title = details.title.take().or_else(|| inner("dc:title"));
    details.author = details.author.take().or_else(|| inner("dc:creator"));
    details.application = details
        .application
        .take()
        .or_else(|| inner("xmp:CreatorTool"))
        .or_else(|| inner("pdf:Producer"));
    details.created = details.created.or_else(|| moment("xmp:CreateDate"));
    details.modified = details.modified.or_else(|| moment("xmp:ModifyDate"));
}
