//! Text is measured and broken into lines, with every character in the font that has it.

use std::collections::BTreeMap;

use subsetter::GlyphRemapper;
use ttf_parser::Face;

use super::{
    fonts::{self, Font, Fonts},
    latin,
};
use crate::safe_text::visible;

/// From where a character is drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Slot {
    Helvetica,
    HelveticaBold,
    /// A font file, by its place.
    File(usize),
    /// The reader's own Chinese font.
    Chinese,
}

/// A character with its place in its font, and how wide it is in thousandths of the size.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Glyph {
    pub slot: Slot,
    pub code: u16,
    pub width: f32,
}

/// What a file uses of a font: the place in the subset, its width, and the character that it stands for.
pub type Used = BTreeMap<u16, (f32, char)>;

pub struct Loaded<'a> {
    pub font: &'a Font,
    pub face: Face<'a>,
    pub kept: GlyphRemapper,
    pub used: Used,
}

pub struct Setting<'a> {
    pub files: Vec<Loaded<'a>>,
    /// Of the reader's own Chinese font.
    pub chinese: Used,
}

impl<'a> Setting<'a> {
    pub fn new(fonts: &'a Fonts) -> Self {
        let load =
            |(font, face)| Loaded { font, face, kept: GlyphRemapper::new(), used: Used::new() };
        Self { files: fonts.faces().map(load).collect(), chinese: Used::new() }
    }

    /// The text as it will be drawn: hazards as escapes, and characters that no font has by their numbers.
    pub fn shown(&self, text: &str) -> String {
        let mut shown = String::with_capacity(text.len());
        for c in visible(text).chars() {
            if self.has(c) {
                shown.push(c);
            } else {
                shown.push_str(&c.escape_unicode().to_string());
            }
        }
        shown
    }

    fn has(&self, c: char) -> bool {
        let of_a_file = || self.files.iter().any(|file| glyph_of(file, c).is_some());
        latin::code(c).is_some() || of_a_file() || fonts::is_in_gb1(c)
    }

    /// Where it is drawn from; it counts as used.
    pub fn glyph(&mut self, c: char, bold: bool) -> Option<Glyph> {
        if let Some(code) = latin::code(c) {
            let slot = if bold { Slot::HelveticaBold } else { Slot::Helvetica };
            return Some(Glyph { slot, code: code.into(), width: latin::width(code, bold).into() });
        }
        for (at, file) in self.files.iter_mut().enumerate() {
            let Some((old, width)) = glyph_of(file, c) else { continue };
            let code = file.kept.remap(old);
            file.used.insert(code, (width, c));
            return Some(Glyph { slot: Slot::File(at), code, width });
        }
        let code = u16::try_from(u32::from(c)).ok().filter(|_| fonts::is_in_gb1(c))?;
        self.chinese.insert(code, (1000.0, c));
        Some(Glyph { slot: Slot::Chinese, code, width: 1000.0 })
    }

    pub fn width(&self, text: &str, size: f32, bold: bool) -> f32 {
        text.chars().map(|c| self.advance(c, bold)).sum::<f32>() * size / 1000.0
    }

    fn advance(&self, c: char, bold: bool) -> f32 {
        if let Some(code) = latin::code(c) {
            return latin::width(code, bold).into();
        }
        let of_a_file = self.files.iter().find_map(|file| glyph_of(file, c));
        of_a_file.map_or(1000.0, |(_, width)| width)
    }

    /// Lines that are no wider than `width`. They break after spaces and between Chinese characters; a word that is too long
    /// breaks anywhere.
    pub fn lines(&self, text: &str, size: f32, bold: bool, width: f32) -> Vec<String> {
        let mut lines = Vec::new();
        let mut line = String::new();
        let mut reached = 0.0;
        // Where the line can be broken, in bytes.
        let mut chance = 0;
        for c in self.shown(text).chars() {
            let advance = self.advance(c, bold) * size / 1000.0;
            if reached + advance > width && !line.is_empty() {
                let rest = line.split_off(if chance > 0 { chance } else { line.len() });
                lines.push(line.trim_end().to_owned());
                line = rest;
                reached = self.width(&line, size, bold);
                chance = 0;
            }
            line.push(c);
            reached += advance;
            if c == ' ' || is_wide(c) {
                chance = line.len();
            }
        }
        lines.push(line.trim_end().to_owned());
        lines
    }

    /// At most so many lines; the last one says how many characters are missing.
    pub fn cut(&self, text: &str, size: f32, bold: bool, width: f32, most: usize) -> Vec<String> {
        let mut lines = self.lines(text, size, bold, width);
        if lines.len() <= most {
            return lines;
        }
        let whole: usize = lines.iter().map(|line| line.chars().count()).sum();
        lines.truncate(most.max(1));
        let kept: usize = lines.iter().map(|line| line.chars().count()).sum();
        let Some(last) = lines.last_mut() else { return lines };
        let tail = |cut: usize| format!("… (+{cut})");
        let room = width - self.width(&tail(whole), size, bold);
        let mut cut = whole - kept;
        while !last.is_empty() && self.width(last, size, bold) > room {
            last.pop();
            cut += 1;
        }
        last.push_str(&tail(cut));
        lines
    }
}

/// A glyph of zero is the box that stands for what a font does not have.
fn glyph_of(file: &Loaded, c: char) -> Option<(u16, f32)> {
    let glyph = file.face.glyph_index(c).filter(|glyph| glyph.0 != 0)?;
    let width = file.face.glyph_hor_advance(glyph)?;
    let units = f32::from(file.face.units_per_em()).max(1.0);
    Some((glyph.0, f32::from(width) * 1000.0 / units))
}

/// Chinese breaks between any two characters.
fn is_wide(c: char) -> bool {
    matches!(c, '\u{2e80}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{ff00}'..='\u{ff60}')
}
