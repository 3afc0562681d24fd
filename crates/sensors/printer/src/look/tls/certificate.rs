//! One certificate in X.509 (RFC 5280), for the table `printer_certificates`.
//!
//! Names beyond [`MOST_NAMES`] are left out. A certificate that cannot be read is a problem and no row.

use std::net::IpAddr;

use leaksweep_facts::{Time, tables::printer::Certificate};
use sha2::{Digest, Sha256};
use x509_parser::{
    certificate::X509Certificate,
    extensions::GeneralName,
    prelude::{FromDer, ParsedExtension},
    public_key::PublicKey,
    x509::SubjectPublicKeyInfo,
};

use super::algorithms;
use crate::portrait::cut;

/// The most names that are kept of a certificate.
const MOST_NAMES: usize = 64;
/// The shortest key of RSA whose signatures are checked.
const CHECKED_BITS: i64 = 2048;

/// How the printer was reached.
#[derive(Debug, Clone, Copy)]
pub struct Reached<'a> {
    pub host: &'a str,
    pub address: IpAddr,
}

/// The row of one certificate of a chain; none for what is no certificate.
pub fn read(der: &[u8], port: u16, place: usize, reached: Reached) -> Option<Certificate> {
    let (_, certificate) = X509Certificate::from_der(der).ok()?;
    let (key, bits) = key(certificate.public_key());
    let names = Names::of(&certificate);
    Some(Certificate {
        port: port.into(),
        place: i64::try_from(place).unwrap_or(i64::MAX),
        subject: cut(&certificate.subject().to_string()),
        issuer: cut(&certificate.issuer().to_string()),
        self_signed: signed_itself(&certificate, &key, bits),
        not_before: Some(Time(certificate.validity().not_before.timestamp())),
        not_after: Some(Time(certificate.validity().not_after.timestamp())),
        key,
        key_bits: bits,
        signature: algorithms::signature(&certificate.signature_algorithm.algorithm.to_id_string()),
        names: names.text(),
        names_host: names.fit(reached),
        sha256: Sha256::digest(der).iter().map(|byte| format!("{byte:02x}")).collect(),
    })
}

/// By its names, and by its signature where that can be checked: not for keys and digests that nobody takes any more.
fn signed_itself(certificate: &X509Certificate, key: &str, bits: Option<i64>) -> bool {
    use x509_parser::error::X509Error;
    if certificate.subject().as_raw() != certificate.issuer().as_raw() {
        return false;
    }
    let checked = key != "rsa" || bits.is_some_and(|bits| bits >= CHECKED_BITS);
    let outcome = certificate.verify_signature(None);
    !(checked && matches!(outcome, Err(X509Error::SignatureVerificationError)))
}

fn key(info: &SubjectPublicKeyInfo) -> (String, Option<i64>) {
    let algorithm = algorithms::key(&info.algorithm.algorithm.to_id_string());
    let parameters = info.algorithm.parameters.as_ref();
    let curve = || parameters?.as_oid().ok().map(|curve| curve.to_id_string());
    let bits = match info.parsed() {
        Ok(PublicKey::RSA(rsa)) => bits(rsa.modulus),
        Ok(PublicKey::EC(point)) => {
            curve().and_then(|curve| algorithms::curve_bits(&curve)).or(bits(point.data()))
        }
        // Its parameters: the prime comes first.
        Ok(PublicKey::DSA(_)) => parameters.and_then(|all| prime(all.data)),
        _ if algorithm == "ed25519" => Some(256),
        _ => None,
    };
    (algorithm, bits)
}

/// The bits of a whole number in big-endian bytes.
fn bits(number: &[u8]) -> Option<i64> {
    let start = number.iter().position(|byte| *byte != 0)?;
    let first = *number.get(start)?;
    let bytes = i64::try_from(number.len() - start).ok()?;
    Some(bytes * 8 - i64::from(first.leading_zeros()))
}

fn prime(parameters: &[u8]) -> Option<i64> {
    let (_, prime) = der_integer(parameters)?;
    bits(prime)
}

/// A whole number in DER, and what follows it.
fn der_integer(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let (&[tag, length], rest) = bytes.split_first_chunk()?;
    let (length, rest) = match length {
        0x81 => {
            let (length, rest) = rest.split_first()?;
            (usize::from(*length), rest)
        }
        0x82 => {
            let (length, rest) = rest.split_first_chunk()?;
            (usize::from(u16::from_be_bytes(*length)), rest)
        }
        length => (usize::from(length), rest),
    };
    let (number, rest) = rest.split_at_checked(length)?;
    (tag == 2).then_some((rest, number))
}

/// For whom a certificate is.
struct Names {
    all: Vec<String>,
    addresses: Vec<IpAddr>,
}

impl Names {
    /// Its alternative names; without any, the common name of its subject.
    fn of(certificate: &X509Certificate) -> Self {
        let mut names = Self { all: Vec::new(), addresses: Vec::new() };
        let lists = certificate.extensions().iter().map(|extension| extension.parsed_extension());
        for list in lists {
            if let ParsedExtension::SubjectAlternativeName(list) = list {
                list.general_names.iter().take(MOST_NAMES).for_each(|name| names.add(name));
            }
        }
        if names.all.is_empty() {
            let common = certificate.subject().iter_common_name();
            let common = common.filter_map(|name| name.as_str().ok()).take(MOST_NAMES);
            names.all.extend(common.map(cut));
        }
        names.all.truncate(MOST_NAMES);
        names
    }

    fn add(&mut self, name: &GeneralName) {
        match name {
            GeneralName::DNSName(name) | GeneralName::URI(name) | GeneralName::RFC822Name(name) => {
                self.all.push(cut(name));
            }
            GeneralName::IPAddress(bytes) => {
                let address = <[u8; 4]>::try_from(*bytes).map(IpAddr::from);
                let address = address.or_else(|_| <[u8; 16]>::try_from(*bytes).map(IpAddr::from));
                if let Ok(address) = address {
                    self.all.push(address.to_string());
                    self.addresses.push(address);
                }
            }
            _ => {}
        }
    }

    fn text(&self) -> Option<String> {
        let texts: Vec<String> = self.all.iter().map(|name| name.replace(' ', "_")).collect();
        Some(texts.join(" ")).filter(|text| !text.is_empty())
    }

    /// Whether it is for the host; of one that was reached by its address nobody knows, unless an address stands in it.
    fn fit(&self, reached: Reached) -> Option<bool> {
        if reached.host.parse::<IpAddr>().is_ok() {
            let fits = self.addresses.contains(&reached.address)
                || self.all.iter().any(|name| *name == reached.host);
            return (fits || !self.addresses.is_empty()).then_some(fits);
        }
        Some(self.all.iter().any(|name| is_for(name, reached.host)))
    }
}

/// A star stands for one label, and only for the first.
fn is_for(name: &str, host: &str) -> bool {
    if name.eq_ignore_ascii_case(host) {
        return true;
    }
    let behind = |text: &str| text.split_once('.').map(|(_, behind)| behind.to_ascii_lowercase());
    name.starts_with("*.") && behind(name).is_some() && behind(name) == behind(host)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_certificate_is_none() {
        let reached = Reached { host: "p", address: IpAddr::from([127, 0, 0, 1]) };
        assert!(read(b"", 443, 0, reached).is_none());
        assert!(read(&[0x30, 0x82, 0xFF, 0xFF], 443, 0, reached).is_none());
    }

    #[test]
    fn a_star_stands_for_one_label() {
        assert!(is_for("*.example.org", "p.example.org"));
        assert!(is_for("P.example.org", "p.example.ORG"));
        assert!(!is_for("*.example.org", "a.b.example.org"));
        assert!(!is_for("*.example.org", "example.org"));
        assert!(!is_for("*", "p"));
    }

    #[test]
    fn the_bits_of_a_key_are_counted_without_its_leading_zeros() {
        assert_eq!(bits(&[0, 0x80, 0]), Some(16));
        assert_eq!(bits(&[1]), Some(1));
        assert_eq!(bits(&[]), None);
        assert_eq!(prime(&[2, 2, 0, 0x81, 9]), Some(8));
        assert_eq!(prime(&[2, 0x82, 1]), None);
    }
}
