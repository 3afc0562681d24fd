//! How a failure is told: the cause in one line, and what to do about it apart.

use std::{error::Error, fmt, io};

use leaksweep_facts::{signed::DocumentError, sweep::SweepError};
use leaksweep_report::safe_text;
use leaksweep_storage::media::MediaError;

/// An error that knows what the user can do.
#[derive(Debug)]
pub struct Hint {
    pub message: String,
    pub hint: String,
}

impl fmt::Display for Hint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl Error for Hint {}

/// An error with a hint.
pub fn hint(message: impl Into<String>, hint: impl Into<String>) -> anyhow::Error {
    Hint { message: message.into(), hint: hint.into() }.into()
}

pub fn print(error: &anyhow::Error) {
    let causes: Vec<String> = error.chain().map(ToString::to_string).collect();
    eprintln!("leaksweep: {}", safe_text::visible_lines(&causes.join(": ")));
    if let Some(hint) = error.chain().find_map(hint_of) {
        eprintln!("hint: {}", safe_text::visible_lines(&hint));
    }
}

fn hint_of(cause: &(dyn Error + 'static)) -> Option<String> {
    if let Some(known) = cause.downcast_ref::<Hint>() {
        return Some(known.hint.clone());
    }
    if let Some(medium) = cause.downcast_ref::<MediaError>() {
        return medium.hint().map(str::to_owned);
    }
    if let Some(document) = cause.downcast_ref::<DocumentError>() {
        return document.hint().map(str::to_owned);
    }
    cause.downcast_ref::<SweepError>()?.hint().map(str::to_owned)
}

/// `leaksweep … | head` is not a failure.
pub fn is_closed_pipe(error: &anyhow::Error) -> bool {
    error
        .chain()
        .filter_map(|cause| cause.downcast_ref::<io::Error>())
        .any(|cause| cause.kind() == io::ErrorKind::BrokenPipe)
}
