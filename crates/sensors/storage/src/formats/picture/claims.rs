//! Against files that claim more than they have, and against whole ones that look as if they did.

use super::tests::{PNG, Sparse, chance, format, found, walk};
use crate::{Stretch, formats::End};

fn seed(folder: &str, name: &str) -> Vec<u8> {
    let seeds = std::path::Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../../../fuzz/seeds"));
    std::fs::read(seeds.join(folder).join(name)).unwrap()
}

fn place(bytes: &[u8], of: &[u8]) -> usize {
    memchr::memmem::find(bytes, of).unwrap()
}

fn whole(bytes: &[u8]) -> Option<(u64, End)> {
    Some((bytes.len() as u64, End::Whole))
}

/// How much is read of what is none, before as many bytes of one value.
fn cost(name: &str, head: &[u8], fill: u8) -> u64 {
    let medium = Sparse(head, 1 << 30, fill);
    let mut stretch = Stretch::new(&medium);
    assert_eq!((format(name).walk)(&mut stretch), None, "{name}");
    stretch.cost()
}

/// A box of JP2 with a length of 64 bits.
fn long_box(body: &[u8]) -> Vec<u8> {
    let length = (body.len() as u64 + 16).to_be_bytes();
    [b"\0\0\0\x01uuid", &length[..], body].concat()
}

#[test]
fn a_box_behind_a_picture_does_not_hide_another_file() {
    let own = seed("jpeg2000", "boxes");
    let plain = [&own[..], &long_box(&vec![7; 200_000])].concat();
    assert_eq!(found("jp2", &plain), whole(&plain));
    let body = [&vec![7; 100_000], PNG, &vec![7; 100_000]].concat();
    let hides = [&own[..], &long_box(&body)].concat();
    assert_eq!(found("jp2", &hides), Some((own.len() as u64, End::Broken)));
}

#[test]
fn a_text_behind_a_picture_is_no_other_file() {
    let own = seed("jpeg2000", "boxes");
    let body =
        [&b"<?xml version=\"1.0\"?>"[..], &b"<gml:Grid dimension=\"2\"/>".repeat(4000)].concat();
    let length = (body.len() as u32 + 8).to_be_bytes();
    let bytes = [&own[..], &length, b"xml ", &body].concat();
    assert_eq!(found("jp2", &bytes), whole(&bytes));
}

#[test]
fn behind_the_last_box_that_is_followed_a_picture_is_not_whole() {
    let own = [&seed("jpeg2000", "boxes")[..], &b"\0\0\0\x08free".repeat(2000)].concat();
    let (length, end) = found("jp2", &own).unwrap();
    assert!(end == End::Broken && length < own.len() as u64);
}

#[test]
fn boxes_of_jpx_and_markers_of_high_throughput_are_taken() {
    let own = seed("jpeg2000", "boxes");
    let at = place(&own, b"jp2h") - 4;
    let more = b"\0\0\0\x0crreq\0\0\0\0\0\0\0\x08jpch\0\0\0\x08ftbl";
    let more = [&own[..at], more, &own[at..]].concat();
    assert_eq!(found("jp2", &more), whole(&more));
    let own = seed("jpeg2000", "stream");
    let at = 4 + usize::from(own[4]) * 256 + usize::from(own[5]);
    let more = [&own[..at], b"\xFF\x50\0\x08\0\x02\0\0\0\0", &own[at..]].concat();
    assert_eq!(found("j2k", &more), whole(&more));
}

#[test]
fn empty_packets_before_a_marker_are_no_damage() {
    let own = seed("jpeg2000", "stream");
    let (part, end) = (place(&own, b"\xFF\x90\0\x0A"), own.len() - 2);
    // As many as precincts of 256 points are on a page of three colours.
    let mut bytes = [&own[..end], &[0; 1620], &own[end..]].concat();
    let length = (bytes.len() - 2 - part) as u32;
    bytes[part + 6..part + 10].copy_from_slice(&length.to_be_bytes());
    assert_eq!(found("j2k", &bytes), whole(&bytes));
    bytes.truncate(end + 150);
    bytes.resize(end + 9000, 0);
    assert_ne!(found("j2k", &bytes).unwrap().1, End::Whole);
}

/// A page in sequence with an arithmetic region of these data.
fn jbig2(data: &[u8]) -> Vec<u8> {
    let long = |value: usize| (value as u32).to_be_bytes();
    let sides = [long(640), long(480), long(0), long(0)].concat();
    let region = [&sides[..], b"\0\0\x03\xFF\xFD\xFF\x02\xFE\xFE\xFE", data].concat();
    let length = long(region.len());
    [
        b"\x97JB2\r\n\x1a\n\x01\0\0\0\x01\0\0\0\0\x30\0\x01\0\0\0\x13",
        &sides[..],
        b"\0\0\0",
        b"\0\0\0\x01\x26\0\x01",
        &length,
        &region,
        b"\0\0\0\x02\x31\0\x01\0\0\0\0\0\0\0\x03\x33\0\x01\0\0\0\0",
    ]
    .concat()
}

#[test]
fn a_region_that_is_not_decoded_does_not_hide_another_file() {
    let plain = jbig2(&chance(200_000));
    assert_eq!(found("jbig2", &plain), whole(&plain));
    let hides = jbig2(&[&chance(100_000), PNG, &chance(100_000)].concat());
    let at = place(&hides, PNG) as u64;
    assert_eq!(found("jbig2", &hides), Some((at, End::Broken)));
}

/// A PCX of 640 by 200 points.
fn pcx_head(depth: u8) -> Vec<u8> {
    let mut head = vec![10, 5, 1, depth, 0, 0, 0, 0, 127, 2, 199, 0];
    head.resize(128, 0);
    (head[65], head[66]) = (1, 80);
    if depth == 8 {
        (head[8], head[9]) = (79, 0);
    }
    head
}

/// Rows that begin with a run.
fn pcx(depth: u8) -> Vec<u8> {
    let points: Vec<u8> = chance(76 * 200).into_iter().map(|byte| byte & 0x8F).collect();
    let rows = points.chunks(76).map(|row| [&[0xC4, 7], row].concat());
    [pcx_head(depth), rows.collect::<Vec<_>>().concat()].concat()
}

#[test]
fn a_pcx_that_is_cut_is_not_whole_by_what_follows() {
    let own = pcx(1);
    assert_eq!(found("pcx", &own), whole(&own));
    let text =
        b"One line of prose follows another, and each of its letters is a point. ".repeat(300);
    for tail in [vec![0; 20_000], vec![0x20; 20_000], text] {
        let torn = [&own[..8192], &tail].concat();
        let (length, end) = found("pcx", &torn).unwrap();
        assert_eq!(end, End::Broken);
        assert!((7800..8300).contains(&length), "{length}");
    }
}

#[test]
fn a_pcx_of_many_colours_needs_its_palette() {
    let own = [&pcx(8)[..], &[12], &chance(768)].concat();
    assert_eq!(found("pcx", &own), whole(&own));
    let own = [pcx(8), chance(20_000)].concat();
    assert_ne!(found("pcx", &own).map(|(_, end)| end), Some(End::Whole));
}

#[test]
fn a_pcx_of_greys_needs_no_palette() {
    let mut own = pcx(8);
    own[68] = 2;
    let bytes = [&own[..], &[7; 9000]].concat();
    assert_eq!(found("pcx", &bytes), whole(&own));
    own.extend([&[12][..], &chance(768)].concat());
    assert_eq!(found("pcx", &own), whole(&own));
}

#[test]
fn a_pcx_without_runs_may_have_rows_of_one_value() {
    let row = [vec![0xC1, 0xFF], (0..79).collect()].concat();
    let own = [pcx_head(1), [row, vec![0; 80]].concat().repeat(100)].concat();
    assert_eq!(found("pcx", &own), whole(&own));
}

#[test]
fn pages_far_apart_do_not_hide_another_file() {
    let page = pcx(1);
    let second = 4096 + page.len() + 200_000;
    let mut head = b"\xB1\x68\xDE\x3A".to_vec();
    head.extend([4096_u32.to_le_bytes(), (second as u32).to_le_bytes()].concat());
    head.resize(4096, 0);
    let dcx = |gap: &[u8]| [&head[..], &page, gap, &page].concat();
    let plain = dcx(&vec![7; 200_000]);
    assert_eq!(found("dcx", &plain), whole(&plain));
    let hides = dcx(&[&vec![7; 199_000], PNG, &vec![7; 1000 - PNG.len()]].concat());
    let (length, end) = found("dcx", &hides).unwrap();
    // So small a gap between two pages of a larger file may hold a file of its own; but not one of many times their size.
    assert_eq!((length, end), whole(&hides).unwrap());
    let second = 4096 + page.len() + 2_000_000;
    head[8..12].copy_from_slice(&(second as u32).to_le_bytes());
    let dcx = |gap: &[u8]| [&head[..], &page, gap, &page].concat();
    let hides = dcx(&[&vec![7; 1_999_000], PNG, &vec![7; 1000 - PNG.len()]].concat());
    let (length, end) = found("dcx", &hides).unwrap();
    assert_eq!((length, end), (place(&hides, PNG) as u64, End::Broken));
}

#[test]
fn another_file_before_the_data_of_a_heif_is_told() {
    let own = seed("heif", "heic");
    let at = place(&own, b"mdat") - 4;
    let body = [&[7; 1000][..], PNG, &[7; 1000]].concat();
    let length = (body.len() as u32 + 8).to_be_bytes();
    let hides = [&own[..at], &length, b"free", &body, &own[at..]].concat();
    assert_eq!(found("heic", &hides), Some((place(&hides, PNG) as u64, End::Broken)));
}

#[test]
fn pages_behind_another_file_are_not_counted() {
    let page = pcx(1);
    let second = 4096 + page.len() + 2_000_000;
    let mut head = b"\xB1\x68\xDE\x3A".to_vec();
    head.extend([4096_u32.to_le_bytes(), (second as u32).to_le_bytes()].concat());
    head.resize(4096, 0);
    let gap = [PNG, &vec![7; 2_000_000 - PNG.len()]].concat();
    let walked = walk("dcx", &[head, page.clone(), gap, page].concat()).unwrap();
    assert_eq!((walked.end, walked.details.pages), (End::Broken, Some(1)));
}

#[test]
fn what_has_no_content_is_not_followed_to_the_end_of_the_medium() {
    let gif = b"GIF89a\x10\0\x10\0\0\0\0\x21\xFE";
    assert!(cost("gif", gif, 0xFF) < 80 << 20);
    let mut region = jbig2(b"");
    region.truncate(region.len() - 22);
    let length = place(&region, b"\x26\0\x01") + 3;
    region[length..length + 4].fill(0xFF);
    assert!(cost("jbig2", &region, 7) < 80 << 20);
    let mut chunk = b"IHDR\0\0\0\x10\0\0\0\x10\x08\0\0\0\0".to_vec();
    chunk.extend(crc32fast::hash(&chunk).to_be_bytes());
    let png = [b"\x89PNG\r\n\x1a\n\0\0\0\x0D", &chunk[..], b"\x3F\0\0\0tEXt"].concat();
    assert!(cost("png", &png, 1) < 1 << 20);
}

#[test]
fn filling_before_a_marker_is_short() {
    let jpeg = b"\xFF\xD8\xFF\xE0\0\x10JFIF\0\x01\x01\0\0\x01\0\x01\0\0";
    assert!(cost("jpeg", jpeg, 0xFF) < 1 << 20);
}

#[test]
fn points_up_to_another_file_are_not_read_to_their_end() {
    let long = |value: u32| value.to_le_bytes();
    let (side, points) = (16_384, 16_384 * 16_384 * 3);
    let head = [
        &b"BM"[..],
        &[points + 54, 0, 54, 40, side, side, 1 | 24 << 16, 0, 0, 0, 0, 0, 0].map(long).concat(),
    ];
    let own: Vec<u8> = (0..100_000_u32).map(|at| (at % 61) as u8).collect();
    let bytes = [&head.concat()[..], &own, PNG].concat();
    let medium = Sparse(&bytes, 1 << 30, 7);
    let mut stretch = Stretch::new(&medium);
    let walked = (format("bmp").walk)(&mut stretch).unwrap();
    assert_eq!((walked.length, walked.end), (100_054, End::Broken));
    assert!(stretch.cost() < 16 << 20);
}

#[test]
fn chunks_that_are_no_frames_are_few() {
    let webp = |others: usize| {
        let chunks = [
            b"VP8X\x0A\0\0\0\0\0\0\0\0\0\0\0\0\0".to_vec(),
            b"ICCP\0\0\0\0".repeat(others),
            b"VP8L\x06\0\0\0\x2F\0\0\0\0\0".to_vec(),
        ];
        let chunks = chunks.concat();
        let length = (chunks.len() as u32 + 4).to_le_bytes();
        [b"RIFF", &length[..], b"WEBP", &chunks].concat()
    };
    assert_eq!(found("webp", &webp(1)), whole(&webp(1)));
    assert_eq!(found("webp", &webp(100)), None);
}

#[test]
fn blocks_behind_the_last_code_of_a_frame_are_few() {
    let frame = b"GIF89a\x01\0\x01\0\0\0\0\x2C\0\0\0\0\x01\0\x01\0\0\x02\x02\x44\x01";
    let own = [&frame[..], b"\0\x3B"].concat();
    assert_eq!(found("gif", &own), whole(&own));
    let medium = Sparse(frame, 1 << 30, 0xFF);
    let mut stretch = Stretch::new(&medium);
    (format("gif").walk)(&mut stretch);
    assert!(stretch.cost() < 1 << 20);
}
