//! Against pictures that other programs made, and against what is none.

use crate::{
    Stretch,
    formats::{self, End, Format, Walked},
    stretch::Checkpoints,
};

pub fn format(name: &str) -> &'static Format {
    formats::all().find(|format| format.kind.name == name).unwrap()
}

pub fn walk(name: &str, bytes: &[u8]) -> Option<Walked> {
    let (format, bytes) = (format(name), bytes.to_vec());
    let looks = (format.looks)(&bytes[..bytes.len().min(512)]);
    looks.then(|| (format.walk)(&mut Stretch::new(&bytes))).flatten()
}

/// What is said of it: its length, and how it ends.
pub fn found(name: &str, bytes: &[u8]) -> Option<(u64, End)> {
    walk(name, bytes).map(|walked| (walked.length, walked.end))
}

/// Some bytes, and one byte again and again behind them up to a length.
pub struct Sparse<'b>(pub &'b [u8], pub u64, pub u8);

impl crate::Bytes for Sparse<'_> {
    fn len(&self) -> u64 {
        self.1
    }

    fn read_at(&self, at: u64, into: &mut [u8]) -> usize {
        let count = self.1.saturating_sub(at).min(into.len() as u64) as usize;
        into[..count].fill(self.2);
        self.0.read_at(at, &mut into[..count]);
        count
    }
}

/// A small picture of another form, by a signature that no content has.
pub const PNG: &[u8] =
    b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01\x08\0\0\0\0\x3a\x7e\x9b\x55";

pub fn chance(count: usize) -> Vec<u8> {
    let mut state = 0x1234_5678_9ABC_DEF1_u64;
    let next = || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        (state.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 56) as u8
    };
    std::iter::repeat_with(next).take(count).collect()
}

/// Whole at exactly its length, whatever follows.
fn exact(name: &str, what: &str, bytes: &[u8]) {
    let tails = [vec![], vec![0; 9000], vec![0xFF; 9000], chance(9000), bytes.to_vec()];
    for (at, tail) in tails.iter().enumerate() {
        let found = found(name, &[bytes, tail].concat());
        assert_eq!(found, Some((bytes.len() as u64, End::Whole)), "{name} {what} {at}");
    }
}

/// Cut anywhere it is broken where it was cut, or a little behind where chance follows; never is it whole.
fn cut(name: &str, what: &str, bytes: &[u8], slack: u64) {
    for tenth in 4..10 {
        let at = bytes.len() * tenth / 10;
        for (tail, slack) in [(vec![], 0), (vec![0xFF; 9000], 16), (chance(20_000), slack)] {
            let walked = walk(name, &[&bytes[..at], &tail].concat()).expect(what);
            assert_ne!(walked.end, End::Whole, "{name} {what} {tenth}");
            let far = walked.sound().abs_diff(at as u64);
            assert!(far <= slack, "{name} {what} cut at {at}: {far} off");
        }
    }
}

/// The first bytes of it before chance are nothing.
fn bait(name: &str, what: &str, bytes: &[u8]) {
    for length in [8, 16, 32, 64, 200, 400] {
        let body = chance(20_000 + length);
        let bytes = [&bytes[..length.min(bytes.len() / 2)], &body[length..]].concat();
        assert_eq!(walk(name, &bytes), None, "{name} {what} {length}");
    }
}

/// A preview of one side at least as long, small enough as PNG, and that a PNG.
fn preview(name: &str, bytes: &[u8], side: u32) {
    let bytes = bytes.to_vec();
    let walked = walk(name, &bytes).unwrap();
    let picture = format(name).picture.unwrap()(&mut Stretch::new(&bytes), &walked).unwrap();
    assert!(picture.width.max(picture.height) >= side, "{name}");
    let png = super::png(&picture).unwrap();
    assert!(png.len() <= 24 * 1024);
    exact("png", name, &png);
}

/// What ImageMagick makes of a scene with edges and noise, with these arguments.
pub fn made(arguments: &[&str], target: &str) -> Option<Vec<u8>> {
    let program = leaksweep_peers::need("convert")?;
    let scene = [
        "-seed",
        "5",
        "-size",
        "360x280",
        "plasma:navy-orange",
        "-fill",
        "white",
        "-draw",
        "rectangle 40,40 200,120",
        "-fill",
        "black",
        "-draw",
        "circle 250,150 250,190",
        "-attenuate",
        "0.2",
        "+noise",
        "Gaussian",
    ];
    let output = std::process::Command::new(program)
        .args(scene)
        .args(arguments)
        .arg(format!("{target}:-"))
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    Some(output.stdout)
}

#[test]
fn jpegs_of_every_kind_end_exactly() {
    let ways: [(&str, &[&str]); 6] = [
        ("plain", &["-quality", "75"]),
        ("thinned", &["-quality", "90", "-sampling-factor", "4:2:0"]),
        ("progressive", &["-quality", "60", "-interlace", "JPEG"]),
        ("grey", &["-colorspace", "Gray", "-quality", "85"]),
        ("inks", &["-colorspace", "CMYK", "-quality", "85"]),
        ("coarse", &["-quality", "20"]),
    ];
    for (what, arguments) in ways {
        let Some(bytes) = made(arguments, "jpeg") else { return };
        exact("jpeg", what, &bytes);
        // Of one so small chance makes too much.
        if what != "coarse" {
            cut("jpeg", what, &bytes, 1024);
        }
        bait("jpeg", what, &bytes);
        preview("jpeg", &bytes, 40);
    }
}

#[test]
fn a_jpeg_that_is_walked_again_goes_on_from_what_it_kept() {
    let Some(bytes) = made(&["-resize", "900x900", "-quality", "95"], "jpeg") else { return };
    let Some(other) = made(&["-resize", "900x900", "-rotate", "90", "-quality", "95"], "jpeg")
    else {
        return;
    };
    let format = format("jpeg");
    let checkpoints = Checkpoints::default();
    let split = bytes.len() / 3 * 2;
    let tried = |behind: &[u8]| {
        let torn = [&bytes[..split], behind].concat();
        let fresh = (format.walk)(&mut Stretch::new(&torn));
        let mut stretch = Stretch::proven(&torn, split as u64, &checkpoints);
        assert_eq!((format.walk)(&mut stretch), fresh);
        (stretch.cost(), fresh.is_some_and(|walked| walked.is_whole()))
    };
    let (first, whole) = tried(&bytes[split..]);
    assert!(whole);
    for from in [split / 2, split - 1, 700] {
        let (cost, whole) = tried(&other[from..]);
        assert!(!whole && cost < first, "{cost} of {first}");
    }
    assert!(tried(&bytes[split..]).1);
}

#[test]
fn a_foreign_block_in_a_jpeg_is_noticed_soon() {
    let Some(bytes) = made(&["-quality", "95"], "jpeg") else { return };
    let Some(other) = made(&["-rotate", "90", "-quality", "95"], "jpeg") else { return };
    for at in [8192, 16_384] {
        let foreign = &other[at + 1000..at + 5096];
        let torn = [&bytes[..at], foreign, &bytes[at..]].concat();
        let walked = walk("jpeg", &torn).unwrap();
        assert_ne!(walked.end, End::Whole);
        let noticed = walked.sound() as i64 - at as i64;
        assert!((-16..2048).contains(&noticed), "{at}: noticed after {noticed}");
    }
}

#[test]
fn pngs_end_exactly_and_damage_is_told() {
    let ways: [(&str, &[&str]); 4] = [
        ("plain", &[]),
        ("interlaced", &["-interlace", "PNG"]),
        ("palette", &["-colors", "40", "-type", "palette"]),
        ("deep", &["-depth", "16"]),
    ];
    for (what, arguments) in ways {
        let Some(mut bytes) = made(arguments, "png") else { return };
        exact("png", what, &bytes);
        cut("png", what, &bytes, 8192);
        bait("png", what, &bytes);
        preview("png", &bytes, 40);
        let middle = bytes.len() / 2;
        bytes[middle] ^= 0x10;
        let walked = walk("png", &bytes).unwrap();
        assert_eq!(walked.length, bytes.len() as u64);
        assert!(matches!(walked.end, End::Damaged { .. }), "{what}");
    }
}

#[test]
fn tiffs_of_every_packing_end_exactly() {
    let ways: [(&str, &[&str]); 7] = [
        ("plain", &["-compress", "None"]),
        ("lzw", &["-compress", "LZW", "-endian", "MSB"]),
        ("deflate", &["-compress", "Zip"]),
        ("jpeg", &["-compress", "JPEG"]),
        ("runs", &["-monochrome", "-compress", "RLE"]),
        ("group 3", &["-monochrome", "-compress", "Fax"]),
        ("group 4", &["-monochrome", "-compress", "Group4", "-duplicate", "2"]),
    ];
    for (what, arguments) in ways {
        let Some(bytes) = made(arguments, "tiff") else { return };
        exact("tiff", what, &bytes);
        bait("tiff", what, &bytes);
        preview("tiff", &bytes, 40);
        if ["lzw", "deflate"].contains(&what) {
            // Deflate may unpack much of what is none.
            cut("tiff", what, &bytes, if what == "lzw" { 1024 } else { 32 * 1024 });
        }
        if what == "group 4" {
            let walked = walk("tiff", &bytes).unwrap();
            assert_eq!(walked.details.pages, Some(3));
            assert_eq!(walked.kind.unwrap().family, formats::Family::Scan);
        }
    }
}

#[test]
fn another_tiffs_directory_behind_a_gap_makes_no_file_of_a_bait() {
    let Some(bytes) = made(&["-compress", "LZW", "-endian", "LSB"], "tiff") else { return };
    let first = u32::from_le_bytes([bytes[4], bytes[5], bytes[6], bytes[7]]) as usize;
    assert!(bytes.starts_with(b"II") && first > 4096);
    let far = |own: usize| {
        let body = chance(first - own);
        [&bytes[..own], &body, &chance(4096), &bytes[first..]].concat()
    };
    assert_eq!(walk("tiff", &far(64)), None);
    assert_eq!(walk("tiff", &far(4096)).unwrap().end, End::Broken);
}

#[test]
fn a_wide_png_that_is_cut_within_its_first_points_is_told() {
    let Some(bytes) = made(&["-resize", "800x600!", "-blur", "0x3", "-depth", "8"], "png") else {
        return;
    };
    let torn = [&bytes[..6000], &chance(9000)].concat();
    let walked = walk("png", &torn).unwrap();
    assert_eq!(walked.end, End::Broken);
    // Deflate may unpack much of what is none.
    assert!((5000..6000 + 8192).contains(&walked.length), "{}", walked.length);
}

#[test]
fn a_fax_in_one_strip_that_is_cut_is_told() {
    let Some(program) = leaksweep_peers::need("gs") else { return };
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("fax.tif");
    let lines = "0 1 300 { pop rand 600 mod rand 800 mod moveto rand 600 mod rand 800 mod lineto stroke } for showpage";
    let output = std::process::Command::new(program)
        .args(["-q", "-dBATCH", "-dNOPAUSE", "-dSAFER", "-sDEVICE=tiffg4", "-r100", "-o"])
        .arg(&file)
        .args(["-c", lines])
        .output()
        .unwrap();
    assert!(output.status.success(), "{output:?}");
    let bytes = std::fs::read(file).unwrap();
    exact("tiff", "one strip", &bytes);
    bait("tiff", "one strip", &bytes);
    cut("tiff", "one strip", &bytes, 1024);
}

#[test]
fn others_end_exactly() {
    for (name, target, arguments) in [
        ("gif", "gif", &[][..]),
        ("gif", "gif", &["-interlace", "GIF", "-duplicate", "1"][..]),
        ("bmp", "bmp3", &[][..]),
        ("bmp", "bmp", &["-colors", "16", "-type", "palette"][..]),
        ("pcx", "pcx", &[][..]),
    ] {
        let Some(bytes) = made(arguments, target) else { return };
        exact(name, target, &bytes);
        bait(name, target, &bytes);
        if name != "pcx" {
            preview(name, &bytes, 300);
        }
    }
}

#[test]
fn every_seed_of_the_fuzz_targets_is_whole() {
    let seeds = std::path::Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../../../fuzz/seeds"));
    for (folder, names) in [
        ("jpeg", &["jpeg"][..]),
        ("png", &["png"]),
        ("tiff", &["tiff"]),
        ("jbig2", &["jbig2"]),
        ("jpeg2000", &["jp2", "j2k"]),
        ("gif", &["gif"]),
        ("bmp", &["bmp"]),
        ("webp", &["webp"]),
        ("heif", &["heic"]),
        ("pcx", &["pcx", "dcx"]),
    ] {
        let seeds = std::fs::read_dir(seeds.join(folder)).unwrap().map(|seed| seed.unwrap());
        // What the fuzzer found is no file that anybody made.
        let odd = |name: &[u8]| name.starts_with(b"found-") || name.starts_with(b"broken-");
        for seed in seeds.filter(|seed| !odd(seed.file_name().as_encoded_bytes())) {
            let path = seed.path();
            let bytes = std::fs::read(&path).unwrap();
            let found = names.iter().find_map(|name| found(name, &bytes));
            assert_eq!(found, Some((bytes.len() as u64, End::Whole)), "{}", path.display());
        }
    }
}
