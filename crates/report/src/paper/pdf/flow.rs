//! Fills pages with the blocks of a sheet, one below the other.

use leaksweep_facts::certificate::Share;

use super::{
    canvas::{Canvas, Colour, Face, HEIGHT, INK, PALE, QUIET, WIDTH},
    frame,
    setting::Setting,
};
use crate::{
    medium::size,
    paper::{
        sheet::{Block, Field, Section, Sheet, Tone, grouped, parts},
        words::{self, Words},
    },
};

pub const MARGIN: f32 = 40.0;
pub const INNER: f32 = WIDTH - 2.0 * MARGIN;
const COLUMN: f32 = (INNER - GAP) / 2.0;
pub const GAP: f32 = 16.0;
const LABEL: f32 = 100.0;
pub const LINE: f32 = 10.6;
/// Text ends here; below it is the number of the page.
pub const BOTTOM: f32 = HEIGHT - 34.0;

pub const VALUE: Face = Face { size: 8.4, bold: false, colour: INK };
pub const NAME: Face = Face { size: 7.2, bold: false, colour: QUIET };

/// How much of each thing is shown: lines of a value, items of a list, lines of an item, classes of a bar.
#[derive(Debug, Clone, Copy)]
pub struct Room {
    pub value: usize,
    pub items: usize,
    pub item: usize,
    pub classes: usize,
}

pub struct Flow<'a> {
    pub(super) setting: Setting<'a>,
    pages: Vec<Canvas>,
    pub(super) canvas: Canvas,
    room: Room,
    pub(super) most: usize,
    /// How far the page is filled.
    pub(super) y: f32,
    /// How far it may be.
    pub(super) bottom: f32,
    overflow: bool,
    bad: bool,
}

impl<'a> Flow<'a> {
    pub fn new(setting: Setting<'a>, room: Room, most: usize) -> Self {
        let (pages, canvas) = (Vec::new(), Canvas::new());
        Self {
            setting,
            pages,
            canvas,
            room,
            most,
            y: MARGIN,
            bottom: BOTTOM,
            overflow: false,
            bad: false,
        }
    }

    /// Whether everything had its place.
    pub fn fits(&self) -> bool {
        !self.overflow
    }

    pub fn finish(mut self) -> (Setting<'a>, Vec<Canvas>) {
        self.leaf();
        (self.setting, self.pages)
    }

    pub fn sheet(&mut self, sheet: &Sheet) {
        self.bad = sheet.verdict.tone == Tone::Bad;
        self.head(sheet);
        self.bottom = if self.most == 1 { BOTTOM - frame::foot_height(sheet) } else { BOTTOM };
        for section in &sheet.sections {
            self.section(section);
        }
        self.foot(sheet);
    }

    /// Makes room for something that must not be torn; says whether there is any.
    pub(super) fn need(&mut self, height: f32) -> bool {
        if self.y + height <= self.bottom {
            return true;
        }
        if self.pages.len() + 1 >= self.most {
            self.cut_off();
            return false;
        }
        self.leaf();
        true
    }

    /// What has no room is not hidden: the last page says that there is more.
    fn cut_off(&mut self) {
        if !self.overflow && self.most > 1 {
            let more = "The rest has no room here; the JSON has it. 其余内容见 JSON。";
            self.put(MARGIN, HEIGHT - 20.0, toned(Tone::Bad), more);
        }
        self.overflow = true;
    }

    fn leaf(&mut self) {
        let number = (self.pages.len() + 1).to_string();
        if self.most > 1 {
            let at = (WIDTH - MARGIN - 10.0, HEIGHT - 20.0);
            self.canvas.text(&mut self.setting, at, NAME, &number);
        }
        if self.bad {
            let (inset, red) = (14.0, colour(Tone::Bad));
            let size = (WIDTH - 2.0 * inset, HEIGHT - 2.0 * inset);
            self.canvas.frame((inset, inset), size, 4.0, red);
        }
        self.pages.push(std::mem::replace(&mut self.canvas, Canvas::new()));
        self.y = MARGIN;
    }

    pub(super) fn put(&mut self, x: f32, y: f32, face: Face, text: &str) {
        self.canvas.text(&mut self.setting, (x, y), face, text);
    }

    fn section(&mut self, section: &Section) {
        if !self.need(16.0 + LINE * 2.0) {
            return;
        }
        let title = match section.mark.is_empty() {
            true => section.title.to_string(),
            false => format!("{}  {}", self.setting.shown(&section.mark), section.title),
        };
        self.put(MARGIN, self.y + 8.0, Face { size: 9.0, bold: true, colour: INK }, &title);
        let y = self.y + 11.5;
        self.canvas.line((MARGIN, y), (WIDTH - MARGIN, y), 0.5, PALE);
        self.y += 14.5;
        for block in &section.blocks {
            match block {
                Block::Fields(fields) => self.fields(fields),
                Block::List { label, items, all } => self.list(*label, items, *all),
                Block::Bar { label, shares } => self.bar(*label, shares),
                Block::Say(words, tone) => self.say(*words, *tone),
            }
        }
        self.y += 4.0;
    }

    /// Two beside each other.
    fn fields(&mut self, fields: &[Field]) {
        for pair in fields.chunks(2) {
            let most = self.room.value;
            let lines: Vec<Vec<String>> = pair
                .iter()
                .map(|field| {
                    let face = toned(field.tone);
                    self.setting.cut(&field.value, face.size, face.bold, COLUMN - LABEL, most)
                })
                .collect();
            let tallest = lines.iter().map(Vec::len).max().unwrap_or(1);
            let whole = tallest as f32 * LINE;
            if !self.need(whole) {
                return;
            }
            for (at, (field, lines)) in pair.iter().zip(&lines).enumerate() {
                let x = MARGIN + at as f32 * (COLUMN + GAP);
                self.put(x, self.y + 7.0, NAME, &field.label.to_string());
                for (down, line) in lines.iter().enumerate() {
                    let y = self.y + 7.0 + down as f32 * LINE;
                    self.put(x + LABEL, y, toned(field.tone), line);
                }
            }
            self.y += whole;
        }
    }

    fn list(&mut self, label: Words, items: &[String], all: u64) {
        let width = INNER - LABEL;
        let shown = items.len().min(self.room.items);
        let mut first = true;
        let none = ["–".to_owned()];
        let items = if items.is_empty() { &none[..] } else { &items[..shown] };
        let hidden = all.saturating_sub(shown as u64);
        let more = (hidden > 0).then(|| format!("and {} more, see the JSON", grouped(hidden)));
        for item in items.iter().chain(&more) {
            let lines = self.setting.cut(item, VALUE.size, false, width, self.room.item);
            for (down, line) in lines.iter().enumerate() {
                if !self.need(LINE) {
                    return;
                }
                if first {
                    self.put(MARGIN, self.y + 7.0, NAME, &label.to_string());
                }
                let x = MARGIN + LABEL + if down > 0 { 8.0 } else { 0.0 };
                self.put(x, self.y + 7.0, VALUE, line);
                self.y += LINE;
                first = false;
            }
        }
    }

    fn say(&mut self, words: Words, tone: Tone) {
        for line in self.setting.cut(&words.to_string(), VALUE.size, tone == Tone::Bad, INNER, 2) {
            if self.need(LINE) {
                self.put(MARGIN, self.y + 7.0, toned(tone), &line);
                self.y += LINE;
            }
        }
    }

    fn bar(&mut self, label: Words, shares: &[Share]) {
        if !self.need(LINE * 3.0 + 3.0) {
            return;
        }
        self.y += 3.0;
        let (width, height) = (INNER - LABEL, 9.0);
        self.put(MARGIN, self.y + 7.0, NAME, &label.to_string());
        let mut x = MARGIN + LABEL;
        for (share, part) in shares.iter().zip(parts(shares)) {
            let part = part as f32 * width;
            self.canvas.fill((x, self.y), (part, height), shade(&share.class));
            x += part;
        }
        self.canvas.frame((MARGIN + LABEL, self.y), (width, height), 0.5, QUIET);
        self.y += height + 2.5;
        self.legend(shares);
    }

    fn legend(&mut self, shares: &[Share]) {
        let most = self.room.classes;
        let mut x = MARGIN + LABEL;
        let hidden = shares.len().saturating_sub(most);
        let each = shares.iter().take(most).map(|share| {
            let bytes = size(i64::try_from(share.bytes).unwrap_or(i64::MAX));
            (Some(shade(&share.class)), format!("{} {bytes}", words::class(&share.class)))
        });
        let more = (hidden > 0).then(|| (None, format!("and {hidden} more, see the JSON")));
        for (shade, text) in each.chain(more) {
            let text = self.setting.cut(&text, NAME.size, false, INNER - LABEL - 20.0, 1).concat();
            let taken = self.setting.width(&text, NAME.size, false) + 19.0;
            if x + taken > WIDTH - MARGIN && x > MARGIN + LABEL {
                x = MARGIN + LABEL;
                self.y += LINE;
            }
            if !self.need(LINE) {
                return;
            }
            if let Some(shade) = shade {
                self.canvas.fill((x, self.y + 1.5), (6.0, 6.0), shade);
                self.canvas.frame((x, self.y + 1.5), (6.0, 6.0), 0.4, QUIET);
            }
            self.put(x + 9.0, self.y + 7.0, Face { colour: INK, ..NAME }, &text);
            x += taken;
        }
        self.y += LINE + 2.0;
    }
}

fn toned(tone: Tone) -> Face {
    Face { bold: tone == Tone::Bad, colour: colour(tone), ..VALUE }
}

pub fn colour(tone: Tone) -> Colour {
    match tone {
        Tone::Good => [0.10, 0.36, 0.16],
        Tone::Plain => INK,
        Tone::Doubt => [0.50, 0.32, 0.0],
        Tone::Bad => [0.56, 0.08, 0.08],
    }
}

/// As the page for the browser has them.
fn shade(class: &str) -> Colour {
    let rgb: [u8; 3] = match class {
        "zero" => [0xf3, 0xf0, 0xea],
        "ones" => [0xdd, 0xd8, 0xcf],
        "pattern" => [0xb9, 0xb2, 0xa6],
        "text" => [0xc5, 0x8a, 0x1e],
        "structured" => [0x3f, 0x78, 0xb5],
        "random" => [0xb0, 0x45, 0x3a],
        "bad" => [0x11, 0x11, 0x11],
        _ => [0x7d, 0x6b, 0xa0],
    };
    rgb.map(|value| f32::from(value) / 255.0)
}
