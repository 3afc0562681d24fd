use crate::{Time, table};

table! {
    /// Certificates of wipes that were given with a medium (`--certificates`): one row for each file, and for each custody
    /// record that carries one. All that it says are the words of whoever signed it; whether somebody trusts him is said beside it.
    #[table("storage_certificates", version = 1)]
    pub struct Certificate {
        /// The file, below what `--certificates` names.
        pub path: String,
        /// Its number; null where it cannot be read.
        pub number: Option<String>,
        /// Whether it is what was written, and its signature holds.
        pub valid: bool,
        /// Why not.
        pub fault: Option<String>,
        /// The short name of the key that signed it; null where the signature does not hold.
        pub key: Option<String>,
        /// Whether that key is one that `--trust` names; null where none was named.
        pub trusted: Option<bool>,
        /// Whether it is of this medium: of its serial number, model and size, or of its content where one of the two has no
        /// serial number. Null where it cannot be read.
        pub of_this_medium: Option<bool>,
        /// By what: `serial` or `fingerprint`.
        pub matched_by: Option<String>,
        /// Whether it is the one that counts: of this medium, valid, by a trusted key where such were named, and none such ended later.
        pub current: bool,
        /// Whether the medium's fingerprint is today what it was then; null where either is not known.
        pub same_fingerprint: Option<bool>,
        /// The medium's model.
        pub model: Option<String>,
        /// Its serial number.
        pub serial: Option<String>,
        /// How many bytes it had for its user.
        pub bytes: Option<i64>,
        /// The level that was reached: `none`, `clear` or `purge`.
        pub level: Option<String>,
        /// `wiped` (and proven), `claimed` (by the device, unproven) or `failed`.
        pub result: Option<String>,
        /// Whether that is `wiped` and its own proof does not speak against it.
        pub proven: Option<bool>,
        /// When it ended.
        pub ended: Option<Time>,
        /// Bytes behind the visible end that stayed hidden; null where it could not be asked.
        pub hidden_bytes: Option<i64>,
        /// Bytes that could not be read afterwards; null without a proof.
        pub bad_bytes: Option<i64>,
        /// Areas that were not reached, one after the other; null where none is named.
        pub unreached: Option<String>,
        /// What the medium was called by those who had it.
        pub asset: Option<String>,
        /// Who wiped it, by his own word.
        pub operator: Option<String>,
    }
}

table! {
    /// Custody records that were given with a medium: one row for each statement, and before them one of number 0 for the record
    /// itself. That somebody signed a statement is proven; that it is true is not.
    #[table("storage_custody", version = 1)]
    pub struct Custody {
        /// The file, below what `--certificates` names.
        pub path: String,
        /// The number of the statement, from 1; 0 for the record itself and what it is of.
        pub number: i64,
        /// How many statements the record has.
        pub statements: i64,
        /// `removal`, `transport`, `storage`, `hand-over`, `receipt`, `degaussing`, `shredding`, `destruction` or `other`; of number 0
        /// `certificate`, `medium` (it was never wiped) or `unreadable`.
        pub event: String,
        /// When, by the word of the person.
        pub time: Option<Time>,
        /// Where.
        pub place: Option<String>,
        /// Who says so.
        pub person: Option<String>,
        /// In which role.
        pub role: Option<String>,
        /// To whom it was handed over.
        pub receiver: Option<String>,
        /// The short name of the key that signed it; null where the signature does not hold.
        pub key: Option<String>,
        /// What does not hold together; null where all does.
        pub fault: Option<String>,
        /// Why the life of the medium is not told to its end, of the record as a whole; null where it is.
        pub unfinished: Option<String>,
        /// Whether the record is of this medium, as certificates are; null where it cannot be read.
        pub of_this_medium: Option<bool>,
    }
}
