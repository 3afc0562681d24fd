//! A medium that the user named, looked at and not yet touched.

use std::{
    io::{self, BufRead, Read},
    path::Path,
};

use anyhow::{Context, Result};
use leaksweep_wipe::{
    guard::{self, Refusal, Subject, World},
    hardware::{self, ata::Password},
    medium::{self, Medium},
    method::Hardware,
    plan::Plan,
};

use crate::{arguments::Technique, failure::hint, inputs};

pub struct Candidate {
    pub subject: Subject,
    pub hardware: Vec<Box<dyn Hardware>>,
}

impl Candidate {
    pub fn look(path: &Path, technique: &Technique) -> Result<Self> {
        let subject = guard::look(&World::default(), path, technique.image);
        Self::of(subject, path, password(technique)?)
    }

    /// One that is read and never written, so that its use by others does not matter.
    pub fn look_only(path: &Path, image: bool) -> Result<Self> {
        Self::of(guard::look_only(&World::default(), path, image), path, None)
    }

    fn of(
        subject: Result<Subject, Refusal>,
        path: &Path,
        password: Option<Password>,
    ) -> Result<Self> {
        let subject = subject.map_err(|refusal| refused(&path.display().to_string(), &refusal))?;
        let hardware = hardware::of(&subject.medium.bus, password);
        Ok(Self { subject, hardware })
    }

    /// A disk that an interrupted erase left locked.
    pub fn opens_with(&mut self, password: Password) {
        self.hardware = hardware::of(&self.subject.medium.bus, Some(password));
    }

    /// For looking alone.
    pub fn reading(&self) -> Result<Medium> {
        let Subject { path, block, medium, .. } = &self.subject;
        medium::open_reading(path, *block, medium.sector).map_err(opening)
    }

    pub fn writing(&self) -> Result<Medium> {
        let Subject { path, block, medium, number, inode, .. } = &self.subject;
        let opened = match block {
            true => medium::open_block(path, *number, medium.sector),
            false => medium::open_image(path, *inode),
        };
        opened.map_err(opening)
    }

    pub fn plan(&self, medium: &Medium, technique: &Technique) -> Result<Plan> {
        if !technique.former_member {
            self.no_member(medium)?;
        }
        let known = self.subject.medium.clone();
        Ok(Plan::make(medium, known, &self.hardware, &technique.scheme))
    }

    fn no_member(&self, medium: &Medium) -> Result<()> {
        match guard::member_of(medium, &self.subject.partitions) {
            Some(kind) => Err(refused(&self.name(), &Refusal::Member(kind))),
            None => Ok(()),
        }
    }

    pub fn name(&self) -> String {
        self.subject.path.display().to_string()
    }

    /// Maker, model, serial number, size: by what a person knows it.
    pub fn told(&self) -> String {
        let medium = &self.subject.medium;
        let parts = [&medium.maker, &medium.model, &medium.serial];
        let words: Vec<&str> = parts.into_iter().flatten().map(String::as_str).collect();
        let words = if words.is_empty() { vec![self.subject.name.as_str()] } else { words };
        format!("{}, {:.1} GB, {}", words.join(" "), medium.bytes as f64 / 1e9, medium.kind)
    }
}

fn password(technique: &Technique) -> Result<Option<Password>> {
    let Some(path) = &technique.ata_password else { return Ok(None) };
    let text = inputs::password(path)?;
    match Password::new(text.as_bytes(), technique.ata_master) {
        Some(password) => Ok(Some(password)),
        None => Err(hint(
            format!("{} holds no password of ATA", path.display()),
            "such a password has at most 32 bytes",
        )),
    }
}

pub fn refused(name: &str, refusal: &Refusal) -> anyhow::Error {
    hint(format!("{name} is left alone: {refusal}"), refusal.hint())
}

fn opening(error: medium::OpenError) -> anyhow::Error {
    let told = error.to_string();
    match error {
        medium::OpenError::Busy(_) => {
            hint(told, "unmount it, and end what uses it: lsof and lsblk show that")
        }
        medium::OpenError::Changed(_) => {
            hint(told, "look at it again with: leaksweep wipe plan DEVICE")
        }
        medium::OpenError::Io { source, path } => match source.kind() {
            io::ErrorKind::PermissionDenied => {
                hint(format!("{}: permission denied", path.display()), "run it as root")
            }
            _ => anyhow::Error::from(source).context(path.display().to_string()),
        },
    }
}

/// What the user typed on a terminal.
pub fn typed(candidate: &Candidate) -> Result<String> {
    eprintln!("{} will be wiped: {}", candidate.name(), candidate.told());
    eprint!("type {} in full: ", candidate.subject.phrase_is);
    let mut line = String::new();
    io::stdin().lock().take(4096).read_line(&mut line).context("cannot read the answer")?;
    Ok(line)
}
