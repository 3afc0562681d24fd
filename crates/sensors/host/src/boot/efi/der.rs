//! Who signed, by the certificates in a signature: enough of DER to find the signers' names. Limits:
//! 16 signers, 64 certificates, 200 characters of a name, definite lengths only. Whether the
//! signature is true is not verified.

use crate::name;

const MAX_SIGNERS: usize = 16;
const MAX_CERTIFICATES: usize = 64;
const MAX_NAME: usize = 200;
const SEQUENCE: u8 = 0x30;
const OBJECT: u8 = 0x06;
const COMMON_NAME: &[u8] = &[0x55, 0x04, 0x03];
const ORGANISATION: &[u8] = &[0x55, 0x04, 0x0a];

/// One value: its tag, its content, and the bytes that it takes whole.
#[derive(Clone, Copy)]
struct Value<'a> {
    tag: u8,
    content: &'a [u8],
    whole: &'a [u8],
}

/// The values in a content, one behind the other, as far as they make sense.
struct Values<'a>(&'a [u8]);

impl<'a> Iterator for Values<'a> {
    type Item = Value<'a>;

    fn next(&mut self) -> Option<Value<'a>> {
        let (tag, first) = (*self.0.first()?, *self.0.get(1)?);
        let (header, length) = match first {
            short if short < 0x80 => (2, usize::from(short)),
            0x81..=0x84 => {
                let count = usize::from(first & 0x7f);
                let digits = self.0.get(2..2 + count)?;
                let length = digits.iter().fold(0, |sum, digit| (sum << 8) | usize::from(*digit));
                (2 + count, length)
            }
            _ => return None,
        };
        let end = header.checked_add(length)?;
        let whole = self.0.get(..end)?;
        self.0 = self.0.get(end..)?;
        Some(Value { tag, content: whole.get(header..)?, whole })
    }
}

/// The subjects of those who signed; none where this is no signature of the kind (PKCS #7).
pub fn signers(bytes: &[u8]) -> Option<Vec<String>> {
    let signed = signed_data(bytes)?;
    let certificates: Vec<Certificate<'_>> = Values(signed)
        .filter(|value| value.tag == 0xa0)
        .flat_map(|value| Values(value.content).take(MAX_CERTIFICATES))
        .filter_map(|value| Certificate::parse(value.content))
        .collect();
    // The first set holds the digests' names, the last the signers.
    let infos = Values(signed).filter(|value| value.tag == 0x31).last()?;
    let signers = Values(infos.content).take(MAX_SIGNERS);
    Some(signers.filter_map(|info| signer(info.content, &certificates)).collect())
}

fn signed_data(bytes: &[u8]) -> Option<&[u8]> {
    let outer = Values(bytes).next().filter(|value| value.tag == SEQUENCE)?;
    let inner = Values(outer.content).nth(1).filter(|value| value.tag == 0xa0)?;
    Some(Values(inner.content).next().filter(|value| value.tag == SEQUENCE)?.content)
}

/// The subject of the certificate that a signer names by its issuer and number; without it, the issuer.
fn signer(info: &[u8], certificates: &[Certificate<'_>]) -> Option<String> {
    let named = Values(info).nth(1).filter(|value| value.tag == SEQUENCE)?;
    let mut parts = Values(named.content);
    let (issuer, serial) = (parts.next()?, parts.next()?);
    let own = certificates
        .iter()
        .find(|found| found.issuer == issuer.whole && found.serial == serial.content);
    match own {
        Some(certificate) => common_name(certificate.subject),
        None => Some(format!("issued by {}", common_name(issuer.content)?)),
    }
}

struct Certificate<'a> {
    serial: &'a [u8],
    issuer: &'a [u8],
    subject: &'a [u8],
}

impl<'a> Certificate<'a> {
    fn parse(certificate: &'a [u8]) -> Option<Self> {
        let signed = Values(certificate).next().filter(|value| value.tag == SEQUENCE)?;
        let mut parts = Values(signed.content).filter(|value| value.tag != 0xa0);
        let serial = parts.next()?.content;
        let issuer = parts.nth(1)?.whole;
        let subject = parts.nth(1)?.content;
        Some(Self { serial, issuer, subject })
    }
}

/// The common name in a name, or the organisation.
fn common_name(name: &[u8]) -> Option<String> {
    let attributes = || Values(name).flat_map(|set| Values(set.content));
    let find = |wanted: &[u8]| {
        attributes().find_map(|attribute| {
            let mut parts = Values(attribute.content);
            let kind = parts.next().filter(|kind| kind.tag == OBJECT && kind.content == wanted);
            kind.and_then(|_| parts.next()).map(text)
        })
    };
    find(COMMON_NAME).or_else(|| find(ORGANISATION))
}

fn text(value: Value<'_>) -> String {
    let text = match value.tag {
        // Two bytes a letter.
        0x1e => {
            let pairs = value.content.as_chunks::<2>().0.iter();
            String::from_utf16_lossy(
                &pairs.map(|pair| u16::from_be_bytes(*pair)).collect::<Vec<_>>(),
            )
        }
        _ => name::text(value.content),
    };
    // Semicolons part the names.
    text.chars().take(MAX_NAME).map(|c| if c == ';' { ',' } else { c }).collect()
}
