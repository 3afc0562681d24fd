//! LZO1X: literals and copies of what stands before, told apart by the first byte of each instruction and by what came last.

/// Unpacks to at most `most` bytes; none where the bytes make no sense.
pub fn unpack(packed: &[u8], most: usize) -> Option<Vec<u8>> {
    let mut state = State { packed, at: 0, into: Vec::new(), most };
    // How many literals the last instruction brought: to 3 behind a copy, 4 for a run of them.
    let mut literals = 0;
    if let Some(first) = packed.first().filter(|first| **first > 17) {
        state.at = 1;
        let count = usize::from(*first) - 17;
        state.literals(count)?;
        literals = count.min(4);
    }
    loop {
        let head = usize::from(state.byte()?);
        let (length, distance, tail) = match head {
            0..16 if literals == 0 => {
                let count = state.long(head, 15)? + 3;
                state.literals(count)?;
                literals = 4;
                continue;
            }
            0..16 => {
                let (length, base) = if literals == 4 { (3, 2049) } else { (2, 1) };
                let high = usize::from(state.byte()?);
                (length, (high << 2) + (head >> 2) + base, head & 3)
            }
            16..32 => {
                let length = state.long(head & 7, 7)? + 2;
                let pair = state.pair()?;
                let distance = 16_384 + ((head & 8) << 11) + (pair >> 2);
                if distance == 16_384 {
                    return Some(state.into);
                }
                (length, distance, pair & 3)
            }
            32..64 => {
                let length = state.long(head & 31, 31)? + 2;
                let pair = state.pair()?;
                (length, (pair >> 2) + 1, pair & 3)
            }
            _ => {
                let length = if head < 128 { 3 + (head >> 5 & 1) } else { 5 + (head >> 5 & 3) };
                let high = usize::from(state.byte()?);
                (length, (high << 3) + (head >> 2 & 7) + 1, head & 3)
            }
        };
        state.copy(length, distance)?;
        state.literals(tail)?;
        literals = tail;
    }
}

struct State<'a> {
    packed: &'a [u8],
    at: usize,
    into: Vec<u8>,
    most: usize,
}

impl State<'_> {
    fn byte(&mut self) -> Option<u8> {
        let byte = self.packed.get(self.at).copied();
        self.at += 1;
        byte
    }

    fn pair(&mut self) -> Option<usize> {
        let low = usize::from(self.byte()?);
        Some(low | usize::from(self.byte()?) << 8)
    }

    /// A length of zero goes on in further bytes.
    fn long(&mut self, length: usize, most: usize) -> Option<usize> {
        if length != 0 {
            return Some(length);
        }
        let mut sum = most;
        loop {
            match self.byte()? {
                0 => sum += 255,
                last => return Some(sum + usize::from(last)),
            }
        }
    }

    fn room(&self, count: usize) -> Option<()> {
        (self.into.len() + count <= self.most).then_some(())
    }

    fn literals(&mut self, count: usize) -> Option<()> {
        self.room(count)?;
        let literals = self.packed.get(self.at..self.at + count)?;
        self.into.extend_from_slice(literals);
        self.at += count;
        Some(())
    }

    fn copy(&mut self, length: usize, distance: usize) -> Option<()> {
        self.room(length)?;
        let start = self.into.len().checked_sub(distance)?;
        for at in start..start + length {
            self.into.push(self.into[at]);
        }
        Some(())
    }
}
