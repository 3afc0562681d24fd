//! What takes the text that a job prints, while its language is walked.

use crate::formats::Texts;

/// Moves of the cursor come as blanks and line feeds.
pub trait Text {
    fn text(&mut self, at: u64, bytes: &[u8]);

    /// Whether it does anything with it.
    fn wants(&self) -> bool {
        true
    }
}

/// Takes none.
pub struct Unread;

impl Text for Unread {
    fn text(&mut self, _: u64, _: &[u8]) {}

    fn wants(&self) -> bool {
        false
    }
}

/// Hands on the text before a job's end.
pub struct Until<'t> {
    pub texts: &'t mut dyn Texts,
    pub end: u64,
}

impl Text for Until<'_> {
    fn text(&mut self, at: u64, bytes: &[u8]) {
        if at < self.end {
            self.texts.push(bytes);
        }
    }
}
