//! What the storage sensor observes of a medium: a disk, a card, a chip, or an image of one.

mod artifacts;
mod marks;
mod media;
mod papers;

pub use artifacts::{Artifact, Preview, Setting};
pub use marks::{KnownDocument, Mark};
pub use media::{Extent, Medium, Partition};
pub use papers::{Certificate, Custody};
