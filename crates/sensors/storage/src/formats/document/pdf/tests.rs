use std::io::Write;

use super::{PDF, filters};
use crate::{
    Stretch,
    formats::{
        End, Proof,
        document::specimens::{chance, heard, holds, walk},
    },
};

fn flate(plain: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::default());
    encoder.write_all(plain).unwrap();
    encoder.finish().unwrap()
}

fn stream(dict: &str, bytes: &[u8]) -> Vec<u8> {
    let head = format!("<</Length {}{dict}>>\nstream\n", bytes.len());
    [head.as_bytes(), bytes, b"\nendstream"].concat()
}

/// A file of these objects, with a table of their places.
fn file(objects: &[Vec<u8>], trailer: &str, tail: &str) -> Vec<u8> {
    let mut out = b"%PDF-1.4\n%\xE2\xE3\xCF\xD3\n".to_vec();
    let mut places = Vec::new();
    for (at, object) in objects.iter().enumerate() {
        places.push(out.len());
        out.extend(format!("{} 0 obj\n", at + 1).bytes());
        out.extend(object);
        out.extend(b"\nendobj\n");
    }
    let start = out.len();
    out.extend(format!("xref\n0 {}\n0000000000 65535 f \n", places.len() + 1).bytes());
    places.iter().for_each(|place| out.extend(format!("{place:010} 00000 n \n").bytes()));
    out.extend(
        format!("trailer\n<</Root 1 0 R{trailer}>>\nstartxref\n{start}\n%%EOF{tail}").bytes(),
    );
    out
}

fn objects() -> Vec<Vec<u8>> {
    let map = "1 begincodespacerange <00> <ff> endcodespacerange\n2 beginbfchar <01> <673A> <02> <5BC6> \
               endbfchar 1 beginbfrange <41> <5A> <0041> endbfrange";
    let page = "BT /F1 12 Tf 72 700 Td [(SE) 20 (C)] TJ (RE\\124) Tj 0 -14 Td <0102> Tj ET";
    let font = chance(30_000);
    vec![
        b"<</Type/Catalog/Pages 2 0 R>>".to_vec(),
        b"<</Type/Pages/Kids[4 0 R]/Count 1>>".to_vec(),
        b"<</Title<FEFF673A5BC6>/Author(A \\(B\\))/Producer(P)/CreationDate(D:20240102030405+01'00')>>".to_vec(),
        b"<</Type/Page/Parent 2 0 R/Contents 5 0 R/Resources<</Font<</F1 6 0 R>>>>>>".to_vec(),
        stream("/Filter/FlateDecode", &flate(page.as_bytes())),
        b"<</Type/Font/ToUnicode 7 0 R>>".to_vec(),
        stream("/Filter/FlateDecode", &flate(map.as_bytes())),
        stream("/Filter/FlateDecode/Length1 30000", &flate(&font)),
    ]
}

#[test]
fn the_end_is_exact_with_every_end_of_line() {
    for tail in ["", "\n", "\r", "\r\n"] {
        let file = file(&objects(), "/Info 3 0 R", tail);
        let walked = holds(&PDF, &file);
        assert_eq!(walked.proof, Proof::Checksum);
        assert_eq!(walked.details.title.as_deref(), Some("机密"));
        assert_eq!(walked.details.author.as_deref(), Some("A (B)"));
        assert_eq!((walked.details.pages, walked.details.encrypted), (Some(1), Some(false)));
        assert_eq!(walked.details.created, Some(1_704_161_045));
    }
}

#[test]
fn updates_belong_to_it_and_another_file_does_not() {
    let first = file(&objects(), "/Info 3 0 R", "\n");
    let start = first.len() + b"3 0 obj\n<</Title(New)/Producer(P)>>\nendobj\n".len();
    let update = format!(
        "3 0 obj\n<</Title(New)/Producer(P)>>\nendobj\nxref\n3 1\n{:010} 00000 n \ntrailer\n<</Prev 1>>\nstartxref\n{start}\n%%EOF\n",
        first.len()
    );
    let updated = [&first[..], update.as_bytes()].concat();
    assert_eq!(holds(&PDF, &updated).details.title.as_deref(), Some("New"));
    let both = walk(&PDF, &[&first[..], &updated].concat()).unwrap();
    assert_eq!((both.length, both.end), (first.len() as u64, End::Whole));
}

#[test]
fn words_are_joined_and_given_their_meaning() {
    let text = heard(&PDF, &file(&objects(), "/Info 3 0 R", "\n"));
    assert!(text.contains("SECRET") && text.contains("机密"), "{text}");
    let encrypted = file(&objects(), "/Encrypt 3 0 R", "\n");
    assert_eq!(walk(&PDF, &encrypted).unwrap().details.encrypted, Some(true));
    assert_eq!(heard(&PDF, &encrypted), "");
}

#[test]
fn lengths_that_lie_are_found_again() {
    let mut objects = objects();
    for wrong in ["5", "99999", "77 0 R", "-3", "99999999999999999999"] {
        let packed = flate(&chance(3000));
        let head = format!("<</Filter/FlateDecode/Length {wrong}>>stream\r\n");
        objects[7] = [head.as_bytes(), &packed, b"\nendstream"].concat();
        let file = file(&objects, "", "\n");
        assert_eq!(walk(&PDF, &file).unwrap().end, End::Whole, "{wrong}");
    }
}

#[test]
fn where_it_was_torn_is_computed() {
    let file = file(&objects(), "", "\n");
    for (cut, gap) in [(8192, 4096), (16_384, 20_480), (24_576, 512)] {
        let torn = [&file[..cut], &chance(gap), &file[cut..], &[0; 9000]].concat();
        let walked = walk(&PDF, &torn).unwrap();
        assert_ne!(walked.end, End::Whole);
        let found = PDF.joints().unwrap()(&mut Stretch::new(&torn), &walked, 1 << 20);
        let right = |joint: &crate::formats::Joint| {
            joint.gap == gap as u64 && joint.split.contains(&(cut as u64))
        };
        assert!(found.iter().any(right), "{cut} {gap}: {found:?} of {walked:?}");
    }
}

#[test]
fn filters_undo_what_was_done() {
    assert_eq!(filters::ascii85(b"87cUR\nD]i,\"Ebo80~>z"), b"Hello World!");
    assert_eq!(filters::ascii85(b"z!!~>"), [0; 5]);
    assert_eq!(filters::run_length(&[2, b'a', b'b', b'c', 254, b'x', 128, 9]), b"abcxxx");
    // Clear, two letters, the pair of them twice over, end.
    let codes = [256_u32, 97, 98, 258, 260, 257];
    let bits: String = codes.iter().map(|code| format!("{code:09b}")).collect();
    let bytes: Vec<u8> = (0..bits.len().div_ceil(8))
        .map(|at| {
            u8::from_str_radix(&format!("{:0<8}", &bits[at * 8..bits.len().min(at * 8 + 8)]), 2)
                .unwrap()
        })
        .collect();
    assert_eq!(filters::lzw(&bytes), b"abababa");
    assert_eq!(filters::lzw(&[0xFF; 40]), b"");
}
