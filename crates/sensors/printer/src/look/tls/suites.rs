//! Suites of TLS by number, name and strength. The numbers and names are those of IANA's registry.

/// How good a suite is; the first is the weakest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Strength {
    /// It encrypts nothing.
    Plain,
    /// Nobody proves who he is.
    Anonymous,
    /// Made weak on purpose, for export.
    Export,
    /// DES, RC2 and RC4.
    Broken,
    /// Blocks of 64 bits: 3DES and IDEA.
    Old,
    /// The printer's key opens everything that was ever recorded.
    NoForwardSecrecy,
    /// CBC with a key of its own for each session.
    Chained,
    Sound,
}

pub struct Suite {
    pub number: u16,
    pub name: &'static str,
}

macro_rules! suites {
    ($( $number:literal $name:ident )+) => {
        /// Those that are offered, the strongest first.
        pub const ALL: &[Suite] = &[ $( Suite { number: $number, name: stringify!($name) }, )+ ];
    };
}

suites! {
    0xC02C TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384
    0xC030 TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384
    0xC02B TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256
    0xC02F TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256
    0xCCA9 TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256
    0xCCA8 TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256
    0x009F TLS_DHE_RSA_WITH_AES_256_GCM_SHA384
    0x009E TLS_DHE_RSA_WITH_AES_128_GCM_SHA256
    0xC024 TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA384
    0xC028 TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA384
    0xC023 TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA256
    0xC027 TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA256
    0xC00A TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA
    0xC014 TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA
    0xC009 TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA
    0xC013 TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA
    0x006B TLS_DHE_RSA_WITH_AES_256_CBC_SHA256
    0x0067 TLS_DHE_RSA_WITH_AES_128_CBC_SHA256
    0x0039 TLS_DHE_RSA_WITH_AES_256_CBC_SHA
    0x0033 TLS_DHE_RSA_WITH_AES_128_CBC_SHA
    0x0038 TLS_DHE_DSS_WITH_AES_256_CBC_SHA
    0x0032 TLS_DHE_DSS_WITH_AES_128_CBC_SHA
    0x009D TLS_RSA_WITH_AES_256_GCM_SHA384
    0x009C TLS_RSA_WITH_AES_128_GCM_SHA256
    0x003D TLS_RSA_WITH_AES_256_CBC_SHA256
    0x003C TLS_RSA_WITH_AES_128_CBC_SHA256
    0x0035 TLS_RSA_WITH_AES_256_CBC_SHA
    0x002F TLS_RSA_WITH_AES_128_CBC_SHA
    0x0084 TLS_RSA_WITH_CAMELLIA_256_CBC_SHA
    0x0041 TLS_RSA_WITH_CAMELLIA_128_CBC_SHA
    0x0096 TLS_RSA_WITH_SEED_CBC_SHA
    0xC008 TLS_ECDHE_ECDSA_WITH_3DES_EDE_CBC_SHA
    0xC012 TLS_ECDHE_RSA_WITH_3DES_EDE_CBC_SHA
    0x0016 TLS_DHE_RSA_WITH_3DES_EDE_CBC_SHA
    0x0013 TLS_DHE_DSS_WITH_3DES_EDE_CBC_SHA
    0x000A TLS_RSA_WITH_3DES_EDE_CBC_SHA
    0x0007 TLS_RSA_WITH_IDEA_CBC_SHA
    0xC007 TLS_ECDHE_ECDSA_WITH_RC4_128_SHA
    0xC011 TLS_ECDHE_RSA_WITH_RC4_128_SHA
    0x0005 TLS_RSA_WITH_RC4_128_SHA
    0x0004 TLS_RSA_WITH_RC4_128_MD5
    0x0015 TLS_DHE_RSA_WITH_DES_CBC_SHA
    0x0012 TLS_DHE_DSS_WITH_DES_CBC_SHA
    0x0009 TLS_RSA_WITH_DES_CBC_SHA
    0x0014 TLS_DHE_RSA_EXPORT_WITH_DES40_CBC_SHA
    0x0011 TLS_DHE_DSS_EXPORT_WITH_DES40_CBC_SHA
    0x0008 TLS_RSA_EXPORT_WITH_DES40_CBC_SHA
    0x0006 TLS_RSA_EXPORT_WITH_RC2_CBC_40_MD5
    0x0003 TLS_RSA_EXPORT_WITH_RC4_40_MD5
    0x0062 TLS_RSA_EXPORT1024_WITH_DES_CBC_SHA
    0x0064 TLS_RSA_EXPORT1024_WITH_RC4_56_SHA
    0xC018 TLS_ECDH_anon_WITH_AES_128_CBC_SHA
    0x0034 TLS_DH_anon_WITH_AES_128_CBC_SHA
    0x001B TLS_DH_anon_WITH_3DES_EDE_CBC_SHA
    0x0018 TLS_DH_anon_WITH_RC4_128_MD5
    0xC010 TLS_ECDHE_RSA_WITH_NULL_SHA
    0x003B TLS_RSA_WITH_NULL_SHA256
    0x0002 TLS_RSA_WITH_NULL_SHA
    0x0001 TLS_RSA_WITH_NULL_MD5
}

/// Those of TLS 1.3, which has no weak ones.
pub const OF_13: &[Suite] = &[
    Suite { number: 0x1302, name: "TLS_AES_256_GCM_SHA384" },
    Suite { number: 0x1303, name: "TLS_CHACHA20_POLY1305_SHA256" },
    Suite { number: 0x1301, name: "TLS_AES_128_GCM_SHA256" },
    Suite { number: 0x1304, name: "TLS_AES_128_CCM_SHA256" },
];

impl Suite {
    pub fn strength(&self) -> Strength {
        let has = |part: &str| self.name.contains(part);
        match () {
            () if has("_NULL_") => Strength::Plain,
            () if has("_anon_") => Strength::Anonymous,
            () if has("_EXPORT") => Strength::Export,
            () if has("_RC4_") || has("_RC2_") || has("_DES_") => Strength::Broken,
            () if has("_3DES_") || has("_IDEA_") => Strength::Old,
            () if has("TLS_RSA_WITH") => Strength::NoForwardSecrecy,
            () if has("_CBC_") => Strength::Chained,
            () => Strength::Sound,
        }
    }
}

/// The name and strength of what was chosen; a number that is not in the list is told as it is.
pub fn known(number: u16) -> (Strength, String) {
    let found = ALL.iter().chain(OF_13).find(|suite| suite.number == number);
    match found {
        Some(suite) => (suite.strength(), suite.name.to_owned()),
        None => (Strength::Chained, format!("0x{number:04X}")),
    }
}

/// Those that nobody should take.
pub fn weak() -> impl Iterator<Item = &'static Suite> {
    ALL.iter().filter(|suite| suite.strength() <= Strength::Old)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_suite_has_one_number_and_the_weak_stand_last() {
        for (at, suite) in ALL.iter().enumerate() {
            assert!(ALL[..at].iter().all(|other| other.number != suite.number), "{}", suite.name);
        }
        let first_weak = ALL.iter().position(|suite| suite.strength() <= Strength::Old).unwrap();
        assert!(ALL[first_weak..].iter().all(|suite| suite.strength() <= Strength::Old));
        assert_eq!(weak().count(), ALL.len() - first_weak);
    }

    #[test]
    fn a_suite_is_as_strong_as_its_weakest_part() {
        assert_eq!(known(0x0004), (Strength::Broken, "TLS_RSA_WITH_RC4_128_MD5".into()));
        assert_eq!(known(0x0003).0, Strength::Export);
        assert_eq!(known(0x000A).0, Strength::Old);
        assert_eq!(known(0x002F).0, Strength::NoForwardSecrecy);
        assert_eq!(known(0xC02F).0, Strength::Sound);
        assert_eq!(known(0xFEFE).1, "0xFEFE");
    }
}
