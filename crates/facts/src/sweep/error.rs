use thiserror::Error;

use crate::seal::SealError;

/// Why a sweep file cannot be used. Each says what is wrong; [`SweepError::hint`] says what to do.
#[derive(Debug, Error)]
pub enum SweepError {
    #[error("it cannot be read")]
    Io(#[from] std::io::Error),
    #[error("it is not a sweep file")]
    NotASweep,
    #[error("it is cut off: {0}")]
    Truncated(String),
    #[error("it is too large: {what} is more than {limit} bytes")]
    TooLarge { what: String, limit: u64 },
    #[error(
        "it was made by a newer leaksweep (sweep format {found}; this one reads up to {known})"
    )]
    Newer { found: u32, known: u32 },
    #[error("it was altered: {0}")]
    Altered(String),
    #[error("it is malformed: {0}")]
    Malformed(String),
    #[error("it is not signed")]
    Unsigned,
    #[error("its signature is not by that key, but by {signer}")]
    OtherSigner { signer: String },
    #[error("its signature is wrong: the manifest was altered or signed with another key")]
    BadSignature,
}

impl From<SealError> for SweepError {
    fn from(error: SealError) -> Self {
        match error {
            SealError::Wrong => SweepError::BadSignature,
            other => SweepError::Malformed(other.to_string()),
        }
    }
}

impl SweepError {
    pub fn hint(&self) -> Option<&'static str> {
        match self {
            SweepError::Truncated(_) => Some("copy the file again from where it was made"),
            SweepError::Newer { .. } => Some("update leaksweep on this machine"),
            SweepError::Unsigned => Some("make the sweep with `--save FILE --key KEY`"),
            SweepError::Altered(_) | SweepError::BadSignature => {
                Some("do not trust it; get it again from its source")
            }
            _ => None,
        }
    }
}
