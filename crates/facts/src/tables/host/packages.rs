use crate::{Time, table};

table! {
    /// Software that a package manager installed; one row for each package.
    #[table("host_packages", version = 2)]
    pub struct Package {
        /// `dpkg`, `rpm`, `flatpak`, `snap`, `python` or `npm`.
        pub manager: String,
        /// The package's name.
        pub name: String,
        /// Its version.
        pub version: String,
        /// The architecture that it is built for.
        pub architecture: String,
        /// `installed`; `config-files` (removed, its configuration left over); `broken` (half installed).
        pub state: String,
        /// Whether it is kept back from updates.
        pub held: bool,
        /// Who made the package, in its own words.
        pub publisher: String,
        /// The source package that it was built from.
        pub source: String,
        /// When it was installed or last updated.
        pub installed: Option<Time>,
        /// Where it came from, if that was recorded: an address, a remote, a file.
        pub origin: Option<String>,
        /// Whether the lists of the configured sources know a package of this name; null where there are no such lists.
        pub in_lists: Option<bool>,
        /// The file or folder that says so.
        pub location: String,
        /// The user for whom alone it is installed; null for the whole machine.
        pub user: Option<String>,
    }
}
