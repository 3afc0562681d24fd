//! The font files from which characters are taken that Helvetica lacks. Only what a page uses of them gets into it.
//!
//! Files are the user's or the system's. One that is no font, or whose maker forbids that it is embedded, is refused.

use thiserror::Error;
use ttf_parser::{Face, Permissions, Tag, fonts_in_collection, name_id};

/// Fonts of a collection that are looked at.
const MOST_FACES: u32 = 64;

#[derive(Debug, Error, PartialEq, Eq)]
pub enum FontError {
    #[error("it is no OpenType or TrueType font")]
    NotAFont,
    #[error("its maker forbids that it is embedded")]
    Forbidden,
    #[error("its outlines are of a kind that cannot be embedded")]
    Outlines,
}

/// In the order in which they are asked for a character.
#[derive(Debug, Default)]
pub struct Fonts(Vec<Font>);

#[derive(Debug)]
pub struct Font {
    pub data: Vec<u8>,
    pub index: u32,
}

impl Fonts {
    /// Without any: Chinese is then drawn with a font that the reader of the PDF must have.
    pub fn none() -> Self {
        Self::default()
    }

    pub fn add(&mut self, data: Vec<u8>) -> Result<(), FontError> {
        let index = simplified(&data);
        let face = Face::parse(&data, index).map_err(|_| FontError::NotAFont)?;
        if face.permissions() == Some(Permissions::Restricted) || !face.is_subsetting_allowed() {
            return Err(FontError::Forbidden);
        }
        let tables = face.tables();
        if tables.glyf.is_none() && tables.cff.is_none() {
            return Err(FontError::Outlines);
        }
        self.0.push(Font { data, index });
        Ok(())
    }

    pub fn faces(&self) -> impl Iterator<Item = (&Font, Face<'_>)> {
        self.0.iter().filter_map(|font| Some((font, Face::parse(&font.data, font.index).ok()?)))
    }
}

/// Of a collection the face with the forms of simplified Chinese; the first where none is called so.
fn simplified(data: &[u8]) -> u32 {
    let count = fonts_in_collection(data).unwrap_or(1).min(MOST_FACES);
    let is_simplified = |index: &u32| {
        let Ok(face) = Face::parse(data, *index) else { return false };
        let names = face.names().into_iter().filter(|name| name.name_id == name_id::FULL_NAME);
        let mut names = names.filter_map(|name| name.to_string());
        names.any(|name| name.split(' ').any(|word| matches!(word, "SC" | "CN" | "GB")))
    };
    (0..count).find(is_simplified).unwrap_or(0)
}

/// The outlines alone, where they are PostScript's.
pub fn postscript_outlines(font: &[u8]) -> Option<&[u8]> {
    ttf_parser::RawFace::parse(font, 0).ok()?.table(Tag::from_bytes(b"CFF "))
}

/// What every reader's own Chinese font has: Adobe-GB1, as far as it goes back to GB 2312 and GBK.
pub fn is_in_gb1(c: char) -> bool {
    matches!(c,
        '\u{4e00}'..='\u{9fa5}' | '\u{3000}'..='\u{3017}' | '\u{ff01}'..='\u{ff5e}'
        | '\u{410}'..='\u{44f}' | '\u{401}' | '\u{451}' | '\u{3b1}'..='\u{3c9}')
}
