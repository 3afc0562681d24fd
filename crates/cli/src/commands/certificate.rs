//! The certificate of a wipe, on screen or paper.

use std::path::Path;

use anyhow::{Context, Result};
use leaksweep_facts::{certificate, signed::Signed};
use leaksweep_report::paper::{self, Fonts, Form};

use crate::{
    Found,
    arguments::{Certificate, Shown},
    console, fonts,
};

pub fn run(certificate: &Certificate) -> Result<Found> {
    match certificate {
        Certificate::Show { file, shown } => show(file, shown)?,
    }
    Ok(Found::Nothing)
}

fn show(file: &Path, shown: &Shown) -> Result<()> {
    let signed = Signed::<certificate::Certificate>::open(file);
    let signed = signed.with_context(|| file.display().to_string())?;
    let (form, fonts) = (shown.form(), fonts_for(shown)?);
    console::deliver(shown.output.as_deref(), |out| paper::certificate(&signed, form, &fonts, out))
}

/// Only a PDF brings fonts with it.
pub fn fonts_for(shown: &Shown) -> Result<Fonts> {
    match shown.form() {
        Form::Pdf => fonts::find(shown.font.as_deref()),
        _ => Ok(Fonts::none()),
    }
}
