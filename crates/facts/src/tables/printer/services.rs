//! What of a printer can be reached, and how it shows itself there.

use crate::{Time, table};

table! {
    /// Services of printers: one row for each port that was tried, and for each version of SNMP.
    #[table("printer_services", version = 1)]
    pub struct Service {
        /// The port.
        pub port: i64,
        /// `tcp` or `udp`.
        pub transport: String,
        /// What belongs there: `ftp`, `ssh`, `telnet`, `http`, `https`, `snmp`, `smb`, `lpd`, `ipp`, `ipps`, `raw`, `wsd`, `mdns`, `escl`.
        pub service: String,
        /// `open`, `closed` (it refused) or `silent` (no answer: perhaps a firewall).
        pub reach: String,
        /// Whether what answered spoke as the service should; null where it was not asked.
        pub speaks: Option<bool>,
        /// Whether it was spoken to under TLS, or with privacy in SNMP.
        pub encrypted: Option<bool>,
        /// What it demanded before it answered: `none`, `community` (the well-known one), `named-community` (one that the user gave),
        /// `password`, `certificate`.
        pub authentication: Option<String>,
        /// The version that it speaks: `2.0`, `v1`, `v2c`, `v3`.
        pub version: Option<String>,
        /// The lowest version of TLS that it took: `SSLv3`, `TLSv1.0` … `TLSv1.3`.
        pub tls_lowest: Option<String>,
        /// The highest version of TLS that it took.
        pub tls_highest: Option<String>,
        /// The weakest suite that it chose.
        pub tls_suite: Option<String>,
        /// What it said of itself, cut at 200 characters.
        pub banner: Option<String>,
    }
}

table! {
    /// Certificates that printers showed.
    #[table("printer_certificates", version = 1)]
    pub struct Certificate {
        /// The port.
        pub port: i64,
        /// Its place in the chain, from 0 for the printer's own.
        pub place: i64,
        /// For whom it is.
        pub subject: String,
        /// Who issued it.
        pub issuer: String,
        /// Whether subject and issuer are one, and its own key signed it.
        pub self_signed: bool,
        /// From when it counts.
        pub not_before: Option<Time>,
        /// Until when it counts.
        pub not_after: Option<Time>,
        /// `rsa`, `ec`, `ed25519`, `dsa` or an identifier.
        pub key: String,
        /// Bits of the key.
        pub key_bits: Option<i64>,
        /// What it was signed with: `sha256WithRSA`, `md5WithRSA`, `ecdsa-with-SHA256`.
        pub signature: String,
        /// The names for which it is, separated by spaces; of more than 64 the first.
        pub names: Option<String>,
        /// Whether one of them is that by which it was reached; null where it was reached by an address and has none.
        pub names_host: Option<bool>,
        /// SHA-256 of the certificate.
        pub sha256: String,
    }
}

table! {
    /// Web pages of printers that were asked for, each with one GET.
    #[table("printer_pages", version = 1)]
    pub struct Page {
        /// The port.
        pub port: i64,
        /// Its path.
        pub path: String,
        /// What it is for: `start`, `status`, `settings`, `network`, `security`, `jobs`, `addresses`, `log`, `scan`, `firmware`.
        pub kind: String,
        /// The status of the answer.
        pub status: i64,
        /// Whether a password was demanded: by 401 or 403, or by a page that asks for one.
        pub login: bool,
        /// Whether it holds what its kind says; a start page under another address does not.
        pub shown: bool,
        /// Its title, cut at 200 characters.
        pub title: Option<String>,
    }
}
