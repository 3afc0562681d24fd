use crate::{Time, table};

table! {
    /// The machine and its operating system; one row.
    #[table("host_system", version = 1)]
    pub struct System {
        /// The machine's own name.
        pub hostname: String,
        /// The system's short name, as `ID` in os-release: `debian`, `fedora`.
        pub os_id: String,
        /// The systems that it descends from, as `ID_LIKE`, separated by spaces.
        pub os_like: String,
        /// The system's full name.
        pub os_name: String,
        /// The version, as `VERSION_ID`; empty on rolling systems.
        pub os_version: String,
        /// The release's code name.
        pub os_codename: String,
        /// When the maker's support ends, where os-release says so.
        pub support_ends: Option<Time>,
        /// The running kernel's release; empty on a mounted disk.
        pub kernel: String,
        /// The newest kernel that is installed, by the names in `/lib/modules`.
        pub newest_kernel: Option<String>,
        /// The processor's architecture, as the kernel names it.
        pub architecture: String,
        /// The machine's maker, as its firmware says.
        pub vendor: Option<String>,
        /// The machine's model, as its firmware says.
        pub model: Option<String>,
        /// The machine's id, hashed: it tells two machines apart and reveals nothing else.
        pub machine_id: Option<String>,
        /// When it was started.
        pub booted: Option<Time>,
        /// When this was observed.
        pub observed: Time,
        /// Whether it was running; false for a mounted disk.
        pub live: bool,
        /// When a package was last installed, updated or removed.
        pub packages_changed: Option<Time>,
        /// When the lists of available packages were last fetched.
        pub lists_refreshed: Option<Time>,
        /// Whether an update waits for a restart.
        pub restart_required: bool,
    }
}
