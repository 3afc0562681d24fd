//! Follows messages to their end.

use super::{
    super::text::{
        ending,
        lines::{Lines, trimmed},
    },
    headers::{self, Coding, Headers},
};
use crate::{
    Stretch,
    formats::{Details, End, Proof, Walked},
};

/// How far behind a message's last part the next one of a mailbox is looked for.
const EPILOGUE: u64 = 64 * 1024;
/// A message whose end is missing is one from so many bytes on.
const LEAST: u64 = 200;

pub fn message(stretch: &mut Stretch) -> Option<Walked> {
    headers::looks(stretch.peek(0, 512)).then_some(())?;
    Walk::follow(stretch, false)
}

pub fn mailbox(stretch: &mut Stretch) -> Option<Walked> {
    headers::looks_mbox(stretch.peek(0, 512)).then_some(())?;
    Walk::follow(stretch, true)
}

struct Walk {
    details: Details,
    messages: u32,
    encrypted: bool,
    /// Of the message that is read.
    boundary: Option<Vec<u8>>,
    coding: Coding,
    closed: bool,
    /// Whether all of its headers are there.
    headed: bool,
}

/// How the lines of a message ended.
enum Stop {
    /// Text goes on, but is not its own.
    Other(u64),
    /// No text is there any more.
    Text(u64),
    Message,
}

impl Walk {
    fn follow(stretch: &mut Stretch, mailbox: bool) -> Option<Walked> {
        let end = stretch.len();
        let mut lines = Lines::new(stretch, 0, end);
        let mut walk = Self {
            details: Details::default(),
            messages: 0,
            encrypted: false,
            boundary: None,
            coding: Coding::None,
            closed: false,
            headed: false,
        };
        if mailbox {
            lines.take()?;
        }
        let stop = loop {
            if !walk.begin(&mut lines) {
                break Stop::Text(lines.place());
            }
            match walk.body(&mut lines, mailbox) {
                Stop::Message => {}
                stop => break stop,
            }
        };
        walk.close(lines.stretch(), stop, mailbox)
    }

    /// Whether the headers are whole.
    fn begin(&mut self, lines: &mut Lines) -> bool {
        let (headers, whole) = Headers::read(lines);
        self.messages = self.messages.saturating_add(1);
        self.encrypted |= headers.encrypted;
        if self.messages == 1 {
            self.details = headers.details;
        }
        (self.boundary, self.coding, self.closed) = (headers.boundary, headers.coding, false);
        self.headed = whole;
        whole
    }

    fn body(&mut self, lines: &mut Lines, mailbox: bool) -> Stop {
        let mut blank = true;
        let mut last = lines.place();
        let mut behind = None;
        loop {
            let place = lines.place();
            let Some((_, line)) = lines.take() else {
                return behind.map_or(Stop::Text(place.max(last)), Stop::Other);
            };
            let text = trimmed(line);
            if mailbox && blank && headers::is_from_line(text) {
                return Stop::Message;
            }
            blank = text.is_empty();
            // Text behind the last part is its own only where another message follows.
            if self.closed && !blank {
                let first = *behind.get_or_insert(place);
                if !mailbox || place - first > EPILOGUE {
                    return Stop::Other(first);
                }
            }
            if let Some(boundary) = &self.boundary {
                self.closed |= closes(text, boundary);
            } else if self.coding == Coding::Base64 && !is_base64(text) {
                return Stop::Other(place);
            }
            let length = line.len() as u64;
            if let Some(other) = ending::another(lines.stretch(), place, length) {
                return behind.map_or(Stop::Text(other), Stop::Other);
            }
            last = place + length;
        }
    }

    fn close(mut self, stretch: &mut Stretch, stop: Stop, mailbox: bool) -> Option<Walked> {
        let length = match stop {
            Stop::Other(place) => place,
            Stop::Text(place) => ending::settle(stretch, place),
            Stop::Message => return None,
        };
        let open = self.boundary.is_some() && !self.closed || !self.headed;
        if length < LEAST && open {
            return None;
        }
        self.details.encrypted = self.encrypted.then_some(true);
        self.details.pages = mailbox.then_some(self.messages);
        let end = if open { End::Broken } else { End::Whole };
        Some(Walked { kind: None, length, end, proof: Proof::Structure, details: self.details })
    }
}

fn closes(line: &[u8], boundary: &[u8]) -> bool {
    let inside = line.strip_prefix(b"--").and_then(|line| line.strip_prefix(boundary));
    inside.is_some_and(|rest| rest.trim_ascii_end() == b"--")
}

fn is_base64(line: &[u8]) -> bool {
    let fine = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/' | b'=');
    line.trim_ascii().iter().all(fine)
}
