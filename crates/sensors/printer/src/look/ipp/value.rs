//! Values of attributes. One whose length is wrong for its kind is kept as bytes.

use leaksweep_facts::Time;

#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    Integer(i32),
    Boolean(bool),
    Text(String),
    /// A moment, if it is one.
    Moment(Option<Time>),
    Range(i32, i32),
    Collection(Vec<Attribute>),
    /// `unknown`, `no-value` and the like.
    Nothing,
    Bytes(Vec<u8>),
}

/// An attribute with all its values.
#[derive(Debug, Clone, PartialEq)]
pub struct Attribute {
    pub name: String,
    pub values: Vec<Value>,
}

/// How texts are written.
#[derive(Debug, Clone, Copy, Default)]
pub enum Text {
    #[default]
    Utf8,
    Latin1,
}

impl Text {
    /// By the name of a charset.
    pub fn of(charset: &[u8]) -> Self {
        let latin = charset.to_ascii_lowercase().starts_with(b"iso-8859-1");
        if latin { Text::Latin1 } else { Text::Utf8 }
    }

    fn read(self, bytes: &[u8]) -> String {
        match (self, std::str::from_utf8(bytes)) {
            (_, Ok(text)) => text.to_owned(),
            (Text::Latin1, Err(_)) => bytes.iter().copied().map(char::from).collect(),
            (Text::Utf8, Err(_)) => String::from_utf8_lossy(bytes).into_owned(),
        }
    }
}

impl Value {
    pub fn parse(tag: u8, bytes: &[u8], text: Text) -> Self {
        let kept = || Value::Bytes(bytes.to_vec());
        match (tag, bytes.len()) {
            (0x10..=0x1F, _) => Value::Nothing,
            (0x21 | 0x23, 4) => integer(bytes).map_or_else(kept, Value::Integer),
            (0x22, 1) => Value::Boolean(bytes != [0]),
            (0x31, 11) => Value::Moment(moment(bytes)),
            (0x33, 8) => range(bytes).unwrap_or_else(kept),
            (0x35 | 0x36, _) => Value::Text(text.read(without_language(bytes).unwrap_or(bytes))),
            (0x40..=0x49, _) => Value::Text(text.read(bytes)),
            _ => kept(),
        }
    }

    /// A text; bytes too, where they are one.
    pub fn text(&self) -> Option<&str> {
        match self {
            Value::Text(text) => Some(text),
            Value::Bytes(bytes) => {
                std::str::from_utf8(bytes).ok().filter(|text| !text.contains(char::is_control))
            }
            _ => None,
        }
    }

    pub fn integer(&self) -> Option<i32> {
        match self {
            Value::Integer(number) => Some(*number),
            _ => None,
        }
    }

    pub fn boolean(&self) -> Option<bool> {
        match self {
            Value::Boolean(flag) => Some(*flag),
            _ => None,
        }
    }
}

/// For `answered` in the table `printer_answers`.
impl std::fmt::Display for Value {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Value::Integer(number) => write!(f, "{number}"),
            Value::Boolean(flag) => write!(f, "{flag}"),
            Value::Moment(Some(moment)) => write!(f, "{moment}"),
            Value::Range(low, high) => write!(f, "{low}-{high}"),
            Value::Moment(None) | Value::Nothing => f.write_str("no value"),
            Value::Collection(members) => write!(f, "{} members", members.len()),
            Value::Text(text) => f.write_str(text),
            Value::Bytes(bytes) => match self.text() {
                Some(text) => f.write_str(text),
                None => write!(f, "{} bytes", bytes.len()),
            },
        }
    }
}

fn integer(bytes: &[u8]) -> Option<i32> {
    Some(i32::from_be_bytes(*bytes.first_chunk()?))
}

fn range(bytes: &[u8]) -> Option<Value> {
    Some(Value::Range(integer(bytes)?, integer(bytes.get(4..)?)?))
}

fn without_language(bytes: &[u8]) -> Option<&[u8]> {
    let language = usize::from(u16::from_be_bytes(*bytes.first_chunk()?));
    let rest = bytes.get(2 + language..)?;
    let length = usize::from(u16::from_be_bytes(*rest.first_chunk()?));
    rest.get(2..2 + length)
}

/// Date and time of RFC 2579, with the direction from UTC.
fn moment(bytes: &[u8]) -> Option<Time> {
    let &[y1, y2, month, day, hour, minute, second, _, sign, h, m] = bytes else { return None };
    let year = u16::from_be_bytes([y1, y2]);
    // A second of 60 is one of the calendar's own.
    let text = format!(
        "{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{:02}{}{h:02}:{m:02}",
        second.min(59),
        char::from(sign)
    );
    Time::parse(&text)
}
