//! The rows of the picture of standing access, by meaning: everything by which somebody stays, and
//! when it appeared.

use leaksweep_facts::{
    Time,
    verdict::{Judgement, Picture, Subject},
};

use crate::picture_row::{self, PictureRow};

/// How much a way deserves to be looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Tone {
    Alarm,
    Look,
    Usual,
}

/// One way, of one target.
#[derive(Debug, Clone, Copy)]
pub struct Way<'a>(PictureRow<'a>);

/// What is drawn of one target.
pub struct Standing<'a> {
    pub picture: &'a Picture,
    /// The newest first; those of which nothing says since when come last.
    pub ways: Vec<Way<'a>>,
}

/// Every target's picture; those with most to look at first.
pub fn all(judgement: &Judgement) -> Vec<Standing<'_>> {
    let pictures = judgement.pictures.iter();
    let pictures = pictures.filter(|picture| picture.subject == Subject::StandingAccess);
    let mut all: Vec<Standing> = pictures.map(Standing::new).collect();
    all.sort_by_key(|standing| {
        let count = |tone| usize::MAX - standing.count(tone);
        (count(Tone::Alarm), count(Tone::Look), standing.ways.is_empty())
    });
    all
}

impl<'a> Standing<'a> {
    fn new(picture: &'a Picture) -> Self {
        let mut ways: Vec<Way> = picture_row::all(picture).map(Way).collect();
        ways.sort_by_key(|way| std::cmp::Reverse(way.since()));
        Self { picture, ways }
    }

    pub fn count(&self, tone: Tone) -> usize {
        self.ways.iter().filter(|way| way.tone() == tone).count()
    }

    /// The lanes that hold something with a time, in the order of [`LANES`]; what is unknown last.
    pub fn lanes(&self) -> Vec<(&'a str, Vec<Way<'a>>)> {
        let mut lanes: Vec<(&str, Vec<Way>)> = Vec::new();
        for way in self.ways.iter().filter(|way| way.since().is_some()) {
            match lanes.iter_mut().find(|(name, _)| *name == way.lane()) {
                Some((_, ways)) => ways.push(*way),
                None => lanes.push((way.lane(), vec![*way])),
            }
        }
        lanes.sort_by_key(|(name, _)| {
            LANES.iter().position(|known| known == name).unwrap_or(LANES.len())
        });
        lanes
    }

    /// When the sweep ended: the right end of the line.
    pub fn ended(&self) -> Option<Time> {
        self.ways.iter().find_map(|way| way.0.time("ended"))
    }

    /// Why more may be there than is shown, in one line.
    pub fn doubts(&self) -> Option<String> {
        let doubts: Vec<String> = self.picture.doubts.iter().map(ToString::to_string).collect();
        (!doubts.is_empty()).then(|| doubts.join("; "))
    }
}

/// The kinds of way, as the engine names them, from who comes in to what runs.
const LANES: [&str; 9] = [
    "accounts",
    "keys",
    "rights",
    "log-in rules",
    "remote control",
    "starts",
    "programs",
    "applications",
    "boot",
];

impl<'a> Way<'a> {
    pub fn lane(&self) -> &'a str {
        self.0.text("lane")
    }

    pub fn tone(&self) -> Tone {
        match self.0.text("tone") {
            "alarm" => Tone::Alarm,
            "usual" => Tone::Usual,
            _ => Tone::Look,
        }
    }

    pub fn since(&self) -> Option<Time> {
        self.0.time("since")
    }

    pub fn what(&self) -> &'a str {
        self.0.text("what")
    }

    pub fn user(&self) -> &'a str {
        self.0.text("user")
    }

    /// The file, with the line where one is known.
    pub fn place(&self) -> String {
        let path = self.0.text("path");
        match self.0.number("line") {
            Some(line) if !path.is_empty() => format!("{path}:{line}"),
            _ => path.to_owned(),
        }
    }
}

impl Tone {
    /// The class on the page.
    pub fn class(self) -> &'static str {
        match self {
            Tone::Alarm => "alarm",
            Tone::Look => "look",
            Tone::Usual => "usual",
        }
    }

    pub fn word(self) -> &'static str {
        match self {
            Tone::Alarm => "alarming",
            Tone::Look => "worth a look",
            Tone::Usual => "usual",
        }
    }
}
