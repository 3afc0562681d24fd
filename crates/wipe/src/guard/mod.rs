//! Whether a medium may be wiped at all, asked before it is opened for writing.
//!
//! From `/sys`, `/proc` and the first and last bytes of the medium; nothing is changed. The kernel has the last word: a device is
//! opened with `O_EXCL`, which fails where anything stands on it.

mod member;
mod neighbours;
mod refusal;
mod subject;
#[cfg(test)]
mod tests;
mod usage;
mod world;

pub use member::{member, member_of};
pub use refusal::Refusal;
pub use subject::{Subject, look, look_only};
pub use world::World;

/// The number that the user must type, and what is typed.
pub fn agreed(subject: &Subject, typed: &str) -> Result<(), Refusal> {
    match typed.trim() == subject.phrase {
        true => Ok(()),
        false => Err(Refusal::WrongNumber {
            typed: typed.trim().chars().take(100).collect(),
            what: subject.phrase_is,
        }),
    }
}
