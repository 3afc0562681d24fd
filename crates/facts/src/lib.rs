//! The contract that the whole house shares: tables of facts, problems, the sweep file, verdicts.
//!
//! Sensors fill it, the engine asks it, reports show it. It knows Arrow and nothing of DataFusion,
//! so that everything but the engine builds in seconds.

mod cell;
pub mod certificate;
pub mod changes;
pub mod custody;
mod glob;
pub mod measure;
pub mod output;
pub mod problem;
pub mod seal;
pub mod signed;
pub mod statement;
pub mod sweep;
pub mod swept;
mod table;
pub mod tables;
pub mod time;
pub mod verdict;

/// The byte parsers, for the fuzz targets alone.
#[doc(hidden)]
pub mod parsers;

pub use cell::{Cell, Kind};
pub use glob::glob;
pub use problem::{Observed, Problem, Reason};
pub use sweep::{Extent, Manifest, Sweep};
pub use table::{Column, Table, TableDef, is_fact_name};
pub use time::Time;
