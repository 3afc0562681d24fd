//! What a wiped medium should hold.

use std::fmt;

use leaksweep_formats::block::{self, Class};

use crate::overwrite::{Filling, Key, Scheme};

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Expected {
    /// The bytes of a pass, told in its words.
    Filling(Filling, String),
    /// A device's own erase leaves what its maker chose: anything that is no data.
    Anything,
}

impl Expected {
    /// What an overwrite leaves.
    pub fn last_of(scheme: &Scheme, key: &Key) -> Self {
        let last = scheme.last();
        let number = scheme.passes.len().saturating_sub(1);
        Self::Filling(Filling::of(last, number, key), last.to_string())
    }

    /// The class of a whole stretch that is as it should be, where that can be told at once.
    pub fn is_all_of(&self, at: u64, bytes: &[u8]) -> Option<Class> {
        match self {
            Expected::Filling(Filling::Pattern(pattern), _) => {
                let class = class_of(pattern);
                let same = match pattern.as_slice() {
                    [byte] => block::uniform(bytes) == Some(*byte),
                    _ => self.fills(at, bytes),
                };
                same.then_some(class)
            }
            Expected::Filling(Filling::Stream(_), _) => {
                self.fills(at, bytes).then_some(Class::Random)
            }
            Expected::Anything => match block::uniform(bytes) {
                Some(0) => Some(Class::Zero),
                Some(0xFF) => Some(Class::Ones),
                _ => None,
            },
        }
    }

    /// The same of a stretch of one byte alone.
    pub fn is_all_of_one(&self, byte: u8) -> Option<Class> {
        match self {
            Expected::Filling(Filling::Pattern(pattern), _) => {
                (block::uniform(pattern) == Some(byte)).then(|| class_of(pattern))
            }
            Expected::Filling(Filling::Stream(_), _) => None,
            Expected::Anything => match byte {
                0 => Some(Class::Zero),
                0xFF => Some(Class::Ones),
                _ => None,
            },
        }
    }

    pub fn is(&self, at: u64, bytes: &[u8], class: Class) -> bool {
        match self {
            Expected::Filling(..) => self.fills(at, bytes),
            Expected::Anything => {
                matches!(class, Class::Zero | Class::Ones | Class::Pattern | Class::Random)
            }
        }
    }

    fn fills(&self, at: u64, bytes: &[u8]) -> bool {
        let Expected::Filling(filling, _) = self else { return false };
        let mut piece = [0; block::BLOCK];
        bytes.chunks(block::BLOCK).enumerate().all(|(number, bytes)| {
            let piece = &mut piece[..bytes.len()];
            filling.fill(at + (number * block::BLOCK) as u64, piece);
            piece == bytes
        })
    }
}

fn class_of(pattern: &[u8]) -> Class {
    match block::uniform(pattern) {
        Some(0) | None if pattern.is_empty() => Class::Zero,
        Some(0) => Class::Zero,
        Some(0xFF) => Class::Ones,
        _ => Class::Pattern,
    }
}

impl fmt::Display for Expected {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Expected::Filling(_, words) => f.write_str(words),
            Expected::Anything => f.write_str("anything that is no data"),
        }
    }
}
