use std::{ffi::OsStr, fs, io::Write, path::Path, process::Command};

use super::{PDF, filters};
use crate::{
    Stretch,
    formats::{
        End, Picture, Proof,
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
fn the_last_packed_object_that_is_there_is_read_to_the_end() {
    let mut objects = objects();
    objects[2] = b"<<>>".to_vec();
    let packed = b"6 0 9 5000 <</Type/Font/ToUnicode 7 0 R>>";
    objects[5] = stream("/Type/ObjStm/N 2/First 11/Filter/FlateDecode", &flate(packed));
    let text = heard(&PDF, &file(&objects, "", "\n"));
    assert!(text.contains("机密"), "{text}");
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

fn preview(bytes: &[u8]) -> Option<Picture> {
    let walked = walk(&PDF, bytes).unwrap();
    PDF.picture.unwrap()(&mut Stretch::new(&bytes.to_vec()), &walked)
}

/// A page that only draws a picture of 240 to 160 points, behind a symbol that is small; the sixth object and more are given.
fn scanned(image: &str, packed: &[u8], more: &[&[u8]]) -> Vec<u8> {
    let symbol = "/Subtype/Image/Width 100/Height 100/ColorSpace/DeviceGray/BitsPerComponent 8";
    let mut objects = vec![
        b"<</Type/Catalog/Pages 2 0 R>>".to_vec(),
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>".to_vec(),
        b"<</Type/Page/Parent 2 0 R/Resources<</XObject<</I 5 0 R>>>>>>".to_vec(),
        stream(symbol, &[9; 10_000]),
        stream(&format!("/Subtype/Image/Width 240/Height 160{image}"), packed),
    ];
    objects.extend(more.iter().map(|object| object.to_vec()));
    file(&objects, "", "\n")
}

const SIDES: (usize, usize) = (240, 160);

/// Red grows to the right, green downwards.
fn scene() -> Vec<u8> {
    let (width, height) = SIDES;
    (0..width * height).flat_map(|at| [(at % width) as u8, (at / width) as u8, 77]).collect()
}

fn at(picture: &Picture, x: u32, y: u32) -> [u8; 3] {
    let place = (y * picture.width + x) as usize * 3;
    [picture.rgb[place], picture.rgb[place + 1], picture.rgb[place + 2]]
}

fn rows(step: usize, row: impl Fn(&[u8], &[u8]) -> Vec<u8>) -> Vec<u8> {
    let scene = scene();
    let above = [vec![0; step * SIDES.0], scene.clone()].concat();
    let pairs = scene.chunks(step * SIDES.0).zip(above.chunks(step * SIDES.0));
    pairs.flat_map(|(line, above)| row(line, above)).collect()
}

#[test]
fn a_scan_is_shown_whatever_packs_its_points() {
    let left = |line: &[u8], _: &[u8]| -> Vec<u8> {
        let before = |at: usize| at.checked_sub(3).map_or(0, |at| line[at]);
        line.iter().enumerate().map(|(at, byte)| byte.wrapping_sub(before(at))).collect()
    };
    let up = |line: &[u8], above: &[u8]| -> Vec<u8> {
        let values = line.iter().zip(above).map(|(byte, above)| byte.wrapping_sub(*above));
        std::iter::once(2).chain(values).collect()
    };
    let rgb = "/ColorSpace/DeviceRGB/BitsPerComponent 8";
    let parms =
        |predictor: u8| format!("/DecodeParms<</Predictor {predictor}/Colors 3/Columns 240>>");
    let icc = stream("/N 3", b"profile");
    let hex: String = scene().iter().map(|byte| format!("{byte:02x}")).collect();
    for (what, bytes) in [
        ("plain", scanned(rgb, &scene(), &[])),
        ("flate", scanned(&format!("{rgb}/Filter/FlateDecode"), &flate(&scene()), &[])),
        (
            "left",
            scanned(&format!("{rgb}/Filter/FlateDecode{}", parms(2)), &flate(&rows(3, left)), &[]),
        ),
        (
            "png",
            scanned(&format!("{rgb}/Filter[/FlateDecode]{}", parms(15)), &flate(&rows(3, up)), &[]),
        ),
        (
            "hex",
            scanned(&format!("{rgb}/Filter[/ASCIIHexDecode]"), format!("{hex}>").as_bytes(), &[]),
        ),
        (
            "profile",
            scanned(
                "/ColorSpace[/ICCBased 6 0 R]/BitsPerComponent 8/Filter/FlateDecode",
                &flate(&scene()),
                &[&icc],
            ),
        ),
        (
            "elsewhere",
            scanned(
                "/ColorSpace 6 0 R/BitsPerComponent 8",
                &scene(),
                &[b"[/CalRGB<</WhitePoint[1 1 1]>>]"],
            ),
        ),
    ] {
        let picture = preview(&bytes).unwrap_or_else(|| panic!("{what}"));
        assert_eq!((picture.width, picture.height), (240, 160), "{what}");
        assert_eq!(at(&picture, 200, 30), [200, 30, 77], "{what}");
        assert_eq!(at(&picture, 0, 159), [0, 159, 77], "{what}");
    }
}

#[test]
fn grey_palettes_and_masks_have_their_colours() {
    let grey: Vec<u8> = scene().chunks(3).map(|point| point[0]).collect();
    let bits: Vec<u8> = (0..30 * 160).map(|at| if at % 30 < 15 { 0 } else { 0xFF }).collect();
    let indexes: Vec<u8> = (0..240 * 160).map(|at| u8::from(at % 240 < 120)).collect();
    let of = |image: &str, points: &[u8]| {
        let picture = preview(&scanned(image, points, &[])).unwrap();
        [at(&picture, 20, 80), at(&picture, 220, 80)]
    };
    let depth = "/BitsPerComponent 8/ColorSpace";
    assert_eq!(of(&format!("{depth}/DeviceGray"), &grey), [[20; 3], [220; 3]]);
    assert_eq!(of(&format!("{depth}/DeviceGray/Decode[1 0]"), &grey), [[235; 3], [35; 3]]);
    assert_eq!(of("/ImageMask true", &bits), [[0; 3], [255; 3]]);
    assert_eq!(of("/ImageMask true/Decode [1 0]", &bits), [[255; 3], [0; 3]]);
    let palette = format!("{depth}[/Indexed/DeviceRGB 1<0a0b0c c80000>]");
    assert_eq!(of(&palette, &indexes), [[200, 0, 0], [10, 11, 12]]);
}

#[test]
fn what_is_no_scan_has_no_preview() {
    assert_eq!(preview(&file(&objects(), "", "\n")), None);
    let rgb = "/ColorSpace/DeviceRGB/BitsPerComponent 8";
    assert_eq!(preview(&scanned("/ColorSpace/Pattern/BitsPerComponent 8", &scene(), &[])), None);
    assert_eq!(preview(&scanned(&format!("{rgb}/Filter/JPXDecode"), &scene(), &[])), None);
    assert_eq!(preview(&scanned("/ColorSpace 5 0 R/BitsPerComponent 8", &scene(), &[])), None);
    assert_eq!(preview(&scanned("/ColorSpace/DeviceRGB/BitsPerComponent 64", &scene(), &[])), None);
    let short = scanned(&format!("{rgb}/Filter/FlateDecode"), &flate(&scene()[..30_000]), &[]);
    assert_eq!(preview(&short).map(|picture| at(&picture, 100, 20)), Some([100, 20, 77]));
}

/// What real programs make of a scene, as a file of its own and in a PDF, looks alike.
#[test]
fn a_scan_of_a_real_program_looks_as_its_picture() {
    let needed = leaksweep_peers::need("convert").zip(leaksweep_peers::need("tiffcp"));
    let Some((convert, tiff)) = needed else { return };
    let folder = tempfile::tempdir().unwrap();
    let inside = |name: &str| folder.path().join(name);
    let run = |program: &Path, arguments: &[&OsStr]| {
        let output = Command::new(program).args(arguments).output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    };
    let scene = ["-seed", "5", "-size", "700x500", "plasma:navy-orange", "-fill", "white"];
    let drawn = ["-draw", "rectangle 40,40 200,120", "-depth", "8", "-alpha", "off"];
    let make = |more: &[&str], name: &str| {
        let all = scene.iter().chain(&drawn).chain(more).map(OsStr::new);
        let made = inside(name);
        run(&convert, &all.chain([made.as_os_str()]).collect::<Vec<_>>());
        fs::read(&made).unwrap()
    };
    let alone = |name: &str, bytes: &[u8]| {
        let format = crate::formats::all().find(|format| format.kind.name == name).unwrap();
        let walked = walk(format, bytes).unwrap();
        format.picture.unwrap()(&mut Stretch::new(&bytes.to_vec()), &walked).unwrap()
    };
    let mut pairs = Vec::new();
    for packing in ["Group4", "Fax", "Zip"] {
        let fax = matches!(packing, "Group4" | "Fax");
        let shades = if fax { ["-threshold", "50%"] } else { ["-colorspace", "Gray"] };
        let picture = make(&[&shades[..], &["-compress", packing]].concat(), "a.tif");
        let (from, to) = (inside("a.tif"), inside("a.pdf"));
        let arguments = ["-z".as_ref(), "-o".as_ref(), to.as_ref(), from.as_ref()];
        run(&tiff.with_file_name("tiff2pdf"), &arguments);
        pairs.push((packing, fs::read(&to).unwrap(), alone("tiff", &picture)));
    }
    let photograph = make(&["-quality", "80"], "a.jpg");
    let pdf = scanned("/Filter[/DCTDecode]", &photograph, &[]);
    pairs.push(("JPEG", pdf, alone("jpeg", &photograph)));
    for (packing, pdf, alone) in pairs {
        let found = preview(&pdf).unwrap_or_else(|| panic!("{packing}"));
        assert_eq!((found.width, found.height), (alone.width, alone.height), "{packing}");
        let apart = found.rgb.iter().zip(&alone.rgb).filter(|(a, b)| a.abs_diff(**b) > 8).count();
        assert!(apart * 50 < found.rgb.len(), "{packing}: {apart} of {}", found.rgb.len());
    }
}

/// Maps of ranges cost what they are long, whatever they cover.
#[test]
fn ranges_of_codes_are_kept_as_ranges() {
    let map = "1 beginbfrange <0000> <FFFF> <0041> endbfrange ".repeat(40);
    let map = format!("1 begincodespacerange <0000> <FFFF> endcodespacerange {map}");
    let mut left = 50;
    let meanings = super::unicode::Meanings::read(map.as_bytes(), &mut left);
    assert_eq!(left, 10);
    let mut said = String::new();
    meanings.say(&[0, 0, 0, 2, 0xFA, 0xC0], &mut said);
    assert_eq!(said, "ACfi");
    let none = super::unicode::Meanings::read(map.as_bytes(), &mut 0);
    assert!(none.is_empty());
}

#[test]
fn what_streams_make_is_taken_from_a_budget() {
    let packed = flate(&[b' '; 1 << 20]);
    let (mut left, end) = (8 << 20, packed.len() as u64);
    let filters = [super::object::Filter::Flate];
    let mut inflater = crate::formats::document::inflate::Inflater::default();
    let mut stretch = Stretch::new(&packed);
    filters::decoded(&mut stretch, &mut inflater, (0, end), &filters, &mut left).unwrap();
    assert_eq!(left, (7 << 20) - end);
    assert!(stretch.cost() >= (1 << 20) / 16);
}

#[test]
fn objects_that_never_close_are_not_read_again_for_each() {
    let head = b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\n".to_vec();
    let all = [head, b"1 0 obj ( endobj\n".repeat(60_000)].concat();
    let walked = walk(&PDF, &all).unwrap();
    assert!(walked.end == End::Broken && walked.length < 64 * 1024, "{}", walked.length);
}

#[test]
fn the_dictionary_of_another_trailer_is_not_its_own() {
    let mut file = file(&objects(), "", "\n");
    let at = memchr::memmem::rfind(&file, b"startxref").unwrap();
    let other = b"trailer 1\n9 0 obj\n<</Encrypt 3 0 R>>\nendobj\n";
    file.splice(at..at, other.iter().copied());
    assert_eq!(walk(&PDF, &file).unwrap().details.encrypted, Some(false));
}
