//! What an overwrite writes: passes, each of one short pattern or of a keyed stream.

use std::fmt;

use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Scheme {
    pub name: String,
    pub passes: Vec<Pass>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Pass {
    /// Repeated from the medium's first byte on.
    Pattern(Vec<u8>),
    /// A stream that only its key can make again, another for each pass.
    Random,
}

/// The longest scheme and pattern; a pattern's length divides a sector.
const MOST_PASSES: usize = 64;
const LONGEST: usize = 64;

/// Their names, with what they write.
const KNOWN: [(&str, &str); 3] =
    [("zero", "00"), ("random", "random"), ("bmb21-2019", "ff,00,random,random,random,ff")];

impl Scheme {
    /// A known name, or passes with commas between them: `00`, `33cc55aa`, `random`.
    pub fn parse(text: &str) -> Result<Self, String> {
        let known = KNOWN.iter().find(|(name, _)| *name == text);
        let passes = known.map_or(text, |(_, passes)| passes);
        let passes: Vec<Pass> = passes.split(',').map(Pass::parse).collect::<Result<_, _>>()?;
        if passes.len() > MOST_PASSES {
            return Err(format!("at most {MOST_PASSES} passes"));
        }
        Ok(Self { name: text.to_owned(), passes })
    }

    pub fn names() -> impl Iterator<Item = &'static str> {
        KNOWN.iter().map(|(name, _)| *name)
    }

    /// What stands everywhere in the end.
    pub fn last(&self) -> &Pass {
        self.passes.last().unwrap_or(&Pass::Random)
    }
}

impl Pass {
    fn parse(text: &str) -> Result<Self, String> {
        let text = text.trim();
        if text.eq_ignore_ascii_case("random") {
            return Ok(Self::Random);
        }
        let pattern = bytes(text).filter(|bytes| bytes.len().is_power_of_two());
        let pattern = pattern.filter(|bytes| bytes.len() <= LONGEST);
        pattern.map(Self::Pattern).ok_or_else(|| {
            format!(
                "'{text}' is no pass: write 'random', or 1, 2, 4 … {LONGEST} bytes as in 00 or 33cc55aa"
            )
        })
    }
}

fn bytes(text: &str) -> Option<Vec<u8>> {
    let digits: Option<Vec<u8>> =
        text.chars().map(|digit| digit.to_digit(16).map(|digit| digit as u8)).collect();
    let digits = digits.filter(|digits| !digits.is_empty() && digits.len().is_multiple_of(2))?;
    Some(digits.chunks(2).map(|two| two[0] << 4 | two[1]).collect())
}

impl fmt::Display for Pass {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Pass::Random => f.write_str("a keyed stream"),
            Pass::Pattern(bytes) if bytes.iter().all(|byte| *byte == 0) => f.write_str("zeros"),
            Pass::Pattern(bytes) => {
                f.write_str("bytes ")?;
                bytes.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_scheme_is_a_name_or_its_passes() {
        let passes = |text: &str| Scheme::parse(text).unwrap().passes;
        assert_eq!(passes("zero"), [Pass::Pattern(vec![0])]);
        let bmb = passes("bmb21-2019");
        assert_eq!(bmb, passes("FF, 00,random,Random,random,ff"));
        assert_eq!((bmb.len(), &bmb[0], &bmb[2]), (6, &Pass::Pattern(vec![255]), &Pass::Random));
        assert_eq!(passes("33cc55aa"), [Pass::Pattern(vec![0x33, 0xCC, 0x55, 0xAA])]);
        for name in Scheme::names() {
            assert_eq!(Scheme::parse(name).unwrap().name, name);
        }
    }

    #[test]
    fn what_is_no_scheme_is_refused_with_the_word_that_is_wrong() {
        for wrong in ["", "0", "zz", "00,,00", "000000", "zeros", "é0", &"00".repeat(65)] {
            let error = Scheme::parse(wrong).unwrap_err();
            assert!(error.contains("is no pass"), "{wrong}: {error}");
        }
        assert!(Scheme::parse(&vec!["00"; 65].join(",")).is_err());
    }

    #[test]
    fn a_pass_is_told_in_words() {
        let told = |text: &str| Pass::parse(text).unwrap().to_string();
        assert_eq!(
            (told("0000"), told("ff"), told("random")),
            ("zeros".into(), "bytes ff".into(), "a keyed stream".into())
        );
    }
}
