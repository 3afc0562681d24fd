use crate::{Time, table};

table! {
    /// Running programs that hold open or have mapped what a trojan would steal: passwords and cookies of browsers, chats,
    /// mail, keys, key strokes, screens; one row for each process, store and file.
    #[table("host_readers", version = 1)]
    pub struct Reader {
        /// The process.
        pub pid: i64,
        /// Its name.
        pub process: String,
        /// Its program's file.
        pub program: Option<String>,
        /// With whose rights it runs.
        pub user: String,
        /// The store's id in the catalogue: `chromium-cookies`, `wechat-messages`, `keyboard`.
        pub store: String,
        /// The store's name.
        pub name: String,
        /// `browser`, `chat`, `mail`, `keys`, `passwords`, `keyboard`, `screen`, `clipboard`, `camera`, `microphone` or `documents`.
        pub kind: String,
        /// The file or device.
        pub path: String,
        /// Whose store it is; null for a device.
        pub owner: Option<String>,
        /// `read`, `write`, `both` or `mapped`.
        pub access: String,
        /// Whether the catalogue knows the program as one that this store belongs to, and it is where such a program is
        /// installed; null where the program could not be read.
        pub expected: Option<bool>,
        /// Whether it reads what belongs to another user, without being root or the system's own service.
        pub other_user: bool,
        /// Whether the process, one above it that is not the system's own, or one below it has a connection to another
        /// machine; null where that could not be told.
        pub connected: Option<bool>,
        /// Those connections: `192.0.2.7:443`, separated by spaces; of more than 8 the first.
        pub connections: Option<String>,
        /// The package that owns the program.
        pub package: Option<String>,
        /// Where the program comes from, as in host_files.
        pub origin: Option<String>,
        /// How it was seen: `descriptor`, `mapping`, `event` (the kernel told of it while the sweep watched) or `child`.
        pub seen_by: String,
        /// When it was first seen.
        pub first_seen: Time,
        /// When it was last seen.
        pub last_seen: Time,
        /// How often it was seen.
        pub times: i64,
    }
}
