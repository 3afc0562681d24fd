//! The encodings in which words are looked for, and reading single characters beside a word.

use encoding_rs as rs;

/// As the column `encoding` has it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Encoding {
    Utf8,
    Utf16Le,
    Utf16Be,
    Gbk,
    Big5,
    Latin1,
    ShiftJis,
    EucKr,
    Windows1250,
    Windows1251,
    Windows1254,
    Windows1256,
    Koi8,
}

impl Encoding {
    pub const ALL: [Encoding; 13] = [
        Encoding::Utf8,
        Encoding::Utf16Le,
        Encoding::Utf16Be,
        Encoding::Gbk,
        Encoding::Big5,
        Encoding::Latin1,
        Encoding::ShiftJis,
        Encoding::EucKr,
        Encoding::Windows1250,
        Encoding::Windows1251,
        Encoding::Windows1254,
        Encoding::Windows1256,
        Encoding::Koi8,
    ];

    pub fn as_str(self) -> &'static str {
        match self {
            Encoding::Utf8 => "utf-8",
            Encoding::Utf16Le => "utf-16le",
            Encoding::Utf16Be => "utf-16be",
            Encoding::Gbk => "gbk",
            Encoding::Big5 => "big5",
            Encoding::Latin1 => "latin-1",
            Encoding::ShiftJis => "shift-jis",
            Encoding::EucKr => "euc-kr",
            Encoding::Windows1250 => "windows-1250",
            Encoding::Windows1251 => "windows-1251",
            Encoding::Windows1254 => "windows-1254",
            Encoding::Windows1256 => "windows-1256",
            Encoding::Koi8 => "koi8",
        }
    }

    /// None for UTF-16, which that crate only decodes.
    fn table(self) -> Option<&'static rs::Encoding> {
        Some(match self {
            Encoding::Utf8 => rs::UTF_8,
            Encoding::Utf16Le | Encoding::Utf16Be => return None,
            Encoding::Gbk => rs::GBK,
            Encoding::Big5 => rs::BIG5,
            Encoding::Latin1 => rs::WINDOWS_1252,
            Encoding::ShiftJis => rs::SHIFT_JIS,
            Encoding::EucKr => rs::EUC_KR,
            Encoding::Windows1250 => rs::WINDOWS_1250,
            Encoding::Windows1251 => rs::WINDOWS_1251,
            Encoding::Windows1254 => rs::WINDOWS_1254,
            Encoding::Windows1256 => rs::WINDOWS_1256,
            Encoding::Koi8 => rs::KOI8_U,
        })
    }

    pub(super) fn is_wide(self) -> bool {
        matches!(self, Encoding::Utf16Le | Encoding::Utf16Be)
    }

    /// Whether some of its characters have two bytes, and only the table tells which.
    pub(super) fn is_double(self) -> bool {
        matches!(self, Encoding::Gbk | Encoding::Big5 | Encoding::ShiftJis | Encoding::EucKr)
    }

    /// The word as it writes it; none where it cannot.
    pub fn encode(self, text: &str) -> Option<Vec<u8>> {
        let units = || text.encode_utf16();
        match self {
            Encoding::Utf16Le => Some(units().flat_map(u16::to_le_bytes).collect()),
            Encoding::Utf16Be => Some(units().flat_map(u16::to_be_bytes).collect()),
            _ => {
                let (bytes, _, lossy) = self.table()?.encode(text);
                (!lossy).then(|| bytes.into_owned())
            }
        }
    }

    fn decode(self, bytes: &[u8]) -> Option<char> {
        let text = match *bytes {
            [one] if one < 0x80 => return Some(char::from(one)),
            [low, high] if self == Encoding::Utf16Le => {
                return char::from_u32(u32::from(u16::from_le_bytes([low, high])));
            }
            [high, low] if self == Encoding::Utf16Be => {
                return char::from_u32(u32::from(u16::from_be_bytes([high, low])));
            }
            _ => self.table()?.decode_without_bom_handling_and_without_replacement(bytes)?,
        };
        let mut chars = text.chars();
        chars.next().filter(|_| chars.next().is_none())
    }

    /// How many bytes the character has that begins here.
    fn width(self, first: u8) -> usize {
        match self {
            Encoding::Utf16Le | Encoding::Utf16Be => 2,
            Encoding::Utf8 => match first {
                0xC2..=0xDF => 2,
                0xE0..=0xEF => 3,
                0xF0..=0xF4 => 4,
                _ => 1,
            },
            Encoding::ShiftJis if (0xA1..=0xDF).contains(&first) => 1,
            _ if self.is_double() && first >= 0x81 => 2,
            _ => 1,
        }
    }

    /// The characters that follow, up to what is none.
    pub(super) fn after(self, mut bytes: &[u8]) -> impl Iterator<Item = char> {
        std::iter::from_fn(move || {
            let width = self.width(*bytes.first()?);
            let (char, rest) = bytes.split_at_checked(width)?;
            bytes = rest;
            self.decode(char)
        })
    }

    /// The characters before, the nearest first, up to what is none.
    pub(super) fn before(self, mut bytes: &[u8]) -> impl Iterator<Item = char> {
        std::iter::from_fn(move || {
            let width = self.width_before(bytes)?;
            let (rest, char) = bytes.split_at_checked(bytes.len().checked_sub(width)?)?;
            bytes = rest;
            self.decode(char)
        })
    }

    /// How many bytes the character has that ends here.
    fn width_before(self, bytes: &[u8]) -> Option<usize> {
        let last = *bytes.last()?;
        match self {
            Encoding::Utf16Le | Encoding::Utf16Be => Some(2),
            Encoding::Utf8 => {
                let more = bytes.iter().rev().take(3).take_while(|byte| **byte & 0xC0 == 0x80);
                Some(more.count() + usize::from(last >= 0x80)).map(|width| width.max(1))
            }
            _ if self.is_double() => {
                let lead = bytes.len().checked_sub(2).map(|at| bytes[at]);
                let pair = lead.is_some_and(|lead| self.is_pair(lead, last));
                Some(if pair { 2 } else { 1 })
            }
            _ => Some(1),
        }
    }

    /// The second byte may be a letter of ASCII: often in Big5 and Shift-JIS, hardly ever in the others.
    fn is_pair(self, lead: u8, last: u8) -> bool {
        if self.width(lead) != 2 || last < 0x40 {
            return false;
        }
        let letters = matches!(self, Encoding::Big5 | Encoding::ShiftJis);
        (last >= 0x80 || letters) && self.decode(&[lead, last]).is_some()
    }
}
