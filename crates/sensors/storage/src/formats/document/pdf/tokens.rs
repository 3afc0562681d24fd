//! The words of a PDF: of objects, and of the programs that draw pages.

#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Token<'a> {
    Number(f64),
    /// Without its slash, `#xx` as it stands.
    Name(&'a [u8]),
    /// Between the parentheses, escapes as they stand.
    Text(&'a [u8]),
    /// Between the angle brackets.
    Hex(&'a [u8]),
    Open,
    Close,
    DictOpen,
    DictClose,
    Word(&'a [u8]),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum End {
    /// The bytes ended, perhaps within a word.
    Out,
    /// No PDF has this here.
    Wrong,
}

#[derive(Clone)]
pub struct Tokens<'a> {
    pub bytes: &'a [u8],
    pub at: usize,
}

pub fn is_space(byte: u8) -> bool {
    matches!(byte, b'\0' | b'\t' | b'\n' | 0x0C | b'\r' | b' ')
}

fn is_regular(byte: u8) -> bool {
    !is_space(byte)
        && !matches!(byte, b'(' | b')' | b'<' | b'>' | b'[' | b']' | b'{' | b'}' | b'/' | b'%')
}

impl<'a> Tokens<'a> {
    pub fn new(bytes: &'a [u8]) -> Self {
        Self { bytes, at: 0 }
    }

    fn skip_space(&mut self) {
        while let Some(&byte) = self.bytes.get(self.at) {
            match byte {
                b'%' => {
                    let rest = &self.bytes[self.at..];
                    let line = rest.iter().position(|byte| matches!(byte, b'\r' | b'\n'));
                    self.at += line.unwrap_or(rest.len());
                }
                byte if is_space(byte) => self.at += 1,
                _ => break,
            }
        }
    }

    pub fn read(&mut self) -> Result<Token<'a>, End> {
        self.skip_space();
        let first = *self.bytes.get(self.at).ok_or(End::Out)?;
        let two = self.bytes.get(self.at + 1).copied();
        let single = |tokens: &mut Self, count, token| {
            tokens.at += count;
            Ok(token)
        };
        match (first, two) {
            (b'/', _) => {
                self.at += 1;
                self.regular().map(Token::Name)
            }
            (b'(', _) => self.text(),
            (b'<', Some(b'<')) => single(self, 2, Token::DictOpen),
            (b'<', Some(_)) => self.hex(),
            (b'>', Some(b'>')) => single(self, 2, Token::DictClose),
            (b'<' | b'>', None) => Err(End::Out),
            (b'[', _) => single(self, 1, Token::Open),
            (b']', _) => single(self, 1, Token::Close),
            (b'{' | b'}', _) => single(self, 1, Token::Word(&self.bytes[self.at..self.at + 1])),
            (b')' | b'>', _) => Err(End::Wrong),
            _ => self.word(),
        }
    }

    fn regular(&mut self) -> Result<&'a [u8], End> {
        let rest = &self.bytes[self.at..];
        let count = rest.iter().position(|byte| !is_regular(*byte)).ok_or(End::Out)?;
        self.at += count;
        Ok(&rest[..count])
    }

    fn word(&mut self) -> Result<Token<'a>, End> {
        let word = self.regular()?;
        if let Some(number) = number(word) {
            return Ok(Token::Number(number));
        }
        let plain = |byte: &u8| byte.is_ascii_graphic();
        if word.len() > 64 || !word.iter().all(plain) {
            Err(End::Wrong)
        } else {
            Ok(Token::Word(word))
        }
    }

    fn text(&mut self) -> Result<Token<'a>, End> {
        let mut depth = 0_u32;
        let mut at = self.at;
        loop {
            match self.bytes.get(at).ok_or(End::Out)? {
                b'\\' => at += 1,
                b'(' => depth += 1,
                b')' => depth -= 1,
                _ => {}
            }
            at += 1;
            if depth == 0 {
                let inner = &self.bytes[self.at + 1..at - 1];
                self.at = at;
                return Ok(Token::Text(inner));
            }
        }
    }

    fn hex(&mut self) -> Result<Token<'a>, End> {
        let rest = &self.bytes[self.at + 1..];
        let foreign = |byte: &u8| !byte.is_ascii_hexdigit() && !is_space(*byte);
        let count = rest.iter().position(foreign).ok_or(End::Out)?;
        if rest[count] != b'>' {
            return Err(End::Wrong);
        }
        self.at += count + 2;
        Ok(Token::Hex(&rest[..count]))
    }

    /// Behind a value whose first token was read, of any depth.
    pub fn skip_value(&mut self, first: Token) -> Result<(), End> {
        let mut depth = 0_u32;
        let mut token = first;
        loop {
            match token {
                Token::Open | Token::DictOpen => depth += 1,
                Token::Close | Token::DictClose => {
                    depth = depth.checked_sub(1).ok_or(End::Wrong)?
                }
                _ => {}
            }
            if depth == 0 {
                return Ok(());
            }
            token = self.read()?;
        }
    }
}

fn number(word: &[u8]) -> Option<f64> {
    let (sign, digits) = match word.first()? {
        b'-' => (-1.0, &word[1..]),
        b'+' => (1.0, &word[1..]),
        _ => (1.0, word),
    };
    let (mut value, mut scale, mut seen) = (0.0, 0.0, false);
    for byte in digits {
        match byte {
            b'0'..=b'9' if scale == 0.0 => value = value * 10.0 + f64::from(byte - b'0'),
            b'0'..=b'9' => {
                value += f64::from(byte - b'0') * scale;
                scale /= 10.0;
            }
            b'.' if scale == 0.0 => scale = 0.1,
            // Some write 12-34 or 0.0-5; readers take the first part.
            b'-' if seen => break,
            _ => return None,
        }
        seen |= byte.is_ascii_digit();
    }
    seen.then_some(value * sign)
}

/// The keys of a dictionary with the bytes of their values; at most [`Dict::MOST`].
#[derive(Debug, Default, Clone)]
pub struct Dict<'a> {
    pairs: Vec<(&'a [u8], &'a [u8])>,
}

impl<'a> Dict<'a> {
    const MOST: usize = 4096;

    /// Of bytes that begin with one; what can be read of it.
    pub fn read(bytes: &'a [u8]) -> Self {
        let mut tokens = Tokens::new(bytes);
        let mut dict = Self::default();
        if tokens.read() != Ok(Token::DictOpen) {
            return dict;
        }
        while let Ok(Token::Name(key)) = tokens.read() {
            tokens.skip_space();
            let start = tokens.at;
            let Ok(first) = tokens.read() else { break };
            if tokens.skip_value(first).is_err() || dict.pairs.len() >= Self::MOST {
                break;
            }
            // A reference takes two more words.
            if matches!(first, Token::Number(_)) {
                let mut ahead = tokens.clone();
                if matches!(ahead.read(), Ok(Token::Number(_)))
                    && ahead.read() == Ok(Token::Word(b"R"))
                {
                    tokens = ahead;
                }
            }
            dict.pairs.push((key, &bytes[start..tokens.at]));
        }
        dict
    }

    pub fn get(&self, key: &[u8]) -> Option<&'a [u8]> {
        self.pairs.iter().find(|(name, _)| *name == key).map(|(_, value)| *value)
    }

    pub fn pairs(&self) -> impl Iterator<Item = (&'a [u8], &'a [u8])> {
        self.pairs.iter().copied()
    }

    pub fn is_empty(&self) -> bool {
        self.pairs.is_empty()
    }

    pub fn name(&self, key: &[u8]) -> Option<&'a [u8]> {
        match Tokens::new(self.get(key)?).complete()? {
            Token::Name(name) => Some(name),
            _ => None,
        }
    }

    pub fn int(&self, key: &[u8]) -> Option<u64> {
        let value = self.get(key)?;
        if reference(value).is_some() { None } else { first_int(value) }
    }

    pub fn reference(&self, key: &[u8]) -> Option<u32> {
        reference(self.get(key)?)
    }
}

impl<'a> Tokens<'a> {
    /// The next token, where the bytes' end ends it too.
    pub fn complete(&mut self) -> Option<Token<'a>> {
        match self.read() {
            Ok(token) => Some(token),
            Err(End::Wrong) => None,
            Err(End::Out) => {
                let rest = &self.bytes[self.at.min(self.bytes.len())..];
                let named = self.at > 0 && self.bytes.get(self.at - 1) == Some(&b'/');
                self.at = self.bytes.len();
                match rest {
                    [] => None,
                    rest if !rest.iter().all(|byte| is_regular(*byte)) => None,
                    rest if named => Some(Token::Name(rest)),
                    rest => Some(number(rest).map_or(Token::Word(rest), Token::Number)),
                }
            }
        }
    }
}

/// `12 0 R`.
pub fn reference(value: &[u8]) -> Option<u32> {
    let mut tokens = Tokens::new(value);
    let (Some(Token::Number(number)), Some(Token::Number(_))) =
        (tokens.complete(), tokens.complete())
    else {
        return None;
    };
    (tokens.complete() == Some(Token::Word(b"R"))).then_some(number as u32)
}

/// The references of an array, or the one that stands alone.
pub fn references(value: &[u8], most: usize) -> Vec<u32> {
    let mut tokens = Tokens::new(value);
    let (mut last, mut found) = ([None; 2], Vec::new());
    while let Some(token) = tokens.complete() {
        match token {
            Token::Number(number) => last = [last[1], Some(number as u32)],
            Token::Word(b"R") => found.extend(last[0]),
            _ => last = [None; 2],
        }
        if found.len() >= most {
            break;
        }
    }
    found
}

pub fn first_int(value: &[u8]) -> Option<u64> {
    match Tokens::new(value).complete()? {
        Token::Number(number) if (0.0..9e15).contains(&number) => Some(number as u64),
        _ => None,
    }
}
