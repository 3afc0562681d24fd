//! The bytes of one pass, at any place of the medium.

use super::scheme::Pass;

/// A secret that makes a stream of chance: BLAKE3's output for each 64 KiB, in the mode of keyed hashing.
pub type Key = [u8; 32];

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Filling {
    Pattern(Vec<u8>),
    Stream(Key),
}

impl Filling {
    /// `number` is the pass's place in its scheme: no two passes have one stream.
    pub fn of(pass: &Pass, number: usize, key: &Key) -> Self {
        match pass {
            Pass::Pattern(bytes) => Self::Pattern(bytes.clone()),
            Pass::Random => {
                let number = (number as u64).to_le_bytes();
                Self::Stream(*blake3::keyed_hash(key, &number).as_bytes())
            }
        }
    }

    /// Whether it is the same bytes again and again, and a buffer that was filled once serves everywhere.
    pub fn repeats(&self) -> bool {
        matches!(self, Self::Pattern(_))
    }

    pub fn fill(&self, at: u64, into: &mut [u8]) {
        match self {
            Self::Pattern(bytes) => match bytes.as_slice() {
                [] => into.fill(0),
                [byte] => into.fill(*byte),
                bytes => {
                    let start = (at % bytes.len() as u64) as usize;
                    let endless = bytes.iter().cycle().skip(start);
                    into.iter_mut().zip(endless).for_each(|(byte, of)| *byte = *of);
                }
            },
            Self::Stream(key) => stream(key, at, into),
        }
    }
}

/// Each 64 KiB is an output of its own, so that a long seek costs nothing.
const PIECE: u64 = 64 * 1024;

fn stream(key: &Key, at: u64, into: &mut [u8]) {
    let mut done = 0;
    while done < into.len() {
        let place = at + done as u64;
        let inside = place % PIECE;
        let count = ((PIECE - inside) as usize).min(into.len() - done);
        let mut hasher = blake3::Hasher::new_keyed(key);
        hasher.update(&(place / PIECE).to_le_bytes());
        let mut output = hasher.finalize_xof();
        output.set_position(inside);
        output.fill(&mut into[done..done + count]);
        done += count;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn any_place_has_the_bytes_that_it_has_in_the_whole() {
        let key = [7; 32];
        for filling in [
            Filling::of(&Pass::Random, 0, &key),
            Filling::of(&Pass::Pattern(vec![1, 2, 3, 4]), 0, &key),
        ] {
            let mut whole = vec![0; 300_000];
            filling.fill(0, &mut whole);
            for (at, len) in [(0, 10), (1, 100), (65_535, 2), (65_536, 70_000), (299_999, 1)] {
                let mut part = vec![0; len];
                filling.fill(at as u64, &mut part);
                assert_eq!(part, whole[at..at + len], "{filling:?} {at}");
            }
        }
    }

    #[test]
    fn no_two_streams_are_alike() {
        let make = |number, key| {
            let mut bytes = vec![0; 4096];
            Filling::of(&Pass::Random, number, &[key; 32]).fill(0, &mut bytes);
            bytes
        };
        let (first, second, other) = (make(0, 1), make(1, 1), make(0, 2));
        assert!(first != second && first != other);
        let look = leaksweep_formats::block::look(&first);
        assert_eq!(look.class, leaksweep_formats::block::Class::Random);
    }
}
