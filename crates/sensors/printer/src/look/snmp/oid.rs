//! Identifiers of objects (X.660): numbers, in the order in which a tree is walked. At most [`MOST`] of them (RFC 2578, 3.5).

use std::{borrow::Borrow, fmt};

/// The most numbers of one identifier.
pub const MOST: usize = 128;

#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Oid(Vec<u32>);

impl Oid {
    /// Reads `1.3.6.1` or `.1.3.6.1`.
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        let numbers = text.strip_prefix('.').unwrap_or(text).split('.').take(MOST + 1);
        let numbers: Vec<u32> = numbers.map(|part| part.parse().ok()).collect::<Option<_>>()?;
        (numbers.len() <= MOST).then_some(Self(numbers))
    }

    pub fn numbers(&self) -> &[u32] {
        &self.0
    }

    /// What stands behind `column`, if it is below it.
    pub fn below(&self, column: &[u32]) -> Option<&[u32]> {
        self.0.strip_prefix(column)
    }

    /// The one before which nothing but the object's neighbours can stand: what follows it in a walk is the object, if it exists.
    pub fn before(&self) -> Self {
        let mut numbers = self.0.clone();
        match numbers.pop() {
            Some(last) if last > 0 => numbers.push(last - 1),
            _ => {}
        }
        Self(numbers)
    }
}

impl From<&[u32]> for Oid {
    fn from(numbers: &[u32]) -> Self {
        Self(numbers.iter().copied().take(MOST).collect())
    }
}

impl Borrow<[u32]> for Oid {
    fn borrow(&self) -> &[u32] {
        &self.0
    }
}

impl fmt::Display for Oid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&dotted(&self.0))
    }
}

impl fmt::Debug for Oid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self}")
    }
}

/// `1.3.6.1`.
pub fn dotted(numbers: &[u32]) -> String {
    let parts: Vec<String> = numbers.iter().map(u32::to_string).collect();
    parts.join(".")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_and_numbers_agree() {
        assert_eq!(Oid::parse(".1.3.6").unwrap().to_string(), "1.3.6");
        for wrong in ["", ".", "1..3", "1.x", "1.4294967296", "-1"] {
            assert_eq!(Oid::parse(wrong), None, "{wrong}");
        }
        assert_eq!(Oid::parse(&["1"; MOST + 1].join(".")), None);
    }

    #[test]
    fn the_one_before_is_left_by_the_next_step() {
        let before = |text: &str| Oid::parse(text).unwrap().before().to_string();
        assert_eq!(before("1.3.0"), "1.3");
        assert_eq!(before("1.3.5"), "1.3.4");
        assert!(Oid::parse("1.3.10").unwrap() > Oid::parse("1.3.9").unwrap());
    }
}
