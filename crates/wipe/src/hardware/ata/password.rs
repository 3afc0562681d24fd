//! Passwords of ATA's security feature set, and the block that carries them.

use std::fmt;

use super::exchange::BLOCK;

#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Password {
    bytes: [u8; 32],
    master: bool,
}

impl Password {
    /// None where it is longer than 32 bytes.
    pub fn new(bytes: &[u8], master: bool) -> Option<Self> {
        let mut padded = [0; 32];
        padded.get_mut(..bytes.len())?.copy_from_slice(bytes);
        Some(Self { bytes: padded, master })
    }

    /// The one that is set for an erase where none was, and is gone after it. Not secret: a disk whose erase was interrupted is
    /// locked with it, and whoever finds it must be able to go on.
    pub fn ours() -> Self {
        let mut bytes = [0; 32];
        for (to, from) in bytes.iter_mut().zip(b"leaksweep") {
            *to = *from;
        }
        Self { bytes, master: false }
    }

    /// Words 1 to 16 are the password; bit 0 of word 0 says whose it is, bit 1 asks for the enhanced erase.
    pub fn block(&self, enhanced: bool) -> [u8; BLOCK] {
        let mut block = [0; BLOCK];
        let head = [u8::from(self.master) | u8::from(enhanced) << 1, 0];
        for (to, from) in block.iter_mut().zip(head.into_iter().chain(self.bytes)) {
            *to = from;
        }
        block
    }

    /// For setting it as the user's, with the master password as able as before. A master's is never set.
    pub fn as_user(self) -> Self {
        Self { master: false, ..self }
    }
}

impl fmt::Debug for Password {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(to, "Password(master: {})", self.master)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_block_is_laid_out_as_the_standard_says() {
        let block = Password::ours().block(false);
        let mut expected = [0; 512];
        expected[2..11].copy_from_slice(b"leaksweep");
        assert_eq!(block, expected);
        expected[0] = 2;
        assert_eq!(Password::ours().block(true), expected);
        let master = Password::new(&[b'x'; 32], true).unwrap();
        expected[0] = 3;
        expected[2..34].copy_from_slice(&[b'x'; 32]);
        assert_eq!(master.block(true), expected);
        assert_eq!(master.as_user().block(false)[0], 0);
        assert_eq!(Password::new(&[0; 33], false), None);
        assert!(!format!("{master:?}").contains('x'));
    }
}
