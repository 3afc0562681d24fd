//! Messages of IPP as bytes: RFC 8010, any tag of groups and values, collections too.
//!
//! Known printers write wrong lengths, values of wrong kinds, tags of their own and no end: what parses is kept, and the message says
//! where it ended. Collections are nested [`DEEPEST`] deep at most, and no more than [`MOST_VALUES`] values are kept.

use super::value::{Attribute, Text, Value};

/// The deepest nesting of collections that is read.
pub const DEEPEST: usize = 16;
/// The most values of a message that are kept.
pub const MOST_VALUES: usize = 50_000;

/// The tags that mean something here.
pub mod tag {
    pub const OPERATION: u8 = 1;
    pub const JOB: u8 = 2;
    pub const END: u8 = 3;
    pub const PRINTER: u8 = 4;
    pub const SYSTEM: u8 = 10;
    pub const BEGIN_COLLECTION: u8 = 0x34;
    pub const END_COLLECTION: u8 = 0x37;
    pub const MEMBER: u8 = 0x4A;
}

/// Where and how a message ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum End {
    /// By its own tag, at the last byte.
    Whole,
    /// By its own tag, and bytes follow.
    Early,
    /// Without its tag, between two values.
    Open,
    /// Within a value, or its length leads out.
    Cut,
    /// At a collection that is nested too deep.
    Deep,
    /// At more values than are kept.
    Many,
    /// It is shorter than its head.
    Short,
}

#[derive(Debug, Clone, Default, PartialEq)]
pub struct Group {
    pub tag: u8,
    pub attributes: Vec<Attribute>,
}

#[derive(Debug, Clone, PartialEq)]
pub struct Message {
    pub version: (u8, u8),
    /// The operation of a question, the status of an answer.
    pub code: u16,
    pub groups: Vec<Group>,
    pub end: End,
    /// How many bytes were read.
    pub read: usize,
}

impl Message {
    pub fn parse(bytes: &[u8]) -> Self {
        let Some((head, rest)) = bytes.split_first_chunk::<8>() else {
            let groups = Vec::new();
            return Self { version: (0, 0), code: 0, groups, end: End::Short, read: bytes.len() };
        };
        let mut reader = Reader { rest, ..Reader::default() };
        let end = reader.run();
        reader.end_group();
        Self {
            version: (head[0], head[1]),
            code: u16::from_be_bytes([head[2], head[3]]),
            groups: reader.groups,
            end,
            read: bytes.len() - reader.rest.len(),
        }
    }

    /// The groups of a tag.
    pub fn of(&self, tag: u8) -> impl Iterator<Item = &Group> {
        self.groups.iter().filter(move |group| group.tag == tag)
    }

    /// Whether an answer says that it went well.
    pub fn went_well(&self) -> bool {
        self.code < 0x0100
    }

    /// What is wrong with its bytes.
    pub fn flaw(&self) -> Option<String> {
        let what = match self.end {
            End::Whole => return None,
            End::Early => "bytes follow its end",
            End::Open => "it has no end",
            End::Cut => "a length leads out of it",
            End::Deep => "it is nested too deep",
            End::Many => "it has too many values",
            End::Short => "it is shorter than a head",
        };
        Some(format!("{what}, at byte {}", self.read))
    }
}

/// A collection that has not ended yet, and the attribute whose value it is.
struct Opened {
    name: Option<String>,
    members: Vec<Attribute>,
}

#[derive(Default)]
struct Reader<'a> {
    rest: &'a [u8],
    groups: Vec<Group>,
    /// The group that is read; what stands before the first has the tag 0.
    group: Group,
    opened: Vec<Opened>,
    values: usize,
    text: Text,
}

impl<'a> Reader<'a> {
    fn run(&mut self) -> End {
        loop {
            let Some((&tag, rest)) = self.rest.split_first() else { return End::Open };
            match tag {
                tag::END => {
                    self.rest = rest;
                    return if rest.is_empty() { End::Whole } else { End::Early };
                }
                0..=0x0F => {
                    self.rest = rest;
                    self.end_group();
                    self.group.tag = tag;
                }
                _ => {
                    let Some((name, rest)) = sized(rest) else { return End::Cut };
                    let Some((value, rest)) = sized(rest) else { return End::Cut };
                    if self.values >= MOST_VALUES {
                        return End::Many;
                    }
                    if tag == tag::BEGIN_COLLECTION && self.opened.len() >= DEEPEST {
                        return End::Deep;
                    }
                    self.rest = rest;
                    self.values += 1;
                    self.take(tag, name, value);
                }
            }
        }
    }

    fn take(&mut self, tag: u8, name: &[u8], value: &[u8]) {
        let name = (!name.is_empty()).then(|| String::from_utf8_lossy(name).into_owned());
        match tag {
            tag::BEGIN_COLLECTION => self.opened.push(Opened { name, members: Vec::new() }),
            tag::END_COLLECTION => self.end_collection(),
            tag::MEMBER if !self.opened.is_empty() => {
                let name = String::from_utf8_lossy(value).into_owned();
                self.place().push(Attribute { name, values: Vec::new() });
            }
            _ => {
                if name.as_deref() == Some("attributes-charset") {
                    self.text = Text::of(value);
                }
                let value = Value::parse(tag, value, self.text);
                self.add(name, value);
            }
        }
    }

    fn end_collection(&mut self) {
        if let Some(ended) = self.opened.pop() {
            self.add(ended.name, Value::Collection(ended.members));
        }
    }

    /// A value without a name is one more of the attribute before it.
    fn add(&mut self, name: Option<String>, value: Value) {
        let place = self.place();
        match (name, place.last_mut()) {
            (None, Some(last)) => last.values.push(value),
            (name, _) => {
                let name = name.unwrap_or_default();
                place.push(Attribute { name, values: vec![value] });
            }
        }
    }

    /// Where attributes go: the innermost collection, or the group.
    fn place(&mut self) -> &mut Vec<Attribute> {
        match self.opened.last_mut() {
            Some(opened) => &mut opened.members,
            None => &mut self.group.attributes,
        }
    }

    /// Ends what is still open.
    fn end_group(&mut self) {
        while !self.opened.is_empty() {
            self.end_collection();
        }
        let ended = std::mem::take(&mut self.group);
        if ended != Group::default() {
            self.groups.push(ended);
        }
    }
}

/// What stands behind a length of two bytes, and what follows it.
fn sized(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let (length, rest) = bytes.split_first_chunk()?;
    rest.split_at_checked(u16::from_be_bytes(*length).into())
}
