//! What checks see of the policy and of the targets: tables that no sensor fills and that no sweep
//! file holds. Only `targets` has a column `target`; policy speaks of all.

use crate::{Time, table};

table! {
    /// One row for each target: by whom and when it was observed, and the zone in which policy puts it.
    #[table("targets", version = 1)]
    pub struct Target {
        /// The target's name.
        pub target: String,
        /// The sensors that observed it, separated by spaces.
        pub sensor: String,
        /// `linux`, where the target is a machine.
        pub platform: Option<String>,
        /// The zone in which policy puts it.
        pub zone: String,
        /// Whether it was running; false for a mounted disk.
        pub live: bool,
        /// Whether the sensors had all rights that they know to use.
        pub privileged: bool,
        /// When the observation began.
        pub started: Time,
        /// When the observation ended: the moment that checks mean by now.
        pub ended: Time,
        /// The version of leaksweep that observed.
        pub tool_version: String,
        /// The machine's id, hashed.
        pub machine_id: Option<String>,
        /// Whether every file of every package was compared with what the package recorded (`--deep`).
        pub deep: bool,
        /// For how many seconds the sweep watched who reads what (`--for`); 0 where it looked once.
        pub watched_seconds: i64,
        /// When the earlier sweep ended with which this one was compared (`--since`); null where there was none.
        pub baseline: Option<Time>,
        /// Whether a medium was held against documents that must not be there (`--known`).
        pub known_documents: bool,
        /// Whether certificates and custody records were given with a medium (`--certificates`).
        pub certificates: bool,
    }
}

table! {
    /// The zones and what each allows.
    #[table("policy_zones", version = 2)]
    pub struct Zone {
        /// The zone's name.
        pub zone: String,
        /// What it is for.
        pub description: String,
        /// Whether its machines may have a network at all.
        pub network: bool,
        /// Whether remote-control tools may be there at all.
        pub remote_tools: bool,
        /// Whether media that can be taken out may be mounted.
        pub removable_media: bool,
        /// After how many days without any update a machine is out of date.
        pub update_days: i64,
        /// After how many days the firmware of its printers is too old.
        pub firmware_days: i64,
        /// The level to which its media must be wiped before they leave: `none`, `clear` or `purge`.
        pub wipe: String,
    }
}

table! {
    /// What may be reachable from other machines. Empty by default.
    #[table("policy_listeners", version = 1)]
    pub struct Listener {
        /// The zone for which it holds; null for every zone.
        pub zone: Option<String>,
        /// `tcp` or `udp`.
        pub protocol: String,
        /// The local port.
        pub port: i64,
        /// The program's path, perhaps with `*`; null for any program.
        pub program: Option<String>,
    }
}

table! {
    /// Remote-control tools that the holder sanctions. Empty by default.
    #[table("policy_remote_tools", version = 1)]
    pub struct RemoteTool {
        /// The zone for which it holds; null for every zone that allows remote tools.
        pub zone: Option<String>,
        /// The tool's short name.
        pub tool: String,
        /// The oldest version that is sanctioned; null for any.
        pub minimum_version: Option<String>,
        /// Whether it may let someone in with nobody present.
        pub unattended: bool,
    }
}

table! {
    /// Makers of software that the holder trusts, as patterns with `*`. Empty by default.
    #[table("policy_publishers", version = 1)]
    pub struct Publisher {
        /// The pattern.
        pub publisher: String,
    }
}

table! {
    /// Makers of machines and devices that the holder trusts, as patterns with `*`. Empty by default.
    #[table("policy_vendors", version = 1)]
    pub struct Vendor {
        /// The pattern.
        pub vendor: String,
    }
}

table! {
    /// Where software and devices may come from, as patterns with `*`: addresses, countries. Empty by default.
    #[table("policy_origins", version = 1)]
    pub struct Origin {
        /// The pattern.
        pub origin: String,
    }
}

table! {
    /// Exceptions that the holder granted.
    #[table("policy_exceptions", version = 1)]
    pub struct ExceptionRow {
        /// The check's id, perhaps with `*`.
        pub check: String,
        /// The target's name, perhaps with `*`.
        pub target: String,
        /// Who answers for it.
        pub owner: String,
        /// Why it was granted.
        pub reason: String,
        /// The last day on which it counts.
        pub until: Time,
        /// Whether that day is over.
        pub expired: bool,
    }
}

table! {
    /// When people may log in, in the machine's own time. Empty by default: then no log-in is outside.
    #[table("policy_log_in_hours", version = 1)]
    pub struct LogInHours {
        /// The zone for which it holds; null for every zone.
        pub zone: Option<String>,
        /// The day: `monday` to `sunday`.
        pub day: String,
        /// The first minute of the day, 0 to 1439.
        pub start_minute: i64,
        /// The minute at which it ends, 1 to 1440.
        pub end_minute: i64,
    }
}

table! {
    /// Who may have the rights of root on a machine. Empty by default.
    #[table("policy_administrators", version = 1)]
    pub struct Administrator {
        /// The zone for which it holds; null for every zone.
        pub zone: Option<String>,
        /// The account's name.
        pub user: String,
    }
}

table! {
    /// The firmware that printers must have. Empty by default.
    #[table("policy_printer_firmware", version = 1)]
    pub struct PrinterFirmware {
        /// The maker, as the printer says it, as a pattern in lower case.
        pub maker: String,
        /// The models, as a pattern in lower case.
        pub model: String,
        /// The oldest version that is allowed; null for any.
        pub minimum: Option<String>,
        /// The day of the oldest firmware that is allowed; null for any.
        pub released: Option<Time>,
    }
}
