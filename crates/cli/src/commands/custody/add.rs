//! Adds a statement. A record that does not hold is not written on; a statement that cannot be true is not signed.

use std::{
    ffi::OsString,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result};
use leaksweep_facts::{
    Time,
    certificate::Certificate,
    custody::{Attachment, Description, Entry, Fault, Party, Record, Subject, Wrong},
    signed::{self, Signed},
    sweep::sha256,
};
use leaksweep_report::safe_text::visible;

use crate::{Found, arguments::Added, console, failure::hint, inputs};

/// Characters of each text of a statement.
const MOST_TEXT: usize = 4000;
/// The largest file that is attached.
const ATTACHED_CAP: u64 = 256 << 20;

pub fn run(added: &Added) -> Result<Found> {
    let key = inputs::secret_key(&added.key)?;
    let (path, mut record) = record(added)?;
    sound(&record, &path)?;
    let entry = entry(added)?;
    let known = record.verify(None).faults.len();
    record.add(entry, &key);
    let standing = record.verify(None);
    let number = record.entries.len();
    let new = || standing.faults.iter().filter(|fault| fault.entry == Some(number));
    if let Some(fault) = new().find(|fault| cannot_be(fault)) {
        return Err(hint(fault.to_string(), "say when it happened with --time"));
    }
    record.save(&path).with_context(|| format!("cannot write {}", path.display()))?;
    let place = path.display().to_string();
    console::say(format_args!("{}: statement {number} added", visible(&place)))?;
    if standing.faults.len() > known {
        new().for_each(|fault| eprintln!("leaksweep: {}", visible(&fault.to_string())));
        eprintln!("hint: it is kept as it was said; a note can tell how it came to this");
    }
    Ok(Found::Nothing)
}

fn cannot_be(fault: &Fault) -> bool {
    matches!(fault.wrong, Wrong::Backwards | Wrong::BeforeCertificate)
}

/// Nobody signs at the end of what was altered before.
fn sound(record: &Record, path: &Path) -> Result<()> {
    let faults = record.verify(None).faults;
    let torn = faults.iter().find(|fault| matches!(fault.wrong, Wrong::Altered(_) | Wrong::Broken));
    match torn {
        None => Ok(()),
        Some(fault) => Err(hint(
            format!("{}: {fault}", path.display()),
            "get the record again from whoever had it last",
        )),
    }
}

/// The record as it is, or a new one, and where it is kept.
fn record(added: &Added) -> Result<(PathBuf, Record)> {
    let file = &added.file;
    if let Some(described) = &added.medium {
        return begun(file, described);
    }
    let named = || file.display().to_string();
    let bytes = signed::file(file).map_err(anyhow::Error::from);
    let bytes = bytes.map_err(|error| match file.exists() {
        true => error.context(named()),
        false => hint(
            format!("{} is not there", named()),
            "name a certificate or a record; --medium \"MAKER; MODEL; SERIAL\" begins one without",
        ),
    })?;
    if signed::form_of(&bytes).is_some_and(|form| form.starts_with("leaksweep custody record")) {
        return Ok((file.clone(), Record::parse(&bytes).with_context(named)?));
    }
    let certificate = Signed::<Certificate>::parse(&bytes).with_context(named)?;
    let beside = with_custody(file);
    let fresh = Record::of(certificate);
    if !beside.exists() {
        return Ok((beside, fresh));
    }
    let kept = Record::open(&beside).with_context(|| beside.display().to_string())?;
    if kept.subject.digest() != fresh.subject.digest() {
        let message = format!("{} is the record of another certificate", beside.display());
        return Err(hint(message, "name the record itself, or move it away"));
    }
    Ok((beside, kept))
}

fn begun(file: &Path, described: &str) -> Result<(PathBuf, Record)> {
    let is_record = file.extension().is_some_and(|ending| ending == "custody");
    let path = if is_record { file.to_owned() } else { with_custody(file) };
    if path.exists() {
        let message = format!("{} is there already", path.display());
        return Err(hint(message, "leave --medium away to add to it"));
    }
    Ok((path, Record::new(Subject::Medium(description(described)?))))
}

/// `FILE.custody`.
fn with_custody(file: &Path) -> PathBuf {
    let mut name = OsString::from(file);
    name.push(".custody");
    name.into()
}

/// `maker; model; serial`, where what is not known is left empty.
fn description(text: &str) -> Result<Description> {
    let parts: Vec<&str> = text.split([';', '；']).map(str::trim).collect();
    let known = |text: &str| (!text.is_empty()).then(|| text.to_owned());
    match parts.as_slice() {
        [maker, model, serial] if known(serial).is_some() => Ok(Description {
            maker: known(maker),
            model: known(model),
            serial: Some(short("serial number", serial)?),
            asset: None,
        }),
        _ => Err(hint(
            format!("'{text}' does not describe a medium"),
            "three things with semicolons between them, as in \"Seagate; ST4000; ZDH0A1B2\"; \
             the serial number must be there",
        )),
    }
}

fn entry(added: &Added) -> Result<Entry> {
    let party = |name: &str, role: &str| -> Result<Party> {
        Ok(Party { name: short("name", name)?, role: short("role", role)? })
    };
    let receiver = added.receiver.as_deref().zip(added.receiver_role.as_deref());
    let person = party(&added.person, &added.role)?;
    let optional =
        |what, text: &Option<String>| text.as_deref().map(|text| short(what, text)).transpose();
    let entry = Entry {
        place: optional("place", &added.place)?,
        receiver: receiver.map(|(name, role)| party(name, role)).transpose()?,
        device: optional("device", &added.device)?,
        field: optional("field strength", &added.field)?,
        particles: optional("particle size", &added.particles)?,
        note: optional("note", &added.note)?,
        attachment: added.attach.as_deref().map(attachment).transpose()?,
        ..Entry::new(added.event(), added.time.unwrap_or_else(Time::now), person)
    };
    match entry.missing() {
        None => Ok(entry),
        Some(missing) => {
            Err(hint(format!("the statement does not say {missing}"), options(&entry)))
        }
    }
}

/// With which options it would say what it must.
fn options(entry: &Entry) -> &'static str {
    use leaksweep_facts::custody::Event;
    match entry.event {
        Event::HandOver => "--receiver NAME --receiver-role ROLE",
        Event::Degaussing => "--device DEVICE --field STRENGTH, as in \"1.8 T\"",
        Event::Shredding => "--particles SIZE, as in \"2 mm\"",
        Event::Other => "--note TEXT",
        _ => "--person NAME --role ROLE",
    }
}

fn short(what: &str, text: &str) -> Result<String> {
    match text.chars().count() {
        0..=MOST_TEXT => Ok(text.to_owned()),
        count => Err(hint(
            format!("the {what} has {count} characters, more than {MOST_TEXT}"),
            "attach a document with --attach FILE",
        )),
    }
}

fn attachment(path: &Path) -> Result<Attachment> {
    let bytes = inputs::whole(path, ATTACHED_CAP)?;
    let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    Ok(Attachment { name, bytes: bytes.len() as u64, sha256: sha256(&bytes) })
}
