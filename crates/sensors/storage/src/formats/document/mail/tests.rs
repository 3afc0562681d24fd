use super::*;
use crate::chance::noise;
use crate::{
    Stretch,
    formats::{End, Texts, Walked},
};

const PLAIN: &str = "Return-Path: <a@example.org>\r\nFrom: \"A. Person\" <a@example.org>\r\nTo: b@example.org\r\n\
    Subject: =?utf-8?B?5a+G5Lu2?= and =?iso-8859-1?Q?M=FCller_?=\r\n =?utf-8?Q?x?=\r\nDate: Tue, 1 Jul 2003 10:52:37 +0200\r\n\
    X-Mailer: Mailer 1.0\r\n\r\nHello,\r\n\r\nthis is a text of one part.\r\n";

fn multipart() -> String {
    let data = "VGhlIHdvcmQgaXMgaGlkZGVu\r\n".repeat(300);
    format!(
        "Received: from x by y; Tue, 1 Jul 2003 10:52:37 +0200\r\nFrom: a@example.org\r\nSubject: Two parts\r\nMIME-Version: 1.0\r\n\
         Content-Type: multipart/mixed;\r\n\tboundary=\"=_one=\"\r\n\r\nThis is MIME.\r\n--=_one=\r\nContent-Type: text/plain\r\n\
         Content-Transfer-Encoding: quoted-printable\r\n\r\nstreng=20geheim =\r\nhere\r\n--=_one=\r\n\
         Content-Type: application/octet-stream\r\nContent-Transfer-Encoding: base64\r\n\r\n{data}\r\n--=_one=--\r\n\r\n"
    )
}

fn walk(format: &Format, bytes: &[u8]) -> Option<Walked> {
    (format.walk)(&mut Stretch::new(&bytes))
}

fn length(format: &Format, parts: &[&[u8]]) -> Option<(u64, bool)> {
    walk(format, &parts.concat()).map(|walked| (walked.length, walked.is_whole()))
}

#[derive(Default)]
struct Kept(Vec<(&'static str, Vec<u8>)>);

impl Texts for Kept {
    fn begin(&mut self, through: &'static str) {
        self.0.push((through, Vec::new()));
    }

    fn push(&mut self, bytes: &[u8]) {
        self.0.last_mut().unwrap().1.extend_from_slice(bytes);
    }
}

#[test]
fn a_message_ends_where_it_ends() {
    for text in [PLAIN.to_owned(), multipart()] {
        let own = text.as_bytes();
        let whole = Some((own.len() as u64, true));
        assert_eq!(length(&EML, &[own]), whole);
        assert_eq!(length(&EML, &[own, &[0; 3000]]), whole);
        assert_eq!(length(&EML, &[own, &[0; 100], own]), whole);
    }
    let own = multipart();
    for seed in 0..50 {
        let found = length(&EML, &[own.as_bytes(), &noise(seed, 2000)]).unwrap();
        assert!(found.1 && found.0.abs_diff(own.len() as u64) <= 2, "{seed} {found:?}");
    }
}

#[test]
fn headers_tell_who_and_what() {
    let walked = walk(&EML, PLAIN.as_bytes()).unwrap();
    let details = &walked.details;
    assert_eq!(details.title.as_deref(), Some("密件 and Müller x"));
    assert_eq!(details.author.as_deref(), Some("\"A. Person\" <a@example.org>"));
    assert_eq!(details.application.as_deref(), Some("Mailer 1.0"));
    assert_eq!(details.created, Some(1_057_049_557));
}

#[test]
fn a_cut_message_is_broken_and_swallows_nothing() {
    let own = multipart();
    for cut in [300, 700, 2000, 5000, own.len() - 20] {
        let front = &own.as_bytes()[..cut];
        for rest in [vec![0; 2000], noise(cut as u64, 2000)] {
            let walked = walk(&EML, &[front, &rest].concat()).unwrap();
            assert_eq!(walked.end, End::Broken, "{cut}");
            let off = walked.length as i64 - cut as i64;
            assert!((-80..=12).contains(&off), "{cut} {off}");
        }
    }
    // Another message on the next sector.
    let front = &own.as_bytes()[..2048];
    let walked = walk(&EML, &[front, PLAIN.as_bytes()].concat()).unwrap();
    assert_eq!((walked.length, walked.end), (2048, End::Broken));
}

#[test]
fn headers_before_chance_are_no_message() {
    for keep in [16, 32, 64, 100] {
        for seed in 0..200 {
            let bait = [&PLAIN.as_bytes()[..keep], &noise(seed, 4096)].concat();
            assert_eq!(walk(&EML, &bait), None, "{keep} {seed}");
        }
    }
    for text in [
        "From: and To: are words.\n",
        "To: do\n- this\n- that\n",
        "Date: x\nServer: y\nContent-Type: text/html\n\n<html>",
    ] {
        assert_eq!(walk(&EML, text.as_bytes()), None);
    }
}

#[test]
fn a_mailbox_holds_all_its_messages() {
    let mut own = Vec::new();
    for text in [PLAIN.to_owned(), multipart(), PLAIN.replace("Hello", ">From me, From you")] {
        own.extend(b"From a@example.org Tue Jul  1 10:52:37 2003\n");
        own.extend(text.replace("\r\n", "\n").into_bytes());
        own.push(b'\n');
    }
    assert_eq!(length(&MBOX, &[&own]), Some((own.len() as u64, true)));
    let walked = walk(&MBOX, &[&own[..], &[0; 600]].concat()).unwrap();
    assert_eq!((walked.length, walked.details.pages), (own.len() as u64, Some(3)));
    assert_eq!(walk(&MBOX, &b"From time to time it rains.\n".repeat(40)), None);
}

#[test]
fn attachments_are_decoded() {
    let bytes = multipart().into_bytes();
    let walked = walk(&EML, &bytes).unwrap();
    let mut kept = Kept::default();
    (EML.texts.unwrap())(&mut Stretch::new(&bytes), &walked, &mut kept);
    let [(one, quoted), (other, data)] = &kept.0[..] else { panic!("{:?}", kept.0) };
    assert_eq!((*one, &quoted[..]), ("quoted-printable", &b"streng geheim here\r\n"[..]));
    assert_eq!((*other, data.len()), ("base64", 300 * 18));
    let plain = PLAIN.as_bytes().to_vec();
    let mut kept = Kept::default();
    (EML.texts.unwrap())(&mut Stretch::new(&plain), &walk(&EML, &plain).unwrap(), &mut kept);
    assert_eq!(kept.0, [("base64", "密件 and Müller x".as_bytes().to_vec())]);
}

#[test]
fn text_behind_the_last_part_ends_no_mailbox() {
    let from = "From a@example.org Tue Jul  1 10:52:37 2003\n";
    let first = format!("{from}{}Sent from a list.\nIts rules.\n\n", multipart());
    let own = format!("{first}{from}{PLAIN}\n").replace("\r\n", "\n").into_bytes();
    let walked = walk(&MBOX, &[&own[..], &[0; 600]].concat()).unwrap();
    assert_eq!((walked.length, walked.details.pages), (own.len() as u64, Some(2)));
    // Where none follows, it is not its own.
    let alone = format!("{from}{}", multipart()).replace("\r\n", "\n").into_bytes();
    let other = b"Another text.\n".repeat(20);
    assert_eq!(length(&MBOX, &[&alone, &other]), Some((alone.len() as u64, true)));
}
