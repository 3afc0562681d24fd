//! The pictures of printers, by meaning: who a printer is, and each door of it: what is open, to whom, and what that gives away.

use std::collections::HashMap;

use leaksweep_facts::verdict::{Judgement, Outcome, Picture, Severity, Subject, Verdict};

use crate::picture_row::{self, PictureRow};

/// What is drawn of one printer.
pub struct Printer<'a> {
    pub target: &'a str,
    row: Option<PictureRow<'a>>,
    pub doors: Vec<Door<'a>>,
    pub doubts: Vec<String>,
    /// Its failures by severity, the worst first, and how many checks could not be told.
    pub failures: Vec<(Severity, usize)>,
    pub unknown: usize,
}

/// One way in or out, or a place where something stays.
#[derive(Debug, Clone, Copy)]
pub struct Door<'a> {
    pub lane: Lane,
    pub state: State,
    /// What it is called in the table of doors; for what has no line there its own word.
    door: &'a str,
    pub name: &'a str,
    pub place: &'a str,
}

/// From where a door leads in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Lane {
    Network,
    Air,
    Device,
    Settings,
    Outside,
    Keeps,
}

/// The most open first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum State {
    Open,
    Weak,
    Unknown,
    Guarded,
    Silent,
    Closed,
}

impl Lane {
    pub const ALL: [Lane; 6] =
        [Lane::Network, Lane::Air, Lane::Device, Lane::Settings, Lane::Outside, Lane::Keeps];

    pub fn title(self) -> &'static str {
        match self {
            Lane::Network => "From the network",
            Lane::Air => "By air",
            Lane::Device => "At the printer",
            Lane::Settings => "Into its settings",
            Lane::Outside => "To the outside",
            Lane::Keeps => "What it keeps",
        }
    }

    pub fn about(self) -> &'static str {
        match self {
            Lane::Network => "whoever is on the same network",
            Lane::Air => "whoever is near the room",
            Lane::Device => "whoever stands in front of it",
            Lane::Settings => "whoever may change it",
            Lane::Outside => "what leaves by itself",
            Lane::Keeps => "what is found in it later",
        }
    }

    fn parse(text: &str) -> Option<Self> {
        Some(match text {
            "network" => Lane::Network,
            "air" => Lane::Air,
            "device" => Lane::Device,
            "settings" => Lane::Settings,
            "outside" => Lane::Outside,
            "keeps" => Lane::Keeps,
            _ => return None,
        })
    }
}

impl State {
    fn parse(text: &str) -> Self {
        match text {
            "open" => State::Open,
            "weak" => State::Weak,
            "guarded" => State::Guarded,
            "silent" => State::Silent,
            "closed" => State::Closed,
            _ => State::Unknown,
        }
    }

    pub fn word(self) -> &'static str {
        match self {
            State::Open => "open",
            State::Weak => "weak",
            State::Unknown => "not known",
            State::Guarded => "guarded",
            State::Silent => "no answer",
            State::Closed => "closed",
        }
    }

    pub fn class(self) -> &'static str {
        match self {
            State::Open => "open",
            State::Weak | State::Unknown => "unclear",
            State::Guarded => "guarded",
            State::Silent | State::Closed => "closed",
        }
    }
}

/// A door's id in the picture, what people call it, and what it means that it is open.
const DOORS: &[(&str, &str, &str)] = &[
    ("ftp", "FTP", "jobs and files in the clear"),
    ("ssh", "SSH", "settings, encrypted, for who knows the password"),
    ("telnet", "Telnet", "settings in the clear, the password too"),
    ("http", "Web pages", "settings in the clear, the password too"),
    ("http-alt", "Second web address", "settings in the clear, the password too"),
    ("https", "Encrypted web pages", "settings, for who knows the password"),
    ("snmp", "SNMP", "anybody reads how it is set, what it prints and what it holds"),
    ("smb", "Windows sharing", "scans and files for who is let in"),
    ("lpd", "LPD printing", "jobs in the clear, under any name"),
    ("ipp", "IPP printing", "jobs in the clear; names of jobs for anybody"),
    ("ipps", "Encrypted IPP printing", "jobs, encrypted on their way"),
    ("raw", "Raw printing", "jobs in the clear, and commands to the printer, from anybody"),
    ("wsd", "Web Services for Devices", "jobs and scans in the clear; tells who it is"),
    ("escl", "Scanning over the network", "anybody fetches what lies on the glass"),
    ("mdns", "Announcement (mDNS)", "tells everybody who it is"),
    ("wifi", "Wi-Fi", "jobs go over the air"),
    ("wifi-direct", "Wi-Fi Direct", "an entrance of its own beside your network"),
    ("bluetooth", "Bluetooth", "an entrance of its own beside your network"),
    ("usb", "USB sticks", "documents in and out on a stick"),
    ("panel", "Panel", "anybody changes settings and reprints jobs"),
    ("settings-page", "Web page of settings", "anybody changes settings"),
    ("firmware", "Firmware over the network", "whoever reaches it can give it other software"),
    ("files-pjl", "Its files by PJL", "a print job reads what is stored"),
    ("files-postscript", "Its files by PostScript", "a print job reads what is stored"),
    ("cloud", "Printing over a cloud", "documents travel through somebody else's computers"),
    ("remote-service", "Remote service", "its maker or dealer looks in, or is told"),
    ("fax", "Fax", "a telephone line into the office"),
    ("storage", "Storage", "documents stay in it when it leaves"),
    ("disk", "Disk", "documents stay on it when it leaves"),
    ("ssd", "Solid-state disk", "documents stay on it when it leaves"),
    ("flash", "Flash memory", "documents stay in it when it leaves"),
    ("removable", "Card or stick", "documents stay on it, and it can be taken out"),
    ("jobs", "Names of jobs", "anybody reads who printed what"),
];

impl<'a> Door<'a> {
    fn new(row: PictureRow<'a>) -> Option<Self> {
        Some(Self {
            lane: Lane::parse(row.text("lane"))?,
            state: State::parse(row.text("state")),
            door: row.text("door"),
            name: row.text("name"),
            place: row.text("place"),
        })
    }

    pub fn title(&self) -> &'a str {
        self.known().map_or(self.door, |(_, title, _)| title)
    }

    /// What it gives away; empty where it is shut.
    pub fn meaning(&self) -> &'static str {
        match self.state {
            State::Open | State::Weak | State::Guarded => {
                self.known().map_or("", |(.., what)| what)
            }
            _ => "",
        }
    }

    fn known(&self) -> Option<&'static (&'static str, &'static str, &'static str)> {
        DOORS.iter().find(|(id, ..)| *id == self.door)
    }
}

/// The worst first.
pub fn all(judgement: &Judgement) -> Vec<Printer<'_>> {
    let of = |subject| judgement.pictures.iter().filter(move |picture| picture.subject == subject);
    let doors: HashMap<&str, &Picture> =
        of(Subject::PrinterDoors).map(|picture| (&*picture.target, picture)).collect();
    let mut verdicts: HashMap<&str, Vec<&Verdict>> = HashMap::new();
    for verdict in &judgement.verdicts {
        verdicts.entry(&verdict.target).or_default().push(verdict);
    }
    let mut all = Vec::new();
    for who in of(Subject::Printers) {
        let judged = verdicts.get(&*who.target).map_or(&[][..], Vec::as_slice);
        all.push(Printer::new(who, doors.get(&*who.target).copied(), judged));
    }
    all.sort_by(|a, b| b.failures.cmp(&a.failures).then(a.target.cmp(b.target)));
    all
}

impl<'a> Printer<'a> {
    fn new(who: &'a Picture, doors: Option<&'a Picture>, verdicts: &[&Verdict]) -> Self {
        let rows = doors.into_iter().flat_map(picture_row::all);
        let mut drawn: Vec<Door> = rows.filter_map(Door::new).collect();
        drawn.sort_by_key(|door| (door.lane, door.state, door.title(), door.name));
        let doubts = std::iter::once(who).flat_map(|picture| &picture.doubts);
        Self {
            target: &who.target,
            row: picture_row::all(who).next(),
            doors: drawn,
            doubts: doubts.map(ToString::to_string).collect(),
            failures: failures(verdicts),
            unknown: verdicts.iter().filter(|v| matches!(v.outcome, Outcome::Unknown(_))).count(),
        }
    }

    pub fn text(&self, column: &str) -> &'a str {
        self.row.map_or("", |row| row.text(column))
    }

    pub fn reached(&self) -> bool {
        self.row.is_some_and(|row| row.is("reached"))
    }

    /// Maker and model.
    pub fn model(&self) -> String {
        let parts = [self.text("maker"), self.text("model")];
        parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ")
    }

    /// Whether it keeps documents, in a word.
    pub fn storage(&self) -> &'static str {
        match self.row {
            Some(row) if row.is("storage") && row.is("storage_encrypted") => "encrypted",
            Some(row) if row.is("storage") => "yes",
            Some(row) if row.is_not("storage") => "none",
            _ => "not known",
        }
    }

    pub fn count(&self, state: State) -> usize {
        self.doors.iter().filter(|door| door.state == state).count()
    }

    /// The doors of one lane that are drawn one by one, and the titles of those that are shut.
    pub fn lane(&self, lane: Lane) -> (Vec<Door<'a>>, Vec<&'a str>) {
        let of = self.doors.iter().filter(|door| door.lane == lane);
        let (drawn, shut): (Vec<Door>, Vec<Door>) = of.partition(|door| {
            !matches!(door.state, State::Closed | State::Silent | State::Unknown)
        });
        (drawn, shut.iter().filter(|door| door.state != State::Unknown).map(Door::title).collect())
    }

    /// What could not be told of one lane.
    pub fn unknown_of(&self, lane: Lane) -> Vec<&'a str> {
        let unknown = |door: &&Door| door.lane == lane && door.state == State::Unknown;
        self.doors.iter().filter(unknown).map(Door::title).collect()
    }
}

fn failures(verdicts: &[&Verdict]) -> Vec<(Severity, usize)> {
    let failed: Vec<Severity> = verdicts
        .iter()
        .filter(|verdict| matches!(verdict.outcome, Outcome::Fail(_)))
        .map(|verdict| verdict.check.severity)
        .collect();
    let mut all: Vec<Severity> = Severity::ALL.to_vec();
    all.sort_by(|a, b| b.cmp(a));
    let count = |severity: Severity| failed.iter().filter(|known| **known == severity).count();
    all.into_iter().map(|severity| (severity, count(severity))).filter(|(_, n)| *n > 0).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_door_is_called_once() {
        for (at, (id, title, meaning)) in DOORS.iter().enumerate() {
            assert!(!title.is_empty() && !meaning.is_empty());
            assert!(DOORS[..at].iter().all(|(other, ..)| other != id), "{id}");
        }
    }
}
