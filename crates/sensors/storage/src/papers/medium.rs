//! The medium that was swept, and whether a paper is of it.

use leaksweep_facts::{certificate, custody::Description, sweep::hex};
use leaksweep_formats::fingerprint::Chain;

use crate::media::About;

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct This {
    pub model: Option<String>,
    pub serial: Option<String>,
    pub bytes: u64,
    /// In hexadecimal; none where not every byte of it was read.
    pub fingerprint: Option<String>,
}

impl This {
    pub fn new(about: &About, bytes: u64, fingerprint: Option<String>) -> Self {
        Self { model: about.model.clone(), serial: about.serial.clone(), bytes, fingerprint }
    }

    /// By what a certificate is of this medium, if it is.
    pub fn matches(&self, said: &certificate::Certificate) -> Option<&'static str> {
        let proof = said.proof.as_ref().filter(|proof| proof.sample.is_none());
        self.known_as(&said.medium, proof.map(|proof| proof.fingerprint.as_str()))
    }

    /// By what a medium of this description and content is this one, if it is.
    pub fn known_as(
        &self,
        medium: &certificate::Medium,
        content: Option<&str>,
    ) -> Option<&'static str> {
        let is_content = content.is_some() && self.fingerprint.as_deref() == content;
        if medium.bytes != self.bytes {
            return None;
        }
        match (named(&self.serial), named(&medium.serial)) {
            (Some(own), Some(theirs)) => {
                let same = own == theirs && self.is_model(&medium.model);
                same.then_some("serial")
            }
            // An image knows no serial number; but blank media all have one content.
            (None, None) => is_content.then_some("fingerprint"),
            _ => (is_content && !self.is_blank()).then_some("fingerprint"),
        }
    }

    /// Whether a medium that was never wiped is this one, by what a person wrote of it.
    pub fn is(&self, described: &Description) -> bool {
        let serial = named(&described.serial);
        serial.is_some() && serial == named(&self.serial) && self.is_model(&described.model)
    }

    /// None where either is not known.
    pub fn same_content(&self, said: &certificate::Certificate) -> Option<bool> {
        let proof = said.proof.as_ref().filter(|proof| proof.sample.is_none())?;
        Some(self.fingerprint.as_deref()? == proof.fingerprint)
    }

    fn is_blank(&self) -> bool {
        self.fingerprint == Some(hex(&Chain::default().finish(self.bytes)))
    }

    /// Adapters leave models out.
    fn is_model(&self, model: &Option<String>) -> bool {
        match (named(&self.model), named(model)) {
            (Some(own), Some(theirs)) => own == theirs,
            _ => true,
        }
    }
}

/// A name without what surrounds it and in one case; none where nothing is left.
fn named(text: &Option<String>) -> Option<String> {
    let text = text.as_deref().unwrap_or_default().trim().to_lowercase();
    (!text.is_empty()).then_some(text)
}
