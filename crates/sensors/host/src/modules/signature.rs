//! Who signed a module: behind the module stands a PKCS#7 message, behind that its length, behind
//! that a magic word. Nothing is verified; the name is that of the certificate's issuer.
//!
//! At most 4 levels and 32 elements of a level are walked.

use crate::name;

const MAGIC: &[u8] = b"~Module signature appended~\n";
/// Kind of signature, lengths and the length of the message, as module_signature.h has them.
const TRAILER: usize = 12;
const PKCS7: u8 = 2;
const MOST: usize = 32;

const SEQUENCE: u8 = 0x30;
const SET: u8 = 0x31;
const NUMBER: u8 = 0x02;
const IDENTIFIER: u8 = 0x06;
const OCTETS: u8 = 0x04;
/// `[0]`, in which something whole stands, or which marks a key instead of an issuer.
const CONTENT: u8 = 0xa0;
const KEY: u8 = 0x80;
/// The object identifiers 2.5.4.3 and 2.5.4.10.
const COMMON_NAME: &[u8] = &[0x55, 4, 3];
const ORGANISATION: &[u8] = &[0x55, 4, 10];

/// From the end of the file: empty where nobody signed, none where it cannot be told who.
pub fn signer(tail: &[u8]) -> Option<String> {
    let Some(signed) = tail.strip_suffix(MAGIC) else { return Some(String::new()) };
    let (rest, trailer) = signed.split_at_checked(signed.len().checked_sub(TRAILER)?)?;
    let length = trailer.get(8..)?.try_into().ok().map(u32::from_be_bytes)?;
    if trailer.get(2) != Some(&PKCS7) {
        return None;
    }
    let start = rest.len().checked_sub(usize::try_from(length).ok()?)?;
    issuer(rest.get(start..)?)
}

/// ContentInfo → SignedData → the last element, a set of SignerInfo → the first of them.
fn issuer(message: &[u8]) -> Option<String> {
    let (content_info, _) = element(message, SEQUENCE)?;
    let content = elements(content_info).into_iter().find(|(tag, _)| *tag == CONTENT)?.1;
    let (signed_data, _) = element(content, SEQUENCE)?;
    let (_, signers) = elements(signed_data).into_iter().rev().find(|(tag, _)| *tag == SET)?;
    let (signer, _) = element(signers, SEQUENCE)?;
    let parts = elements(signer);
    let (tag, identity) = parts.iter().skip_while(|(tag, _)| *tag == NUMBER).copied().next()?;
    match tag {
        SEQUENCE => common_name(element(identity, SEQUENCE)?.0),
        KEY | CONTENT => Some(key(identity)),
        _ => None,
    }
}

/// The key's own number is all that some signatures tell.
fn key(identity: &[u8]) -> String {
    let bytes = element(identity, OCTETS).map_or(identity, |(bytes, _)| bytes);
    let hex: String = bytes.iter().take(20).map(|byte| format!("{byte:02x}")).collect();
    format!("key {hex}")
}

/// A name is a row of sets, each with pairs of kind and text.
fn common_name(row: &[u8]) -> Option<String> {
    let pairs: Vec<_> = elements(row)
        .into_iter()
        .filter_map(|(_, set)| elements(element(set, SEQUENCE)?.0).try_into().ok())
        .collect();
    let text = |wanted: &[u8]| {
        pairs.iter().find_map(|[(tag, kind), (_, text)]: &[(u8, &[u8]); 2]| {
            (*tag == IDENTIFIER && *kind == wanted).then(|| name::text(text))
        })
    };
    text(COMMON_NAME).or_else(|| text(ORGANISATION)).filter(|name| !name.is_empty())
}

/// The elements that follow each other, up to the first that makes no sense.
fn elements(mut bytes: &[u8]) -> Vec<(u8, &[u8])> {
    let mut found = Vec::new();
    while let Some((tag, content, rest)) = next(bytes) {
        found.push((tag, content));
        bytes = rest;
        if found.len() == MOST {
            break;
        }
    }
    found
}

fn element(bytes: &[u8], wanted: u8) -> Option<(&[u8], &[u8])> {
    next(bytes).filter(|(tag, ..)| *tag == wanted).map(|(_, content, rest)| (content, rest))
}

/// Tag, content and what follows. Lengths have at most four bytes here.
fn next(bytes: &[u8]) -> Option<(u8, &[u8], &[u8])> {
    let (tag, rest) = bytes.split_first()?;
    let (first, rest) = rest.split_first()?;
    let more = usize::from(first & 0x7f);
    let (length, rest) = match first & 0x80 {
        0 => (more, rest),
        _ if (1..=4).contains(&more) => {
            let (digits, rest) = rest.split_at_checked(more)?;
            (digits.iter().fold(0, |sum, byte| sum << 8 | usize::from(*byte)), rest)
        }
        _ => return None,
    };
    let (content, rest) = rest.split_at_checked(length)?;
    Some((*tag, content, rest))
}
