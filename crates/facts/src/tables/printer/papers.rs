//! How everything else came to be known.

use crate::{Time, table};

table! {
    /// Every single thing that an answer told of a printer, with the way it was got.
    #[table("printer_answers", version = 1)]
    pub struct Answer {
        /// Which column of which table: `printer_devices.firmware`, `printer_settings.erase_mode`.
        pub about: String,
        /// What it amounts to there.
        pub value: String,
        /// `ipp`, `snmp`, `pjl`, `http`, `tls`, `escl`, `wsd`, `mdns`, `lpd` or `statement`.
        pub way: String,
        /// What was asked for: an attribute, an object's identifier, a path.
        pub asked: String,
        /// What was answered, cut at 200 characters.
        pub answered: String,
        /// Whether it is the one that counted.
        pub counted: bool,
    }
}

table! {
    /// What was sent to a printer, and what came back: the ledger of a sweep.
    #[table("printer_looks", version = 1)]
    pub struct Look {
        /// What was sent: the name of a line of the plan.
        pub packet: String,
        /// The port.
        pub port: i64,
        /// How often.
        pub count: i64,
        /// Bytes that were sent.
        pub sent_bytes: i64,
        /// Bytes that came back.
        pub received_bytes: i64,
        /// How many of them ended with an error.
        pub failed: i64,
    }
}

table! {
    /// Signed statements on a printer that were given with a sweep: what no program can see.
    #[table("printer_statements", version = 1)]
    pub struct Statement {
        /// The column that it speaks of: of `printer_settings`, or `maker`, `model`, `firmware` or `firmware_date` of `printer_devices`. Empty where the file
        /// cannot be read.
        pub topic: String,
        /// What it says.
        pub answer: String,
        /// How it was found out.
        pub how: Option<String>,
        /// Who says so.
        pub by: String,
        /// In which role.
        pub role: String,
        /// When; null where the file cannot be read.
        pub made: Option<Time>,
        /// Until when it counts.
        pub until: Option<Time>,
        /// The id of the key that signed it; null where its signature does not hold.
        pub key: Option<String>,
        /// `counts`, `expired` (or made later than the sweep), `untrusted` (by a key that the user did not name), `contradicted` (the printer
        /// itself, or another statement, says otherwise), `broken` (it cannot be read, or its signature does not hold) or `other` (of another
        /// printer).
        pub state: String,
        /// Why it is broken; null where it is not.
        pub fault: Option<String>,
        /// The file.
        pub file: String,
    }
}
