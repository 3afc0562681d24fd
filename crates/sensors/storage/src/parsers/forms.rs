//! Forms of files: each is walked, and asked for all that it tells of what was found.

use crate::{
    Stretch,
    formats::{self, Format, Texts, document, picture},
};

/// Takes texts and keeps none.
struct Unheard;

impl Texts for Unheard {
    fn begin(&mut self, _: &'static str) {}
    fn push(&mut self, _: &[u8]) {}
}

fn follow(format: &Format, bytes: &[u8]) {
    let bytes = bytes.to_vec();
    (format.looks)(&bytes[..bytes.len().min(512)]);
    let mut stretch = Stretch::new(&bytes);
    let Some(walked) = (format.walk)(&mut stretch) else { return };
    assert!(walked.length <= bytes.len() as u64 && walked.sound() <= walked.length);
    if let Some(texts) = format.texts {
        texts(&mut stretch, &walked, &mut Unheard);
    }
    if let Some(joints) = format.joints() {
        joints(&mut stretch, &walked, 1 << 20);
    }
    if let Some(small) = format.picture.and_then(|picture| picture(&mut stretch, &walked)) {
        picture::png(&small);
    }
}

/// By the names of the forms.
macro_rules! named {
    ($($parser:ident: $($form:literal)+;)+) => {
        $(pub fn $parser(bytes: &[u8]) {
            let names = [$($form),+];
            for format in formats::all().filter(|format| names.contains(&format.kind.name)) {
                follow(format, bytes);
            }
        })+
    };
}

named! {
    bmp: "bmp";
    bzip2: "bzip2";
    cpio_cabinet: "cpio" "cab";
    ejl: "ejl";
    elf: "elf";
    emf: "emf";
    emf_spool: "emf-spool";
    eps: "eps";
    escp: "esc-p";
    escpos: "esc-pos";
    evtx: "evtx";
    gif: "gif";
    gzip: "gzip";
    heif: "heic";
    hpgl: "hp-gl";
    ipp_control: "cups-control";
    jbig2: "jbig2";
    jpeg2000: "jp2" "j2k";
    jpeg: "jpeg";
    lnk: "lnk";
    oakt: "oakt";
    ole2: "ole2";
    pcl: "pcl5";
    pcl_xl: "pcl-xl";
    pcx: "pcx" "dcx";
    pdf: "pdf";
    pjl: "pjl";
    png: "png";
    postscript: "postscript";
    rar: "rar";
    raster: "cups-raster";
    regf: "registry";
    seven_zip: "7z";
    shd: "shd";
    slx: "slx";
    sqlite: "sqlite" "sqlite-wal";
    tar: "tar";
    tiff: "tiff";
    urf: "apple-raster";
    webp: "webp";
    xz: "xz";
    zip_family: "zip";
    zjstream: "zjstream";
    zpl: "zpl";
    zstd: "zstd";
}

/// Forms that no signature finds.
macro_rules! unsigned {
    ($($parser:ident: $($format:expr)+;)+) => {
        $(pub fn $parser(bytes: &[u8]) {
            $(follow(&$format, bytes);)+
        })+
    };
}

unsigned! {
    mail: document::mail::EML;
    markup: document::markup::XML document::markup::HTML;
    mbox: document::mail::MBOX;
    pem: document::contacts::PEM;
    rtf: document::rtf::RTF;
}

pub fn contacts(bytes: &[u8]) {
    use document::contacts;
    for format in [&contacts::VCARD, &contacts::ICALENDAR, &contacts::BOOK] {
        follow(format, bytes);
    }
    contacts::told(bytes);
}

/// A program that draws a page, with a map of its font.
pub fn pdf_text(bytes: &[u8]) {
    let head = b"%PDF-1.4\n1 0 obj <</Type/Font/ToUnicode 3 0 R>> endobj 2 0 obj <</Font<</F 1 0 R>>>> endobj\n";
    let mut file = head.to_vec();
    for number in [3, 4] {
        file.extend(format!("{number} 0 obj <</Length {}>> stream\n", bytes.len()).bytes());
        file.extend(bytes);
        file.extend(b"\nendstream endobj\n");
    }
    file.extend(b"startxref 0 %%EOF\n");
    pdf(&file);
}
