//! One way through a session.

use super::{
    super::{
        text::Text,
        trail::{Body, SHORT, Stop, Trail},
    },
    operators::{
        BEGIN_IMAGE, BEGIN_PAGE, BEGIN_PATTERN, BEGIN_SESSION, BLOCK_HEIGHT, COMPRESSION, END_PAGE,
        END_SESSION, LAST_ATTRIBUTE, READ_IMAGE, READ_PATTERN, SET_CURSOR, SET_CURSOR_REL, TEXT,
        TEXT_DATA, VENDOR, VENDOR_BYTES, is_operator, is_outside_pages, size, stands_alone,
    },
    picture::Picture,
};

/// The longest first line.
const LINE: usize = 512;
/// What of a page is looked at at once.
const RUN: usize = 2048;
/// So many zeros are no blanks between tags, but a medium's filling.
const FILLING: usize = 16;
/// Most values between two operators.
const VALUES: u32 = 64;

#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    Before,
    Session,
    Page,
    After,
}

struct Session<'w> {
    text: &'w mut dyn Text,
    big: bool,
    state: State,
    values: u32,
    /// A value stands that no attribute has named yet: its place, tag and count of an array.
    value: Option<(u64, u8, u64)>,
    /// The array that the text attribute named.
    string: Option<(u64, u8, u64)>,
    pages: u32,
    operators: u64,
    picture: Picture,
    /// Bytes that a maker's own operator has behind it.
    vendor: u64,
    /// All data so far came out, or are short.
    decoded: bool,
}

/// Walks on from the trail's place; none where no stream's first line stands there.
pub fn walk(trail: &mut Trail, text: &mut dyn Text) -> Option<Body> {
    let big = match trail.byte()? {
        b')' => false,
        b'(' => true,
        _ => return None,
    };
    let seen = trail.peek(LINE);
    let line = seen.iter().position(|byte| *byte == b'\n')?;
    seen[1..line].starts_with(b" HP-PCL XL;").then_some(())?;
    trail.take(line as u64 + 1);
    trail.confirm();
    let mut session = Session {
        text,
        big,
        state: State::Before,
        values: 0,
        value: None,
        string: None,
        pages: 0,
        operators: 0,
        picture: Picture::default(),
        vendor: 0,
        decoded: true,
    };
    let stop = loop {
        session.run(trail);
        if !session.tag(trail) {
            break Stop::Broken;
        }
        if session.state == State::After {
            trail.confirm();
            break Stop::Closed;
        }
    };
    let decoded = session.decoded;
    Some(Body { decoded, ..Body::new(stop, session.pages, session.operators) })
}

impl Session<'_> {
    /// Takes what is most of a page at once: values of one to four numbers, their attributes, and operators that change
    /// nothing but the page. What is not so simple is left to `tag`.
    fn run(&mut self, trail: &mut Trail) {
        if self.state != State::Page {
            return;
        }
        if self.text.wants() && self.string.is_some() {
            return;
        }
        let (base, big, wants) = (trail.at, self.big, self.text.wants());
        let seen = trail.peek(RUN);
        let (mut at, mut places) = (0, [None; 2]);
        while let Some(&[tag, name]) = seen.get(at..).and_then(<[u8]>::first_chunk::<2>) {
            let (head, count) = match tag {
                0xC0..=0xC5 => (1, 1),
                0xD0..=0xD5 => (1, 2),
                0xE0..=0xE5 => (1, 4),
                0xC8..=0xCD if !wants => match (name, seen.get(at + 2), seen.get(at + 3)) {
                    (0xC0, Some(count), _) => (3, usize::from(*count)),
                    (0xC1, Some(a), Some(b)) if big => (4, u16::from_be_bytes([*a, *b]).into()),
                    (0xC1, Some(a), Some(b)) => (4, u16::from_le_bytes([*a, *b]).into()),
                    _ => break,
                },
                0xF8 if wants && name == TEXT_DATA => break,
                0xF8 if matches!(name, BLOCK_HEIGHT | COMPRESSION | VENDOR_BYTES) => break,
                0xF8 if name <= LAST_ATTRIBUTE && self.value.is_some() => {
                    self.value = None;
                    at += 2;
                    continue;
                }
                0x41..=0xBF if self.is_plain(tag, wants) => {
                    places = [places[1], Some(at as u64)];
                    (self.values, self.operators) = (0, self.operators + 1);
                    at += 1;
                    continue;
                }
                _ => break,
            };
            let bytes = head + size(tag).unwrap_or(0) as usize * count;
            if self.value.is_some() || self.values >= VALUES || at + bytes > seen.len() {
                break;
            }
            self.value = Some((base + (at + head) as u64, tag, count as u64));
            self.values += 1;
            at += bytes;
        }
        for place in places.into_iter().flatten() {
            if !trail.take(base + place - trail.at) {
                return;
            }
            trail.confirm();
        }
        trail.take(base + at as u64 - trail.at);
    }

    /// Whether an operator neither begins nor ends anything, nor has a text.
    fn is_plain(&self, operator: u8, wants: bool) -> bool {
        let printed = wants && matches!(operator, SET_CURSOR | SET_CURSOR_REL | TEXT);
        let picture = matches!(operator, BEGIN_IMAGE | READ_IMAGE | BEGIN_PATTERN | READ_PATTERN);
        let special = printed || picture || matches!(operator, BEGIN_SESSION..=END_PAGE | VENDOR);
        let bare = self.values == 0 && !stands_alone(operator);
        !special && !bare && self.value.is_none() && is_operator(operator)
    }

    fn tag(&mut self, trail: &mut Trail) -> bool {
        let Some(tag) = trail.byte() else { return false };
        match tag {
            0 if trail.peek(FILLING).iter().all(|byte| *byte == 0) => false,
            0 | 0x09..=0x0D | 0x20 => trail.take(1),
            0x41..=0xBF => self.operator(trail, tag),
            0xC0..=0xC5 => self.value(trail, tag, 1, 0),
            0xD0..=0xD5 => self.value(trail, tag, 2, 0),
            0xE0..=0xE5 => self.value(trail, tag, 4, 0),
            0xC8..=0xCD => self.array(trail, tag),
            0xF8 => self.attribute(trail),
            0xFA | 0xFB => self.data(trail, tag),
            _ => false,
        }
    }

    fn value(&mut self, trail: &mut Trail, tag: u8, count: u64, head: u64) -> bool {
        let Some(bytes) = size(tag) else { return false };
        self.values += 1;
        if self.value.is_some() || self.values > VALUES {
            return false;
        }
        self.value = Some((trail.at + 1 + head, tag, count));
        match head {
            0 => trail.take(1 + bytes * count),
            _ => trail.take(1 + head) && trail.data(bytes * count),
        }
    }

    /// An array's count is a tagged value itself, of one or two bytes.
    fn array(&mut self, trail: &mut Trail, tag: u8) -> bool {
        let (kind, low, high) = match *trail.peek(4) {
            [_, kind, low, high] => (kind, low, high),
            _ => return false,
        };
        match kind {
            0xC0 => self.value(trail, tag, u64::from(low), 2),
            0xC1 if self.big => self.value(trail, tag, u16::from_be_bytes([low, high]).into(), 3),
            0xC1 => self.value(trail, tag, u16::from_le_bytes([low, high]).into(), 3),
            _ => false,
        }
    }

    fn attribute(&mut self, trail: &mut Trail) -> bool {
        let Some(&[_, name]) = trail.peek(2).first_chunk::<2>() else { return false };
        let Some(value) = self.value.take().filter(|_| name <= LAST_ATTRIBUTE) else {
            return false;
        };
        if name == TEXT_DATA && matches!(value.1, 0xC8 | 0xC9) {
            self.string = Some(value);
        }
        match name {
            BLOCK_HEIGHT => self.picture.lines = self.number(trail, value),
            COMPRESSION => self.picture.packing = self.number(trail, value),
            VENDOR_BYTES => self.vendor = self.number(trail, value),
            _ => {}
        }
        trail.take(2)
    }

    /// A value that is one number.
    fn number(&self, trail: &mut Trail, (at, tag, _): (u64, u8, u64)) -> u64 {
        let stretch = &mut *trail.stretch;
        let number = match (tag, self.big) {
            (0xC0, _) => stretch.u8(at).map(u64::from),
            (0xC1, true) => stretch.u16_be(at).map(u64::from),
            (0xC1, false) => stretch.u16_le(at).map(u64::from),
            (0xC2, true) => stretch.u32_be(at).map(u64::from),
            (0xC2, false) => stretch.u32_le(at).map(u64::from),
            _ => None,
        };
        number.unwrap_or(0)
    }

    fn operator(&mut self, trail: &mut Trail, operator: u8) -> bool {
        let next = match (self.state, operator) {
            (State::Before, BEGIN_SESSION) => State::Session,
            (State::Session, BEGIN_PAGE) => State::Page,
            (State::Page, END_PAGE) => State::Session,
            (State::Session, END_SESSION) => State::After,
            (State::Page, BEGIN_SESSION | END_SESSION | BEGIN_PAGE) => return false,
            (State::Session, operator) if !is_outside_pages(operator) => return false,
            (State::Before, _) => return false,
            (state, _) => state,
        };
        let bare = self.values == 0 && !stands_alone(operator);
        if self.value.is_some() || bare || !is_operator(operator) {
            return false;
        }
        self.operators += 1;
        self.pages += u32::from(operator == BEGIN_PAGE);
        (self.state, self.values) = (next, 0);
        self.note(trail, operator);
        trail.confirm();
        let vendor = std::mem::take(&mut self.vendor);
        match operator {
            BEGIN_IMAGE | BEGIN_PATTERN => self.picture.line = None,
            VENDOR if vendor > 0 => {
                self.decoded &= vendor <= SHORT;
                return trail.take(1) && trail.data(vendor);
            }
            _ => {}
        }
        self.picture.follows = matches!(operator, READ_IMAGE | READ_PATTERN);
        trail.take(1)
    }

    fn note(&mut self, trail: &mut Trail, operator: u8) {
        let string = self.string.take();
        match (operator, string) {
            (TEXT, Some((at, 0xC9, count))) => self.wide(trail, at, count),
            (TEXT, Some((at, _, count))) => {
                let bytes = trail.stretch.peek(at, usize::try_from(count).unwrap_or(0));
                self.text.text(at, bytes);
            }
            (SET_CURSOR, _) => self.text.text(trail.at, b"\n"),
            (SET_CURSOR_REL, _) => self.text.text(trail.at, b" "),
            (BEGIN_PAGE, _) => self.text.text(trail.at, b"\n"),
            _ => {}
        }
    }

    /// Characters of two bytes: UTF-16 in the stream's order, as fonts of Windows are printed.
    fn wide(&mut self, trail: &mut Trail, at: u64, count: u64) {
        let bytes = trail.stretch.peek(at, usize::try_from(count * 2).unwrap_or(0));
        let big = self.big;
        let units = bytes.as_chunks::<2>().0.iter().map(|pair| match big {
            true => u16::from_be_bytes(*pair),
            false => u16::from_le_bytes(*pair),
        });
        let mut buffer = [0; 4];
        for char in char::decode_utf16(units).flatten() {
            self.text.text(at, char.encode_utf8(&mut buffer).as_bytes());
        }
    }

    fn data(&mut self, trail: &mut Trail, tag: u8) -> bool {
        let head = trail.peek(5);
        let (length, bytes) = match *head {
            [0xFB, length, ..] => (u32::from(length), 2),
            [0xFA, a, b, c, d] if self.big => (u32::from_be_bytes([a, b, c, d]), 5),
            [0xFA, a, b, c, d] => (u32::from_le_bytes([a, b, c, d]), 5),
            _ => return false,
        };
        let allowed = self.value.is_none() && matches!(self.state, State::Session | State::Page);
        debug_assert!(matches!(tag, 0xFA | 0xFB));
        if !allowed || !trail.take(bytes) {
            return false;
        }
        self.decoded &= self.picture.comes_out(trail, length.into());
        trail.data(length.into())
    }
}
