//! The measures that the advisories demand: `measures.toml` at the top of the project, embedded.

use std::sync::{Arc, LazyLock};

use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Measure {
    /// `R4`; the letter is the advisory: P printers, R remote control, D devices.
    pub id: String,
    /// What to do, in one line.
    pub title: String,
    /// What happens where nobody does it.
    pub threat: String,
    /// The sensors (or records) that decide it.
    pub decided_by: Vec<String>,
    /// Controls of NIST SP 800-53 revision 5 that ask the same.
    #[serde(default)]
    pub nist_800_53: Vec<String>,
    /// Controls of ISO/IEC 27001:2022 Annex A that ask the same.
    #[serde(default)]
    pub iso_27001: Vec<String>,
    /// Sections of GB/T 22239-2019 that ask the same.
    #[serde(default)]
    pub gbt_22239: Vec<String>,
}

impl Measure {
    /// The standards that ask the same, with their controls; none that is empty.
    pub fn mappings(&self) -> impl Iterator<Item = (&'static str, &[String])> {
        let all = [
            ("NIST SP 800-53r5", self.nist_800_53.as_slice()),
            ("ISO/IEC 27001:2022", self.iso_27001.as_slice()),
            ("GB/T 22239-2019", self.gbt_22239.as_slice()),
        ];
        all.into_iter().filter(|(_, controls)| !controls.is_empty())
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    measure: Vec<Measure>,
}

static ALL: LazyLock<Arc<[Measure]>> = LazyLock::new(|| {
    let file: File = toml::from_str(include_str!("../../../measures.toml"))
        .expect("a test reads the embedded measures.toml");
    file.measure.into()
});

/// Every measure, in the order of the file, which is the order of reports.
pub fn all() -> Arc<[Measure]> {
    ALL.clone()
}

pub fn find(id: &str) -> Option<&'static Measure> {
    ALL.iter().find(|measure| measure.id == id)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_embedded_file_holds_every_measure_once() {
        let ids: Vec<&str> = ALL.iter().map(|measure| measure.id.as_str()).collect();
        let expected = (1..=9).map(|n| format!("P{n}"));
        let expected = expected.chain((1..=8).map(|n| format!("R{n}")));
        let expected: Vec<String> = expected.chain((1..=9).map(|n| format!("D{n}"))).collect();
        assert_eq!(ids, expected);
        assert!(ALL.iter().all(|measure| !measure.decided_by.is_empty()));
    }
}
