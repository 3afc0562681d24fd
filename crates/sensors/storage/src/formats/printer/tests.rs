//! Every language: alone, before what does not belong to it, cut at many places; by real programs where they are there.

use std::{fs, path::Path, process::Command};

use leaksweep_peers::need;

use super::FORMATS;
use crate::{
    Stretch,
    formats::{End, Texts, Walked},
};

/// Numbers that look like chance, and are the same every time.
fn chance(count: usize, seed: u64) -> Vec<u8> {
    let mut state = seed | 1;
    let step = |_| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        (state >> 32) as u8
    };
    (0..count).map(step).collect()
}

/// As the triage and the recovery find it.
pub fn find(bytes: &[u8]) -> Option<(&'static str, Walked)> {
    let bytes = bytes.to_vec();
    let head = &bytes[..bytes.len().min(512)];
    let starts =
        |at: u64, with: &[u8]| head.get(at as usize..).is_some_and(|rest| rest.starts_with(with));
    FORMATS.iter().find_map(|form| {
        let suspected =
            form.signatures.iter().any(|signature| starts(signature.at, signature.bytes));
        let walked =
            (suspected && (form.looks)(head)).then(|| (form.walk)(&mut Stretch::new(&bytes)))??;
        Some((walked.kind.unwrap_or(form.kind).name, walked))
    })
}

const OTHER: &[u8] =
    b"%!PS-Adobe-3.0\n%%Title: other\n%%EndComments\n0 0 moveto\nshowpage\n%%EOF\n";

/// A whole file must be found at its length whatever follows.
fn is_exact(name: &str, kind: &str, bytes: &[u8]) -> Walked {
    let length = bytes.len();
    let job = b"\x1b%-12345X@PJL SET COPIES=1\r\n@PJL ENTER LANGUAGE=PCL\r\n\x1bE".to_vec();
    let tails = [vec![], vec![0; 2000], vec![0xFF; 2000], chance(2000, 7), OTHER.to_vec(), job];
    for (index, tail) in tails.iter().enumerate() {
        let padded = [bytes, &vec![0; 512 - length % 512], tail].concat();
        for all in [[bytes, tail].concat(), padded] {
            let (found, walked) = find(&all).unwrap_or_else(|| panic!("{name} before {index}"));
            assert_eq!(
                (found, walked.length, walked.end),
                (kind, length as u64, End::Whole),
                "{name} before {index}"
            );
        }
    }
    find(bytes).unwrap().1
}

/// One that is cut is told, and never takes what follows.
fn is_cut(name: &str, bytes: &[u8]) {
    for tenth in 1..10 {
        let cut = (bytes.len() * tenth / 10).next_multiple_of(512);
        if cut >= bytes.len() {
            continue;
        }
        for (index, tail) in
            [vec![0; 4096], vec![0xFF; 4096], chance(4096, cut as u64), OTHER.repeat(9)]
                .iter()
                .enumerate()
        {
            let all = [&bytes[..cut], tail].concat();
            let (_, walked) =
                find(&all).unwrap_or_else(|| panic!("{name} cut at {cut} before {index}"));
            let own = walked.length;
            assert!(
                own <= cut as u64 && walked.end != End::Whole,
                "{name}: {own} of {cut} before {index}"
            );
        }
    }
}

/// A real beginning with chance behind it is nothing.
fn is_bait(name: &str, bytes: &[u8]) {
    for head in [8, 12, 16, 24, 32, 48, 64] {
        let all = [&bytes[..head.min(bytes.len())], &chance(20_000, head as u64)].concat();
        assert_eq!(find(&all), None, "{name} {head}");
    }
}

const SOURCE: &str = "%!PS-Adobe-3.0\n%%Title: Budget\n%%For: alice\n%%Pages: 2\n%%EndComments\n\
    %%Page: 1 1\n/Helvetica findfont 14 scalefont setfont 72 700 moveto (strictly private) show\n\
    0.5 0.2 0.7 setrgbcolor 100 200 200 300 rectfill showpage\n\
    %%Page: 2 2\n/Helvetica findfont 20 scalefont setfont 72 600 moveto (second page of it) show\n\
    100 100 moveto 400 500 lineto stroke showpage\n%%Trailer\n%%EOF\n";

/// What Ghostscript's device makes of two pages.
fn ghostscript(device: &str, folder: &Path) -> Vec<u8> {
    let (source, made) = (folder.join("in.ps"), folder.join(device));
    fs::write(&source, SOURCE).unwrap();
    let mut run = Command::new("gs");
    run.args(["-q", "-dBATCH", "-dNOPAUSE", "-dSAFER", "-r150", &format!("-sDEVICE={device}")]);
    let done = run.arg(format!("-sOutputFile={}", made.display())).arg(source).output().unwrap();
    assert!(done.status.success(), "{device}");
    fs::read(made).unwrap()
}

#[test]
fn what_ghostscript_prints_is_found_to_the_byte() {
    if need("gs").is_none() {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let devices = [
        ("pxlmono", "pcl-xl"),
        ("pxlcolor", "pcl-xl"),
        ("lj5gray", "pcl-xl"),
        ("ljet4", "pcl5"),
        ("laserjet", "pcl5"),
        ("ljet4d", "pcl5"),
        ("cljet5", "pcl5"),
        ("pcl3", "pcl5"),
        ("deskjet", "pcl5"),
        ("cdj550", "pcl5"),
        ("stcolor", "esc-p"),
        ("epson", "esc-p"),
        ("bjcmono", "esc-p"),
        ("pwgraster", "pwg-raster"),
        ("urf", "apple-raster"),
        ("ps2write", "postscript"),
    ];
    for (device, kind) in devices {
        let bytes = ghostscript(device, folder.path());
        let walked = is_exact(device, kind, &bytes);
        assert_eq!(walked.details.pages, Some(2), "{device}");
        is_cut(device, &bytes);
        is_bait(device, &bytes);
    }
}

#[test]
fn host_driven_languages_are_found_to_the_byte() {
    if need("gs").is_none() || need("foo2zjs").is_none() {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let bitmap = ghostscript("pbmraw", folder.path());
    let programs = [
        ("foo2zjs", "zjstream"),
        ("foo2slx", "slx"),
        ("foo2xqx", "xqx"),
        ("foo2oak", "oakt"),
        ("foo2hbpl2", "hbpl"),
        ("foo2qpdl", "qpdl"),
        ("foo2lava", "pcl5"),
    ];
    for (program, kind) in programs {
        let source = folder.path().join("in.pbm");
        fs::write(&source, &bitmap).unwrap();
        let source = fs::File::open(source).unwrap();
        let mut run = Command::new(program);
        run.args(["-r600x600", "-g1275x1650", "-p1", "-J", "Budget", "-U", "alice"]);
        let bytes = run.stdin(source).output().unwrap().stdout;
        let walked = is_exact(program, kind, &bytes);
        if ["foo2qpdl", "foo2hbpl2", "foo2lava"].contains(&program) {
            assert_eq!(walked.details.user.as_deref(), Some("alice"), "{program}");
            assert_eq!(walked.details.title.as_deref(), Some("Budget"), "{program}");
        }
        is_cut(program, &bytes);
    }
}

#[derive(Default)]
struct Held(Vec<u8>);

impl Texts for Held {
    fn begin(&mut self, _: &'static str) {}
    fn push(&mut self, bytes: &[u8]) {
        self.0.extend(bytes);
    }
}

fn text_of(kind: &str, bytes: &[u8]) -> String {
    let bytes = bytes.to_vec();
    let form = FORMATS.iter().find(|form| form.kind.name == kind).unwrap();
    let mut stretch = Stretch::new(&bytes);
    let walked = (form.walk)(&mut stretch).unwrap();
    let mut held = Held::default();
    (form.texts.unwrap())(&mut stretch, &walked, &mut held);
    String::from_utf8_lossy(&held.0).into_owned()
}

fn pcl_xl(wide: bool) -> Vec<u8> {
    let mut bytes =
        b") HP-PCL XL;2;0;Comment\n\xd1\x58\x02\x58\x02\xf8\x89\xc0\x00\xf8\x86\x41".to_vec();
    bytes.extend(b"\xc0\x00\xf8\x28\x43\xd3\x64\x00\x64\x00\xf8\x4c\x6b");
    let text = "绝密 report";
    if wide {
        bytes.extend([0xC9, 0xC0, text.chars().count() as u8]);
        bytes.extend(text.encode_utf16().flat_map(u16::to_le_bytes));
    } else {
        bytes.extend([0xC8, 0xC1, text.len() as u8, 0]);
        bytes.extend(text.as_bytes());
    }
    bytes.extend(b"\xf8\xab\xa8\x44\x42");
    bytes
}

#[test]
fn text_is_read_through_fonts_of_both_widths() {
    for wide in [true, false] {
        let bytes = pcl_xl(wide);
        is_exact("by hand", "pcl-xl", &bytes);
        assert!(text_of("pcl-xl", &bytes).contains("绝密 report"), "{wide}");
    }
}

#[test]
fn words_of_pcl_are_not_torn_by_kerning() {
    let mut bytes = b"\x1bE\x1b&u1200D\x1b&l26A\x1b&l0O\x1b(19U\x1b(s1p0s0b4101T".to_vec();
    bytes.extend(b"\x1b*p916x800Ystri\x1b*p-4Xctly\x1b*p+49Xprivate\x1b*p916x900Ynext\x0c\x1bE");
    let walked = is_exact("by hand", "pcl5", &bytes);
    assert_eq!(walked.details.pages, Some(1));
    let text = text_of("pcl5", &bytes);
    assert!(text.contains("strictly private") && text.contains("\nnext"), "{text}");
}

#[test]
fn plots_are_walked_command_by_command() {
    let mut bytes = b"IN;SP1;DT#;PU10,10;PD300,400,500,600;LBstrictly private;#PE<=?AB;".to_vec();
    bytes.extend(b"CO \"a;b\";PA0,0;PU;SP0;PG;");
    assert!(text_of("hp-gl", &bytes).contains("strictly private;"));
    let (kind, walked) = find(&[&bytes[..], &[0; 700]].concat()).unwrap();
    assert_eq!((kind, walked.length, walked.end), ("hp-gl", bytes.len() as u64, End::Whole));
}

#[test]
fn plots_inside_of_pcl_are_jobs() {
    let mut bytes = b"\x1bE\x1b%0BIN;SP1;PU4624,1078;PR;".to_vec();
    bytes.extend(b"PD627,-180,567,208;PA;".repeat(40));
    bytes.extend(b"DT\x03,1;LBstrictly private\x03;SP0;PG;\x1b%0A\x1bE");
    is_exact("by hand", "pcl5", &bytes);
    is_cut("by hand", &bytes);
    assert!(text_of("pcl5", &bytes).contains("strictly private"));
}

#[test]
fn jobs_need_no_language_in_their_lines_and_may_begin_with_zeros() {
    let rows = b"\x1b*b2m3W\xfe\x55\x80\x1b*b3W\x01\x02\x03".repeat(60);
    let body = [&b"\x1bE\x1b&l0O\x1b*t600R\x1b*r1A"[..], &rows, b"\x1b*rB\x0c\x1bE"].concat();
    let lines = b"\x1b%-12345X@PJL\n@PJL SET DENSITY=3\n@PJL SET COPIES=1\n";
    let job = [&lines[..], &body, b"\x1b%-12345X@PJL RESET\n"].concat();
    let walked = is_exact("by hand", "pcl5", &job);
    assert_eq!(walked.proof, crate::formats::Proof::Decoded);
    let lines = b"\x1b%-12345X@PJL\n@PJL JOB NAME=\"1/ada/Report\"\n\x1b%-12345X@PJL\n@PJL SET RAS1200MODE = FALSE\n@PJL ENTER LANGUAGE = PCL\n";
    let ends = b"\x1b%-12345X@PJL\n@PJL EOJ NAME=\"1/ada/Report\"\n\x1b%-12345X\n";
    let job = [&[0; 128], &lines[..], &body, ends].concat();
    let (kind, walked) = find(&[&job[..], &[0; 900]].concat()).unwrap();
    assert_eq!((kind, walked.length, walked.end), ("pcl5", job.len() as u64, End::Whole));
}

#[test]
fn the_makers_own_data_are_taken_by_their_count() {
    let mut bytes =
        b") HP-PCL XL;3;0;Comment\n\xd1\x58\x02\x58\x02\xf8\x89\xc0\x00\xf8\x86A".to_vec();
    bytes.extend(b"\xc0\x00\xf8\x28\xc0\x00\xf8\x25C\xc2\x00\x04\x00\x00\xf8\x92F");
    bytes.extend(chance(1024, 5));
    bytes.extend(b"\xc1\x01\x00\xf8\x31DB");
    is_exact("by hand", "pcl-xl", &bytes);
    // Zeros are no blanks between tags where a medium's filling begins.
    let torn = [&bytes[..bytes.len() - 9], &[0; 4096], &bytes[bytes.len() - 9..]].concat();
    assert_eq!(find(&torn).unwrap().1.end, End::Broken);
}

#[test]
fn the_same_drivers_next_page_is_none_of_another_job_where_a_sector_begins() {
    let rows = b"\x1b*b2m3W\xfe\x55\x80".repeat(90);
    let page = [&b"\x1bE\x1b&u300D\x1b&l26a1x1O\x1b*t300R\x1b*r0f800s200t1A"[..], &rows].concat();
    let ends = b"\x1b*rC\x0c";
    // The next page begins at a sector, or ends its reset there.
    for before in [0, 2] {
        let rest = (page.len() + b"\x1b*b0m100W".len() + 99 + before + ends.len()) % 512;
        let row = 100 + 511 - rest;
        let row = [format!("\x1b*b0m{row}W").as_bytes(), &vec![b'V'; row]].concat();
        let page = [&page[..], &row, ends].concat();
        assert_eq!((page.len() + before) % 512, 0);
        is_exact("by hand", "pcl5", &page.repeat(3));
    }
}

#[test]
fn prose_between_rows_or_lines_is_none_of_a_jobs() {
    let rows = b"\x1b*b2m3W\xfe\x55\x80\x1b*b3W\x01\x02\x03".repeat(60);
    let begins = [&b"\x1bE\x1b&l0O\x1b*t600R\x1b*r1A"[..], &rows].concat();
    let ends = [&rows[..], b"\x1b*rB\x0c\x1bE"].concat();
    let whole = [&begins[..], &ends].concat();
    assert_eq!(find(&whole).unwrap().1.end, End::Whole);
    let prose = b"Paper after quarter about ordered were thirty. ".repeat(90);
    let torn = [&begins[..], &prose, &ends].concat();
    let walked = find(&torn).unwrap().1;
    assert_eq!(walked.end, End::Broken);
    assert!(walked.length <= begins.len() as u64, "{}", walked.length);
}

#[test]
fn of_a_picture_that_is_not_packed_all_is_kept_up_to_the_next_file() {
    let mut header = vec![0; 1796];
    // Resolution, width, height, bits, bytes of a line, colour space.
    let numbers =
        [(276, 600), (280, 600), (372, 800), (376, 900), (384, 8), (388, 8), (392, 800), (400, 18)];
    for (at, number) in numbers {
        header[at..at + 4].copy_from_slice(&u32::to_be_bytes(number));
    }
    let page = [&[0xFF; 90 * 800][..], &chance(400 * 800, 3), &[0xFF; 410 * 800]].concat();
    let whole = [b"RaS3", &header[..], &page].concat();
    assert_eq!(find(&whole).unwrap().1.end, End::Whole);
    let job = b"\x1b%-12345X@PJL SET COPIES=1\r\n@PJL ENTER LANGUAGE=PCL\r\n\x1bE";
    let cut = 300 * 512;
    let torn = [&whole[..cut], &[0; 4096], &job[..], &[0; 4096]].concat();
    let walked = find(&torn).unwrap().1;
    assert_eq!((walked.length, walked.end), (cut as u64, End::Broken));
}

#[test]
fn a_document_without_an_end_ends_where_text_does() {
    let text = b"%!\n/Courier findfont 12 scalefont setfont\n72 700 moveto (line) show\n72 600 moveto (second line of it) show\nshowpage\n";
    let (kind, walked) = find(&[&text[..], &[0; 900]].concat()).unwrap();
    assert_eq!((kind, walked.length, walked.end), ("postscript", text.len() as u64, End::Whole));
}

#[test]
fn binary_data_and_nested_documents_belong_to_a_document() {
    let mut bytes =
        b"%!PS-Adobe-3.0\n%%Title: (outer \\(one\\))\n%%For: alice\n%%EndComments\n".to_vec();
    bytes.extend(
        b"%%BeginDocument: in.eps\n%!PS-Adobe-3.0 EPSF-3.0\nshowpage\n%%EOF\n%%EndDocument\n",
    );
    bytes.extend(b"%%BeginData: 5000 Binary Bytes\n");
    bytes.extend(chance(5000, 3));
    bytes.extend(b"\n%%EndData\n%%Page: 1 1\nshowpage\n%%Trailer\n%%EOF\n\x04");
    let walked = is_exact("by hand", "postscript", &bytes);
    assert_eq!(walked.details.title.as_deref(), Some("outer (one)"));
    assert_eq!((walked.details.user.as_deref(), walked.details.pages), (Some("alice"), Some(1)));
}

fn wide(text: &str) -> Vec<u8> {
    text.encode_utf16().chain([0]).flat_map(u16::to_le_bytes).collect()
}

pub fn words(words: &[u32]) -> Vec<u8> {
    words.iter().flat_map(|word| word.to_le_bytes()).collect()
}

pub fn emf(text: &str) -> Vec<u8> {
    let string: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let padded = string.len().next_multiple_of(4);
    let record = 76 + padded as u32;
    let mut bytes = words(&[1, 108, 0, 0, 9, 9, 0, 0, 99, 99]);
    bytes.extend(b" EMF");
    bytes.extend(words(&[0x1_0000, 108 + record + 20, 3, 1, 0, 0, 0, 9, 9, 9, 9, 0, 0, 0, 0, 0]));
    bytes.extend(words(&[
        84,
        record,
        0,
        0,
        9,
        9,
        1,
        0,
        0,
        5,
        5,
        text.encode_utf16().count() as u32,
        76,
    ]));
    bytes.extend(words(&[0, 0, 0, 0, 0, 0]));
    bytes.extend(&string);
    bytes.resize(bytes.len() + padded - string.len(), 0);
    bytes.extend(words(&[14, 20, 0, 16, 20]));
    bytes
}

#[test]
fn pictures_and_spool_files_of_windows_are_walked() {
    let picture = emf("strictly private");
    is_exact("by hand", "emf", &picture);
    assert!(text_of("emf", &picture).contains("strictly private"));
    let names = [wide("Budget 2024"), wide("LPT1:")].concat();
    let size = 16 + names.len().next_multiple_of(4) as u32;
    let mut bytes = words(&[0x1_0000, size, 16, 16 + wide("Budget 2024").len() as u32]);
    bytes.extend(&names);
    bytes.resize(size as usize, 0);
    for _ in 0..2 {
        bytes.extend(words(&[0x0C, picture.len() as u32]));
        bytes.extend(&picture);
        bytes.extend(words(&[0x0D, 8, 0, 0]));
    }
    let walked = is_exact("by hand", "emf-spool", &bytes);
    assert_eq!(walked.details.title.as_deref(), Some("Budget 2024"));
    assert_eq!(walked.details.pages, Some(2));
    assert!(text_of("emf-spool", &bytes).contains("strictly private"));
}

#[test]
fn shadow_files_tell_who_printed_what() {
    let strings =
        ["alice", "alice", "Budget", "LPT1:", "Office", "Driver", "", "winprint", "NT EMF 1.008"];
    let fixed = 20 + 36 + 4 + 16 + 24 + 16_u32;
    let (mut body, mut places) = (Vec::new(), Vec::new());
    for (index, text) in strings.iter().enumerate() {
        places.push(fixed + body.len() as u32);
        let mut settings = vec![0; 72];
        settings[68] = 72;
        body.extend(if index == 6 { settings } else { wide(text) });
    }
    let host = fixed + body.len() as u32;
    body.extend(wide("\\\\PC7"));
    let mut bytes = words(&[0x4967, fixed, 0, 7, 1]);
    bytes.extend(words(&places));
    bytes.extend(words(&[0]));
    bytes.extend([2024_u16, 3, 5, 8, 9, 10, 11, 0].into_iter().flat_map(u16::to_le_bytes));
    bytes.extend(words(&[0, 0, 999, 2, 0, 0, 0, 0, 0, host]));
    bytes.extend(body);
    let walked = is_exact("by hand", "shd", &bytes);
    let told = walked.details;
    assert_eq!((told.user.as_deref(), told.title.as_deref()), (Some("alice"), Some("Budget")));
    assert_eq!((told.host.as_deref(), told.pages), (Some("PC7"), Some(2)));
    assert_eq!(told.created, Some(1_709_889_011));
}

#[test]
fn a_job_that_is_cut_does_not_take_the_next() {
    let header = b"\x1b%-12345X@PJL JOB NAME=\"first\"\r\n@PJL SET USERNAME=\"alice\"\r\n@PJL ENTER LANGUAGE=PCLXL\r\n";
    let whole = [&header[..], &pcl_xl(true), b"\x1b%-12345X@PJL EOJ\r\n\x1b%-12345X"].concat();
    let walked = is_exact("by hand", "pcl-xl", &whole);
    assert_eq!(
        (walked.details.title.as_deref(), walked.details.user.as_deref()),
        (Some("first"), Some("alice"))
    );
    // Data that claims more than there is runs over the next job's UEL.
    let mut cut = [&header[..], &pcl_xl(true)[..44]].concat();
    cut.extend(b"\xc0\x01\xf8\x62\xb0\xc1\x00\x00\xf8\x6d\xb1\xfa\x00\x00\x10\x00");
    cut.extend(chance(3000, 5));
    let own = cut.len() as u64;
    let walked = find(&[cut, whole.repeat(3)].concat()).unwrap().1;
    assert_eq!(walked.end, End::Broken);
    assert!(walked.length <= own, "{} of {own}", walked.length);
}
