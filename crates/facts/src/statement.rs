//! A signed statement on a printer: what no program can see, found out by a person at the device. One fact in each file.
//!
//! That somebody signed it is proven; that it is true is not. The printer's own word goes before it, and where the two differ
//! a check says so. It is of a printer of one name and, where it was given, one serial number.

use serde::{Deserialize, Serialize};

use crate::{Kind, Time, seal::Purpose, signed::Document, tables};

/// The form of the file; a reader refuses any other.
pub const FORM: &str = "leaksweep statement 1";
/// Characters of each text.
pub const MOST_TEXT: usize = 4000;

/// Its seconds.
const DAY: i64 = 86_400;

/// What of `printer_devices` can be stated. Of `printer_settings` everything can.
const OF_DEVICES: [&str; 4] = ["maker", "model", "firmware", "firmware_date"];
/// What can become of a job's data.
const ERASE_MODES: [&str; 3] = ["none", "once", "several"];

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Statement {
    pub form: String,
    /// The name of the target, as in sweeps.
    pub printer: String,
    pub serial: Option<String>,
    /// A name of [`topics`].
    pub topic: String,
    /// A word that [`Topic::read`] understands.
    pub answer: String,
    /// How it was found out.
    pub how: Option<String>,
    pub by: String,
    pub role: String,
    pub made: Time,
    /// The last day on which it counts; none where it has no end.
    pub until: Option<Time>,
}

impl Document for Statement {
    const PURPOSE: Purpose = Purpose::Statement;

    fn form(&self) -> &str {
        &self.form
    }
}

/// A column that can be stated.
#[derive(Debug, Clone, Copy)]
pub struct Topic {
    pub column: &'static str,
    pub kind: Kind,
    /// What the column holds.
    pub doc: &'static str,
}

/// What an answer amounts to in its column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answer {
    Flag(bool),
    Number(i64),
    Text(String),
    Moment(Time),
}

/// Everything that can be stated: devices first, then settings in the order of their table.
pub fn topics() -> impl Iterator<Item = Topic> {
    let of = |table: &'static str| {
        let columns = tables::find(table).map(|def| def.columns).unwrap_or_default();
        columns.iter().map(|column| Topic {
            column: column.name,
            kind: column.kind,
            doc: column.doc,
        })
    };
    let devices = of("printer_devices").filter(|topic| OF_DEVICES.contains(&topic.column));
    devices.chain(of("printer_settings"))
}

pub fn topic(name: &str) -> Option<Topic> {
    topics().find(|topic| topic.column == name)
}

impl Topic {
    /// Which answers it takes, for a person.
    pub fn answers(&self) -> &'static str {
        match (self.kind, self.column) {
            (Kind::Bool, _) => "yes or no",
            (Kind::Time, _) => "a date as in 2026-03-01",
            (_, "erase_mode") => "none, once or several",
            (_, "erase_progress") => "a number from 0 to 100, or -1 where nothing runs",
            _ => "a text",
        }
    }

    pub fn read(&self, answer: &str) -> Option<Answer> {
        match (self.kind, self.column) {
            (Kind::Bool, _) => flag(answer).map(Answer::Flag),
            (Kind::Int, _) => {
                let number = answer.parse().ok().filter(|number| (-1..=100).contains(number));
                number.map(Answer::Number)
            }
            (Kind::Time, _) => Time::parse(answer).map(Answer::Moment),
            (_, "erase_mode") => {
                ERASE_MODES.contains(&answer).then(|| Answer::Text(answer.to_owned()))
            }
            _ => (!answer.trim().is_empty()).then(|| Answer::Text(answer.trim().to_owned())),
        }
    }
}

fn flag(answer: &str) -> Option<bool> {
    match answer {
        "yes" => Some(true),
        "no" => Some(false),
        _ => None,
    }
}

impl Statement {
    pub fn answered(&self) -> Option<(Topic, Answer)> {
        let topic = topic(&self.topic)?;
        Some((topic, topic.read(&self.answer)?))
    }

    /// Why nobody should sign it, or rely on it; none where nothing is wrong with it.
    pub fn fault(&self) -> Option<String> {
        let Some(topic) = topic(&self.topic) else {
            return Some(format!("'{}' is nothing that can be stated", self.topic));
        };
        if topic.read(&self.answer).is_none() {
            return Some(format!(
                "{} takes {}, not '{}'",
                self.topic,
                topic.answers(),
                self.answer
            ));
        }
        let needed = [("printer", &self.printer), ("name", &self.by), ("role", &self.role)];
        if let Some((what, _)) = needed.into_iter().find(|(_, text)| text.trim().is_empty()) {
            return Some(format!("it does not say the {what}"));
        }
        if self.until.is_some_and(|until| until < self.made) {
            return Some("it ends before it begins".into());
        }
        let texts = [&self.printer, &self.answer, &self.by, &self.role];
        let more = [self.serial.as_ref(), self.how.as_ref()];
        let mut all = texts.into_iter().chain(more.into_iter().flatten());
        let too_long = all.any(|text| text.chars().count() > MOST_TEXT);
        too_long.then(|| format!("one of its texts has more than {MOST_TEXT} characters"))
    }

    /// Whether it is of a printer of this name and serial number; a serial number that either lacks says nothing.
    pub fn is_of(&self, printer: &str, serial: Option<&str>) -> bool {
        let same = |one: &str, other: &str| plain(one) == plain(other);
        let serials = self.serial.as_deref().zip(serial);
        same(&self.printer, printer) && serials.is_none_or(|(one, other)| same(one, other))
    }

    /// Whether it counts at a moment: from when it was made to the end of its last day.
    pub fn holds_at(&self, moment: Time) -> bool {
        let day = |time: Time| time.0.div_euclid(DAY);
        self.made <= moment && self.until.is_none_or(|until| day(moment) <= day(until))
    }
}

/// In one case and without what surrounds it.
fn plain(text: &str) -> String {
    text.trim().to_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn statement() -> Statement {
        Statement {
            form: FORM.into(),
            printer: "printer-3".into(),
            serial: Some("CNB1".into()),
            topic: "bluetooth".into(),
            answer: "no".into(),
            how: None,
            by: "Li".into(),
            role: "facilities".into(),
            made: Time(1000),
            until: Some(Time(2000)),
        }
    }

    #[test]
    fn an_answer_is_one_that_its_column_takes() {
        let read = |name: &str, answer: &str| topic(name).and_then(|topic| topic.read(answer));
        assert_eq!(read("bluetooth", "yes"), Some(Answer::Flag(true)));
        assert_eq!(read("erase_mode", "once"), Some(Answer::Text("once".into())));
        assert_eq!(read("erase_progress", "40"), Some(Answer::Number(40)));
        assert_eq!(read("firmware_date", "1970-01-02"), Some(Answer::Moment(Time(86_400))));
        assert_eq!(read("firmware", " 1.2 "), Some(Answer::Text("1.2".into())));
        for (name, answer) in [
            ("bluetooth", "off"),
            ("bluetooth", "Yes"),
            ("erase_mode", "twice"),
            ("erase_progress", "101"),
            ("erase_progress", "half"),
            ("wifi_network", " "),
            ("firmware_date", "June"),
            ("serial", "CNB1"),
            ("target", "p"),
        ] {
            assert_eq!(read(name, answer), None, "{name} {answer}");
        }
    }

    #[test]
    fn what_lacks_something_is_nothing_to_sign() {
        assert_eq!(statement().fault(), None);
        let wrong = [
            Statement { topic: "colour".into(), ..statement() },
            Statement { answer: "perhaps".into(), ..statement() },
            Statement { by: " ".into(), ..statement() },
            Statement { role: String::new(), ..statement() },
            Statement { printer: String::new(), ..statement() },
            Statement { until: Some(Time(999)), ..statement() },
            Statement { how: Some("长".repeat(MOST_TEXT + 1)), ..statement() },
        ];
        for statement in wrong {
            assert!(statement.fault().is_some(), "{statement:?}");
        }
    }

    #[test]
    fn it_is_of_one_printer_and_has_its_time() {
        let said = statement();
        assert!(said.is_of("Printer-3 ", Some("cnb1")) && said.is_of("printer-3", None));
        assert!(!said.is_of("printer-4", None) && !said.is_of("printer-3", Some("CNB2")));
        let held = [999, 1000, DAY - 1, DAY].map(|second| said.holds_at(Time(second)));
        assert_eq!(held, [false, true, true, false]);
    }
}
