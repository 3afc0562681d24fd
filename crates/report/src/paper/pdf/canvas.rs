//! One page of A4, with its origin at the upper left, in points.

use pdf_writer::{Content, Name, Str, types::TextRenderingMode};

use super::setting::{Setting, Slot};

pub const WIDTH: f32 = 595.28;
pub const HEIGHT: f32 = 841.89;

/// Red, green, blue, from 0 to 1.
pub type Colour = [f32; 3];
pub const INK: Colour = [0.0, 0.0, 0.0];
pub const QUIET: Colour = [0.36, 0.36, 0.36];
pub const PALE: Colour = [0.86, 0.86, 0.86];
pub const WHITE: Colour = [1.0, 1.0, 1.0];

/// How text looks.
#[derive(Debug, Clone, Copy)]
pub struct Face {
    pub size: f32,
    pub bold: bool,
    pub colour: Colour,
}

pub struct Canvas {
    pub content: Content,
}

impl Canvas {
    pub fn new() -> Self {
        Self { content: Content::new() }
    }

    /// Text that was made harmless before, its base line at `y`.
    pub fn text(&mut self, setting: &mut Setting, at: (f32, f32), face: Face, text: &str) {
        let glyphs: Vec<_> = text.chars().filter_map(|c| setting.glyph(c, face.bold)).collect();
        let mut x = at.0;
        for run in glyphs.chunk_by(|one, other| one.slot == other.slot) {
            let Some(slot) = run.first().map(|glyph| glyph.slot) else { continue };
            let codes: Vec<u8> = run.iter().flat_map(|glyph| bytes(slot, glyph.code)).collect();
            self.run(slot, (x, at.1), face, &codes);
            x += run.iter().map(|glyph| glyph.width).sum::<f32>() * face.size / 1000.0;
        }
    }

    fn run(&mut self, slot: Slot, at: (f32, f32), face: Face, codes: &[u8]) {
        let content = &mut self.content;
        content.save_state();
        let [red, green, blue] = face.colour;
        content.set_fill_rgb(red, green, blue).set_stroke_rgb(red, green, blue);
        content.begin_text().set_font(Name(name(slot).as_bytes()), face.size);
        // Of font files there is no bold face: a line around each letter makes one.
        if face.bold && slot != Slot::HelveticaBold {
            content.set_line_width(face.size / 32.0);
            content.set_text_rendering_mode(TextRenderingMode::FillStroke);
        }
        content.next_line(at.0, HEIGHT - at.1).show(Str(codes)).end_text();
        content.restore_state();
    }

    pub fn fill(&mut self, at: (f32, f32), size: (f32, f32), colour: Colour) {
        self.content.set_fill_rgb(colour[0], colour[1], colour[2]);
        self.content.rect(at.0, HEIGHT - at.1 - size.1, size.0, size.1).fill_nonzero();
    }

    pub fn frame(&mut self, at: (f32, f32), size: (f32, f32), line: f32, colour: Colour) {
        self.content.set_stroke_rgb(colour[0], colour[1], colour[2]).set_line_width(line);
        self.content.rect(at.0, HEIGHT - at.1 - size.1, size.0, size.1).stroke();
    }

    pub fn line(&mut self, from: (f32, f32), to: (f32, f32), width: f32, colour: Colour) {
        self.content.set_stroke_rgb(colour[0], colour[1], colour[2]).set_line_width(width);
        self.content.move_to(from.0, HEIGHT - from.1).line_to(to.0, HEIGHT - to.1).stroke();
    }
}

/// What a font is called on every page.
pub fn name(slot: Slot) -> String {
    match slot {
        Slot::Helvetica => "F0".into(),
        Slot::HelveticaBold => "F1".into(),
        Slot::Chinese => "F2".into(),
        Slot::File(at) => format!("F{}", at + 3),
    }
}

fn bytes(slot: Slot, code: u16) -> Vec<u8> {
    match slot {
        Slot::Helvetica | Slot::HelveticaBold => vec![code as u8],
        _ => code.to_be_bytes().to_vec(),
    }
}
