//! What is compared of each table, in one list: which columns tell its rows apart, and which say
//! nothing of a change because they move by themselves.

/// One table of a sweep as it is compared with the same of an earlier one.
pub struct Compared {
    pub table: &'static str,
    /// Columns that together tell what a row is about.
    pub key: &'static [&'static str],
    /// Columns that change while nothing happens, or that follow from others.
    pub moving: &'static [&'static str],
    /// Rows with another value here are not compared: `(column, value)`.
    pub only: &'static [(&'static str, &'static str)],
}

const fn compared(
    table: &'static str,
    key: &'static [&'static str],
    moving: &'static [&'static str],
) -> Compared {
    Compared { table, key, moving, only: &[] }
}

/// Tables of moments (processes, sessions, connections) are left out: they differ from sweep to
/// sweep on every healthy machine.
pub const ALL: &[Compared] = &[
    compared("host_users", &["name", "uid"], &[]),
    compared("host_groups", &["name"], &[]),
    compared("host_memberships", &["user", "group"], &[]),
    compared(
        "host_rights",
        &["way", "user", "as_user", "command", "path"],
        &["line", "modified", "through"],
    ),
    compared(
        "host_ssh_keys",
        &["kind", "user", "path", "algorithm", "fingerprint"],
        &["line", "modified"],
    ),
    compared(
        "host_pam_rules",
        &["service", "kind", "control", "module", "arguments", "path"],
        &["line", "modified"],
    ),
    compared("host_library_rules", &["kind", "value", "path", "user"], &["line", "modified"]),
    compared(
        "host_services",
        &["manager", "user", "scope", "name"],
        &["modified", "description", "program_exists"],
    ),
    compared("host_autostarts", &["way", "user", "path", "name", "command"], &["line", "modified"]),
    compared("host_remote_tools", &["tool"], REMOTE_MOVING),
    compared(
        "host_remote_settings",
        &["tool", "means", "setting", "path", "user"],
        &["line", "since"],
    ),
    compared(
        "host_files",
        &["path"],
        &["interest", "size", "modified", "changed", "recorded", "started_by", "talks_to"],
    ),
    compared("host_modules", &["name"], &["loaded", "size", "modified"]),
    compared("host_boot_options", &["source", "entry", "name", "value", "path"], &["line"]),
    compared("host_boot_files", &["kind", "path", "inner"], &["size", "modified", "same"]),
    compared("host_containers", &["manager", "user", "id"], &["running", "created"]),
    compared("host_editor_extensions", &["editor", "user", "id"], &["installed", "path"]),
    compared(
        "host_browser_extensions",
        &["browser", "user", "profile", "id"],
        &["installed", "path"],
    ),
    compared("host_browser_policies", &["browser", "name", "path"], &["modified"]),
    compared("host_web_files", &["path"], &["line", "size", "modified"]),
    compared(
        "host_packages",
        &["manager", "name", "architecture", "user"],
        &["installed", "in_lists"],
    ),
    compared("host_login_logs", &["path"], LOG_MOVING),
    compared(
        "host_interfaces",
        &["name"],
        &["state", "carrier", "carrier_changes", "received", "sent", "addresses"],
    ),
    compared(
        "host_usb_devices",
        &["vendor_id", "product_id", "product"],
        &["bus_path", "speed", "drivers"],
    ),
    Compared {
        table: "host_sockets",
        key: &["protocol", "local_address", "local_port", "program"],
        moving: &[
            "pid",
            "process",
            "namespace",
            "unit",
            "remote_address",
            "remote_port",
            "package",
        ],
        only: &[("state", "listen"), ("protocol", "tcp"), ("machine_namespace", "true")],
    },
];

const REMOTE_MOVING: &[&str] = &[
    "running",
    "listening",
    "connected",
    "states",
    "reasons",
    "since",
    "ways_in",
    "reach",
    "confidence",
];
const LOG_MOVING: &[&str] = &["records", "first", "last", "size", "modified"];
