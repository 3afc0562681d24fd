//! One paper as rows. Every text in it is another's: it is cut, and decides nothing.

use leaksweep_facts::{
    Time,
    custody::{Entry, Record, Standing, Subject},
    seal::PublicKey,
    tables::storage::{Certificate, Custody},
};

use super::{Said, This};
use crate::tell::signed;

const MOST_TEXT: usize = 1000;

/// What a certificate says. `key` is who signed it, or why the signature does not hold.
pub fn certificate(
    path: &str,
    said: &Said,
    key: Result<PublicKey, String>,
    this: &This,
    trusted: &[PublicKey],
) -> Certificate {
    let matched = this.matches(said);
    let trust = |key: &PublicKey| (!trusted.is_empty()).then(|| trusted.contains(key));
    let unreached = said.unreached.join("; ");
    Certificate {
        path: path.to_owned(),
        number: Some(cut(&said.number)),
        valid: key.is_ok(),
        trusted: key.as_ref().ok().and_then(trust),
        key: key.as_ref().ok().map(PublicKey::id),
        fault: key.err().map(|fault| cut(&fault)),
        of_this_medium: Some(matched.is_some()),
        matched_by: matched.map(str::to_owned),
        current: false,
        same_fingerprint: this.same_content(said),
        model: said.medium.model.as_deref().map(cut),
        serial: said.medium.serial.as_deref().map(cut),
        bytes: Some(signed(said.medium.bytes)),
        level: Some(said.level.as_str().into()),
        result: Some(said.result.as_str().into()),
        proven: Some(said.is_proven()),
        ended: Time::parse(&said.ended),
        hidden_bytes: said.medium.hidden_after.map(signed),
        bad_bytes: said.proof.as_ref().map(|proof| signed(proof.bad_bytes)),
        unreached: (!unreached.is_empty()).then(|| cut(&unreached)),
        asset: said.paper.asset.as_deref().map(cut),
        operator: said.paper.operator.as_deref().map(cut),
    }
}

/// A certificate of which nothing can be told.
pub fn unreadable_certificate(path: &str, fault: String) -> Certificate {
    Certificate { path: path.to_owned(), fault: Some(cut(&fault)), ..Certificate::default() }
}

pub fn unreadable_record(path: &str, fault: String) -> Custody {
    Custody {
        path: path.to_owned(),
        event: "unreadable".into(),
        fault: Some(cut(&fault)),
        ..Custody::default()
    }
}

/// The record itself, and each of its statements.
pub fn custody(path: &str, record: &Record, this: &This, trusted: &[PublicKey]) -> Vec<Custody> {
    let standing = record.verify((!trusted.is_empty()).then_some(trusted));
    let (event, of_this_medium) = match &record.subject {
        Subject::Certificate(carried) => ("certificate", this.matches(&carried.document).is_some()),
        Subject::Medium(described) => ("medium", this.is(described)),
    };
    let common = |number: usize| Custody {
        path: path.to_owned(),
        number: number as i64,
        statements: record.entries.len() as i64,
        fault: fault(&standing, number),
        unfinished: standing.open.map(str::to_owned),
        of_this_medium: Some(of_this_medium),
        ..Custody::default()
    };
    let whole = Custody { event: event.into(), ..common(0) };
    let statements = (1..).zip(&record.entries).map(|(number, sealed)| {
        let key = sealed.verify().ok().map(|key| key.id());
        statement(&sealed.document, Custody { key, ..common(number) })
    });
    std::iter::once(whole).chain(statements).collect()
}

fn statement(said: &Entry, row: Custody) -> Custody {
    Custody {
        event: said.event.as_str().into(),
        time: Some(said.time),
        place: said.place.as_deref().map(cut),
        person: Some(cut(&said.person.name)),
        role: Some(cut(&said.person.role)),
        receiver: said.receiver.as_ref().map(|receiver| cut(&receiver.name)),
        ..row
    }
}

/// What is wrong with one statement; 0 is the certificate.
fn fault(standing: &Standing, number: usize) -> Option<String> {
    let of = |entry: Option<usize>| entry.unwrap_or(0) == number;
    let faults = standing.faults.iter().filter(|fault| of(fault.entry));
    let told: Vec<String> = faults.map(|fault| cut(&fault.wrong.to_string())).collect();
    (!told.is_empty()).then(|| cut(&told.join("; ")))
}

fn cut(text: &str) -> String {
    text.chars().take(MOST_TEXT).collect()
}
