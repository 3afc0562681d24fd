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
            return Err(
                "firmware needs a minimum version or the day on which it was released".into()
            );
        }
        Ok(PrinterFirmware {
            maker: self.maker.to_lowercase(),
            model: self.model.map_or_else(|| "*".into(), |model| model.to_lowercase()),
            minimum: self.minimum,
            released: self.released.map(Day::read).transpose()?,
        })
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use leaksweep_facts::Time;

    use crate::policy::file::parse;

    fn error(text: &str) -> String {
        parse(text, Path::new("leaksweep.toml")).unwrap_err().to_string()
    }

    #[test]
    fn printers_firmware_is_read_and_a_rule_that_says_nothing_is_an_error() {
        let text = "[[printer_firmware]]\nmaker = \"HP\"\nmodel = \"LaserJet *\"\nminimum = \"5.7\"\n\
[[printer_firmware]]\nmaker = \"Kyocera\"\nreleased = 2025-06-01\n";
        let rules = parse(text, Path::new("x")).unwrap().printer_firmware;
        let told = |at: usize| (&*rules[at].maker, &*rules[at].model, rules[at].minimum.as_deref());
        assert_eq!(told(0), ("hp", "laserjet *", Some("5.7")));
        assert_eq!(told(1), ("kyocera", "*", None));
        assert_eq!(rules[1].released, Time::parse("2025-06-01"));
        for (wrong, line, message) in [
            (text.replace("released = 2025-06-01\n", ""), 5, "a minimum version or the day"),
            (text.replace("\"5.7\"", "\" \""), 1, "the minimum version is empty"),
            (text.replace("\"5.7\"", "5.7"), 4, "string"),
            (text.replace("\"HP\"", "\"\""), 1, "needs its maker"),
            (text.replace("2025-06-01", "\"June\""), 5, "'June' is no date"),
            (text.replace("minimum", "minimun"), 4, "did you mean 'minimum'?"),
        ] {
            let error = error(&wrong);
            assert!(error.contains(&format!(":{line}:")) && error.contains(message), "{error}");
        }
    }

    #[test]
    fn a_zone_says_how_old_firmware_may_be() {
        let days = |text: &str| {
            let policy = parse(text, Path::new("x")).unwrap();
            policy.zones.iter().map(|rule| rule.zone.firmware_days).collect::<Vec<_>>()
        };
        assert_eq!(days(""), [365, 730]);
        assert_eq!(days("[[zone]]\nname = \"lab\"\n"), [365, 730, 365], "as strict as sealed");
        assert_eq!(days("[[zone]]\nname = \"office\"\nfirmware_days = 90\n"), [365, 90]);
        assert!(error("[[zone]]\nname = \"office\"\nfirmware_days = -1\n").contains(":3:"));
    }
}
