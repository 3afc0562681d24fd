//! Everything that can be learnt of a printer as one value: the one list, with the column that it fills and, for what a check
//! needs to know, how a person finds it out where no answer tells.

use leaksweep_facts::{Kind, Time, tables};

use crate::Value;

macro_rules! topics {
    ($( $topic:ident => $column:literal $(, $panel:literal)? ;)+) => {
        /// One thing to know of a printer.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Topic { $( $topic, )+ }

        impl Topic {
            pub const ALL: &[Topic] = &[ $( Topic::$topic, )+ ];

            /// The table and column that it fills.
            pub fn about(self) -> &'static str {
                match self { $( Topic::$topic => $column, )+ }
            }

            /// How a person finds it out at the printer; none for what no check needs.
            pub fn panel(self) -> Option<&'static str> {
                #[allow(unreachable_patterns)]
                match self { $( $( Topic::$topic => Some($panel), )? )+ _ => None }
            }
        }
    };
}

topics! {
    Maker => "printer_devices.maker", "read the type plate at its back";
    Model => "printer_devices.model", "read the type plate at its back";
    Serial => "printer_devices.serial";
    Name => "printer_devices.name";
    Location => "printer_devices.location";
    Contact => "printer_devices.contact";
    Uuid => "printer_devices.uuid";
    Mac => "printer_devices.mac";
    Firmware => "printer_devices.firmware", "print the configuration page, or look below Setup, About or System information";
    FirmwareDate => "printer_devices.firmware_date", "look the version up at the maker's site";
    DeviceId => "printer_devices.device_id";
    Languages => "printer_devices.languages";
    Uptime => "printer_devices.uptime";
    State => "printer_devices.state";
    PageOfPeople => "printer_devices.page";
    Behind => "printer_devices.behind";
    Shared => "printer_devices.shared";
    Storage => "printer_settings.storage", "print the configuration page: it lists installed disks and cards; or look for a hard-disk cover at the back";
    StorageEncrypted => "printer_settings.storage_encrypted", "look below Security or Storage for disk encryption, or in the maker's data sheet";
    EraseMode => "printer_settings.erase_mode", "look below Security or Storage for overwriting, immediate or temporary data erase";
    EraseProgress => "printer_settings.erase_progress";
    FilesByPjl => "printer_settings.files_by_pjl", "look below Security for file system access, PJL drive access";
    FilesByPostscript => "printer_settings.files_by_postscript", "look below Security for file system access, PostScript file operations";
    FilesByNfs => "printer_settings.files_by_nfs", "look below Security for file system access, NFS";
    FilesByManagement => "printer_settings.files_by_management", "look below Security for file system access, PML or SNMP";
    PjlPassword => "printer_settings.pjl_password", "look below Security for a PJL password";
    PanelLocked => "printer_settings.panel_locked", "open the settings at the panel: does it demand a password?";
    JobRetention => "printer_settings.job_retention", "look below Jobs or Storage for job retention, stored or held jobs";
    JobPassword => "printer_settings.job_password", "print a job as private or secure: is a number demanded at the panel?";
    FirmwareOverNetwork => "printer_settings.firmware_over_network", "look below Security or Administration for remote firmware update";
    AutoUpdate => "printer_settings.auto_update", "look below Administration or Maintenance for automatic update";
    CloudPrint => "printer_settings.cloud_print", "look below Network or Web services for printing over the cloud";
    RemoteService => "printer_settings.remote_service", "look below Service or Administration for remote service, remote diagnosis or meter readings";
    Wifi => "printer_settings.wifi", "look below Network for Wireless or Wi-Fi";
    WifiNetwork => "printer_settings.wifi_network";
    WifiDirect => "printer_settings.wifi_direct", "look below Network for Wi-Fi Direct or access point";
    Bluetooth => "printer_settings.bluetooth", "look below Network or Connections for Bluetooth";
    UsbHost => "printer_settings.usb_host", "look for a USB socket at the front, and below Security for printing from USB";
    Fax => "printer_settings.fax", "look for a socket for a telephone line, and below Fax";
    ScanOpen => "printer_settings.scan_open", "scan from a computer over the network: is a password demanded?";
    AdminPassword => "printer_settings.admin_password", "open its web page and the settings there: is a password demanded?";
    DefaultPassword => "printer_settings.default_password", "sweep it with --try-default-password, or try the password of the manual at its web page";
    LogSent => "printer_settings.log_sent", "look below Security or Network for syslog or an audit log";
}

/// What matters only to a printer that keeps documents.
const OF_STORES: &[Topic] = &[
    Topic::StorageEncrypted,
    Topic::EraseMode,
    Topic::FilesByPjl,
    Topic::FilesByPostscript,
    Topic::FilesByNfs,
    Topic::FilesByManagement,
];

impl Topic {
    /// The topic of a column of `printer_settings` or `printer_devices`, as catalogues name it.
    pub fn named(column: &str) -> Option<Self> {
        Self::ALL.iter().find(|topic| topic.place().1 == column).copied()
    }

    /// A text of a catalogue as a value of its column; none for what cannot stand there.
    pub fn value(self, text: &str) -> Option<Value> {
        let (table, column) = self.place();
        let columns = tables::find(table)?.columns;
        let text = text.trim();
        Some(match columns.iter().find(|known| known.name == column)?.kind {
            Kind::Text => Some(text).filter(|text| !text.is_empty())?.into(),
            Kind::Bool => Value::Flag(text.parse().ok()?),
            Kind::Int => Value::Number(text.parse().ok()?),
            Kind::Time => Value::Moment(Time::parse(text)?),
        })
    }

    /// Whether it says nothing of a printer without a store.
    pub fn is_of_stores(self) -> bool {
        OF_STORES.contains(&self)
    }

    /// Its table and its column.
    pub fn place(self) -> (&'static str, &'static str) {
        self.about().split_once('.').unwrap_or((self.about(), ""))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_thing_that_the_catalogue_tells_has_a_topic() {
        const OF_JOBS: &[&str] = &["job-name", "job-user", "job-protected"];
        for maker in leaksweep_catalogue::printer_makers() {
            let objects = maker.objects.iter().map(|object| &object.about);
            let objects = objects.filter(|about| !OF_JOBS.contains(&about.as_str()));
            let tells = maker.pages.iter().flat_map(|page| &page.tells).map(|tell| &tell.about);
            let descriptions = maker.descriptions.iter().map(|description| &description.about);
            let panels = maker.panels.iter().map(|panel| &panel.about);
            for about in objects.chain(tells).chain(descriptions).chain(panels) {
                assert!(Topic::named(about).is_some(), "{}: {about}", maker.id);
            }
        }
    }

    #[test]
    fn every_meaning_in_the_catalogue_can_stand_in_its_column() {
        for maker in leaksweep_catalogue::printer_makers() {
            for object in &maker.objects {
                let reading = &object.reading;
                let Some(topic) = Topic::named(&object.about) else { continue };
                for meaning in reading.values.values().chain(&reading.refused) {
                    assert!(topic.value(meaning).is_some(), "{}: {meaning}", object.oid);
                }
            }
        }
    }

    #[test]
    fn a_text_becomes_what_its_column_holds() {
        assert_eq!(Topic::PanelLocked.value("true"), Some(Value::Flag(true)));
        assert_eq!(Topic::PanelLocked.value("locked"), None);
        assert_eq!(Topic::EraseProgress.value("40"), Some(Value::Number(40)));
        assert_eq!(Topic::Firmware.value(" 2.20 "), Some(Value::Text("2.20".into())));
        assert_eq!(Topic::Firmware.value(" "), None);
        let day = Topic::FirmwareDate.value("2021-02-03");
        assert_eq!(day.map(|day| day.to_string()).as_deref(), Some("2021-02-03T00:00:00Z"));
        assert_eq!(Topic::named("firmware"), Some(Topic::Firmware));
    }

    #[test]
    fn every_topic_fills_a_column_of_its_own() {
        for (at, topic) in Topic::ALL.iter().enumerate() {
            let (table, column) = topic.place();
            let table = tables::find(table).unwrap();
            assert!(table.columns.iter().any(|known| known.name == column), "{topic:?}");
            assert!(
                Topic::ALL[..at].iter().all(|other| other.about() != topic.about()),
                "{topic:?}"
            );
        }
    }

    #[test]
    fn whatever_can_be_stated_has_a_topic() {
        for stated in leaksweep_facts::statement::topics() {
            assert!(Topic::named(stated.column).is_some(), "{}", stated.column);
        }
    }

    #[test]
    fn every_setting_has_a_topic() {
        let settings = tables::find("printer_settings").unwrap();
        for column in settings.columns {
            assert!(Topic::named(column.name).is_some(), "{}", column.name);
        }
    }
}
