use crate::table;

table! {
    /// What one way of looking shows and another does not, and what takes another's shape: the traces of things that hide.
    #[table("host_contradictions", version = 1)]
    pub struct Contradiction {
        /// `process`, `thread`, `module`, `port`, `file`, `mount`, `namespace` (mounts that only some processes see), `interface`,
        /// `hook` (the kernel's functions are redirected) or `count` (a number that does not add up).
        pub kind: String,
        /// What it is about: a process, a module, a port, a path.
        pub subject: String,
        /// The ways that show it, separated by spaces.
        pub seen_by: String,
        /// The ways that should and do not.
        pub not_seen_by: String,
        /// The process, where one is known.
        pub pid: Option<i64>,
        /// What exactly was seen, in words.
        pub detail: String,
        /// `certain` (looked at again, and still so), `likely` or `possible`.
        pub confidence: String,
    }
}
