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
