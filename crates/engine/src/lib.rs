//! The engine: facts and policy become tables, checks become queries, answers become verdicts.
//!
//! It sees no sensor and no report. DataFusion lives here alone.

mod catalogue;
pub mod check;
mod context;
mod facts;
mod functions;
mod judge;
mod picture;
pub mod policy;
mod query;
mod trial;
mod turns;

pub use check::{Check, CheckError, Library, LibraryError};
pub use context::{Engine, EngineError, STACK_BYTES};
pub use facts::{Facts, Swept};
pub use judge::{Judge, Progress};
pub use leaksweep_facts::glob;
pub use policy::Policy;
pub use query::{QueryError, Table};
pub use trial::{Failure as TrialFailure, Trial};
