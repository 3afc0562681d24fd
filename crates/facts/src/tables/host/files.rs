use crate::{Time, table};

table! {
    /// Files that decide who gets in and what runs: set-uid programs, programs of processes and services, start-up files,
    /// credentials, log-in configuration; and commands that are not what a package brought.
    #[table("host_files", version = 2)]
    pub struct File {
        /// The file's path.
        pub path: String,
        /// Why it is of interest, the first that fits: `set-uid`, `capable` (it gives capabilities), `credentials`,
        /// `log-in`, `preload`, `schedule`, `start-up`, `service`, `started` (what an entry of host_autostarts or another
        /// table starts or loads), `running`, `package` (with `--deep`: any other file of a package that is changed or
        /// missing), `command` (of those in the system's folders of commands only what no package brought, what was changed,
        /// and what one of these hides).
        pub interest: String,
        /// `file`, `link`, `pipe`, `device` or `socket`. For a link, the columns below describe the file where it leads.
        /// Empty, as owner, group and mode are, for a file that is missing.
        pub kind: String,
        /// The owner's name, or number where no account has it.
        pub owner: String,
        /// The group's name, or number.
        pub group: String,
        /// The permission bits in octal: `0644`, `4755`.
        pub mode: String,
        /// Whether whoever runs it gets the owner's rights.
        pub set_uid: bool,
        /// Whether whoever runs it gets the group's rights.
        pub set_gid: bool,
        /// Whether everyone may read it.
        pub world_readable: bool,
        /// Whether everyone may write it.
        pub world_writable: bool,
        /// Its size in bytes.
        pub size: i64,
        /// When its content was last changed.
        pub modified: Option<Time>,
        /// When its content, owner or mode was last changed.
        pub changed: Option<Time>,
        /// The SHA-256 of its content. Null for files above 64 MiB, for programs of processes and services above 16 MiB,
        /// and for shadow files, private keys, `.netrc` and `.pgpass`, whose digests would help to guess them.
        pub sha256: Option<String>,
        /// The package that owns it.
        pub package: Option<String>,
        /// Where it comes from, by the packages' own records: `package` (unchanged), `configuration` (of a package, as it
        /// was delivered), `edited` (configuration that somebody changed), `changed` (it is not what the package brought),
        /// `unrecorded` (a package owns it and recorded no digest), `generated` (made by a program of the system, as
        /// certificates and caches are), `foreign` (no package knows it), `missing` (a package brought it and it is gone);
        /// null where that could not be told.
        pub origin: Option<String>,
        /// The digest that the package records (`md5:…`, `sha256:…`), where the file has another.
        pub recorded: Option<String>,
        /// What starts or loads it: units, entries, processes; separated by semicolons, of more than 8 the first.
        pub started_by: Option<String>,
        /// The other machines with which its processes are connected: `192.0.2.7:443`, separated by spaces; of more than 32
        /// the first.
        pub talks_to: Option<String>,
        /// Linux capabilities that the file gives to whoever runs it: `cap_setuid=ep`.
        pub capabilities: Option<String>,
        /// For a script: what its text does that is seldom innocent, as in host_autostarts.
        pub traits: Option<String>,
        /// Who besides root (or, in a home folder, its user) can change it or a folder above it; null when nobody can.
        pub changeable_by: Option<String>,
        /// Where it points, for a link.
        pub link_target: Option<String>,
    }
}

table! {
    /// Mounted file systems; on a mounted disk, what its fstab would mount.
    #[table("host_mounts", version = 1)]
    pub struct Mount {
        /// Where it is mounted.
        pub path: String,
        /// The device or share.
        pub source: String,
        /// `ext4`, `nfs4`, `tmpfs` and so on.
        pub file_system: String,
        /// All options.
        pub options: String,
        /// Whether it is mounted for reading only.
        pub read_only: bool,
        /// Whether set-uid bits count on it.
        pub allows_set_uid: bool,
        /// Whether device files count on it.
        pub allows_devices: bool,
        /// Whether programs may run from it.
        pub allows_programs: bool,
        /// Whether it comes from another machine over the network.
        pub remote: bool,
        /// Whether the medium can be taken out; null where that could not be told.
        pub removable: Option<bool>,
        /// Who says so: `kernel` or `fstab`.
        pub said_by: String,
    }
}
