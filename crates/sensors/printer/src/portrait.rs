//! What has been learnt of one printer, by whatever way; in the end rows of tables.

use leaksweep_facts::{
    Problem, Reason, Sweep, Time,
    tables::printer::{
        Answer, Certificate, Channel, Device, Job, Look, Page, Part, Service, Setting, Statement,
        Store,
    },
};

use crate::Topic;

/// By what way an answer came; the first is the most direct, and counts before the later ones.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Way {
    Ipp,
    Pjl,
    Snmp,
    Http,
    Escl,
    Wsd,
    Mdns,
    Lpd,
    Tls,
    Statement,
}

impl Way {
    pub fn as_str(self) -> &'static str {
        match self {
            Way::Ipp => "ipp",
            Way::Pjl => "pjl",
            Way::Snmp => "snmp",
            Way::Http => "http",
            Way::Escl => "escl",
            Way::Wsd => "wsd",
            Way::Mdns => "mdns",
            Way::Lpd => "lpd",
            Way::Tls => "tls",
            Way::Statement => "statement",
        }
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Value {
    Text(String),
    Flag(bool),
    Number(i64),
    Moment(Time),
}

impl std::fmt::Display for Value {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Value::Text(text) => f.write_str(text),
            Value::Flag(flag) => write!(f, "{flag}"),
            Value::Number(number) => write!(f, "{number}"),
            Value::Moment(moment) => write!(f, "{moment}"),
        }
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Value::Text(text.into())
    }
}

impl From<String> for Value {
    fn from(text: String) -> Self {
        Value::Text(text)
    }
}

impl From<bool> for Value {
    fn from(flag: bool) -> Self {
        Value::Flag(flag)
    }
}

impl From<i64> for Value {
    fn from(number: i64) -> Self {
        Value::Number(number)
    }
}

impl From<Time> for Value {
    fn from(moment: Time) -> Self {
        Value::Moment(moment)
    }
}

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

    fn device(&self) -> Device {
        let text = |topic| self.text(topic);
        Device {
            reached: self.reached,
            maker: text(Topic::Maker),
            model: text(Topic::Model),
            serial: text(Topic::Serial),
            name: text(Topic::Name),
            location: text(Topic::Location),
            contact: text(Topic::Contact),
            uuid: text(Topic::Uuid),
            mac: text(Topic::Mac),
            firmware: text(Topic::Firmware),
            firmware_date: self.moment(Topic::FirmwareDate),
            device_id: text(Topic::DeviceId),
            languages: text(Topic::Languages),
            uptime: self.number(Topic::Uptime),
            state: text(Topic::State),
            page: text(Topic::PageOfPeople),
            behind: text(Topic::Behind),
            shared: self.flag(Topic::Shared),
            ..Device::default()
        }
    }

    fn setting(&self) -> Setting {
        let flag = |topic| self.flag(topic);
        Setting {
            storage: flag(Topic::Storage),
            storage_encrypted: flag(Topic::StorageEncrypted),
            erase_mode: self.text(Topic::EraseMode),
            erase_progress: self.number(Topic::EraseProgress),
            files_by_pjl: flag(Topic::FilesByPjl),
            files_by_postscript: flag(Topic::FilesByPostscript),
            files_by_nfs: flag(Topic::FilesByNfs),
            files_by_management: flag(Topic::FilesByManagement),
            pjl_password: flag(Topic::PjlPassword),
            panel_locked: flag(Topic::PanelLocked),
            job_retention: flag(Topic::JobRetention),
            job_password: flag(Topic::JobPassword),
            firmware_over_network: flag(Topic::FirmwareOverNetwork),
            auto_update: flag(Topic::AutoUpdate),
            cloud_print: flag(Topic::CloudPrint),
            remote_service: flag(Topic::RemoteService),
            wifi: flag(Topic::Wifi),
            wifi_network: self.text(Topic::WifiNetwork),
            wifi_direct: flag(Topic::WifiDirect),
            bluetooth: flag(Topic::Bluetooth),
            usb_host: flag(Topic::UsbHost),
            fax: flag(Topic::Fax),
            scan_open: flag(Topic::ScanOpen),
            admin_password: flag(Topic::AdminPassword),
            default_password: flag(Topic::DefaultPassword),
            log_sent: flag(Topic::LogSent),
        }
    }

    fn answers(&self) -> Vec<Answer> {
        let row = |(at, learnt): (usize, &Learnt)| Answer {
            about: learnt.topic.about().into(),
            value: learnt.value.to_string(),
            way: learnt.way.as_str().into(),
            asked: learnt.asked.clone(),
            answered: learnt.answered.clone(),
            counted: self.counting(learnt.topic) == Some(at),
        };
        self.learnt.iter().enumerate().map(row).collect()
    }

    /// Fills a sweep. `place` is what the sweep itself knows of the device.
    pub fn record(mut self, place: Device, looks: Vec<Look>, sweep: &mut Sweep) {
        let device = Device {
            host: place.host,
            address: place.address,
            form: place.form,
            sent_bytes: place.sent_bytes,
            received_bytes: place.received_bytes,
            ..self.device()
        };
        let (setting, answers) = (self.setting(), self.answers());
        sweep.observe(seen(vec![device]));
        sweep.observe(seen(vec![setting]));
        sweep.observe(seen(answers));
        sweep.observe(seen(looks));
        sweep.observe(capped(self.services, &mut self.problems));
        sweep.observe(capped(self.certificates, &mut self.problems));
        sweep.observe(capped(self.stores, &mut self.problems));
        sweep.observe(capped(self.parts, &mut self.problems));
        sweep.observe(capped(self.channels, &mut self.problems));
        sweep.observe(capped(self.jobs, &mut self.problems));
        sweep.observe(capped(self.pages, &mut self.problems));
        sweep.observe(capped(self.statements, &mut self.problems));
        if self.untold > 0 {
            let detail = format!("{} answers more than the {MOST_ROWS} that are kept", self.untold);
            let table = "printer_answers";
            self.problems.push(Problem::new(table, table, Reason::TooLarge, detail));
        }
        sweep.report(&self.problems);
    }
}

fn seen<T>(rows: Vec<T>) -> leaksweep_facts::Observed<T> {
    leaksweep_facts::Observed { rows, problems: Vec::new() }
}

fn capped<T: leaksweep_facts::Table>(
    mut rows: Vec<T>,
    problems: &mut Vec<Problem>,
) -> leaksweep_facts::Observed<T> {
    if rows.len() > MOST_ROWS {
        let detail = format!("{} rows, of which {MOST_ROWS} are kept", rows.len());
        problems.push(Problem::new(T::DEF.name, T::DEF.name, Reason::TooLarge, detail));
        rows.truncate(MOST_ROWS);
    }
    seen(rows)
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
