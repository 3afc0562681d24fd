use crate::table;

table! {
    /// Words of classification and confidentiality, and the user's own, wherever on the medium they stand.
    #[table("storage_marks", version = 1)]
    pub struct Mark {
        /// The word, as the list has it.
        pub word: String,
        /// Its language: `zh`, `en`, `de`; several, separated by commas, where they share the word; null for the user's own.
        pub language: Option<String>,
        /// What it amounts to: `top secret`, `secret`, `confidential`, `restricted`, `internal`, `personal`, or `own` for the user's.
        pub level: String,
        /// `utf-8`, `utf-16le`, `utf-16be`, `gbk`, `big5`, `latin-1`, `shift-jis`, `euc-kr`, `windows-1250`, `windows-1251`, `windows-1254`, `windows-1256` or `koi8`.
        pub encoding: String,
        /// `medium` where it stands in the clear; else what it was decoded from: `file system` for a file that its file system packs, `flate`, `lzw`, `ascii85`, `zip`, `pcl`, `pcl-xl`, `postscript`, `pdf`, `rtf`, `base64`, `quoted-printable`.
        pub through: String,
        /// The artifact's number, where it stands in one.
        pub artifact: Option<i64>,
        /// Its first byte on the medium, where it stands in the clear.
        pub start: Option<i64>,
        /// How often it stands there: rows of one word, encoding, way and artifact are one; what stands in no artifact has a row for each place.
        pub times: i64,
    }
}

table! {
    /// Documents of the folder that `--known` names of which this medium holds something.
    #[table("storage_known_documents", version = 1)]
    pub struct KnownDocument {
        /// Its path below that folder.
        pub document: String,
        /// How many bytes it has.
        pub bytes: i64,
        /// Whether all of it is there.
        pub whole: bool,
        /// How many of its blocks of 4 KiB that no other known document has are there.
        pub blocks: i64,
        /// Of how many.
        pub of_blocks: i64,
        /// The first byte on the medium of the first of them.
        pub start: Option<i64>,
        /// The artifact's number, where an artifact is the document.
        pub artifact: Option<i64>,
    }
}
