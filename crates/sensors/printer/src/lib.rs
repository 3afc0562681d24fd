//! The printer sensor: what a printer shows of itself to anybody who asks, without printing a page or changing a setting.
//!
//! `sweep` looks at one printer in the ways of `look`, each of which talks over `wire` alone; `wire` sends nothing that is not in
//! the `plan`. What answers tell goes into a `portrait`, and from there into tables. Nothing here judges.

mod crew;
pub mod device_id;
pub mod discovery;
pub mod http;
pub mod look;
mod options;
pub mod plan;
mod portrait;
mod range;
mod session;
mod statements;
mod sweep;
mod target;
mod topic;
mod unknown;
pub mod wire;

/// The byte parsers, for the fuzz targets alone.
#[doc(hidden)]
pub mod parsers;

pub use crew::{Crew, many};
pub use look::ipp::{QueueError, queues};
pub use options::{Options, Recorded, Snmp, Source, User};
pub use portrait::{Portrait, Value, Way};
pub use range::range;
pub use statements::MOST_FILES as MOST_STATEMENTS;
pub use sweep::{Seen, sweep};
pub use target::{Scheme, Target, TargetError};
pub use topic::Topic;
