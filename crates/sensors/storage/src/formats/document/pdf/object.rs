//! What the walk needs to know of one object: where its parts are, and what its dictionary says.

use super::tokens::{Dict, End, Token, Tokens, first_int, reference};

/// How an object's body ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Close {
    /// Behind `endobj`.
    Object(usize),
    /// Behind the word `stream`.
    Stream(usize),
    /// Before the next object: `endobj` is missing.
    Next(usize),
}

/// Reads a body from behind `obj`.
pub fn outline(bytes: &[u8]) -> Result<Close, (End, usize)> {
    let mut tokens = Tokens::new(bytes);
    // The places of the last two numbers, for an object that begins while this one is open.
    let mut last = [0; 2];
    loop {
        let before = tokens.at;
        let token = tokens.read().map_err(|end| (end, tokens.at))?;
        match token {
            Token::Word(b"stream") => return Ok(Close::Stream(tokens.at)),
            Token::Word(b"obj") => return Ok(Close::Next(last[0])),
            Token::Word(word) if word.starts_with(b"endobj") => {
                return Ok(Close::Object(tokens.at - (word.len() - 6)));
            }
            Token::Word(b"true" | b"false" | b"null" | b"R") => {}
            Token::Word(_) => return Err((End::Wrong, before)),
            Token::Number(_) => last = [last[1], before],
            _ => tokens.skip_value(token).map_err(|end| (end, tokens.at))?,
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Filter {
    Flate,
    Lzw,
    Ascii85,
    AsciiHex,
    RunLength,
    Jpeg,
    Fax,
    Other,
}

pub const MOST_FILTERS: usize = 6;

pub fn filters(dict: &Dict) -> Vec<Filter> {
    let Some(value) = dict.get(b"Filter") else { return Vec::new() };
    let mut tokens = Tokens::new(value);
    let mut found = Vec::new();
    while let Some(token) = tokens.complete() {
        if let Token::Name(name) = token {
            found.push(match name {
                b"FlateDecode" | b"Fl" => Filter::Flate,
                b"LZWDecode" | b"LZW" => Filter::Lzw,
                b"ASCII85Decode" | b"A85" => Filter::Ascii85,
                b"ASCIIHexDecode" | b"AHx" => Filter::AsciiHex,
                b"RunLengthDecode" | b"RL" => Filter::RunLength,
                b"DCTDecode" | b"DCT" => Filter::Jpeg,
                b"CCITTFaxDecode" | b"CCF" => Filter::Fax,
                _ => Filter::Other,
            });
        }
        if found.len() >= MOST_FILTERS {
            break;
        }
    }
    found
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Length {
    Direct(u64),
    In(u32),
    Unknown,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    Page,
    Pages,
    Packed,
    Table,
    Other,
}

/// What a dictionary says that the walk uses.
pub struct Facts {
    pub role: Role,
    pub length: Length,
    pub filters: Vec<Filter>,
    pub count: Option<u64>,
    pub linear: Option<u64>,
    /// Where a table's numbers are split, and whether rows are packed by their differences.
    pub widths: [u8; 3],
    pub predictor: bool,
    /// First numbers of a table's parts, and how many.
    pub index: Vec<(u32, u32)>,
    pub first: u64,
}

impl Facts {
    pub fn of(dict: &Dict) -> Self {
        let length = match dict.get(b"Length") {
            None => Length::Unknown,
            Some(value) => match (reference(value), first_int(value)) {
                (Some(number), _) => Length::In(number),
                (None, Some(length)) => Length::Direct(length),
                (None, None) => Length::Unknown,
            },
        };
        let role = match dict.name(b"Type") {
            Some(b"Page") => Role::Page,
            Some(b"Pages") => Role::Pages,
            Some(b"ObjStm") => Role::Packed,
            Some(b"XRef") => Role::Table,
            _ => Role::Other,
        };
        let parms = dict.get(b"DecodeParms").map(Dict::read).unwrap_or_default();
        Self {
            role,
            length,
            filters: filters(dict),
            count: dict.int(b"Count"),
            linear: dict.get(b"Linearized").and(dict.int(b"L")),
            widths: widths(dict),
            predictor: parms.int(b"Predictor").is_some_and(|predictor| predictor >= 10),
            index: if role == Role::Table { index(dict) } else { Vec::new() },
            first: dict.int(b"First").unwrap_or(0),
        }
    }
}

fn widths(dict: &Dict) -> [u8; 3] {
    let mut widths = [0; 3];
    let Some(value) = dict.get(b"W") else { return widths };
    let mut tokens = Tokens::new(value);
    let _ = tokens.read();
    for width in &mut widths {
        if let Ok(Token::Number(number)) = tokens.read() {
            *width = number.clamp(0.0, 8.0) as u8;
        }
    }
    widths
}

/// The most parts of a table.
const MOST_PARTS: usize = 4096;

fn index(dict: &Dict) -> Vec<(u32, u32)> {
    let mut tokens = Tokens::new(dict.get(b"Index").unwrap_or_default());
    let _ = tokens.read();
    let mut parts = Vec::new();
    while let (Ok(Token::Number(first)), Ok(Token::Number(count))) = (tokens.read(), tokens.read())
    {
        parts.push((first as u32, count as u32));
        if parts.len() >= MOST_PARTS {
            break;
        }
    }
    if parts.is_empty() { vec![(0, u32::MAX)] } else { parts }
}

/// The places that a table's stream records, of objects that stand in the file themselves.
pub fn places(decoded: &[u8], facts: &Facts) -> Vec<(u32, u64)> {
    let widths = facts.widths.map(usize::from);
    let row = widths.iter().sum::<usize>();
    let step = row + usize::from(facts.predictor);
    let mut above = vec![0_u8; row];
    let mut found = Vec::new();
    if row == 0 {
        return found;
    }
    let parts = facts.index.iter();
    let numbers = parts.flat_map(|(first, count)| (*first..=u32::MAX).take(*count as usize));
    for (packed, object) in decoded.chunks_exact(step).zip(numbers) {
        let fields = &packed[step - row..];
        let differs = facts.predictor && packed[0] == 2;
        for (kept, field) in above.iter_mut().zip(fields) {
            *kept = if differs { kept.wrapping_add(*field) } else { *field };
        }
        let number =
            |bytes: &[u8]| bytes.iter().fold(0_u64, |sum, byte| sum << 8 | u64::from(*byte));
        let kind = if widths[0] == 0 { 1 } else { number(&above[..widths[0]]) };
        if kind == 1 {
            found.push((object, number(&above[widths[0]..widths[0] + widths[1]])));
        }
    }
    found
}
