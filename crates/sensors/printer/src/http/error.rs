//! Why an answer, or the rest of one, is missing.

use std::io;

use leaksweep_facts::{Problem, Reason};
use thiserror::Error;

use super::answer::LONGEST_HEAD;
use crate::wire::WireError;

#[derive(Debug, Error)]
pub enum HttpError {
    #[error("{0}")]
    Wire(WireError),
    #[error("TLS failed: {0}")]
    Tls(String),
    #[error("what answers speaks no HTTP")]
    NotHttp,
    #[error("the head of the answer is longer than {LONGEST_HEAD} bytes")]
    LongHead,
    #[error("the answer is longer than {0} bytes")]
    TooMuch(usize),
    #[error("the answer ended early")]
    Cut,
    #[error("the answer tells a wrong length")]
    Length,
    #[error("the answer is packed in a way that was not asked for: {0}")]
    Packed(String),
    #[error("it redirects in circles, or too often")]
    Loop,
}

impl HttpError {
    pub fn reason(&self) -> Reason {
        match self {
            HttpError::Wire(error) => error.reason(),
            HttpError::LongHead | HttpError::TooMuch(_) => Reason::TooLarge,
            HttpError::NotHttp | HttpError::Cut | HttpError::Length | HttpError::Packed(_) => {
                Reason::Malformed
            }
            HttpError::Tls(_) | HttpError::Loop => Reason::Failed,
        }
    }

    pub fn problem(&self, table: &'static str, subject: impl Into<String>) -> Problem {
        Problem::new(table, subject, self.reason(), self.to_string())
    }

    /// What a line or a session failed by.
    pub(crate) fn of(error: io::Error) -> Self {
        if !error.get_ref().is_some_and(|inner| inner.is::<WireError>()) {
            return match error.kind() {
                io::ErrorKind::UnexpectedEof => HttpError::Cut,
                _ => HttpError::Tls(error.to_string()),
            };
        }
        let inner = error.into_inner().and_then(|inner| inner.downcast::<WireError>().ok());
        inner.map_or(HttpError::Cut, |inner| HttpError::Wire(*inner))
    }
}
