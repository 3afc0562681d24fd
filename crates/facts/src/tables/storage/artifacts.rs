use crate::{Time, table};

table! {
    /// What anyone could still read from a medium: files, print jobs, scans, mail, texts; each once, by however many ways it was found.
    #[table("storage_artifacts", version = 1)]
    pub struct Artifact {
        /// Its number on this medium, from 1.
        pub number: i64,
        /// What it is: `pcl-xl`, `pdf`, `jpeg`, `docx`; `file` for a file of a file system whose content has no known form.
        pub kind: String,
        /// `print job`, `scan`, `picture`, `document`, `mail`, `text`, `archive`, `database`, `contacts`, `settings`, `keys` or `other`.
        pub family: String,
        /// Its name or path, where a file system or the artifact itself tells.
        pub path: Option<String>,
        /// The partition's number, where it lies in one.
        pub partition: Option<i64>,
        /// Its first byte on the medium; null where the file system keeps it packed.
        pub start: Option<i64>,
        /// How many bytes it has, to its own end.
        pub bytes: i64,
        /// In how many pieces it lies.
        pub pieces: i64,
        /// `whole`; `truncated` (its end is missing); `damaged` (a part inside is missing); `name only` (a record names it, its bytes
        /// are gone or cannot be read).
        pub state: String,
        /// How sure that is: `structure`, `checksum`, `decoded`, or `named` where only a file system's record stands for it.
        pub proof: String,
        /// Whether it was deleted; null where no file system says.
        pub deleted: Option<bool>,
        /// By which ways it was found: `carved`, `joined`, `ext4`, `ext4 deleted inode`, `fat32 deleted entry`, `ntfs`, `journal`;
        /// separated by commas.
        pub ways: String,
        /// The title of a document or of a print job.
        pub title: Option<String>,
        /// Who made or printed it, as it says itself.
        pub author: Option<String>,
        /// The account that printed or owns it.
        pub user: Option<String>,
        /// The machine that it came from.
        pub host: Option<String>,
        /// The program that made it.
        pub application: Option<String>,
        /// How many pages or pictures; of a truncated one those that survive.
        pub pages: Option<i64>,
        /// When it was made, as it says itself or by the file system.
        pub created: Option<Time>,
        /// When it was changed last.
        pub modified: Option<Time>,
        /// When it was deleted, by the file system.
        pub deleted_at: Option<Time>,
        /// Whether a password or key keeps its content.
        pub encrypted: Option<bool>,
        /// How many marks it holds.
        pub marks: i64,
        /// SHA-256 of its bytes; null where it was not whole.
        pub sha256: Option<String>,
        /// Where it was written, below the folder that `--out` names.
        pub written: Option<String>,
    }
}

table! {
    /// Small pictures of what could be recovered, for the report; left out with `--no-preview`.
    #[table("storage_previews", version = 1)]
    pub struct Preview {
        /// The artifact's number.
        pub artifact: i64,
        /// The picture's width.
        pub width: i64,
        /// Its height.
        pub height: i64,
        /// The picture itself, as PNG in base64; at most 24 KiB.
        pub png: Option<String>,
        /// The beginning of its text where it has no picture: at most 400 characters.
        pub text: Option<String>,
    }
}

table! {
    /// Settings that give people or doors away: address books, mail and directory servers, accounts, keys. A secret is never
    /// kept, only that it is there.
    #[table("storage_settings", version = 1)]
    pub struct Setting {
        /// The artifact's number.
        pub artifact: i64,
        /// `address book`, `mail server`, `directory server`, `file server`, `account`, `wireless`, `private key` or `token`.
        pub kind: String,
        /// The server, network or device that it is for.
        pub server: Option<String>,
        /// The account.
        pub user: Option<String>,
        /// Whether a password, key or token stands beside it.
        pub secret: bool,
        /// How many entries: people in an address book.
        pub entries: Option<i64>,
        /// Where in the artifact, in bytes from its first.
        pub at: Option<i64>,
    }
}
