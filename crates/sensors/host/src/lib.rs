//! The host sensor: one machine, running or as a mounted disk, becomes facts.
//!
//! Reads: `/proc`, `/sys` and files below one root, all through [`root::Root`], which never leaves
//! the root, never opens anything but plain files and folders, and never reads without a cap. It
//! runs no program and opens no connection.

mod accounts;
mod agents;
mod autostarts;
mod boot;
mod bpf;
mod browser_policies;
mod changeable;
mod containers;
mod contradictions;
mod descriptors;
mod digest;
mod editors;
mod extensions;
mod files;
#[cfg(test)]
mod fixture;
mod interfaces;
mod keys;
mod libraries;
mod logins;
mod machine;
mod modules;
mod mounts;
mod name;
mod origins;
mod packages;
mod packing;
mod pam;
mod processes;
mod quotes;
mod readers;
mod reading;
mod remote;
mod rights;
pub mod root;
mod secrets;
mod services;
mod sessions;
mod sockets;
mod sqlite;
mod sweep;
mod system;
mod tally;
mod traits;
mod usb;
mod web;

pub use machine::{Machine, OpenError};
pub use origins::deep::Progress;
pub use sweep::{Options, sweep};

/// The byte parsers, for the fuzz targets alone.
#[doc(hidden)]
pub mod parsers;
