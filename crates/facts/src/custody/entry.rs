//! One statement: what happened to the medium, when and where, by whose word.

use serde::{Deserialize, Serialize};

use crate::{Time, seal::Purpose, signed::Document};

/// The form of an entry, and what its signature is for.
pub const FORM: &str = "leaksweep custody entry 1";

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Entry {
    pub form: String,
    /// The digest of the entry before it; of the first, that of what is kept.
    pub previous: String,
    pub event: Event,
    /// When it happened, by the word of the person.
    pub time: Time,
    pub place: Option<String>,
    pub person: Party,
    /// Of a hand-over.
    pub receiver: Option<Party>,
    /// The machine that degaussed or shredded.
    pub device: Option<String>,
    /// Of degaussing, as the person writes it: `1.8 T`.
    pub field: Option<String>,
    /// Of shredding: `2 mm`.
    pub particles: Option<String>,
    pub note: Option<String>,
    /// A photograph or a document, which stays apart.
    pub attachment: Option<Attachment>,
}

/// Somebody, and in which role.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Party {
    pub name: String,
    pub role: String,
}

impl Party {
    /// A name stays the same however it is spaced and in whichever case.
    pub fn is(&self, other: &Party) -> bool {
        let plain =
            |name: &str| name.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase();
        plain(&self.name) == plain(&other.name)
    }
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Attachment {
    pub name: String,
    pub bytes: u64,
    pub sha256: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Event {
    Removal,
    Transport,
    Storage,
    HandOver,
    Receipt,
    Degaussing,
    Shredding,
    /// Somebody saw that it was destroyed.
    Destruction,
    Other,
}

impl Event {
    pub const ALL: [Event; 9] = [
        Event::Removal,
        Event::Transport,
        Event::Storage,
        Event::HandOver,
        Event::Receipt,
        Event::Degaussing,
        Event::Shredding,
        Event::Destruction,
        Event::Other,
    ];

    pub fn as_str(self) -> &'static str {
        match self {
            Event::Removal => "removal",
            Event::Transport => "transport",
            Event::Storage => "storage",
            Event::HandOver => "hand-over",
            Event::Receipt => "receipt",
            Event::Degaussing => "degaussing",
            Event::Shredding => "shredding",
            Event::Destruction => "destruction",
            Event::Other => "other",
        }
    }

    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|event| event.as_str() == text)
    }

    /// Whoever has no part in the custody can still see it and say so.
    pub(super) fn is_by_a_witness(self) -> bool {
        matches!(self, Event::Destruction | Event::Other)
    }
}

impl Entry {
    /// A statement with nothing but what every one must have.
    pub fn new(event: Event, time: Time, person: Party) -> Self {
        Self {
            form: FORM.into(),
            previous: String::new(),
            event,
            time,
            place: None,
            person,
            receiver: None,
            device: None,
            field: None,
            particles: None,
            note: None,
            attachment: None,
        }
    }

    /// What it must say and does not.
    pub fn missing(&self) -> Option<&'static str> {
        let empty =
            |text: &Option<String>| text.as_deref().is_none_or(|text| text.trim().is_empty());
        let nobody = |party: &Party| party.name.trim().is_empty() || party.role.trim().is_empty();
        match self.event {
            _ if nobody(&self.person) => Some("the name and the role of the person"),
            Event::HandOver if self.receiver.as_ref().is_none_or(nobody) => {
                Some("the name and the role of the receiver")
            }
            Event::Degaussing if empty(&self.device) || empty(&self.field) => {
                Some("the device that degaussed and the strength of its field")
            }
            Event::Shredding if empty(&self.particles) => Some("the size of the particles"),
            Event::Other if empty(&self.note) => Some("a note that says what happened"),
            _ => None,
        }
    }
}

impl Document for Entry {
    const PURPOSE: Purpose = Purpose::CustodyEntry;

    fn form(&self) -> &str {
        &self.form
    }
}
