use crate::{Time, table};

table! {
    /// What is new, gone or changed since an earlier sweep of the same machine (`--since`); one row for each fact.
    #[table("host_changes", version = 1)]
    pub struct Change {
        /// The table: `host_users`.
        pub fact: String,
        /// What it is about, by the columns that tell its rows apart: `name=wang`.
        pub subject: String,
        /// `new`, `gone` or `changed`.
        pub change: String,
        /// The columns that changed, separated by spaces; null for what is new or gone.
        pub columns: Option<String>,
        /// What they held before: `shell=/bin/sh`; for what is gone the whole row; values longer than 200 characters are cut.
        pub before: Option<String>,
        /// What they hold now; for what is new the whole row.
        pub after: Option<String>,
        /// When the earlier sweep ended.
        pub since: Time,
    }
}
