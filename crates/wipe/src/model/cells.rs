//! The memory of a medium, as a model changes it.

pub trait Cells {
    fn bytes(&self) -> u64;

    /// What lies beyond the end is left away.
    fn fill(&mut self, at: u64, bytes: u64, with: Fill);
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fill {
    /// Again and again, beginning at byte 0 of the medium.
    Pattern([u8; 4]),
    /// What another key makes of the old bytes: the same at each place, but other ones.
    Key(u64),
}

impl Fill {
    /// The new value of a byte at a place.
    pub fn byte(self, at: u64, old: u8) -> u8 {
        match self {
            Fill::Pattern(four) => four[(at % 4) as usize],
            Fill::Key(key) => {
                let mixed = (at ^ key).wrapping_mul(0x9E37_79B9_7F4A_7C15);
                old ^ (mixed >> 56) as u8 ^ (mixed >> 24) as u8
            }
        }
    }
}
