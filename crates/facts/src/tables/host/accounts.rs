use crate::{Time, table};

table! {
    /// Accounts in `/etc/passwd`, with what `/etc/shadow` says of their passwords. No hash is ever kept.
    #[table("host_users", version = 2)]
    pub struct User {
        /// The account's name.
        pub name: String,
        /// Its number; 0 has all rights.
        pub uid: i64,
        /// Its main group's number.
        pub gid: i64,
        /// The comment field, which often holds the person's name.
        pub comment: String,
        /// The home folder.
        pub home: String,
        /// The login shell.
        pub shell: String,
        /// Whether that shell lets a person in.
        pub can_login: bool,
        /// `set`, `locked`, `none` (no password can match), `empty` (no password is asked); null where shadow could not be read.
        pub password: Option<String>,
        /// How the password is hashed: `yescrypt`, `sha512`, `sha256`, `bcrypt`, `md5`, `des` …; null where there is none.
        pub password_hash: Option<String>,
        /// Whether the hash stands in `/etc/passwd` itself, where every program can read it.
        pub password_in_passwd: bool,
        /// When the password was last changed.
        pub password_changed: Option<Time>,
        /// When the account ends.
        pub expires: Option<Time>,
        /// Whether the number is one that the system gives to people (1000 to 60000) and not to services.
        pub person: bool,
    }
}

table! {
    /// Groups in `/etc/group`.
    #[table("host_groups", version = 1)]
    pub struct Group {
        /// The group's name.
        pub name: String,
        /// Its number.
        pub gid: i64,
    }
}

table! {
    /// Who is in which group, by main group or as a listed member.
    #[table("host_memberships", version = 1)]
    pub struct Membership {
        /// The account's name.
        pub user: String,
        /// The group's name; the number where no group has it.
        pub group: String,
        /// Whether it is the account's main group.
        pub main: bool,
    }
}
