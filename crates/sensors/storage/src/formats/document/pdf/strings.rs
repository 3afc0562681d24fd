//! Strings of a PDF: escapes, hexadecimal, UTF-16, dates.

use encoding_rs::{UTF_16BE, UTF_16LE, WINDOWS_1252};

use super::tokens::{Token, Tokens};
use crate::volumes::moments;

/// The bytes that a string stands for.
pub fn unescaped(raw: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(raw.len());
    let mut at = 0;
    while let Some(&byte) = raw.get(at) {
        at += 1;
        if byte != b'\\' {
            out.push(byte);
            continue;
        }
        let Some(&escape) = raw.get(at) else { break };
        at += 1;
        match escape {
            b'n' => out.push(b'\n'),
            b'r' => out.push(b'\r'),
            b't' => out.push(b'\t'),
            b'b' => out.push(8),
            b'f' => out.push(12),
            b'\r' if raw.get(at) == Some(&b'\n') => at += 1,
            b'\r' | b'\n' => {}
            b'0'..=b'7' => {
                let digits =
                    raw[at - 1..].iter().take(3).take_while(|byte| matches!(byte, b'0'..=b'7'));
                let (count, value) = digits.fold((0, 0_u32), |(count, value), digit| {
                    (count + 1, value * 8 + u32::from(digit - b'0'))
                });
                at += count - 1;
                out.push(value as u8);
            }
            other => out.push(other),
        }
    }
    out
}

pub fn from_hex(raw: &[u8]) -> Vec<u8> {
    let digit = |byte: &u8| char::from(*byte).to_digit(16).map(|digit| digit as u8);
    let digits: Vec<u8> = raw.iter().filter_map(digit).collect();
    digits.chunks(2).map(|pair| pair[0] << 4 | pair.get(1).copied().unwrap_or(0)).collect()
}

/// The first string of a value.
pub fn bytes(value: &[u8]) -> Option<Vec<u8>> {
    match Tokens::new(value).complete()? {
        Token::Text(raw) => Some(unescaped(raw)),
        Token::Hex(raw) => Some(from_hex(raw)),
        _ => None,
    }
}

/// A text for people: UTF-16 or UTF-8 by its mark, else Latin.
pub fn text(bytes: &[u8]) -> String {
    match bytes {
        [0xFE, 0xFF, rest @ ..] => UTF_16BE.decode_without_bom_handling(rest).0.into_owned(),
        [0xFF, 0xFE, rest @ ..] => UTF_16LE.decode_without_bom_handling(rest).0.into_owned(),
        [0xEF, 0xBB, 0xBF, rest @ ..] => String::from_utf8_lossy(rest).into_owned(),
        _ => match std::str::from_utf8(bytes) {
            Ok(text) => text.to_owned(),
            Err(_) => WINDOWS_1252.decode_without_bom_handling(bytes).0.into_owned(),
        },
    }
}

/// `D:20240131120000+01'00'`, from the right shorter.
pub fn date(bytes: &[u8]) -> Option<i64> {
    let rest = bytes.strip_prefix(b"D:").unwrap_or(bytes);
    let count = rest.iter().take(14).take_while(|byte| byte.is_ascii_digit()).count();
    let number = |from: usize, to: usize, missing: i64| match rest.get(from..to) {
        Some(digits) if to <= count => {
            digits.iter().fold(0, |sum, digit| sum * 10 + i64::from(digit - b'0'))
        }
        _ => missing,
    };
    if count < 4 {
        return None;
    }
    let day = [number(0, 4, 0), number(4, 6, 1), number(6, 8, 1)];
    let local = moments::civil(day, [number(8, 10, 0), number(10, 12, 0), number(12, 14, 0)])?;
    let zone = &rest[count..];
    let two = |at: usize| match zone.get(at..at + 2) {
        Some([tens @ b'0'..=b'9', ones @ b'0'..=b'9']) => {
            i64::from(tens - b'0') * 10 + i64::from(ones - b'0')
        }
        _ => 0,
    };
    let apart = two(1) * 3600 + two(4) * 60;
    Some(match zone.first() {
        Some(b'+') => local - apart,
        Some(b'-') => local + apart,
        _ => local,
    })
}
