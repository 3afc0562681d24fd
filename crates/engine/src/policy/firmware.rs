//! Which firmware printers must have: by a version, by a day, or by both.

use leaksweep_facts::tables::policy::PrinterFirmware;
use serde::Deserialize;

use super::file::Day;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Entry {
    maker: String,
    model: Option<String>,
    minimum: Option<String>,
    released: Option<Day>,
}

impl Entry {
    /// Makers write their own names and models in many cases; patterns are kept in lower case.
    pub fn row(self) -> Result<PrinterFirmware, String> {
        let empty = |text: &str| text.trim().is_empty();
        if empty(&self.maker) {
            return Err("firmware needs its maker; write \"*\" for every maker".into());
        }
        if self.minimum.as_deref().is_some_and(empty) {
            return Err("the minimum version is empty".into());
        }
        if self.minimum.is_none() && self.released.is_none() {
            return Err("firmware needs a minimum version or the day on which it was released".into());
        }
        Ok(PrinterFirmware {
            maker: self.maker.to_lowercase(),
            model: self.model.map_or_else(|| "*".into(), |model| model.to_lowercase()),
            minimum: self.minimum,
            released: self.released.map(Day::read).transpose()?,
        })
    }
}
