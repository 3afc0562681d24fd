//! What checks see of the catalogue inside the program: tables that no sensor fills and that no
//! sweep file holds. They are those of the program that judges, however old the sweep is.

use crate::table;

table! {
    /// The remote-control tools that the catalogue knows; one row for each tool.
    #[table("catalogue_remote_tools", version = 1)]
    pub struct RemoteTool {
        /// The tool's id, as in host_remote_tools.
        pub tool: String,
        /// Its name.
        pub name: String,
        /// `remote-control`, `remote-shell`, `management`, `tunnel`, `mesh`, `ide-tunnel`, `kvm` or `trojan`.
        pub kind: String,
        /// Who makes it; several are separated by commas, and a community's project has none.
        pub maker: String,
        /// Whether desktops or servers bring it along.
        pub bundled: bool,
        /// What it is, in one sentence.
        pub summary: String,
    }
}

table! {
    /// By what the catalogue knows each tool; one row for each mark.
    #[table("catalogue_remote_marks", version = 1)]
    pub struct RemoteMark {
        /// The tool's id.
        pub tool: String,
        /// What the mark is, as the catalogue's files call it: `packages`, `units`, `linux`, `processes`, `domains` and so on.
        pub kind: String,
        /// The mark itself: a name, a path, a port; perhaps with `*`.
        pub mark: String,
        /// Where it can be looked up.
        pub source: String,
    }
}

table! {
    /// What a trojan would steal, and the programs that it belongs to; one row for each store.
    #[table("catalogue_stores", version = 1)]
    pub struct Store {
        /// The store's id, as in host_readers.
        pub store: String,
        /// Its name.
        pub name: String,
        /// `browser`, `chat`, `mail`, `keys`, `passwords`, `keyboard`, `screen`, `clipboard`, `camera`, `microphone` or
        /// `documents`.
        pub kind: String,
        /// Where it lies, separated by spaces.
        pub paths: String,
        /// The programs that it belongs to, separated by spaces.
        pub owners: String,
        /// Where that can be looked up.
        pub source: String,
    }
}

table! {
    /// Flaws that are known of printers; one row for each name of the maker and each pattern of models.
    #[table("catalogue_printer_flaws", version = 1)]
    pub struct PrinterFlaw {
        /// Its number: `CVE-2024-51978`.
        pub id: String,
        /// What it lets somebody do.
        pub lets: String,
        /// The maker's name.
        pub maker: String,
        /// How its printers call it, in lower case; the beginning is enough.
        pub called: String,
        /// The models, as a pattern in lower case.
        pub model: String,
        /// The first version of the firmware without it; null where no one number says so.
        pub fixed: Option<String>,
        /// Where that can be looked up.
        pub source: String,
    }
}
