use crate::{Time, table};

table! {
    /// Sessions that were open while the sweep looked: who is in, by which way, from where, since when; one row for each.
    #[table("host_sessions", version = 1)]
    pub struct Session {
        /// `ssh`, `console`, `x11`, `wayland`, `xrdp`, `vnc`, `tmux`, `screen`, `tmate`, `vscode` (server or tunnel),
        /// `container` (a command run in one), `switch` (su, sudo -i, machinectl shell), `service` (a user's lingering
        /// manager) or `other`.
        pub way: String,
        /// Whose it is.
        pub user: String,
        /// The address it came from; null for one from the machine itself.
        pub from_address: Option<String>,
        /// The terminal or display: `pts/3`, `:10`.
        pub terminal: Option<String>,
        /// The process that leads it.
        pub pid: Option<i64>,
        /// That process's command line.
        pub process: Option<String>,
        /// When it began.
        pub since: Option<Time>,
        /// For how many seconds nobody typed; null where no terminal tells.
        pub idle_seconds: Option<i64>,
        /// `open`, `idle` (for more than fifteen minutes), `detached` (it runs and nobody is connected), `outlived` (its
        /// connection ended and its processes did not) or `record` (only a record says so: no process is there).
        pub state: String,
        /// Whether its connection from another machine is still there; null for one that needs none.
        pub connected: Option<bool>,
        /// Who says so, separated by spaces: `utmp`, `logind`, `process`, `socket`.
        pub said_by: String,
        /// Whether the machine's own records (utmp or logind) know it; null where no such record could be read.
        pub recorded: Option<bool>,
        /// How many processes run in it.
        pub processes: i64,
    }
}

table! {
    /// Log-ins that ended, failed or are on record: what wtmp, btmp and lastlog say; one row for each record that tells of a
    /// person, a start or an end of the machine. Of failed ones, those of one minute, name and address are one row.
    #[table("host_logins", version = 1)]
    pub struct Login {
        /// `log-in`, `failed`, `boot`, `shutdown`, `clock` (the clock was set) or `last` (the last log-in of an account).
        pub kind: String,
        /// The account, or the name that was tried.
        pub user: String,
        /// The terminal or the service: `pts/3`, `ssh:notty`.
        pub terminal: String,
        /// The address or name of the other machine; null for the machine itself.
        pub from_address: Option<String>,
        /// When it began, or was tried.
        pub started: Option<Time>,
        /// When it ended; null while it is open and where no record says so.
        pub ended: Option<Time>,
        /// How it ended: `log-out`, `boot` (the machine started again before any record of an end), `shutdown`, `open`;
        /// null for other kinds.
        pub outcome: Option<String>,
        /// How many times.
        pub count: i64,
        /// The day of the week in the machine's own time, `monday` to `sunday`; null where that time is not known.
        pub day: Option<String>,
        /// The minute of the day in the machine's own time, 0 to 1439.
        pub minute: Option<i64>,
        /// The file.
        pub path: String,
        /// The number of the record in it, from 1.
        pub record: i64,
    }
}

table! {
    /// The files that keep log-ins, and what about them does not add up.
    #[table("host_login_logs", version = 1)]
    pub struct LoginLog {
        /// The file.
        pub path: String,
        /// `wtmp` (also wtmpdb's database), `btmp`, `lastlog` (also lastlog2's), `utmp`, `auth` (text), `audit` or `history` (of
        /// a shell).
        pub kind: String,
        /// How many records it holds; for text lines.
        pub records: i64,
        /// The earliest record.
        pub first: Option<Time>,
        /// The latest record.
        pub last: Option<Time>,
        /// Records that are nothing but zeros, as tools leave that wipe one.
        pub blank: i64,
        /// Records older than one before them, without the clock having been set.
        pub backward: i64,
        /// Bytes at the end that are no whole record.
        pub remainder: i64,
        /// Ends of log-ins whose beginning is not there although the file begins before.
        pub orphans: i64,
        /// Whether it is a file that anything would be written to: false for a link to `/dev/null`, an immutable or absent one.
        pub kept: bool,
        /// What is odd about it in words; null where nothing is.
        pub oddity: Option<String>,
        /// Its size in bytes.
        pub size: i64,
        /// When it was last changed.
        pub modified: Option<Time>,
    }
}

table! {
    /// Agents that hold unlocked keys, and those that were forwarded from another machine: whoever reaches their socket uses
    /// the keys.
    #[table("host_agents", version = 1)]
    pub struct Agent {
        /// `ssh-agent`, `gpg-agent`, `gnome-keyring`, `kwallet`, `pageant`, `forwarded` (held by a session of sshd) or `other`.
        pub kind: String,
        /// Whose it is.
        pub user: String,
        /// The socket.
        pub path: String,
        /// The process that holds it.
        pub pid: Option<i64>,
        /// Since when it runs.
        pub since: Option<Time>,
        /// From which machine it was forwarded.
        pub from_address: Option<String>,
        /// Who besides root and its user can reach the socket; null when nobody can.
        pub reachable_by: Option<String>,
        /// Whether the process that should hold it is gone.
        pub left_over: bool,
    }
}
