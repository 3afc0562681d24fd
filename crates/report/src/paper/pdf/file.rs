//! Pages and fonts as one file. It has no date and no number of chance: the same sheet makes the same bytes.

use pdf_writer::{
    Finish, Name, Pdf, Rect, Ref, Str, TextStr,
    types::{CidFontType, FontFlags, SystemInfo, UnicodeCmap},
};
use subsetter::subset;

use super::{
    canvas::{Canvas, HEIGHT, WIDTH, name},
    fonts, latin,
    setting::{Loaded, Setting, Slot, Used},
};
use crate::{paper::sheet::Sheet, safe_text::visible};

const CATALOG: Ref = Ref::new(1);
const TREE: Ref = Ref::new(2);
const INFO: Ref = Ref::new(3);
const FIRST: i32 = 4;
/// Characters of a window's title.
const MOST_SUBJECT: usize = 80;

struct File {
    pdf: Pdf,
    next: i32,
}

impl File {
    fn id(&mut self) -> Ref {
        self.next += 1;
        Ref::new(self.next - 1)
    }
}

pub fn bytes((setting, pages): (Setting, Vec<Canvas>), sheet: &Sheet) -> Vec<u8> {
    let mut file = File { pdf: Pdf::new(), next: FIRST };
    file.pdf.catalog(CATALOG).pages(TREE).lang(TextStr("en"));
    let subject: String = visible(&sheet.subject).chars().take(MOST_SUBJECT).collect();
    let title = format!("{} – {subject}", sheet.title);
    file.pdf.document_info(INFO).title(TextStr(&title)).producer(TextStr("leaksweep"));
    let fonts = embed(&mut file, &setting);
    let leaves: Vec<Ref> = pages.iter().map(|_| file.id()).collect();
    for (leaf, canvas) in leaves.iter().zip(pages) {
        let content = file.id();
        let mut page = file.pdf.page(*leaf);
        page.parent(TREE).media_box(Rect::new(0.0, 0.0, WIDTH, HEIGHT)).contents(content);
        let mut resources = page.resources();
        let mut named = resources.fonts();
        for (slot, id) in &fonts {
            named.pair(Name(name(*slot).as_bytes()), *id);
        }
        named.finish();
        resources.finish();
        page.finish();
        file.pdf.stream(content, &canvas.content.finish());
    }
    let count = i32::try_from(leaves.len()).unwrap_or(i32::MAX);
    file.pdf.pages(TREE).kids(leaves).count(count);
    file.pdf.finish()
}

fn embed(file: &mut File, setting: &Setting) -> Vec<(Slot, Ref)> {
    let mut fonts = vec![
        (Slot::Helvetica, helvetica(file, false)),
        (Slot::HelveticaBold, helvetica(file, true)),
    ];
    if !setting.chinese.is_empty() {
        fonts.push((Slot::Chinese, the_readers_own(file, &setting.chinese)));
    }
    for (at, loaded) in setting.files.iter().enumerate().filter(|(_, file)| !file.used.is_empty()) {
        fonts.push((Slot::File(at), from_file(file, loaded)));
    }
    fonts
}

fn helvetica(file: &mut File, bold: bool) -> Ref {
    let id = file.id();
    let name: &[u8] = if bold { b"Helvetica-Bold" } else { b"Helvetica" };
    let mut font = file.pdf.type1_font(id);
    font.base_font(Name(name)).encoding_predefined(Name(b"WinAnsiEncoding"));
    font.first_char(b' ').last_char(u8::MAX);
    font.widths((b' '..=u8::MAX).map(|code| latin::width(code, bold).into()));
    id
}

/// A font that readers have for simplified Chinese, by the name that they all know.
fn the_readers_own(file: &mut File, used: &Used) -> Ref {
    const NAME: Name = Name(b"STSong-Light");
    let [id, descendant, descriptor, cmap] = [file.id(), file.id(), file.id(), file.id()];
    let mut font = file.pdf.type0_font(id);
    font.base_font(Name(b"STSong-Light-UniGB-UTF16-H"));
    font.encoding_predefined(Name(b"UniGB-UTF16-H"));
    font.descendant_font(descendant).to_unicode(cmap);
    font.finish();
    let mut cid = file.pdf.cid_font(descendant);
    cid.subtype(CidFontType::Type0).base_font(NAME).default_width(1000.0);
    cid.system_info(system("GB1", 2)).font_descriptor(descriptor);
    cid.finish();
    let mut described = file.pdf.font_descriptor(descriptor);
    described.name(NAME).flags(FontFlags::SYMBOLIC | FontFlags::SERIF);
    described.bbox(Rect::new(-25.0, -254.0, 1000.0, 880.0)).italic_angle(0.0);
    described.ascent(880.0).descent(-120.0).cap_height(880.0).stem_v(93.0);
    described.finish();
    unicode(file, cmap, used);
    id
}

fn system(ordering: &'static str, supplement: i32) -> SystemInfo<'static> {
    SystemInfo { registry: Str(b"Adobe"), ordering: Str(ordering.as_bytes()), supplement }
}

/// Only the letters that are used.
fn from_file(file: &mut File, loaded: &Loaded) -> Ref {
    let [id, descendant, descriptor, cmap, data] =
        [file.id(), file.id(), file.id(), file.id(), file.id()];
    let part = subset(&loaded.font.data, loaded.font.index, &loaded.kept).unwrap_or_default();
    let postscript = fonts::postscript_outlines(&part);
    let name = format!("LEAKSW+Font{}", id.get());
    let name = Name(name.as_bytes());
    let mut font = file.pdf.type0_font(id);
    font.base_font(name).encoding_predefined(Name(b"Identity-H"));
    font.descendant_font(descendant).to_unicode(cmap);
    font.finish();
    let mut cid = file.pdf.cid_font(descendant);
    cid.base_font(name).system_info(system("Identity", 0)).font_descriptor(descriptor);
    match postscript {
        Some(_) => cid.subtype(CidFontType::Type0),
        None => cid.subtype(CidFontType::Type2).cid_to_gid_map_predefined(Name(b"Identity")),
    };
    cid.default_width(1000.0);
    let mut widths = cid.widths();
    for (code, (width, _)) in &loaded.used {
        widths.consecutive(*code, [*width]);
    }
    widths.finish();
    cid.finish();
    describe(file, loaded, descriptor, name, (data, postscript.is_some()));
    match postscript {
        Some(outlines) => {
            file.pdf.stream(data, outlines).pair(Name(b"Subtype"), Name(b"CIDFontType0C"));
        }
        None => {
            file.pdf.stream(data, &part);
        }
    }
    unicode(file, cmap, &loaded.used);
    id
}

fn describe(
    file: &mut File,
    loaded: &Loaded,
    id: Ref,
    name: Name,
    (data, postscript): (Ref, bool),
) {
    let face = &loaded.face;
    let scale = 1000.0 / f32::from(face.units_per_em()).max(1.0);
    let scaled = |value: i16| f32::from(value) * scale;
    let bounds = face.global_bounding_box();
    let mut described = file.pdf.font_descriptor(id);
    described.name(name).flags(FontFlags::SYMBOLIC).italic_angle(0.0).stem_v(80.0);
    described.bbox(Rect::new(
        scaled(bounds.x_min),
        scaled(bounds.y_min),
        scaled(bounds.x_max),
        scaled(bounds.y_max),
    ));
    described.ascent(scaled(face.ascender())).descent(scaled(face.descender()));
    described.cap_height(scaled(face.capital_height().unwrap_or(face.ascender())));
    if postscript {
        described.font_file3(data);
    } else {
        described.font_file2(data);
    }
}

/// What each letter stands for, so that text can be found and copied.
fn unicode(file: &mut File, id: Ref, used: &Used) {
    let mut cmap = UnicodeCmap::<u16>::new(Name(b"LeaksweepUnicode"), system("UCS", 0));
    for (code, (_, c)) in used {
        cmap.pair(*code, *c);
    }
    file.pdf.cmap(id, &cmap.finish());
}
