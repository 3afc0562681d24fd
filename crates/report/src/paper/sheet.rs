//! What a paper says, whichever way it is drawn.

use leaksweep_facts::certificate::Share;

use super::words::Words;

#[derive(Debug)]
pub struct Sheet {
    pub title: Words,
    /// What it is of, in a line: number, serial.
    pub subject: String,
    pub verdict: Verdict,
    /// What the QR code holds.
    pub code: String,
    pub sections: Vec<Section>,
    /// How to check it; the last lines.
    pub checking: Vec<String>,
    /// Lines to sign on.
    pub signatures: Vec<Words>,
}

/// The one thing that nobody may misread.
#[derive(Debug)]
pub struct Verdict {
    pub tone: Tone,
    pub headline: Words,
    pub because: Words,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tone {
    Good,
    Plain,
    Doubt,
    Bad,
}

impl Tone {
    pub fn as_str(self) -> &'static str {
        match self {
            Tone::Good => "good",
            Tone::Plain => "plain",
            Tone::Doubt => "doubt",
            Tone::Bad => "bad",
        }
    }
}

#[derive(Debug)]
pub struct Section {
    pub title: Words,
    /// Behind the title, of one of many: `3`, a time.
    pub mark: String,
    pub blocks: Vec<Block>,
}

#[derive(Debug)]
pub enum Block {
    Fields(Vec<Field>),
    /// The items that are at hand, and how many there are in all.
    List {
        label: Words,
        items: Vec<String>,
        all: u64,
    },
    Bar {
        label: Words,
        shares: Vec<Share>,
    },
    Say(Words, Tone),
}

#[derive(Debug)]
pub struct Field {
    pub label: Words,
    pub value: String,
    pub tone: Tone,
}

impl Section {
    pub fn new(title: Words, blocks: Vec<Block>) -> Self {
        Self { title, mark: String::new(), blocks }
    }
}

impl Field {
    pub fn new(label: Words, value: impl Into<String>) -> Self {
        Self { label, value: value.into(), tone: Tone::Plain }
    }

    pub fn toned(self, tone: Tone) -> Self {
        Self { tone, ..self }
    }
}

impl Block {
    pub fn list(label: Words, items: &[String]) -> Self {
        Block::List { label, items: items.to_vec(), all: items.len() as u64 }
    }
}

/// `1,000,204,886,016`.
pub fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// Parts of the bar that stand for the shares, from 0 to 1. What is there at all is seen, however little it is.
pub fn parts(shares: &[Share]) -> Vec<f64> {
    const LEAST: f64 = 0.006;
    let sum: f64 = shares.iter().map(|share| share.bytes as f64).sum();
    if sum <= 0.0 {
        return vec![0.0; shares.len()];
    }
    let raised = shares.iter().map(|share| match share.bytes {
        0 => 0.0,
        bytes => (bytes as f64 / sum).max(LEAST),
    });
    let raised: Vec<f64> = raised.collect();
    let all: f64 = raised.iter().sum();
    raised.into_iter().map(|part| part / all).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn share(bytes: u64) -> Share {
        Share { class: "zero".into(), bytes }
    }

    #[test]
    fn numbers_are_grouped_by_thousands() {
        let cases =
            [(0, "0"), (999, "999"), (1000, "1,000"), (u64::MAX, "18,446,744,073,709,551,615")];
        for (number, text) in cases {
            assert_eq!(grouped(number), text);
        }
    }

    #[test]
    fn a_block_that_survived_is_seen_in_the_bar() {
        let shares = [share(1 << 40), share(512), share(0)];
        let parts = parts(&shares);
        assert!(parts[1] > 0.005 && parts[2] == 0.0);
        assert!((parts.iter().sum::<f64>() - 1.0).abs() < 1e-9);
        assert_eq!(super::parts(&[share(0)]), [0.0]);
        assert!(super::parts(&vec![share(u64::MAX); 500]).iter().all(|part| part.is_finite()));
    }
}
