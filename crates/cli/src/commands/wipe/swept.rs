//! Sweeps of a medium that were made before or after its wipe: what they found goes into the certificate, where they are of this medium.
//!
//! A medium is known by its serial number, model and size. Where it or the sweep has none its content must be what the sweep saw, and
//! that is what stands on it before anything is written.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use leaksweep_facts::{
    Sweep, Time,
    certificate::{Findings, Medium},
    sweep::{Limits, sha256},
    swept::SweptMedium,
};
use leaksweep_storage::papers::This;

use crate::{failure::hint, inputs};

const MADE_BY: &str = "make one with: leaksweep storage DEVICE --save FILE";

#[derive(Debug)]
pub struct Told {
    path: PathBuf,
    pub began: Time,
    pub ended: Time,
    pub findings: Findings,
    this: This,
}

impl Told {
    pub fn read(path: &Path) -> Result<Self> {
        let limits = Limits::default();
        let bytes = inputs::whole(path, limits.file_bytes)?;
        let sweep =
            Sweep::from_bytes(&bytes, &limits).with_context(|| path.display().to_string())?;
        let sweep = sweep.sweep;
        let medium = SweptMedium::of(&sweep, sha256(&bytes))
            .map_err(|error| hint(format!("{}: {error}", path.display()), MADE_BY))?;
        let SweptMedium { model, serial, bytes, fingerprint, findings } = medium;
        let this = This { model, serial, bytes, fingerprint };
        let (began, ended) = (sweep.manifest.started, sweep.manifest.ended);
        Ok(Self { path: path.to_owned(), began, ended, findings, this })
    }

    /// `content` is the medium's fingerprint where it is known.
    pub fn is_of(&self, medium: &Medium, content: Option<&str>) -> bool {
        self.this.known_as(medium, content).is_some()
    }

    /// Whether only the content can tell: one of them has no serial number.
    pub fn needs_content(&self, medium: &Medium) -> bool {
        let both = self.this.serial.is_some() && medium.serial.is_some();
        !both && self.this.bytes == medium.bytes && self.this.fingerprint.is_some()
    }

    pub fn has_content(&self, content: &str) -> bool {
        self.this.fingerprint.as_deref().is_none_or(|own| own == content)
    }

    pub fn is_the_same(&self, findings: Option<&Findings>) -> bool {
        let own = self.findings.swept.as_ref();
        own.is_some() && own == findings.and_then(|findings| findings.swept.as_ref())
    }

    pub fn of_another(&self) -> anyhow::Error {
        let This { serial, bytes, .. } = &self.this;
        let serial = serial.as_deref().unwrap_or("none");
        hint(
            format!(
                "{} is no sweep of this medium: its serial number is {serial}, its size {bytes} bytes",
                self.path.display()
            ),
            "name the sweep that was made of it; without a serial number nothing may have changed on it since",
        )
    }

    pub fn later(&self, than: &str) -> anyhow::Error {
        hint(
            format!("{} was made at {}, not before {than}", self.path.display(), self.ended),
            "name a sweep that ended before the wipe began",
        )
    }

    pub fn path(&self) -> &Path {
        &self.path
    }
}
