use crate::{Time, table};

table! {
    /// Who may do something with the rights of another: rules of sudo, doas and polkit, resolved for each account that they
    /// reach; one row for each account and rule.
    #[table("host_rights", version = 1)]
    pub struct Right {
        /// `sudo`, `doas` or `polkit`.
        pub way: String,
        /// The account that may; `*` for everyone.
        pub user: String,
        /// Through what: `group sudo`, `alias ADMINS`, `everyone`, `session at the machine` (of polkit: whoever sits
        /// there); null where the account itself is named.
        pub through: Option<String>,
        /// As whom: `root`, `ALL`; for polkit `root`.
        pub as_user: String,
        /// The commands, as they are written; for polkit the action, or `*` for all. A setting of sudo that gives more
        /// than its rules do is a row of its own: `Defaults` and the setting.
        pub command: String,
        /// Whether it is everything.
        pub everything: bool,
        /// Whether no password is asked.
        pub no_password: bool,
        /// The programs that are named and that the account itself, or everyone, could change; null where there are none.
        pub changeable: Option<String>,
        /// Named programs by which one gets a shell or may write any file: `vim`, `tar`, `find` and so on; `/*` where
        /// everything but some programs is allowed; null where there are none.
        pub escapes: Option<String>,
        /// The file that says so.
        pub path: String,
        /// The line in that file.
        pub line: Option<i64>,
        /// The package that owns the file.
        pub package: Option<String>,
        /// Where the file comes from, as in host_files.
        pub origin: Option<String>,
        /// When the file was last changed.
        pub modified: Option<Time>,
    }
}

table! {
    /// The rules by which log-ins are decided: every line of PAM's configuration that counts.
    #[table("host_pam_rules", version = 1)]
    pub struct PamRule {
        /// The service: `sshd`, `sudo`, `common-auth`.
        pub service: String,
        /// `auth`, `account`, `password` or `session`; `include` lines have the kind that they include, or `-`.
        pub kind: String,
        /// `required`, `sufficient`, `[success=1 default=ignore]` and so on.
        pub control: String,
        /// The module or included file, as it is written.
        pub module: String,
        /// Its arguments; values whose names say that they are secret are `***`.
        pub arguments: String,
        /// The module's file.
        pub module_path: Option<String>,
        /// The package that owns the module's file.
        pub module_package: Option<String>,
        /// Where the module's file comes from, as in host_files.
        pub module_origin: Option<String>,
        /// The file of the rule.
        pub path: String,
        /// The line in that file.
        pub line: i64,
        /// Where the file of the rule comes from, as in host_files.
        pub origin: Option<String>,
        /// When that file was last changed.
        pub modified: Option<Time>,
    }
}

table! {
    /// Keys of SSH: those that let somebody in, authorities that can make such, and private keys that lie there; one row for
    /// each key. Private keys themselves are never kept.
    #[table("host_ssh_keys", version = 1)]
    pub struct SshKey {
        /// `authorized` (lets its holder in), `authority` (lets in whoever it signs), `command` (a program that says which
        /// keys count), `principals` (names that certificates may bear), `private`, `certificate` or `host`.
        pub kind: String,
        /// Whose account it opens, or whose folder it lies in; null for the whole machine.
        pub user: Option<String>,
        /// The file.
        pub path: String,
        /// The line in that file.
        pub line: Option<i64>,
        /// Whether the server reads this file, as its configuration says; for the kinds that let somebody in.
        pub counts: Option<bool>,
        /// `ssh-ed25519`, `ssh-rsa` and so on.
        pub algorithm: String,
        /// The length of the key in bits; null where it could not be told.
        pub bits: Option<i64>,
        /// Its SHA-256 fingerprint, as ssh-keygen shows it; null for a private key whose public half is not readable.
        pub fingerprint: Option<String>,
        /// The comment, which often says whose it is.
        pub comment: String,
        /// The options before the key, as they are written; `environment` without its values.
        pub options: String,
        /// The command to which the key is held: null where it opens everything.
        pub command: Option<String>,
        /// From which addresses it counts (`from=`); null from everywhere.
        pub from: Option<String>,
        /// When it ends (`expiry-time`, or the certificate's end); null where it never does.
        pub expires: Option<Time>,
        /// For a private key, whether a passphrase protects it; null where that could not be told.
        pub protected: Option<bool>,
        /// When the file was last changed: the key is at least as old as it was before.
        pub modified: Option<Time>,
    }
}

table! {
    /// What makes programs load libraries that they did not ask for, or find them elsewhere: `ld.so.preload`, `ld.so.conf`,
    /// sources of names (NSS), and variables of the loader in files that sessions and units read.
    #[table("host_library_rules", version = 1)]
    pub struct LibraryRule {
        /// `preload`, `folder` (searched for libraries), `names` (a source in nsswitch.conf) or `variable`.
        pub kind: String,
        /// The library, folder, source or `NAME=value`, as it is written.
        pub value: String,
        /// The library's file, or the folder.
        pub library: Option<String>,
        /// The package that owns it.
        pub package: Option<String>,
        /// Where it comes from, as in host_files; null for a folder.
        pub origin: Option<String>,
        /// Who besides root can change it or put something there; null when nobody can.
        pub changeable_by: Option<String>,
        /// Whose programs it reaches; null for all.
        pub user: Option<String>,
        /// The file that says so.
        pub path: String,
        /// The line in that file.
        pub line: Option<i64>,
        /// When the file was last changed.
        pub modified: Option<Time>,
    }
}
