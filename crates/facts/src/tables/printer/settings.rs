//! How a printer is set, as far as anybody can see.

use crate::table;

table! {
    /// Settings of printers that matter to confidential work; one row for each sweep. A cell is null where nothing told; then a row in
    /// `problems` names the column and says how to find out.
    #[table("printer_settings", version = 1)]
    pub struct Setting {
        /// Whether it has a disk, a card or flash that keeps documents.
        pub storage: Option<bool>,
        /// Whether what it stores is encrypted.
        pub storage_encrypted: Option<bool>,
        /// What happens to the data of a job when it is done: `none` (its name alone is deleted), `once` (overwritten once), `several`
        /// (overwritten several times).
        pub erase_mode: Option<String>,
        /// How far a running wipe of the store has come, in percent.
        pub erase_progress: Option<i64>,
        /// Whether jobs can reach its file system by PJL.
        pub files_by_pjl: Option<bool>,
        /// Whether jobs can reach its file system by PostScript.
        pub files_by_postscript: Option<bool>,
        /// Whether its file system can be reached over NFS.
        pub files_by_nfs: Option<bool>,
        /// Whether its file system can be reached by the maker's management protocol.
        pub files_by_management: Option<bool>,
        /// Whether a password guards its settings in PJL.
        pub pjl_password: Option<bool>,
        /// Whether its panel is locked for those without a password.
        pub panel_locked: Option<bool>,
        /// Whether it keeps jobs beyond their printing.
        pub job_retention: Option<bool>,
        /// Whether jobs can be held until their owner types a number.
        pub job_password: Option<bool>,
        /// Whether it takes new firmware over the network.
        pub firmware_over_network: Option<bool>,
        /// Whether it fetches new firmware by itself.
        pub auto_update: Option<bool>,
        /// Whether its maker's or another cloud prints on it.
        pub cloud_print: Option<bool>,
        /// Whether it reports to its maker or a service, or lets it in.
        pub remote_service: Option<bool>,
        /// Whether it has a radio for Wi-Fi, and it is on.
        pub wifi: Option<bool>,
        /// The name of the wireless network that it tells.
        pub wifi_network: Option<String>,
        /// Whether it is an access point by itself (Wi-Fi Direct).
        pub wifi_direct: Option<bool>,
        /// Whether it has Bluetooth, and it is on.
        pub bluetooth: Option<bool>,
        /// Whether a stick or other device can be plugged into it and used.
        pub usb_host: Option<bool>,
        /// Whether it has a fax.
        pub fax: Option<bool>,
        /// Whether anybody can fetch scans from it.
        pub scan_open: Option<bool>,
        /// Whether a password guards its web pages of settings.
        pub admin_password: Option<bool>,
        /// Whether the maker's documented first password still lets in; null unless the user asked to try.
        pub default_password: Option<bool>,
        /// Whether it keeps a log that it sends elsewhere.
        pub log_sent: Option<bool>,
    }
}
