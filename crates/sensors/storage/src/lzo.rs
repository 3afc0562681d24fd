//! LZO1X, as JFFS2, UBIFS and squashfs pack with it: byte-wise instructions, each a copy of what was unpacked
//! before or of what follows. It unpacks at most what the caller allows, and never more than 255 bytes for one.

/// Unpacks one whole piece; none where it is not one, or larger than `most`.
pub fn unpack(packed: &[u8], most: usize) -> Option<Vec<u8>> {
    let mut unpacker = Unpacker { packed, at: 0, out: Vec::with_capacity(most.min(1 << 20)), most };
    unpacker.run()?;
    Some(unpacker.out)
}

struct Unpacker<'a> {
    packed: &'a [u8],
    at: usize,
    out: Vec<u8>,
    most: usize,
}

/// How many literals the last instruction ended with; 4 stands for a long run of them.
const LONG: usize = 4;
/// Where the far copies begin; a far copy of no distance is the end.
const FAR: usize = 16 * 1024;

impl Unpacker<'_> {
    fn run(&mut self) -> Option<()> {
        let mut literals = self.first()?;
        loop {
            let code = self.byte()?;
            literals = match code {
                0..16 if literals == 0 => {
                    let count = self.long(usize::from(code), 15)?;
                    self.literals(count + 3)?;
                    LONG
                }
                0..16 => self.near(code, literals)?,
                16..32 => match self.far(code)? {
                    Some(literals) => literals,
                    None => return Some(()),
                },
                _ => self.middle(code)?,
            };
        }
    }

    /// A first byte above 17 is a run of literals by itself.
    fn first(&mut self) -> Option<usize> {
        let code = usize::from(*self.packed.first()?);
        if code <= 17 {
            return Some(0);
        }
        self.at = 1;
        self.literals(code - 17)?;
        Some((code - 17).min(LONG))
    }

    fn near(&mut self, code: u8, literals: usize) -> Option<usize> {
        let distance = (usize::from(self.byte()?) << 2) + usize::from(code >> 2) + 1;
        match literals {
            LONG => self.copy(distance + 2048, 3)?,
            _ => self.copy(distance, 2)?,
        }
        self.after(code)
    }

    fn middle(&mut self, code: u8) -> Option<usize> {
        let wide = usize::from(code);
        if code < 64 {
            let count = self.long(wide & 31, 31)? + 2;
            let low = self.byte()?;
            let distance = (usize::from(self.byte()?) << 6) + usize::from(low >> 2) + 1;
            self.copy(distance, count)?;
            return self.after(low);
        }
        let count = if code < 128 { 3 + (wide >> 5 & 1) } else { 5 + (wide >> 5 & 3) };
        let distance = (usize::from(self.byte()?) << 3) + (wide >> 2 & 7) + 1;
        self.copy(distance, count)?;
        self.after(code)
    }

    fn far(&mut self, code: u8) -> Option<Option<usize>> {
        let count = self.long(usize::from(code & 7), 7)? + 2;
        let low = self.byte()?;
        let distance = FAR
            + (usize::from(code & 8) << 11)
            + (usize::from(self.byte()?) << 6)
            + usize::from(low >> 2);
        if distance == FAR {
            return Some(None);
        }
        self.copy(distance, count)?;
        self.after(low).map(Some)
    }

    /// The low two bits of an instruction say how many literals follow its copy.
    fn after(&mut self, code: u8) -> Option<usize> {
        let count = usize::from(code & 3);
        self.literals(count)?;
        Some(count)
    }

    /// A count of zero goes on in bytes: each zero is 255 more, and the first other byte ends it.
    fn long(&mut self, count: usize, base: usize) -> Option<usize> {
        if count != 0 {
            return Some(count);
        }
        let zeros = self.packed.get(self.at..)?.iter().take_while(|byte| **byte == 0).count();
        self.at += zeros;
        Some(base + zeros * 255 + usize::from(self.byte()?))
    }

    fn byte(&mut self) -> Option<u8> {
        let byte = self.packed.get(self.at).copied()?;
        self.at += 1;
        Some(byte)
    }

    fn literals(&mut self, count: usize) -> Option<()> {
        let bytes = self.packed.get(self.at..)?.get(..count)?;
        if self.out.len() + count > self.most {
            return None;
        }
        self.out.extend_from_slice(bytes);
        self.at += count;
        Some(())
    }

    fn copy(&mut self, distance: usize, count: usize) -> Option<()> {
        let from = self.out.len().checked_sub(distance)?;
        if self.out.len() + count > self.most {
            return None;
        }
        if distance >= count {
            self.out.extend_from_within(from..from + count);
        } else {
            for at in from..from + count {
                self.out.push(self.out[at]);
            }
        }
        Some(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_instruction_unpacks() {
        // Four literals, then a copy of three from distance four with one literal, then the end.
        let packed = [21, b'a', b'b', b'c', b'd', 0b0100_1101, 0, b'x', 17, 0, 0];
        assert_eq!(unpack(&packed, 99).unwrap(), b"abcdabcx");
        // A copy that overlaps itself: 2 + 31 + 7 bytes of one.
        let packed = [18, b'z', 32, 7, 0, 0, 17, 0, 0];
        assert_eq!(unpack(&packed, 99).unwrap(), [b'z'; 41]);
        // A long run of literals: 3 + 15 + 2 of them, then a copy from beyond two KiB that is not there.
        let mut packed = vec![0, 2];
        packed.extend([b'l'; 20]);
        packed.extend([17, 0, 0]);
        assert_eq!(unpack(&packed, 99).unwrap(), [b'l'; 20]);
        packed.splice(22.., [0, 0, 17, 0, 0]);
        assert_eq!(unpack(&packed, 99), None);
    }

    #[test]
    fn a_bomb_and_a_piece_end() {
        let mut packed = vec![18, b'z', 32];
        packed.extend([0; 5000]);
        packed.extend([1, 0, 0, 17, 0, 0]);
        assert!(unpack(&packed, 1 << 24).is_some());
        assert_eq!(unpack(&packed, 1 << 20), None);
        for cut in 0..packed.len() {
            assert_eq!(unpack(&packed[..cut], 1 << 24), None, "{cut}");
        }
    }
}
