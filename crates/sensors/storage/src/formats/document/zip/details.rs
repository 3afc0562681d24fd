//! What a document in an archive says of itself.

use leaksweep_facts::Time;

use crate::formats::Details;
use crate::formats::document::xml::{attribute, inner};

/// Takes what the XML of a member tells; the first that tells something counts.
pub fn take(name: &[u8], xml: &[u8], details: &mut Details) {
    let xml = String::from_utf8_lossy(xml);
    let first = |names: &[&str]| {
        names.iter().find_map(|name| inner(&xml, name)).and_then(|text| Details::text(&text))
    };
    let moment = |names: &[&str]| {
        let text = names.iter().find_map(|name| inner(&xml, name))?;
        parsed(text.trim())
    };
    let keep = |slot: &mut Option<String>, value: Option<String>| *slot = slot.take().or(value);
    if name == b"docProps/app.xml" {
        let version = first(&["AppVersion"]).map_or(String::new(), |version| format!(" {version}"));
        keep(
            &mut details.application,
            first(&["Application"]).map(|name| format!("{name}{version}")),
        );
        let pages = first(&["Pages", "Slides"]).and_then(|pages| pages.parse().ok());
        details.pages = details.pages.or(pages.filter(|pages| *pages > 0));
        return;
    }
    keep(&mut details.title, first(&["dc:title", "ofd:Title", "Title"]));
    keep(
        &mut details.author,
        first(&["dc:creator", "meta:initial-creator", "ofd:Author", "Author"]),
    );
    keep(&mut details.application, first(&["meta:generator", "ofd:Creator", "Creator"]));
    details.created =
        details.created.or(moment(&["dcterms:created", "meta:creation-date", "ofd:CreationDate"]));
    details.modified = details.modified.or(moment(&["dcterms:modified", "dc:date", "ofd:ModDate"]));
    let pages = attribute(&xml, "meta:page-count").and_then(|pages| pages.parse().ok());
    details.pages = details.pages.or(pages);
}

/// With or without a zone, and with parts of a second.
fn parsed(text: &str) -> Option<i64> {
    Time::parse(text).or_else(|| Time::parse(&format!("{text}Z"))).map(|time| time.0)
}
