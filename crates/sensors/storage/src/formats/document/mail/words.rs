//! Words that stand encoded in headers: `=?utf-8?B?…?=`.

use base64::Engine;
use encoding_rs::Encoding;

/// Forgiving: what is cut or not padded is decoded as far as it goes.
pub const BASE64: base64::engine::GeneralPurpose = base64::engine::GeneralPurpose::new(
    &base64::alphabet::STANDARD,
    base64::engine::GeneralPurposeConfig::new()
        .with_decode_allow_trailing_bits(true)
        .with_decode_padding_mode(base64::engine::DecodePaddingMode::Indifferent),
);

/// The value as text, and whether something in it was encoded.
pub fn decode(value: &[u8]) -> (String, bool) {
    let value = value.trim_ascii();
    let mut text = String::new();
    let mut encoded = false;
    let mut rest = value;
    while let Some(at) = memchr::memmem::find(rest, b"=?") {
        let Some((word, behind)) = word(&rest[at..]) else {
            push(&mut text, &rest[..at + 2]);
            rest = &rest[at + 2..];
            continue;
        };
        // Blanks between two such words are none.
        if !(encoded && rest[..at].iter().all(u8::is_ascii_whitespace)) {
            push(&mut text, &rest[..at]);
        }
        text.push_str(&word);
        encoded = true;
        rest = behind;
    }
    push(&mut text, rest);
    (text, encoded)
}

fn push(text: &mut String, bytes: &[u8]) {
    match std::str::from_utf8(bytes) {
        Ok(fine) => text.push_str(fine),
        Err(_) => text.extend(bytes.iter().map(|byte| char::from(*byte))),
    }
}

/// The word that begins here, and what is behind it.
fn word(bytes: &[u8]) -> Option<(String, &[u8])> {
    let mut parts = bytes.get(2..)?.splitn(4, |byte| *byte == b'?');
    let (charset, way, rest) = (parts.next()?, parts.next()?, parts.next()?);
    let behind = parts.next()?.strip_prefix(b"=")?;
    let raw = match way {
        b"B" | b"b" => BASE64.decode(rest).ok()?,
        b"Q" | b"q" => quoted(rest, true),
        _ => return None,
    };
    let charset = charset.split(|byte| *byte == b'*').next()?;
    let encoding = Encoding::for_label(charset).unwrap_or(encoding_rs::WINDOWS_1252);
    Some((encoding.decode(&raw).0.into_owned(), behind))
}

/// Quoted-printable; in headers `_` is a blank.
pub fn quoted(bytes: &[u8], header: bool) -> Vec<u8> {
    let mut out = Vec::with_capacity(bytes.len());
    let mut at = 0;
    let hex = |at: usize| bytes.get(at).and_then(|byte| char::from(*byte).to_digit(16));
    while let Some(byte) = bytes.get(at) {
        at += 1;
        match (byte, hex(at), hex(at + 1)) {
            (b'=', Some(high), Some(low)) => {
                out.push((high * 16 + low) as u8);
                at += 2;
            }
            (b'=', ..) if bytes.get(at) == Some(&b'\n') => at += 1,
            (b'=', ..) if bytes.get(at..at + 2) == Some(b"\r\n") => at += 2,
            (b'_', ..) if header => out.push(b' '),
            _ => out.push(*byte),
        }
    }
    out
}
