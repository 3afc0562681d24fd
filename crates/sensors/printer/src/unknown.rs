//! What nobody told of a printer. Each cell that a check needs is a problem of its own, with how a person finds it out, so that one
//! unknown setting leaves the others known. Of a printer that did not answer nothing is known, its closed ports neither.

use leaksweep_facts::{Problem, Reason};

use crate::{Portrait, Topic};

impl Portrait {
    /// Whether anything that was answered shows a printer. A machine at a wrong address answers too, and a broken recording says
    /// nothing.
    pub fn shows_a_printer(&self) -> bool {
        let tells = [Topic::Model, Topic::DeviceId, Topic::Languages, Topic::Firmware];
        let speaks = ["ipp", "ipps", "lpd", "raw", "escl", "wsd"];
        let rows = self.stores.len() + self.channels.len() + self.jobs.len() + self.parts.len();
        rows > 0
            || tells.iter().any(|topic| self.value(*topic).is_some())
            || speaks.iter().any(|service| self.speaks(service))
    }

    /// What a check needs to know and nobody told is a problem that names its column. Of what was not reached, or shows no printer,
    /// that is everything.
    pub fn name_the_unknown(&mut self, subject: &str) {
        let silence = match (self.reached, self.shows_a_printer()) {
            (false, _) => Some(&UNREACHED),
            (true, false) => Some(&NO_PRINTER),
            _ => None,
        };
        let stores = self.flag(Topic::Storage) != Some(false);
        let matters =
            |topic: &&Topic| self.value(**topic).is_none() && (stores || !topic.is_of_stores());
        let unknown = Topic::ALL.iter().filter(matters);
        let problems: Vec<Problem> = match silence {
            None => unknown.filter_map(|topic| untold(*topic, subject)).collect(),
            Some(silence) => unknown.map(|topic| silence.of_topic(*topic, subject)).collect(),
        };
        self.problems.extend(problems);
        if let Some(silence) = silence {
            self.problems.extend(OF_ANSWERS.iter().map(|table| silence.of_table(table, subject)));
        }
    }
}

/// Why nothing at all is known.
struct Silence {
    detail: &'static str,
    hint: &'static str,
}

const UNREACHED: Silence = Silence {
    detail: "nothing of it answered",
    hint: "switch it on, or sweep it from a machine that reaches it",
};

const NO_PRINTER: Silence = Silence {
    detail: "nothing that was answered shows a printer",
    hint: "is the name or address right, and a recording one of a printer?",
};

impl Silence {
    fn of_topic(&self, topic: Topic, subject: &str) -> Problem {
        let (table, column) = topic.place();
        self.of_table(table, subject).in_columns(columns(table, column))
    }

    fn of_table(&self, table: &'static str, subject: &str) -> Problem {
        Problem::new(table, subject, Reason::Failed, self.detail).hint(self.hint)
    }
}

/// Tables whose rows come from answers alone.
const OF_ANSWERS: &[&str] = &[
    "printer_services",
    "printer_certificates",
    "printer_stores",
    "printer_parts",
    "printer_channels",
    "printer_jobs",
    "printer_pages",
    "printer_answers",
];

fn untold(topic: Topic, subject: &str) -> Option<Problem> {
    let panel = topic.panel()?;
    let (table, column) = topic.place();
    let told = "nothing that this printer shows over the network tells it";
    let hint = format!("{panel}; then give it as a signed statement: leaksweep statement");
    let problem = Problem::new(table, subject, Reason::Unsupported, told).hint(hint);
    Some(problem.in_columns(columns(table, column)))
}

/// The column's own name, as the list that a problem takes.
fn columns(table: &str, column: &str) -> &'static [&'static str] {
    let table = leaksweep_facts::tables::find(table);
    let found = table.and_then(|table| table.columns.iter().find(|known| known.name == column));
    found.map_or(&[], |known| std::slice::from_ref(&known.name))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Way;

    #[test]
    fn what_nobody_told_is_a_problem_of_its_column() {
        let mut portrait = Portrait::default();
        portrait.reached = true;
        portrait.learn(Topic::Model, "X", Way::Ipp, "printer-make-and-model", "X");
        portrait.learn(Topic::Bluetooth, false, Way::Statement, "bluetooth", "off");
        portrait.name_the_unknown("p");
        let named =
            |column: &str| portrait.problems.iter().any(|problem| problem.columns == [column]);
        assert!(named("wifi_direct") && named("erase_mode") && !named("bluetooth"));
        assert!(portrait.problems.iter().all(|problem| !problem.hint.is_empty()));
    }

    type Lacking = Vec<(&'static str, &'static [&'static str])>;

    fn unknown(reached: bool, stores: Option<bool>) -> Lacking {
        let mut portrait = Portrait::default();
        portrait.reached = reached;
        if reached {
            portrait.learn(Topic::Model, "X", Way::Ipp, "printer-make-and-model", "X");
        }
        if let Some(stores) = stores {
            portrait.learn(Topic::Storage, stores, Way::Snmp, "1.3.6", "x");
        }
        portrait.name_the_unknown("p");
        portrait.problems.iter().map(|problem| (problem.table, problem.columns)).collect()
    }

    #[test]
    fn a_printer_without_a_store_has_nothing_to_encrypt() {
        let of_stores = |told: Option<bool>| {
            unknown(true, told).iter().any(|(_, columns)| columns.contains(&"storage_encrypted"))
        };
        assert!(of_stores(None) && of_stores(Some(true)) && !of_stores(Some(false)));
    }

    #[test]
    fn of_what_was_not_reached_nothing_is_known() {
        let (silent, reached) = (unknown(false, None), unknown(true, None));
        for table in OF_ANSWERS {
            assert!(silent.contains(&(table, &[])) && !reached.contains(&(table, &[])), "{table}");
        }
        let settings = leaksweep_facts::tables::find("printer_settings").unwrap();
        for column in settings.columns {
            assert!(silent.contains(&("printer_settings", &[column.name])), "{}", column.name);
        }
        assert!(silent.iter().all(|(_, columns)| !columns.contains(&"reached")));
    }

    #[test]
    fn of_what_shows_no_printer_nothing_is_known() {
        let mut portrait = Portrait::default();
        portrait.reached = true;
        portrait.name_the_unknown("p");
        for table in OF_ANSWERS {
            let whole = |problem: &&Problem| problem.table == *table && problem.columns.is_empty();
            let problem = portrait.problems.iter().find(whole).unwrap();
            assert_eq!(problem.detail, NO_PRINTER.detail);
        }
    }
}
