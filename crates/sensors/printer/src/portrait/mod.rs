//! What has been learnt of one printer, by whatever way; in the end rows of tables.

mod record;
mod value;

use leaksweep_facts::{
    Problem, Time,
    tables::printer::{Certificate, Channel, Job, Page, Part, Service, Statement, Store},
};

pub use value::{Value, Way};

use crate::Topic;

/// One thing that one answer told.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Learnt {
    topic: Topic,
    value: Value,
    way: Way,
    asked: String,
    answered: String,
}

/// The most that is kept of each table: a printer that tells more is no printer.
const MOST_ROWS: usize = 10_000;
/// The most that is kept of a text.
const LONGEST: usize = 200;

/// Everything that is known of one printer.
#[derive(Debug, Default)]
pub struct Portrait {
    learnt: Vec<Learnt>,
    pub services: Vec<Service>,
    pub certificates: Vec<Certificate>,
    pub stores: Vec<Store>,
    pub parts: Vec<Part>,
    pub channels: Vec<Channel>,
    pub jobs: Vec<Job>,
    pub pages: Vec<Page>,
    pub statements: Vec<Statement>,
    pub problems: Vec<Problem>,
    /// Whether anything of it answered, be it that a port is closed.
    pub reached: bool,
    /// How many answers were too many to be kept.
    untold: usize,
}

impl Portrait {
    /// Notes what an answer told. Empty texts tell nothing.
    pub fn learn(
        &mut self,
        topic: Topic,
        value: impl Into<Value>,
        way: Way,
        asked: impl Into<String>,
        answered: impl AsRef<str>,
    ) {
        let value = match value.into() {
            Value::Text(text) if text.trim().is_empty() => return,
            Value::Text(text) => Value::Text(cut(text.trim())),
            other => other,
        };
        if self.learnt.len() >= MOST_ROWS {
            self.untold += 1;
            return;
        }
        let answered = cut(answered.as_ref().trim());
        self.learnt.push(Learnt { topic, value, way, asked: asked.into(), answered });
    }

    /// What counts of all that was told: what came by the most direct way, and of that the first.
    pub fn value(&self, topic: Topic) -> Option<&Value> {
        self.counting(topic).map(|at| &self.learnt[at].value)
    }

    pub fn text(&self, topic: Topic) -> Option<String> {
        self.value(topic).map(Value::to_string)
    }

    /// What one way told of it first.
    pub fn told(&self, topic: Topic, way: Way) -> Option<String> {
        let found = self.learnt.iter().find(|learnt| learnt.topic == topic && learnt.way == way);
        found.map(|learnt| learnt.value.to_string())
    }

    pub fn flag(&self, topic: Topic) -> Option<bool> {
        match self.value(topic) {
            Some(Value::Flag(flag)) => Some(*flag),
            _ => None,
        }
    }

    fn number(&self, topic: Topic) -> Option<i64> {
        match self.value(topic) {
            Some(Value::Number(number)) => Some(*number),
            _ => None,
        }
    }

    fn moment(&self, topic: Topic) -> Option<Time> {
        match self.value(topic) {
            Some(Value::Moment(moment)) => Some(*moment),
            _ => None,
        }
    }

    fn counting(&self, topic: Topic) -> Option<usize> {
        let told = self.learnt.iter().enumerate().filter(|(_, learnt)| learnt.topic == topic);
        told.min_by_key(|(at, learnt)| (learnt.way, *at)).map(|(at, _)| at)
    }

    /// Whether a service answered as it should.
    pub fn speaks(&self, service: &str) -> bool {
        let spoke = |row: &Service| row.service == service && row.speaks == Some(true);
        self.services.iter().any(spoke)
    }

    /// Where a service's port is open.
    pub fn is_open(&self, port: u16) -> bool {
        let open = |row: &Service| row.port == i64::from(port) && row.reach == "open";
        self.services.iter().any(open)
    }

    pub fn service(&mut self, service: &str) -> Option<&mut Service> {
        self.services.iter_mut().find(|row| row.service == service)
    }
}

/// At most [`LONGEST`] characters.
pub fn cut(text: &str) -> String {
    text.chars().take(LONGEST).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_most_direct_answer_counts_and_the_others_stay() {
        let mut portrait = Portrait::default();
        portrait.learn(Topic::Firmware, "1.2", Way::Snmp, "1.3.6", "1.2");
        portrait.learn(Topic::Firmware, "1.3", Way::Ipp, "printer-firmware-string-version", "1.3");
        portrait.learn(Topic::Firmware, " ", Way::Ipp, "printer-firmware-string-version", " ");
        assert_eq!(portrait.text(Topic::Firmware).as_deref(), Some("1.3"));
        let answers = portrait.answers();
        let counted: Vec<_> = answers.iter().map(|row| (row.value.as_str(), row.counted)).collect();
        assert_eq!(counted, [("1.2", false), ("1.3", true)]);
    }
}
