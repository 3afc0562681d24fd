//! What Windows and Linux leave beside documents: registry hives, event logs, shortcuts, programs.

pub mod elf;
pub mod event_log;
pub mod hive;
pub mod shortcut;
#[cfg(test)]
mod tests;

use super::opaque;
