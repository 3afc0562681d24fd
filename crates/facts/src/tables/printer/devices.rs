//! What a printer is, what it consists of, by what ways jobs reach it, and which jobs it tells of.

use crate::{Time, table};

table! {
    /// Printers; one row for each sweep. What several answers say is told by the most direct; all of them are in `printer_answers`.
    #[table("printer_devices", version = 1)]
    pub struct Device {
        /// The host or address at which it was looked at, as the user wrote it.
        pub host: String,
        /// The address; null for a recorded observation.
        pub address: Option<String>,
        /// `device`, `queue` (of a print server) or `recorded` (answers that the user brought).
        pub form: String,
        /// Whether anything of it answered.
        pub reached: bool,
        /// Who made it, by its own words: `HP`, `Brother`, `Kyocera`.
        pub maker: Option<String>,
        /// Its model, without the maker's name.
        pub model: Option<String>,
        /// Its serial number.
        pub serial: Option<String>,
        /// Its name, by itself.
        pub name: Option<String>,
        /// Where it stands, by itself.
        pub location: Option<String>,
        /// Whom to call, by itself.
        pub contact: Option<String>,
        /// Its unique id.
        pub uuid: Option<String>,
        /// The address of its network card, in lower case with colons.
        pub mac: Option<String>,
        /// The version of its firmware.
        pub firmware: Option<String>,
        /// The day of that firmware, where the printer says it or its version holds it.
        pub firmware_date: Option<Time>,
        /// Its identity by IEEE 1284, as it stands.
        pub device_id: Option<String>,
        /// The languages that it prints: `PCL`, `PJL`, `PostScript`, `URF` …, separated by spaces.
        pub languages: Option<String>,
        /// For how many seconds it has been running.
        pub uptime: Option<i64>,
        /// What it says of its state: `idle`, `processing`, `stopped`.
        pub state: Option<String>,
        /// Its own web page for people.
        pub page: Option<String>,
        /// For a queue of a print server: the device behind it, with `***` for an account that stands in its address.
        pub behind: Option<String>,
        /// For a queue of a print server: whether it is shared with other machines.
        pub shared: Option<bool>,
        /// Bytes that were sent to it.
        pub sent_bytes: i64,
        /// Bytes that came from it.
        pub received_bytes: i64,
    }
}

table! {
    /// What can keep documents in a printer: disks, cards, flash volumes. Working memory and the memory of settings are in `printer_parts`.
    #[table("printer_stores", version = 1)]
    pub struct Store {
        /// `disk`, `ssd`, `flash`, `removable` (a card or stick) or `unknown`.
        pub kind: String,
        /// How the printer calls it.
        pub name: String,
        /// How many bytes it holds.
        pub bytes: Option<i64>,
        /// How many of them are in use.
        pub used_bytes: Option<i64>,
        /// Whether it can be taken out, where the printer says.
        pub removable: Option<bool>,
        /// Whether what lies on it is encrypted, where the printer says.
        pub encrypted: Option<bool>,
        /// By which answer: `snmp 1.3.6.1.2.1.25.3.2.1.3.7`, `pjl INFO FILESYS`.
        pub source: String,
    }
}

table! {
    /// Other parts of printers: network cards, USB ports, fax cards, scanners, memory.
    #[table("printer_parts", version = 1)]
    pub struct Part {
        /// `network`, `wireless`, `usb-host`, `usb-device`, `fax`, `scanner`, `memory`, `settings-memory`, `printer`, `processor` or `other`.
        pub kind: String,
        /// How the printer calls it.
        pub name: String,
        /// By which answer.
        pub source: String,
    }
}

table! {
    /// Ways by which jobs, scans and faxes reach a printer, as it announces them.
    #[table("printer_channels", version = 1)]
    pub struct Channel {
        /// `ipp`, `ipps`, `raw`, `lpd`, `smb`, `ftp`, `usb`, `parallel`, `serial`, `appletalk`, `netware`, `dlc`, `email`, `fax`, `scan`, `cloud`,
        /// `wsd`, `other`.
        pub kind: String,
        /// Its address or the printer's word for it.
        pub name: String,
        /// Whether it is on, where the printer says.
        pub enabled: Option<bool>,
        /// Whether what goes over it is encrypted, where the printer says.
        pub encrypted: Option<bool>,
        /// Who may use it: `none` (anybody), `requesting-user-name` (anybody, under any name), `basic`, `digest`, `certificate`, `negotiate`, `oauth`.
        pub authentication: Option<String>,
        /// By which answer.
        pub source: String,
    }
}

table! {
    /// Jobs that a printer tells anybody of.
    #[table("printer_jobs", version = 1)]
    pub struct Job {
        /// Its number, where it has one.
        pub number: Option<i64>,
        /// Its name.
        pub name: Option<String>,
        /// Whose it is.
        pub user: Option<String>,
        /// `pending`, `held`, `processing`, `stopped`, `canceled`, `aborted`, `completed`, `stored`, or `unknown` in a recording that does not tell.
        pub state: String,
        /// Whether only who knows a number or password can print it, where the printer says.
        pub protected: Option<bool>,
        /// When it came.
        pub created: Option<Time>,
        /// When it was done.
        pub completed: Option<Time>,
        /// How many pages it has.
        pub pages: Option<i64>,
        /// By which answer.
        pub source: String,
    }
}
