//! HTTP/1.1 as far as a printer is asked: one GET or POST for each connection, over TCP or under TLS.
//!
//! RFC 9110 and 9112. An answer's head is at most 32 KiB, its body as long as the caller takes; what came of a body that went
//! wrong is kept, with what was wrong. A redirect is followed three times, on the same host and to ports of the list alone.
//! No cookie, nothing kept; no login, but for the first password of the catalogue if the user asked for that.

mod answer;
mod body;
mod error;
mod exchange;
mod redirect;
#[cfg(test)]
mod tests;

pub use answer::{Head, Response};
pub use body::Body;
pub use error::HttpError;
pub use redirect::{Place, escaped};

use crate::{look::Context, plan::Packet, session};
use exchange::exchange;

/// The most redirects that are followed.
const MOST_REDIRECTS: usize = 3;

/// What a POST carries.
pub struct Content<'a> {
    /// Its media type.
    pub kind: &'a str,
    pub bytes: &'a [u8],
}

/// Asks for one page; `most` is the most of its body that is taken.
pub fn get(
    context: &Context,
    port: u16,
    tls: bool,
    path: &str,
    packet: Packet,
    most: usize,
) -> Result<Response, HttpError> {
    let mut place = Place { port, tls, path: path.to_owned() };
    let mut seen = vec![place.clone()];
    loop {
        let response = ask(context, &place, packet, most, None)?;
        let Some(next) = redirect::next(context, &place, &response) else {
            return Ok(Response { place, ..response });
        };
        if seen.contains(&next) || seen.len() > MOST_REDIRECTS {
            return Err(HttpError::Loop);
        }
        seen.push(next.clone());
        place = next;
    }
}

/// Asks once for a page with credentials, as the first password of the catalogue. No redirect is followed.
pub fn get_as(
    context: &Context,
    place: &Place,
    credentials: &str,
    most: usize,
) -> Result<Response, HttpError> {
    let question = exchange::question(&context.target.host, place, None, Some(credentials));
    let response = send(context, place, Packet::DefaultPassword, most, &question)?;
    Ok(Response { place: place.clone(), ..response })
}

/// The place of an address that the printer named itself; none for one on another host.
pub fn place(context: &Context, url: &str) -> Option<Place> {
    redirect::own(context, url)
}

/// Posts a question. No redirect is followed.
pub fn post(
    context: &Context,
    port: u16,
    tls: bool,
    path: &str,
    packet: Packet,
    most: usize,
    content: &Content,
) -> Result<Response, HttpError> {
    let place = Place { port, tls, path: path.to_owned() };
    let response = ask(context, &place, packet, most, Some(content))?;
    Ok(Response { place, ..response })
}

fn ask(
    context: &Context,
    place: &Place,
    packet: Packet,
    most: usize,
    content: Option<&Content>,
) -> Result<Response, HttpError> {
    let question = exchange::question(&context.target.host, place, content, None);
    send(context, place, packet, most, &question)
}

fn send(
    context: &Context,
    place: &Place,
    packet: Packet,
    most: usize,
    question: &[u8],
) -> Result<Response, HttpError> {
    if place.tls {
        exchange(&mut session::open(context, place.port, packet)?, question, most)
    } else {
        let mut line = context.wire.line(place.port, packet).map_err(HttpError::Wire)?;
        exchange(&mut line, question, most)
    }
}

/// An answer as it came in pieces, for the fuzz target.
pub fn read(bytes: &[u8], most: usize) -> Option<Response> {
    let head = Head::parse(bytes).ok()??;
    let mut body = Body::new(&head, most);
    bytes.get(head.length..)?.chunks(7).for_each(|piece| body.push(piece));
    Some(Response::new(head, body, None))
}
