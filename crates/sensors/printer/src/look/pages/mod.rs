//! The web pages of a printer: its start page at each port, and the pages of its maker that the catalogue names, each with one GET.
//! A password is tried only if the user asked for it: one pair, once.
//!
//! Limits: 256 KiB of a page, nine pages of a maker. A page is told as shown only if it holds what the catalogue says.

mod judged;
mod password;

use leaksweep_catalogue::printers::{self, Maker};
use leaksweep_facts::tables::printer::Page;

pub use judged::{Came, Judged, judged, told};

use super::{Context, makers};
use crate::{
    Portrait, Topic, Way,
    http::{self, HttpError, Response},
    plan::Packet,
    wire::WireError,
};

const MOST: usize = 256 << 10;
const MOST_PAGES: usize = 9;

/// A start page, and where it is.
struct Start {
    port: u16,
    tls: bool,
    body: Vec<u8>,
}

pub fn look(context: &Context, portrait: &mut Portrait) {
    let starts = starts(context, portrait);
    let named = |start: &Start| makers::named(&String::from_utf8_lossy(&start.body));
    let Some(maker) = makers::of(portrait).or_else(|| starts.iter().find_map(named)) else {
        return;
    };
    let Some(start) = starts.first() else { return };
    let mut guarded = Vec::new();
    for page in maker.pages.iter().filter(|page| page.path != "/").take(MOST_PAGES) {
        if !context.wire.has_time() {
            break;
        }
        guarded.extend(ask(context, start, page, portrait));
    }
    note_guard(&guarded, portrait);
    password::look(context, maker, (start.port, start.tls), portrait);
}

/// The start page at each port; the one under TLS comes first.
fn starts(context: &Context, portrait: &mut Portrait) -> Vec<Start> {
    let mut starts = Vec::new();
    for (service, tls) in [("https", true), ("http", false), ("http-alt", false)] {
        let port = context.wire.ports().of(service);
        if !portrait.is_open(port) {
            continue;
        }
        match http::get(context, port, tls, "/", Packet::HttpPage, MOST) {
            Ok(response) => starts.push(start(service, (port, tls), response, portrait)),
            Err(error) => failed(service, port, &error, portrait),
        }
    }
    starts
}

fn start(
    service: &'static str,
    (port, tls): (u16, bool),
    response: Response,
    portrait: &mut Portrait,
) -> Start {
    let login = matches!(response.status(), 401 | 403);
    if let Some(row) = portrait.service(service) {
        row.speaks = Some(true);
        row.encrypted = Some(tls);
        row.authentication = Some(if login { "password" } else { "none" }.into());
        row.banner = response.head.header("server").map(crate::portrait::cut);
    }
    let body = String::from_utf8_lossy(&response.body);
    let holds = makers::of(portrait).or_else(|| makers::named(&body)).and_then(start_page);
    enter(("/", "start", holds.map(|page| page.holds.as_str())), port, &response, portrait);
    Start { port, tls, body: response.body }
}

/// What the catalogue says of a maker's start page.
fn start_page(maker: &Maker) -> Option<&printers::Page> {
    maker.pages.iter().find(|page| page.path == "/")
}

fn failed(service: &str, port: u16, error: &HttpError, portrait: &mut Portrait) {
    if let (HttpError::NotHttp, Some(row)) = (error, portrait.service(service)) {
        row.speaks = Some(false);
    }
    if !matches!(error, HttpError::Wire(WireError::Unplanned(_))) {
        portrait.problems.push(error.problem("printer_pages", format!("tcp {port}, /")));
    }
}

/// Enters the row of a page, and says what it is.
fn enter(
    (path, kind, holds): (&str, &str, Option<&str>),
    port: u16,
    response: &Response,
    portrait: &mut Portrait,
) -> Judged {
    let came = Came {
        status: response.status(),
        asked: path,
        path: &response.place.path,
        body: &response.body,
    };
    let judged = judged(&came, holds);
    portrait.pages.push(Page {
        port: port.into(),
        path: path.into(),
        kind: kind.into(),
        status: response.status().into(),
        login: judged.login,
        shown: judged.shown,
        title: judged.title.clone(),
    });
    judged
}

/// Asks for one page of the maker. For a page of settings: whether a password guards it.
fn ask(
    context: &Context,
    start: &Start,
    page: &'static printers::Page,
    portrait: &mut Portrait,
) -> Option<(bool, &'static str)> {
    let asked = http::get(context, start.port, start.tls, &page.path, Packet::HttpPage, MOST);
    let response = match asked {
        Ok(response) => response,
        Err(error) => {
            let subject = format!("tcp {}, {}", start.port, page.path);
            portrait.problems.push(error.problem("printer_pages", subject));
            return None;
        }
    };
    if let Some(flaw) = &response.flaw {
        let subject = format!("tcp {}, {}", start.port, page.path);
        portrait.problems.push(flaw.problem("printer_pages", subject));
    }
    let asked = (page.path.as_str(), page.kind.as_str(), Some(page.holds.as_str()));
    let judged = enter(asked, start.port, &response, portrait);
    if judged.shown {
        page.tells.iter().for_each(|tell| note(page, &response.body, tell, portrait));
    }
    let sets = matches!(page.kind.as_str(), "settings" | "security");
    (sets && (judged.shown || judged.login)).then_some((judged.login, page.path.as_str()))
}

fn note(page: &printers::Page, body: &[u8], tell: &printers::Tell, portrait: &mut Portrait) {
    let Some(topic) = Topic::named(&tell.about) else { return };
    let Some((text, answered)) = told(body, tell) else { return };
    if let Some(value) = topic.value(&text) {
        portrait.learn(topic, value, Way::Http, &*page.path, &answered);
    }
}

/// One page of settings that anybody sees is enough to say that no password guards them.
fn note_guard(pages: &[(bool, &str)], portrait: &mut Portrait) {
    let open =
        pages.iter().find(|(login, _)| !login).map(|page| (false, page.1, "shown to anybody"));
    let guarded = pages.first().map(|page| (true, page.1, "a password is demanded"));
    if let Some((guarded, path, answered)) = open.or(guarded) {
        portrait.learn(Topic::AdminPassword, guarded, Way::Http, path, answered);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_open_page_of_settings_says_that_no_password_guards_them() {
        for (pages, expected) in [
            (&[(true, "/a"), (false, "/b")][..], Some(false)),
            (&[(true, "/a"), (true, "/b")], Some(true)),
            (&[], None),
        ] {
            let mut portrait = Portrait::default();
            note_guard(pages, &mut portrait);
            assert_eq!(portrait.flag(Topic::AdminPassword), expected);
        }
    }
}
