use crate::{Time, table};

table! {
    /// What starts programs by itself: every systemd unit on disk, of the system and of each user, and init scripts.
    #[table("host_services", version = 2)]
    pub struct Service {
        /// `systemd` or `init.d`.
        pub manager: String,
        /// The user whose own unit it is; null for the system's units, and for user units given to every user.
        pub user: Option<String>,
        /// `system`, or `user` for units that run in users' sessions.
        pub scope: String,
        /// The unit's name: `ssh.service`.
        pub name: String,
        /// `service`, `socket`, `timer`, `path`, `mount`, `target` and so on; `script` for init.d.
        pub kind: String,
        /// The file that defines it.
        pub path: String,
        /// Files that add to it or change it, separated by spaces; of more than 32 the first, and how many more there are:
        /// `and 7 more`.
        pub drop_ins: String,
        /// What it says it is.
        pub description: String,
        /// `enabled`, `enabled-runtime`, `disabled`, `static` (nothing to enable), `masked`, `alias`, `generated`, `template`.
        pub state: String,
        /// Whether it starts without a person's doing: enabled, or wanted by a unit that is there.
        pub starts: bool,
        /// The command lines that it runs (ExecStart with its relatives), one to a line. Values of options and variables
        /// whose names say that they are secret (`--password`, `API_TOKEN=`), and passwords in addresses, are `***`.
        pub command: String,
        /// The first program that it runs.
        pub program: Option<String>,
        /// Whether that program exists.
        pub program_exists: Option<bool>,
        /// The user with whose rights it runs, as the unit says; empty means root for the system's units.
        pub run_as: String,
        /// What sets it off besides start-up: the calendar of a timer, the address of a socket, a watched path.
        pub trigger: String,
        /// The package that owns the defining file.
        pub package: Option<String>,
        /// The package that owns the program.
        pub program_package: Option<String>,
        /// Where the defining file comes from, as in host_files; that of a drop-in where a drop-in is worse.
        pub origin: Option<String>,
        /// Where the program comes from, as in host_files.
        pub program_origin: Option<String>,
        /// What its commands and its environment do that is seldom innocent, as in host_autostarts.
        pub traits: Option<String>,
        /// Who besides root (or the unit's own user) can change the unit, a drop-in or a folder above: `everyone`,
        /// `user NAME`, `group NAME`; null when nobody can.
        pub changeable_by: Option<String>,
        /// The same for the program.
        pub program_changeable_by: Option<String>,
        /// When the defining file was last changed.
        pub modified: Option<Time>,
    }
}
