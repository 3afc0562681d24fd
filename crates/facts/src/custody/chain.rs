//! Does a custody record hold together? Every fault is told, not the first alone.
//!
//! The times are the persons' own words; that they do not run backwards is all that can be asked of them.

use super::{Entry, Event, Party, Record, Subject};
use crate::{
    Time,
    seal::PublicKey,
    signed::{DocumentError, Unverified},
};

/// What was found of a record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Standing {
    pub faults: Vec<Fault>,
    /// Why the life of the medium is not told to its end; none where it is.
    pub open: Option<&'static str>,
}

impl Standing {
    /// Without a fault and told to its end.
    pub fn is_complete(&self) -> bool {
        self.faults.is_empty() && self.open.is_none()
    }
}

/// Something that does not hold, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// The entry, counted from 1; none where it is the certificate.
    pub entry: Option<usize>,
    pub wrong: Wrong,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Wrong {
    /// Its own signature does not hold.
    Altered(String),
    /// It does not name the one before it: something was left out, put in or moved.
    Broken,
    /// Its key is none of those that are trusted.
    Stranger(PublicKey),
    Backwards,
    BeforeCertificate,
    /// It lacks what such a statement must say.
    Missing(&'static str),
    /// Nobody had handed the medium to the one who had it.
    Gap {
        holder: String,
        person: String,
    },
    /// It was handed to one and acknowledged by another.
    NotReceiver {
        receiver: String,
        person: String,
    },
    /// Nobody had handed anything over.
    NothingToReceive,
}

impl std::fmt::Display for Fault {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.entry {
            Some(entry) => write!(f, "entry {entry}: {}", self.wrong),
            None => write!(f, "the certificate: {}", self.wrong),
        }
    }
}

impl std::fmt::Display for Wrong {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Wrong::Altered(how) => f.write_str(how),
            Wrong::Broken => f.write_str(
                "the chain is broken: it does not name the one before it; something was left out, put in or moved",
            ),
            Wrong::Stranger(key) => write!(f, "its key {} is none of those that you trust", key.id()),
            Wrong::Backwards => f.write_str("it is earlier than the one before it"),
            Wrong::BeforeCertificate => f.write_str("it is earlier than the end of the wipe"),
            Wrong::Missing(what) => write!(f, "it does not say {what}"),
            Wrong::Gap { holder, person } => {
                write!(f, "it is by {person}, but {holder} had the medium and did not hand it over")
            }
            Wrong::NotReceiver { receiver, person } => {
                write!(f, "it is by {person}, but the medium was handed to {receiver}")
            }
            Wrong::NothingToReceive => f.write_str("a receipt, but nothing was handed over before it"),
        }
    }
}

impl Record {
    /// With the keys that are trusted; none asks only whether each signature is one of the key that it names.
    pub fn verify(&self, trusted: Option<&[PublicKey]>) -> Standing {
        let mut faults = Vec::new();
        let stranger = |key: &PublicKey| trusted.is_some_and(|keys| !keys.contains(key));
        let mut told = |entry, wrong| faults.push(Fault { entry, wrong });
        let mut signers = Vec::new();
        if let Subject::Certificate(certificate) = &self.subject {
            signature(certificate.verify(), stranger)
                .into_iter()
                .for_each(|wrong| told(None, wrong));
        }
        for (at, entry) in self.entries.iter().enumerate() {
            let signer = entry.verify();
            signers.push(signer.as_ref().ok().cloned());
            let wrong = signature(signer, stranger).into_iter().chain(self.place(at, entry));
            wrong.for_each(|wrong| told(Some(at + 1), wrong));
        }
        for (at, wrong) in self.hands() {
            told(Some(at + 1), wrong);
        }
        faults.sort_by_key(|fault| fault.entry);
        Standing { faults, open: self.unfinished(&signers) }
    }

    /// What is wrong with the place of an entry in the chain.
    fn place(&self, at: usize, entry: &Unverified<Entry>) -> Vec<Wrong> {
        let before = at.checked_sub(1).and_then(|at| self.entries.get(at));
        let previous = before.map_or_else(|| self.subject.digest(), Unverified::digest);
        let entry = &entry.document;
        let wiped =
            self.subject.certificate().and_then(|certificate| Time::parse(&certificate.ended));
        let mut wrong = Vec::new();
        wrong.extend((entry.previous != previous).then_some(Wrong::Broken));
        wrong.extend(
            before.filter(|before| entry.time < before.document.time).map(|_| Wrong::Backwards),
        );
        wrong.extend(wiped.filter(|wiped| entry.time < *wiped).map(|_| Wrong::BeforeCertificate));
        wrong.extend(entry.missing().map(Wrong::Missing));
        wrong
    }

    /// Follows the medium from hand to hand.
    fn hands(&self) -> Vec<(usize, Wrong)> {
        let mut holder: Option<&Party> = None;
        let mut offered: Option<&Party> = None;
        let mut wrong = Vec::new();
        for (at, entry) in self.entries.iter().enumerate() {
            let entry = &entry.document;
            if entry.event.is_by_a_witness() {
                continue;
            }
            let step = step(entry, holder, offered);
            wrong.extend(step.map(|wrong| (at, wrong)));
            holder = Some(&entry.person);
            offered = if entry.event == Event::HandOver { entry.receiver.as_ref() } else { None };
        }
        wrong
    }

    /// Why the story has no end yet.
    fn unfinished(&self, signers: &[Option<PublicKey>]) -> Option<&'static str> {
        let mut last = self.entries.iter().zip(signers).rev();
        let (last, before) = (last.next(), last.next());
        let Some((entry, signer)) = last else { return Some("nothing was stated yet") };
        match (entry.document.event, before) {
            (Event::Destruction, _) => None,
            (Event::HandOver, _) => Some("it was handed over, and the receipt is missing"),
            (Event::Receipt, Some((before, giver))) if before.document.event == Event::HandOver => {
                (giver == signer).then_some(
                    "the receipt is signed with the key of the one who handed it over, so the receiver has said nothing",
                )
            }
            _ => Some("neither its destruction nor a hand-over with its receipt ends it"),
        }
    }
}

/// What is wrong with one step from hand to hand.
fn step(entry: &Entry, holder: Option<&Party>, offered: Option<&Party>) -> Option<Wrong> {
    let person = || entry.person.name.clone();
    match (holder, offered) {
        // The story may begin when the medium is received from outside.
        (None, _) => None,
        (Some(_), Some(receiver)) if entry.person.is(receiver) => None,
        // The receiver did not take it, and the one who offered it still has it.
        (Some(holder), Some(_)) if entry.person.is(holder) && entry.event != Event::Receipt => None,
        (Some(_), Some(receiver)) => {
            Some(Wrong::NotReceiver { receiver: receiver.name.clone(), person: person() })
        }
        (Some(_), None) if entry.event == Event::Receipt => Some(Wrong::NothingToReceive),
        (Some(holder), None) if entry.person.is(holder) => None,
        (Some(holder), None) => Some(Wrong::Gap { holder: holder.name.clone(), person: person() }),
    }
}

fn signature(
    signer: Result<PublicKey, DocumentError>,
    stranger: impl Fn(&PublicKey) -> bool,
) -> Option<Wrong> {
    match signer {
        Err(error) => Some(Wrong::Altered(error.to_string())),
        Ok(key) => stranger(&key).then_some(Wrong::Stranger(key)),
    }
}
