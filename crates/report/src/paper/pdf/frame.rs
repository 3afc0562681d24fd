//! What stands above and below the sections of a sheet: title, verdict and code; lines to sign on, and how to check it.

use super::{
    canvas::{Face, INK, WHITE, WIDTH},
    flow::{BOTTOM, Flow, GAP, INNER, LINE, MARGIN, NAME, VALUE, colour},
    setting::Setting,
};
use crate::paper::{
    qr,
    sheet::{Sheet, Tone},
    words::Words,
};

/// The side of the QR code.
const CODE: f32 = 92.0;

impl Flow<'_> {
    pub(super) fn head(&mut self, sheet: &Sheet) {
        let width = INNER - CODE - GAP;
        self.put(MARGIN, 48.0, NAME, "leaksweep");
        let title = Face { size: 17.0, bold: true, colour: INK };
        self.put(MARGIN, 67.0, title, sheet.title.en);
        self.put(MARGIN, 86.0, Face { size: 14.0, ..title }, sheet.title.zh);
        let subject = self.setting.cut(&sheet.subject, VALUE.size, false, width, 1);
        self.put(MARGIN, 100.0, VALUE, &subject.concat());
        self.code(&sheet.code);
        self.banner(sheet, width);
        self.y = 158.0;
    }

    fn banner(&mut self, sheet: &Sheet, width: f32) {
        let tone = sheet.verdict.tone;
        let (at, size) = ((MARGIN, 107.0), (width, 40.0));
        let ink = if tone == Tone::Bad { WHITE } else { colour(tone) };
        match tone {
            Tone::Bad => self.canvas.fill(at, size, colour(tone)),
            _ => self.canvas.frame(at, size, 2.0, colour(tone)),
        }
        let headline = sheet.verdict.headline.to_string();
        let headline = Self::fitted(&self.setting, &headline, 14.0, width - 16.0);
        let face = Face { size: headline.1, bold: true, colour: ink };
        self.put(MARGIN + 8.0, 122.0, face, &headline.0);
        let because = Face { size: 7.0, bold: false, colour: ink };
        self.put(MARGIN + 8.0, 133.0, because, sheet.verdict.because.en);
        self.put(MARGIN + 8.0, 143.0, because, sheet.verdict.because.zh);
    }

    /// Our own words, in the largest size up to `most` in which they have room.
    fn fitted(setting: &Setting, text: &str, most: f32, width: f32) -> (String, f32) {
        let text = setting.shown(text);
        let taken = setting.width(&text, most, true).max(1.0);
        (text, most * (width / taken).min(1.0))
    }

    fn code(&mut self, text: &str) {
        let Some(rows) = qr::modules(text) else { return };
        let (x, y) = (WIDTH - MARGIN - CODE, MARGIN);
        let module = CODE / rows.len() as f32;
        for (row, cells) in rows.iter().enumerate() {
            for (start, length) in qr::dark(cells) {
                let at = (x + start as f32 * module, y + row as f32 * module);
                // A hair of overlap keeps lines from showing between rows.
                self.canvas.fill(at, (length as f32 * module, module + 0.05), INK);
            }
        }
    }

    pub(super) fn foot(&mut self, sheet: &Sheet) {
        let height = foot_height(sheet);
        self.bottom = BOTTOM;
        if self.most == 1 {
            // Its room was kept for it.
            self.y = BOTTOM - height;
        } else if !self.need(height) {
            return;
        }
        self.signatures(&sheet.signatures);
        let title = Face { size: 8.0, bold: true, colour: INK };
        self.put(MARGIN, self.y + 8.0, title, "How to check it 核验方法");
        self.y += 12.0;
        for line in &sheet.checking {
            let line = self.setting.cut(line, 7.4, false, INNER, 1).concat();
            self.put(MARGIN, self.y + 7.0, Face { size: 7.4, ..VALUE }, &line);
            self.y += LINE;
        }
    }

    fn signatures(&mut self, lines: &[Words]) {
        if lines.is_empty() {
            return;
        }
        let width = (INNER - GAP * (lines.len() as f32 - 1.0)) / lines.len() as f32;
        for (at, words) in lines.iter().enumerate() {
            let x = MARGIN + at as f32 * (width + GAP);
            let y = self.y + 20.0;
            self.canvas.line((x, y), (x + width, y), 0.7, INK);
            self.put(x, y + 8.0, NAME, &words.to_string());
        }
        self.y += 38.0;
    }
}

pub fn foot_height(sheet: &Sheet) -> f32 {
    let signing = if sheet.signatures.is_empty() { 0.0 } else { 38.0 };
    signing + 14.0 + LINE * sheet.checking.len() as f32
}
