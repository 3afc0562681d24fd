//! Against jobs that claim more than they have, and against whole ones that look as if they did.

use super::{
    spool,
    tests::{emf, find, words},
    zpl,
};
use crate::{
    Stretch,
    formats::{
        End,
        picture::tests::{PNG, Sparse},
    },
};

#[test]
fn a_count_behind_a_few_bytes_is_not_walked() {
    let bait = b"^XA^FO1,1^FS^GFB,999999999,1,1,";
    let medium = Sparse(bait, 1 << 30, b'.');
    let mut stretch = Stretch::new(&medium);
    assert_eq!((zpl::FORMAT.walk)(&mut stretch), None);
    assert!(stretch.cost() < 1 << 20);
}

const DOCUMENT: &str = "%!PS-Adobe-3.0 EPSF-3.0\n%%Title: a\n%%BoundingBox: 0 0 10 10\n%%EndComments\n\
    0 0 moveto 10 10 lineto stroke showpage\n%%Trailer\n%%EOF\n";

/// The header of DOS before an EPS, with the places and the lengths of its PostScript and of its WMF.
fn eps_head(document: u32, preview: [u32; 2]) -> Vec<u8> {
    let places = words(&[document, DOCUMENT.len() as u32, preview[0], preview[1], 0, 0]);
    [&b"\xc5\xd0\xd3\xc6"[..], &places, &[0xFF, 0xFF]].concat()
}

/// One whose WMF follows the PostScript.
fn eps(start: u32, bytes: u32) -> Vec<u8> {
    [&eps_head(30, [start, bytes])[..], DOCUMENT.as_bytes()].concat()
}

#[test]
fn a_preview_of_no_bytes_is_none() {
    let bytes = eps(0xF000_0000, 0);
    let medium = Sparse(&bytes, 5 << 30, 0);
    let walked = (super::postscript::EPS.walk)(&mut Stretch::new(&medium)).unwrap();
    assert_eq!((walked.length, walked.end), (bytes.len() as u64, End::Whole));
}

#[test]
fn a_preview_does_not_hide_another_file() {
    let start = eps(0, 0).len() as u32;
    let own = eps(start, 200_000);
    let plain = [&own[..], &vec![7; 200_000]].concat();
    let (_, walked) = find(&plain).unwrap();
    assert_eq!((walked.length, walked.end), (plain.len() as u64, End::Whole));
    let hides = [&own[..], &vec![7; 100_000], PNG, &vec![7; 100_000]].concat();
    let (_, walked) = find(&hides).unwrap();
    assert_eq!((walked.length, walked.end), (own.len() as u64 + 100_000, End::Broken));
}

#[test]
fn a_document_behind_its_preview_is_not_lost() {
    let preview = [&[7; 100_000][..], PNG, &[7; 100_000]].concat();
    let bytes = preview.len() as u32;
    let head = eps_head(30 + bytes, [30, bytes]);
    let all = [&head[..], &preview, DOCUMENT.as_bytes()].concat();
    let (_, walked) = find(&all).unwrap();
    assert_eq!((walked.length, walked.end), (all.len() as u64, End::Whole));
}

#[test]
fn an_operator_may_stand_anywhere_in_a_long_line() {
    let head = "%!PS-Adobe-3.0\n%%EndComments\n";
    let line = format!("{:>4098}\n", "image");
    let own = [head, &line, &"\x01".repeat(64), "\n%%Trailer\nshowpage\n%%EOF\n"].concat();
    let (_, walked) = find(own.as_bytes()).unwrap();
    assert_eq!((walked.length, walked.end), (own.len() as u64, End::Whole));
}

#[test]
fn names_of_any_code_page_stand_in_a_document() {
    let own = b"%!PS-Adobe-3.0\n%%For: J\xFCrgen M\xFCller\n%%Title: list\n%%EndComments\n\
        0 0 moveto 10 10 lineto stroke\nshowpage\n%%Trailer\n%%EOF\n";
    let (_, walked) = find(own).unwrap();
    assert_eq!((walked.length, walked.end), (own.len() as u64, End::Whole));
}

/// A picture of five texts, and a header with so many bytes more.
fn texts(more: usize) -> Vec<u8> {
    let one = emf("a line of text");
    let (head, text, end) = (&one[..108], &one[108..one.len() - 20], &one[one.len() - 20..]);
    let mut bytes = [head, &vec![0; more], &text.repeat(5), end].concat();
    let length = (bytes.len() as u32).to_le_bytes();
    bytes[48..52].copy_from_slice(&length);
    bytes[4..8].copy_from_slice(&(108 + more as u32).to_le_bytes());
    bytes[52] = 7;
    bytes
}

#[test]
fn an_emf_may_have_a_long_description() {
    let bytes = texts(200);
    let (kind, walked) = find(&bytes).unwrap();
    assert_eq!((kind, walked.length, walked.end), ("emf", bytes.len() as u64, End::Whole));
}

/// A record of a font or a picture that is larger than those of most jobs.
fn large(kind: u32) -> Vec<u8> {
    let mut bytes = words(&[kind, 9 << 20]);
    bytes.resize(9 << 20, 7);
    bytes
}

#[test]
fn a_short_head_may_have_a_large_picture_behind_it() {
    let one = emf("a line of text");
    let mut bytes = [&one[..88], &large(81), &one[108..]].concat();
    let length = (bytes.len() as u32).to_le_bytes();
    bytes[48..52].copy_from_slice(&length);
    (bytes[4], bytes[52]) = (88, 4);
    let (kind, walked) = find(&bytes).unwrap();
    assert_eq!((kind, walked.length, walked.end), ("emf", bytes.len() as u64, End::Whole));
}

#[test]
fn a_spool_file_may_begin_with_a_large_font() {
    let mut head = words(&[0x1_0000, 48, 16, 0]);
    head.extend(b"L\0i\0s\0t\0");
    head.resize(48, 0);
    let (mut font, page) = (large(0x10), emf("a line of text"));
    font[4..8].copy_from_slice(&((9_u32 << 20) - 8).to_le_bytes());
    let bytes = [head, font, words(&[0x0C, page.len() as u32]), page].concat();
    let (kind, walked) = find(&bytes).unwrap();
    assert_eq!((kind, walked.length, walked.end), ("emf-spool", bytes.len() as u64, End::Whole));
}

#[test]
fn an_emf_that_ends_between_records_with_the_medium_is_told() {
    let mut bytes = texts(0);
    bytes.truncate(bytes.len() - 20);
    let walked = (spool::EMF.walk)(&mut Stretch::new(&bytes)).unwrap();
    assert_eq!(walked.end, End::Broken);
}
