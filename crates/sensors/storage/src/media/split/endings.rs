//! How the endings of an image in parts count.

/// `split` makes them longer when they run out: `.aa` to `.yz`, then `.zaaa`; `.00` to `.89`, then `.9000`. Others go on counting:
/// `.999`, `.1000`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Endings {
    Digits { width: usize, first: u64, grow: bool },
    Letters { width: usize },
    Growing(Alphabet),
}

/// What `split` counts with: as many, from the first to the last.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Alphabet {
    first: u8,
    last: u8,
}

pub const LETTERS: Alphabet = Alphabet { first: b'a', last: b'z' };
pub const DIGITS: Alphabet = Alphabet { first: b'0', last: b'9' };
/// More characters would be more parts than any set has.
const LONGEST: usize = 8;
/// Closer than this to those in order it is one of them.
const NEAR: u64 = 16;

impl Endings {
    /// Those of the set that this one is of, beside which `there` stand.
    pub fn of(ending: &str, there: &[&str]) -> Option<Self> {
        let growing = [LETTERS, DIGITS]
            .into_iter()
            .find(|alphabet| alphabet.number(ending).is_some() && alphabet.has_grown(there));
        let of = |alphabet: Alphabet| ending.bytes().all(|byte| alphabet.has(byte));
        match ending.len() {
            4.. | 2 if growing.is_some() => growing.map(Self::Growing),
            2..=6 if of(DIGITS) => Some(Self::digits(ending, there)),
            width @ 2..=3 if of(LETTERS) => Some(Self::Letters { width }),
            _ => None,
        }
    }

    fn digits(ending: &str, there: &[&str]) -> Self {
        let mut width = ending.len();
        while width > 2 && !ending.starts_with('0') && there.contains(&&*"9".repeat(width - 1)) {
            width -= 1;
        }
        let first = u64::from(!there.contains(&&*"0".repeat(width)));
        Self::Digits { width, first, grow: there.contains(&&*"9".repeat(width)) }
    }

    /// The number of a part, from 0.
    pub fn number(self, ending: &str) -> Option<u64> {
        match self {
            Self::Digits { width, first, grow } => {
                let longer = grow && !ending.starts_with('0');
                let fits =
                    ending.len() == width || (longer && (width..LONGEST).contains(&ending.len()));
                let good = fits && ending.bytes().all(|byte| DIGITS.has(byte));
                good.then(|| ending.parse::<u64>().ok())??.checked_sub(first)
            }
            Self::Letters { width } => (ending.len() == width).then(|| LETTERS.value(ending))?,
            Self::Growing(alphabet) => alphabet.number(ending),
        }
    }

    pub fn ending(self, number: u64) -> String {
        match self {
            Self::Digits { width, first, .. } => format!("{:0width$}", number + first),
            Self::Letters { width } => LETTERS.written(number, width),
            Self::Growing(alphabet) => alphabet.ending(number),
        }
    }

    /// Whether the part of this number shows that those from `in_order` on are missing.
    pub fn count(self, number: u64, in_order: u64) -> bool {
        match self {
            // A year may stand behind the dot as well.
            Self::Digits { width, first, grow: true }
                if number + first >= 10_u64.pow(width as u32) =>
            {
                number < in_order + NEAR
            }
            Self::Digits { width, .. } => in_order > 0 || (width == 3 && number < 100),
            // Endings of letters are common for other reasons: a far one means nothing.
            Self::Letters { .. } => in_order > 1 && number < in_order + NEAR,
            Self::Growing(_) => true,
        }
    }
}

impl Alphabet {
    fn has(self, byte: u8) -> bool {
        (self.first..=self.last).contains(&byte)
    }

    fn base(self) -> u64 {
        u64::from(self.last - self.first) + 1
    }

    fn value(self, ending: &str) -> Option<u64> {
        let add = |sum: u64, byte: u8| sum * self.base() + u64::from(byte - self.first);
        let good = ending.len() <= LONGEST && ending.bytes().all(|byte| self.has(byte));
        good.then(|| ending.bytes().fold(0, add))
    }

    fn written(self, number: u64, width: usize) -> String {
        let symbol = |place: usize| {
            self.first + (number / self.base().pow(place as u32) % self.base()) as u8
        };
        (0..width).rev().map(|place| char::from(symbol(place))).collect()
    }

    /// How many endings have so many characters of the last one before them.
    fn of_level(self, level: usize) -> u64 {
        (self.base() - 1) * self.base().pow(level as u32 + 1)
    }

    fn number(self, ending: &str) -> Option<u64> {
        let level = (ending.len().checked_sub(2)?) / 2;
        let (before, counted) = ending.split_at_checked(level)?;
        let fits = ending.len().is_multiple_of(2)
            && before.bytes().all(|byte| byte == self.last)
            && counted.bytes().next().is_none_or(|byte| byte != self.last);
        let earlier: u64 = (0..level.min(LONGEST / 2)).map(|level| self.of_level(level)).sum();
        self.value(ending).filter(|_| fits)?;
        Some(earlier + self.value(counted)?)
    }

    fn ending(self, number: u64) -> String {
        let (mut level, mut left) = (0, number);
        while left >= self.of_level(level) {
            left -= self.of_level(level);
            level += 1;
        }
        char::from(self.last).to_string().repeat(level) + &self.written(left, level + 2)
    }

    /// Whether the short endings ran out and longer ones follow.
    fn has_grown(self, there: &[&str]) -> bool {
        let (short, next) = (self.of_level(0), self.written(self.of_level(0), 2));
        let longer = |ending: &&&str| ending.len() > 2 && self.number(ending).is_some();
        there.contains(&&*self.written(short - 1, 2))
            && !there.contains(&&*next)
            && there.iter().any(|ending| longer(&ending))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn endings_grow_as_split_makes_them() {
        let written = |alphabet: Alphabet, numbers: &[u64]| {
            let endings: Vec<String> = numbers.iter().map(|at| alphabet.ending(*at)).collect();
            let back: Vec<u64> = endings.iter().filter_map(|at| alphabet.number(at)).collect();
            assert_eq!(back, numbers);
            endings
        };
        let letters = written(LETTERS, &[0, 1, 649, 650, 651, 17_549, 17_550]);
        assert_eq!(letters, ["aa", "ab", "yz", "zaaa", "zaab", "zyzz", "zzaaaa"]);
        let digits = written(DIGITS, &[0, 89, 90, 91, 989, 990]);
        assert_eq!(digits, ["00", "89", "9000", "9001", "9899", "990000"]);
        assert_eq!(
            ["za", "zzzz", "a", "9", "90", "abc", "密"].map(|at| LETTERS.number(at)),
            [None; 7]
        );
    }
}
