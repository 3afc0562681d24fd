//! Everything that can be learnt of a printer as one value: the one list, with the column that it fills and, for what a check
//! needs to know, how a person finds it out where no answer tells.

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
    Maker => "printer_devices.maker";
    Model => "printer_devices.model";
    Serial => "printer_devices.serial";
    Name => "printer_devices.name";
    Location => "printer_devices.location";
    Contact => "printer_devices.contact";
    Uuid => "printer_devices.uuid";
    Mac => "printer_devices.mac";
    Firmware => "printer_devices.firmware", "print the configuration page, or look below Setup, About or System information";
    FirmwareDate => "printer_devices.firmware_date";
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
    FilesByNfs => "printer_settings.files_by_nfs";
    FilesByManagement => "printer_settings.files_by_management";
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
    Fax => "printer_settings.fax";
    ScanOpen => "printer_settings.scan_open";
    AdminPassword => "printer_settings.admin_password", "open its web page and the settings there: is a password demanded?";
    DefaultPassword => "printer_settings.default_password";
    LogSent => "printer_settings.log_sent", "look below Security or Network for syslog or an audit log";
}

impl Topic {
    /// The topic of a column of `printer_settings`.
    pub fn of_setting(column: &str) -> Option<Self> {
        let of = |topic: &&Topic| topic.about().strip_prefix("printer_settings.") == Some(column);
        Self::ALL.iter().find(of).copied()
    }

    /// Its table and its column.
    pub fn place(self) -> (&'static str, &'static str) {
        self.about().split_once('.').unwrap_or((self.about(), ""))
    }
}

#[cfg(test)]
mod tests {
    use leaksweep_facts::tables;

    use super::*;

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
    fn every_setting_has_a_topic() {
        let settings = tables::find("printer_settings").unwrap();
        for column in settings.columns {
            assert!(Topic::of_setting(column.name).is_some(), "{}", column.name);
        }
    }
}
