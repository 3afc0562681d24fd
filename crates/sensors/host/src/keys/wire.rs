//! The binary form in which SSH writes keys: numbers, and texts with their lengths before them.

pub struct Wire<'a>(&'a [u8]);

impl<'a> Wire<'a> {
    pub fn new(bytes: &'a [u8]) -> Self {
        Self(bytes)
    }

    pub fn u32(&mut self) -> Option<u32> {
        let (head, rest) = self.0.split_first_chunk()?;
        self.0 = rest;
        Some(u32::from_be_bytes(*head))
    }

    pub fn u64(&mut self) -> Option<u64> {
        let (head, rest) = self.0.split_first_chunk()?;
        self.0 = rest;
        Some(u64::from_be_bytes(*head))
    }

    pub fn text(&mut self) -> Option<&'a [u8]> {
        let length = usize::try_from(self.u32()?).ok()?;
        let (text, rest) = self.0.split_at_checked(length)?;
        self.0 = rest;
        Some(text)
    }

    /// What the next fields take up.
    pub fn fields(&mut self, count: usize) -> Option<&'a [u8]> {
        let start = self.0;
        for _ in 0..count {
            self.text()?;
        }
        start.get(..start.len() - self.0.len())
    }
}

/// A text with its length before it.
pub fn put(text: &[u8], to: &mut Vec<u8>) {
    let length = u32::try_from(text.len()).unwrap_or(u32::MAX);
    to.extend_from_slice(&length.to_be_bytes());
    to.extend_from_slice(text);
}

/// How many bits a number has.
pub fn bits(number: &[u8]) -> i64 {
    let first = number.iter().position(|byte| *byte != 0);
    let Some(number) = first.and_then(|at| number.get(at..)) else { return 0 };
    let leading = number.first().map_or(0, |byte| i64::from(byte.leading_zeros()));
    i64::try_from(number.len()).unwrap_or(i64::MAX / 8) * 8 - leading
}
