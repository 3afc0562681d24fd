//! Texts.

pub mod ending;
pub mod lines;
