//! What the holder allows: one TOML file, seen by checks as the tables `policy_*`.

mod file;
mod firmware;
mod hours;
mod tables;

use std::{
    io,
    path::{Path, PathBuf},
};

use leaksweep_facts::{
    seal::PublicKey,
    tables::policy::{
        Administrator, ExceptionRow, Listener, LogInHours, PrinterFirmware, RemoteTool, Zone,
    },
};
use thiserror::Error;

pub use tables::{PolicyTables, exceptions};

use leaksweep_facts::glob;

/// The commented file that `leaksweep policy init` writes. A test reads it back as the default.
pub const TEMPLATE: &str = include_str!("template.toml");
pub const FILE_NAME: &str = "leaksweep.toml";
/// The zone of every target that no rule names.
pub const DEFAULT_ZONE: &str = "office";

#[derive(Debug, Clone, PartialEq)]
pub struct Policy {
    /// The file that it was read from; none for the built-in one.
    pub path: Option<PathBuf>,
    pub zones: Vec<ZoneRule>,
    pub listeners: Vec<Listener>,
    pub remote_tools: Vec<RemoteTool>,
    pub log_in_hours: Vec<LogInHours>,
    pub administrators: Vec<Administrator>,
    pub printer_firmware: Vec<PrinterFirmware>,
    pub publishers: Vec<String>,
    pub vendors: Vec<String>,
    pub origins: Vec<String>,
    /// `expired` is filled at the time of judging.
    pub exceptions: Vec<ExceptionRow>,
    /// Keys of which one must have signed every sweep file; none means that any sweep is judged.
    pub sweep_keys: Vec<PublicKey>,
}

/// A zone and the targets in it.
#[derive(Debug, Clone, PartialEq)]
pub struct ZoneRule {
    pub zone: Zone,
    /// Patterns of target names.
    pub targets: Vec<String>,
    /// Hashed machine ids.
    pub machine_ids: Vec<String>,
}

#[derive(Debug, Error)]
pub enum PolicyError {
    #[error("cannot read {}", path.display())]
    Io { path: PathBuf, source: io::Error },
    #[error("{}{}: {message}", path.display(), line.map(|n| format!(":{n}")).unwrap_or_default())]
    Malformed { path: PathBuf, line: Option<usize>, message: String },
}

impl Default for Policy {
    fn default() -> Self {
        Self {
            path: None,
            zones: file::built_in_zones(),
            listeners: Vec::new(),
            remote_tools: Vec::new(),
            log_in_hours: Vec::new(),
            administrators: Vec::new(),
            printer_firmware: Vec::new(),
            publishers: Vec::new(),
            vendors: Vec::new(),
            origins: Vec::new(),
            exceptions: Vec::new(),
            sweep_keys: Vec::new(),
        }
    }
}

impl Policy {
    pub fn read(path: &Path) -> Result<Self, PolicyError> {
        let text = file::read_capped(path)?;
        file::parse(&text, path)
    }

    /// The zone of a target: the first whose rule names it.
    pub fn zone_of(&self, target: &str, machine_id: Option<&str>) -> &str {
        let names = |rule: &&ZoneRule| {
            rule.targets.iter().any(|pattern| glob(pattern, target))
                || machine_id.is_some_and(|id| rule.machine_ids.iter().any(|own| own == id))
        };
        self.zones.iter().find(names).map_or(DEFAULT_ZONE, |rule| &rule.zone.zone)
    }

    pub fn has_zone(&self, name: &str) -> bool {
        self.zones.iter().any(|rule| rule.zone.zone == name)
    }
}
