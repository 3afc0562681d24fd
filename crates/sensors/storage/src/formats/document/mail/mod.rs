//! Mail: single messages as files (RFC 5322, MIME) and mailboxes of many (mbox).
//!
//! A message begins with its headers: at least three, two of them such as every mail has. One of several parts ends with its outermost closing
//! boundary and blank lines; any other where the text ends: before the first byte that no text has. A mailbox goes on as long as lines
//! `From … year` begin messages. Attachments in base64 and quoted-printable are decoded for their text alone.
//!
//! Text behind a closing boundary belongs to a mailbox where another message follows within 64 KiB.
//!
//! Limits: 256 KiB of headers, 8 boundaries inside each other.

mod date;
mod headers;
#[cfg(test)]
mod tests;
mod texts;
mod walk;
mod words;

pub(super) use headers::{looks, looks_mbox};

use crate::formats::{Family, Format, Kind, Signature};

pub static EML: Format = Format {
    kind: Kind { name: "eml", family: Family::Mail, extension: "eml" },
    signatures: &[
        Signature::new(b"Return-Path:"),
        Signature::new(b"Return-path:"),
        Signature::new(b"Received: "),
        Signature::new(b"Delivered-To:"),
        Signature::new(b"From: "),
        Signature::new(b"To: "),
        Signature::new(b"Date: "),
        Signature::new(b"Subject: "),
        Signature::new(b"Message-ID:"),
        Signature::new(b"Message-Id:"),
        Signature::new(b"MIME-Version:"),
        Signature::new(b"Mime-Version:"),
        Signature::new(b"Content-Type: multipart/"),
        Signature::new(b"X-Mozilla-Status:"),
        Signature::new(b"X-Original-To:"),
        Signature::new(b"X-Account-Key:"),
        Signature::new(b"X-UIDL:"),
        Signature::new(b"Envelope-to:"),
        Signature::new(b"DKIM-Signature:"),
        Signature::new(b"Authentication-Results:"),
        Signature::new(b"Reply-To:"),
        Signature::new(b"Sender:"),
        Signature::new(b"User-Agent:"),
    ],
    looks: headers::looks,
    walk: walk::message,
    texts: Some(texts::texts),
    picture: None,
};

pub static MBOX: Format = Format {
    kind: Kind { name: "mbox", family: Family::Mail, extension: "mbox" },
    signatures: &[Signature::new(b"From ")],
    looks: headers::looks_mbox,
    walk: walk::mailbox,
    texts: Some(texts::texts),
    picture: None,
};
