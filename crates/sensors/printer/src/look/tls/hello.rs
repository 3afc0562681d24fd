//! A ClientHello for one version of TLS: RFC 6101 for SSLv3, 2246, 4346 and 5246 for TLS 1.0 to 1.2, 8446 for TLS 1.3.
//!
//! Nothing follows it, so nothing in it needs to be secret or by chance; it says in clear text what it is for.

use super::{suites::Suite, version::Version};

/// The 32 bytes where chance stands in a hello that means it.
const RANDOM: &[u8; 32] = b"leaksweep: only reads the hello.";
/// For whom a printer has no certificate of its own is asked by address, which no hello may name.
const LONGEST_NAME: usize = 253;
/// That renegotiation is safe is said by a number among the suites: some refuse who does not say it.
const SAFE_RENEGOTIATION: u16 = 0x00FF;

mod extension {
    pub const SERVER_NAME: u16 = 0;
    pub const GROUPS: u16 = 10;
    pub const POINT_FORMATS: u16 = 11;
    pub const SIGNATURES: u16 = 13;
    pub const VERSIONS: u16 = 43;
    pub const KEY_SHARE: u16 = 51;
}

/// secp256r1, secp384r1, secp521r1, x25519.
const GROUPS: [u16; 4] = [23, 24, 25, 29];
const X25519: u16 = 29;
/// ECDSA, PSS and PKCS#1 with SHA-2, then SHA-1, DSA and MD5 for old ones.
const SIGNATURES: [u16; 14] = [
    0x0403, 0x0503, 0x0603, 0x0804, 0x0805, 0x0806, 0x0401, 0x0501, 0x0601, 0x0807, 0x0203, 0x0201,
    0x0202, 0x0101,
];

/// The record with the hello. `name` is the printer's, where it has one.
pub fn client_hello<'a>(
    version: Version,
    name: Option<&str>,
    suites: impl Iterator<Item = &'a Suite>,
) -> Vec<u8> {
    let mut body = version.min(Version::Tls12).number().to_be_bytes().to_vec();
    body.extend(RANDOM);
    // A session's id of length zero.
    body.push(0);
    let numbers = suites.map(|suite| suite.number).chain([SAFE_RENEGOTIATION]);
    body.extend(sized(numbers.flat_map(u16::to_be_bytes).collect()));
    // No compression.
    body.extend([1, 0]);
    if version > Version::Ssl3 {
        body.extend(sized(extensions(version, name)));
    }
    let length = u32::try_from(body.len()).unwrap_or_default().to_be_bytes();
    let message = [&[1], length.get(1..).unwrap_or_default(), &body].concat();
    let record = version.min(Version::Tls10).number().to_be_bytes();
    [&[22][..], &record, &sized(message)].concat()
}

fn extensions(version: Version, name: Option<&str>) -> Vec<u8> {
    let mut all = Vec::new();
    if let Some(name) = name.filter(|name| name.len() <= LONGEST_NAME) {
        let entry = [&[0][..], &sized(name.into())].concat();
        all.extend(of(extension::SERVER_NAME, sized(entry)));
    }
    all.extend(of(extension::GROUPS, sized(numbers(&GROUPS))));
    all.extend(of(extension::POINT_FORMATS, vec![1, 0]));
    if version >= Version::Tls12 {
        all.extend(of(extension::SIGNATURES, sized(numbers(&SIGNATURES))));
    }
    if version == Version::Tls13 {
        let [high, low] = version.number().to_be_bytes();
        all.extend(of(extension::VERSIONS, vec![2, high, low]));
        // The base point: a share like any other, and nobody's.
        let mut share = X25519.to_be_bytes().to_vec();
        let mut point = vec![0; 32];
        point.splice(..1, [9]);
        share.extend(sized(point));
        all.extend(of(extension::KEY_SHARE, sized(share)));
    }
    all
}

fn of(number: u16, content: Vec<u8>) -> Vec<u8> {
    [&number.to_be_bytes()[..], &sized(content)].concat()
}

fn numbers(numbers: &[u16]) -> Vec<u8> {
    numbers.iter().copied().flat_map(u16::to_be_bytes).collect()
}

/// With its length before it.
fn sized(content: Vec<u8>) -> Vec<u8> {
    let length = u16::try_from(content.len()).unwrap_or_default();
    [&length.to_be_bytes()[..], &content].concat()
}

#[cfg(test)]
mod tests {
    use super::{super::suites, *};

    #[test]
    fn every_length_is_that_of_what_follows() {
        for version in Version::ALL {
            let hello = client_hello(version, Some("p.example"), suites::ALL.iter());
            let length = usize::from(u16::from_be_bytes([hello[3], hello[4]]));
            assert_eq!(length + 5, hello.len());
            let body = usize::from(u16::from_be_bytes([hello[7], hello[8]]));
            assert_eq!((hello[5], hello[6], body + 9), (1, 0, hello.len()));
            assert!(hello.len() < 400, "{}", hello.len());
            let names = hello.windows(9).any(|part| part == b"p.example");
            assert_eq!(names, version > Version::Ssl3, "{version:?}");
        }
    }
}
