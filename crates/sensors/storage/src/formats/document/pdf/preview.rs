//! The first large picture in a PDF: the first page of what was scanned. Pages that are drawn have none, nor have JBIG2 and
//! JPEG 2000; of packings within packings at most 4 MiB are read.

use super::{
    filters::decoded,
    object::{Filter, filters},
    scan::{Object, Scan, Scanner},
    strings::bytes,
    texts::body,
    tokens::{Dict, Token, Tokens, reference},
};
use crate::{
    Stretch,
    formats::{
        Picture, Walked,
        document::inflate::Inflater,
        picture::{
            bits::First,
            fax::Coding,
            jpeg,
            points::{Differences, Points, Rows},
        },
    },
};

/// Pictures that are weighed, and the least side of one.
const MOST: usize = 64;
const LEAST: u64 = 100;

pub fn picture(stretch: &mut Stretch, walked: &Walked) -> Option<Picture> {
    if walked.details.encrypted == Some(true) {
        return None;
    }
    let mut inflater = Inflater::default();
    let scan = Scanner::new(stretch, &mut inflater, walked.length, false).run(8);
    let (object, range) = chosen(stretch, &scan)?;
    let dict = body(stretch, &object).to_vec();
    let dict = Dict::read(&dict);
    let filters = filters(&dict);
    let (before, last) = apart(&filters);
    let points = points(stretch, &scan, &dict, last);
    if before.is_empty() {
        return drawn(stretch, range, last, points);
    }
    let mut left = u64::MAX;
    let packed = decoded(stretch, &mut inflater, range, before, &mut left)?;
    let end = packed.len() as u64;
    drawn(&mut Stretch::new(&packed), (0, end), last, points)
}

/// The last filter, where its rows are unpacked one by one, and those before it.
fn apart(filters: &[Filter]) -> (&[Filter], Option<Filter>) {
    match filters.split_last() {
        None | Some((Filter::Ascii85 | Filter::AsciiHex, _)) => (filters, None),
        Some((last, before)) => (before, Some(*last)),
    }
}

/// The first that is at least half as large as the largest: smaller ones are marks and symbols.
fn chosen(stretch: &mut Stretch, scan: &Scan) -> Option<(Object, (u64, u64))> {
    let mut found: Vec<(u64, Object, (u64, u64))> = Vec::new();
    for object in &scan.objects {
        let Some(range) = object.stream else { continue };
        let dict = Dict::read(body(stretch, object));
        let side = |key: &[u8]| dict.int(key).filter(|side| (LEAST..1 << 24).contains(side));
        let image = dict.name(b"Subtype") == Some(b"Image");
        if let (true, Some(width), Some(height)) = (image, side(b"Width"), side(b"Height")) {
            found.push((width * height, *object, range));
        }
        if found.len() >= MOST {
            break;
        }
    }
    let largest = found.iter().map(|(area, ..)| *area).max()?;
    let first = found.into_iter().find(|(area, ..)| *area >= largest / 2);
    first.map(|(_, object, range)| (object, range))
}

fn drawn(
    stretch: &mut Stretch,
    (data, stop): (u64, u64),
    filter: Option<Filter>,
    points: Option<Points>,
) -> Option<Picture> {
    if filter == Some(Filter::Jpeg) {
        return jpeg::embedded(stretch, &mut jpeg::Decoder::default(), data, stop);
    }
    let points = points?;
    let mut rows = Rows::new(&points)?;
    rows.strip(stretch, 0, points.height, data, stop.saturating_sub(data));
    rows.picture()
}

/// What the dictionary says of the points; none where they are of a kind that is not drawn.
fn points(
    stretch: &mut Stretch,
    scan: &Scan,
    dict: &Dict,
    filter: Option<Filter>,
) -> Option<Points> {
    let (width, height) = (dict.int(b"Width")? as u32, dict.int(b"Height")? as u32);
    let told = Dict::read(parameters(dict));
    let flag = |dict: &Dict, key: &[u8]| dict.get(key).is_some_and(|value| value == b"true");
    let fax = filter == Some(Filter::Fax);
    let mask = flag(dict, b"ImageMask") || fax;
    let depth = if mask { 1 } else { dict.int(b"BitsPerComponent")? as u32 };
    let colours = match mask {
        true => Colours::grey(),
        false => Colours::of(stretch, scan, dict.get(b"ColorSpace")?, true)?,
    };
    let backwards = dict.get(b"Decode").is_some_and(begins_with_one);
    let inverted = (fax && flag(&told, b"BlackIs1")) != backwards;
    let predictor = told.int(b"Predictor").unwrap_or(1);
    let known = depth <= 16 && !(fax && flag(&told, b"EncodedByteAlign"));
    known.then_some(Points {
        width,
        height,
        across: if fax { told.int(b"Columns").unwrap_or(1728) as u32 } else { width },
        depth,
        samples: colours.samples,
        packing: match filter {
            None => 1,
            Some(Filter::Flate) => 8,
            Some(Filter::Lzw) => 5,
            Some(Filter::RunLength) => 32773,
            Some(Filter::Fax) => 4,
            Some(_) => return None,
        },
        // Of a fax it says what white is, of all else what zero is.
        photometric: match (colours.photometric, inverted) {
            (1, inverted) => u16::from(inverted == fax),
            (other, _) => other,
        },
        differences: match predictor {
            2 if depth == 8 => Differences::Left,
            10.. => Differences::Chosen,
            _ => Differences::None,
        },
        palette: colours.palette,
        little: false,
        coding: match Tokens::new(told.get(b"K").unwrap_or(b"0")).complete() {
            Some(Token::Number(k)) if k < 0.0 => Coding::Four,
            Some(Token::Number(k)) if k > 0.0 => Coding::Two,
            _ => Coding::One,
        },
        first: First::Highest,
    })
}

/// Of the last filter.
fn parameters<'d>(dict: &Dict<'d>) -> &'d [u8] {
    let value = dict.get(b"DecodeParms").unwrap_or_default();
    let last = memchr::memmem::rfind(value, b"<<").unwrap_or(0);
    &value[last..]
}

fn begins_with_one(decode: &[u8]) -> bool {
    let mut tokens = Tokens::new(decode);
    let _ = tokens.read();
    tokens.read() == Ok(Token::Number(1.0))
}

/// The last version of an object.
fn numbered(scan: &Scan, number: u32) -> Option<&Object> {
    scan.objects.iter().rev().find(|object| object.number == number)
}

struct Colours {
    samples: u32,
    photometric: u16,
    palette: Vec<[u8; 3]>,
}

impl Colours {
    const fn grey() -> Self {
        Self::new(1, 1)
    }

    const fn new(samples: u32, photometric: u16) -> Self {
        Self { samples, photometric, palette: Vec::new() }
    }

    /// By a name, an array, or what stands elsewhere.
    fn of(stretch: &mut Stretch, scan: &Scan, value: &[u8], follow: bool) -> Option<Self> {
        if let Some(number) = reference(value).filter(|_| follow) {
            let value = body(stretch, numbered(scan, number)?).to_vec();
            return Self::of(stretch, scan, &value, false);
        }
        let mut tokens = Tokens::new(value);
        let first = match tokens.complete()? {
            Token::Open => tokens.complete()?,
            first => first,
        };
        let Token::Name(name) = first else { return None };
        match name {
            b"DeviceGray" | b"CalGray" => Some(Self::grey()),
            b"DeviceRGB" | b"CalRGB" => Some(Self::new(3, 2)),
            b"DeviceCMYK" => Some(Self::new(4, 5)),
            b"ICCBased" => {
                let number = reference(&value[tokens.at..])?;
                match Dict::read(body(stretch, numbered(scan, number)?)).int(b"N")? {
                    1 => Some(Self::grey()),
                    3 => Some(Self::new(3, 2)),
                    4 => Some(Self::new(4, 5)),
                    _ => None,
                }
            }
            // Palettes of other colours, or in a stream, are not read.
            b"Indexed" => {
                let rgb = tokens.complete()? == Token::Name(b"DeviceRGB");
                let _ = tokens.complete()?;
                let shades = bytes(&value[tokens.at..]).filter(|_| rgb)?;
                let palette = shades.as_chunks::<3>().0.to_vec();
                Some(Self { palette, ..Self::new(1, 3) })
            }
            _ => None,
        }
    }
}
