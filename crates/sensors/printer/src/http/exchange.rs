//! One question and its answer, over anything that reads and writes.

use std::io::{Read, Write};

use super::{
    Body, Content, Head, HttpError, Response,
    answer::LONGEST_HEAD,
    redirect::{Place, escaped},
};

/// The most answers like `100 Continue` before the real one.
const MOST_INTERIM: usize = 8;

/// The bytes of a question.
pub fn question(
    host: &str,
    place: &Place,
    content: Option<&Content>,
    credentials: Option<&str>,
) -> Vec<u8> {
    let method = if content.is_some() { "POST" } else { "GET" };
    let mut head = format!(
        "{method} {} HTTP/1.1\r\nHost: {}\r\nUser-Agent: leaksweep\r\nAccept: */*\r\nAccept-Encoding: identity\r\nConnection: close\r\n",
        escaped(&place.path),
        place.authority(host),
    );
    if let Some(credentials) = credentials {
        head += &format!("Authorization: {credentials}\r\n");
    }
    if let Some(Content { kind, bytes }) = content {
        head += &format!("Content-Type: {kind}\r\nContent-Length: {}\r\n", bytes.len());
    }
    head += "\r\n";
    let mut question = head.into_bytes();
    question.extend(content.map_or(&[][..], |content| content.bytes));
    question
}

/// Sends the question and takes the answer.
pub fn exchange(
    way: &mut (impl Read + Write),
    question: &[u8],
    most: usize,
) -> Result<Response, HttpError> {
    // Who refuses a question may answer and hang up before all of it is there.
    let sent = way.write_all(question).and_then(|()| way.flush());
    let answer = answer(way, most);
    match (sent, answer) {
        (Err(error), Err(_)) => Err(HttpError::of(error)),
        (_, answer) => answer,
    }
}

fn answer(way: &mut impl Read, most: usize) -> Result<Response, HttpError> {
    let mut got = Vec::new();
    for _ in 0..MOST_INTERIM {
        let head = head(way, &mut got)?;
        let rest = got.split_off(head.length.min(got.len()));
        if !matches!(head.status, 100 | 102..=199) {
            return Ok(body(way, head, &rest, most));
        }
        got = rest;
    }
    Err(HttpError::NotHttp)
}

/// Reads until the head is there; what came behind it stays in `got`.
fn head(way: &mut impl Read, got: &mut Vec<u8>) -> Result<Head, HttpError> {
    let mut piece = [0; 2048];
    loop {
        if let Some(head) = Head::parse(got.get(..LONGEST_HEAD).unwrap_or(got))? {
            return Ok(head);
        }
        match way.read(&mut piece).map_err(HttpError::of)? {
            0 if got.is_empty() => return Err(HttpError::Cut),
            0 => return Err(HttpError::NotHttp),
            count => got.extend(piece.iter().take(count)),
        }
    }
}

fn body(way: &mut impl Read, head: Head, rest: &[u8], most: usize) -> Response {
    let mut body = Body::new(&head, most);
    body.push(rest);
    let mut piece = [0; 4096];
    let mut failed = None;
    while !body.is_done() {
        match way.read(&mut piece) {
            Ok(0) => break,
            Ok(count) => body.push(piece.get(..count).unwrap_or_default()),
            // Most printers end without TLS's word for the end.
            Err(error) if error.kind() == std::io::ErrorKind::UnexpectedEof => break,
            Err(error) => {
                failed = Some(HttpError::of(error));
                break;
            }
        }
    }
    Response::new(head, body, failed)
}
