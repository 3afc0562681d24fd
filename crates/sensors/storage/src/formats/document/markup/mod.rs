//! HTML and XML (SVG) that stand by themselves.
//!
//! XML ends with the end of its root element, HTML with `</html>`; both with blank lines behind it. Limits: an element's start of 16 MiB, which holds pictures.

mod html;
#[cfg(test)]
mod tests;
mod xml;

use crate::formats::{Family, Format, Kind, Signature};

pub static XML: Format = Format {
    kind: Kind { name: "xml", family: Family::Text, extension: "xml" },
    signatures: &[
        Signature::new(b"<?xml "),
        Signature::new(b"\xEF\xBB\xBF<?xml "),
        Signature::new(b"<svg "),
    ],
    looks: xml::looks,
    walk: xml::walk,
    texts: None,
    picture: None,
};

pub static HTML: Format = Format {
    kind: Kind { name: "html", family: Family::Document, extension: "html" },
    signatures: &[
        Signature::new(b"<!DOCTYPE html"),
        Signature::new(b"<!DOCTYPE HTML"),
        Signature::new(b"<!doctype html"),
        Signature::new(b"<html"),
        Signature::new(b"<HTML"),
    ],
    looks: html::looks,
    walk: html::walk,
    texts: None,
    picture: None,
};
