//! Keys in PEM: `-----BEGIN … PRIVATE KEY-----` to its end, one after the other, certificates between them.

use base64::Engine;

use super::super::text::lines::{Lines, trimmed};
use crate::{
    Stretch,
    formats::{Details, End, Family, Format, Kind, Proof, Setting, Signature, Walked},
};

pub static PEM: Format = Format {
    kind: Kind { name: "private-key", family: Family::Keys, extension: "pem" },
    signatures: &[Signature::new(b"-----BEGIN ")],
    looks,
    walk,
    texts: None,
    picture: None,
};

const CERTIFICATE: Kind = Kind { name: "certificate", family: Family::Other, extension: "pem" };

fn looks(head: &[u8]) -> bool {
    label(head.split(|byte| *byte == b'\n').next().unwrap_or_default(), b"-----BEGIN ").is_some()
}

fn label<'l>(line: &'l [u8], start: &[u8]) -> Option<&'l [u8]> {
    let name = line.trim_ascii_end().strip_prefix(start)?.strip_suffix(b"-----")?;
    let fine = |byte: &u8| byte.is_ascii_uppercase() || byte.is_ascii_digit() || *byte == b' ';
    ((3..=40).contains(&name.len()) && name.iter().all(fine)).then_some(name)
}

/// One block that is read.
struct Block {
    label: Vec<u8>,
    at: u64,
    encrypted: bool,
    first: Vec<u8>,
    lines: u32,
}

impl Block {
    fn new(label: &[u8], at: u64) -> Self {
        let encrypted = label.starts_with(b"ENCRYPTED");
        Self { label: label.to_vec(), at, encrypted, first: Vec::new(), lines: 0 }
    }

    /// Whether the line belongs into it: base64, or a header of the older forms.
    fn take(&mut self, line: &[u8]) -> bool {
        self.lines += 1;
        self.encrypted |= line.starts_with(b"Proc-Type:") && line.ends_with(b"ENCRYPTED");
        let fine = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/' | b'=');
        if line.iter().all(fine) {
            if self.first.len() < 64 {
                self.first.extend_from_slice(line);
            }
            return line.len() <= 4096;
        }
        self.lines < 16
            && line.len() < 200
            && memchr::memchr(b':', line).is_some()
            && line.is_ascii()
    }

    fn setting(&self) -> Option<Setting> {
        self.label
            .ends_with(b"PRIVATE KEY")
            .then_some(())
            .or_else(|| self.label.ends_with(b"PRIVATE KEY BLOCK").then_some(()))?;
        Some(Setting {
            kind: "private key",
            server: None,
            user: Details::bytes(&self.label),
            secret: !self.is_encrypted(),
            entries: None,
            at: Some(self.at),
        })
    }

    /// OpenSSH names its cipher at the front: `none` where no passphrase protects the key.
    fn is_encrypted(&self) -> bool {
        if self.label != b"OPENSSH PRIVATE KEY" {
            return self.encrypted;
        }
        let head = self.first.get(..self.first.len().min(64) / 4 * 4).unwrap_or_default();
        let bytes = base64::engine::general_purpose::STANDARD.decode(head).unwrap_or_default();
        bytes.strip_prefix(b"openssh-key-v1\0\0\0\0\x04none").is_none()
    }
}

fn walk(stretch: &mut Stretch) -> Option<Walked> {
    looks(stretch.peek(0, 64)).then_some(())?;
    let end = stretch.len();
    let mut lines = Lines::new(stretch, 0, end);
    let mut block: Option<Block> = None;
    let (mut closed, mut whole, mut settings, mut encrypted) = (0, true, Vec::new(), false);
    loop {
        let place = lines.place();
        let Some((_, line)) = lines.take() else { break };
        let (text, after) = (trimmed(line), place + line.len() as u64);
        match &mut block {
            Some(open) if label(text, b"-----END ") == Some(&open.label) => {
                encrypted |= open.is_encrypted();
                settings.extend(open.setting().filter(|_| settings.len() < 64));
                block = None;
                closed = after;
            }
            Some(open) => {
                if open.take(text) {
                    continue;
                }
                // What was read so far is its own up to this line.
                whole = false;
                if open.lines > 3 && closed < place {
                    settings.extend(open.setting());
                    closed = place;
                }
                break;
            }
            None => match label(text, b"-----BEGIN ") {
                Some(name) => block = Some(Block::new(name, place)),
                None if text.is_empty() => closed = after,
                None => break,
            },
        }
    }
    if let Some(open) = block.filter(|_| whole) {
        whole = false;
        if open.lines >= 2 {
            settings.extend(open.setting());
            closed = lines.place();
        }
    }
    if closed == 0 {
        return None;
    }
    let kind = settings.is_empty().then_some(CERTIFICATE);
    let details =
        Details { encrypted: kind.is_none().then_some(encrypted), settings, ..Details::default() };
    let end = if whole { End::Whole } else { End::Broken };
    Some(Walked { kind, length: closed, end, proof: Proof::Structure, details })
}

/// Private keys that stand in a text.
pub fn keys(text: &[u8]) -> Vec<Setting> {
    let mut found = Vec::new();
    for at in memchr::memmem::find_iter(text, b"-----BEGIN ").take(16) {
        let rest = &text[at..];
        let line = rest.split(|byte| *byte == b'\n').next().unwrap_or_default();
        let Some(name) = label(line, b"-----BEGIN ") else { continue };
        let mut block = Block::new(name, at as u64);
        let body = rest.get(line.len() + 1..).unwrap_or_default();
        let body = body.split(|byte| *byte == b'\n').take(8).map(<[u8]>::trim_ascii_end);
        if body.take_while(|line| block.take(line)).count() > 1 {
            found.extend(block.setting());
        }
    }
    found
}
