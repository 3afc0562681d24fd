//! What an auditor holds in hand: the certificate of a wipe on one page, and the whole life of a medium.
//!
//! Both are first made into a [`Sheet`], which says everything once, in Chinese and English side by side; a page for the
//! browser, a PDF or the terminal draws it. Foreign text is made visible before it is drawn, and never acted upon.
//! The certificate's PDF is always one page: what has no room is counted, and the JSON holds it.

mod certificate;
mod html;
mod life;
mod pdf;
mod proof;
mod qr;
mod sheet;
mod terminal;
mod words;

use std::io::{self, Write};

use leaksweep_facts::{
    certificate::Certificate,
    custody::{Record, Standing},
    signed::Signed,
};

use crate::safe_text;
pub use pdf::{FontError, Fonts};

/// How such a paper is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    Terminal,
    Html,
    Pdf,
    /// The signed file, with what could act on a terminal as escapes.
    Json,
}

impl Form {
    pub const ALL: [Form; 4] = [Form::Terminal, Form::Html, Form::Pdf, Form::Json];

    pub fn name(self) -> &'static str {
        match self {
            Form::Terminal => "terminal",
            Form::Html => "html",
            Form::Pdf => "pdf",
            Form::Json => "json",
        }
    }

    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|form| form.name() == name)
    }
}

/// What a certificate says, in a line: `WIPED AND PROVEN 已清除并已验证`.
pub fn headline(certificate: &Certificate) -> String {
    certificate::verdict(certificate).headline.to_string()
}

/// The certificate; `fonts` are for PDF alone.
pub fn certificate(
    signed: &Signed<Certificate>,
    form: Form,
    fonts: &Fonts,
    out: &mut dyn Write,
) -> io::Result<()> {
    let sheet = || certificate::sheet(signed.document(), &signed.digest(), signed.signer());
    match form {
        Form::Terminal => terminal::write(&sheet(), out),
        Form::Html => out.write_all(html::page(&sheet()).as_bytes()),
        Form::Pdf => out.write_all(&pdf::one_page(&sheet(), fonts)),
        Form::Json => safe_text::json(&signed.clone().into_unverified(), out),
    }
}

/// What would be certified, for a terminal; nobody signed it.
pub fn draft(certificate: &Certificate, out: &mut dyn Write) -> io::Result<()> {
    let sheet = certificate::draft(certificate);
    terminal::write(&sheet, out)
}

/// The whole life of a medium, with what was found of its record.
pub fn life(
    record: &Record,
    standing: &Standing,
    form: Form,
    fonts: &Fonts,
    out: &mut dyn Write,
) -> io::Result<()> {
    let sheet = || life::sheet(record, standing);
    match form {
        Form::Terminal => terminal::write(&sheet(), out),
        Form::Html => out.write_all(html::page(&sheet()).as_bytes()),
        Form::Pdf => out.write_all(&pdf::pages(&sheet(), fonts)),
        Form::Json => safe_text::json(record, out),
    }
}
