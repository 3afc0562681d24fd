//! Settings of servers, accounts and wireless networks in configuration texts: lines of `key = value`, `key: value`, `key value`, and elements or attributes of XML with
//! such names.

use crate::formats::{Details, Setting};

/// What a key is about, and which part of it.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Part {
    Server,
    User,
    Secret,
}

/// Keys as letters and digits alone, in small letters.
const KEYS: &[(&str, &str, Part)] = &[
    ("mail server", "smtpserver", Part::Server),
    ("mail server", "smtphost", Part::Server),
    ("mail server", "smtpserveraddress", Part::Server),
    ("mail server", "smtpservername", Part::Server),
    ("mail server", "smtpserverhost", Part::Server),
    ("mail server", "smtpservers", Part::Server),
    ("mail server", "smtpaddress", Part::Server),
    ("mail server", "primarysmtpgateway", Part::Server),
    ("mail server", "mailserver", Part::Server),
    ("mail server", "mailhost", Part::Server),
    ("mail server", "mailhub", Part::Server),
    ("mail server", "relayhost", Part::Server),
    ("mail server", "pop3server", Part::Server),
    ("mail server", "imapserver", Part::Server),
    ("mail server", "smtpuser", Part::User),
    ("mail server", "smtpusername", Part::User),
    ("mail server", "smtploginname", Part::User),
    ("mail server", "smtpauthuser", Part::User),
    ("mail server", "smtpauthusername", Part::User),
    ("mail server", "authuser", Part::User),
    ("mail server", "pop3user", Part::User),
    ("mail server", "smtppassword", Part::Secret),
    ("mail server", "smtppass", Part::Secret),
    ("mail server", "smtpauthpassword", Part::Secret),
    ("mail server", "smtpuserpassword", Part::Secret),
    ("mail server", "authpass", Part::Secret),
    ("mail server", "pop3password", Part::Secret),
    ("directory server", "ldapserver", Part::Server),
    ("directory server", "ldaphost", Part::Server),
    ("directory server", "ldapserveraddress", Part::Server),
    ("directory server", "ldapservername", Part::Server),
    ("directory server", "ldapuri", Part::Server),
    ("directory server", "ldapurl", Part::Server),
    ("directory server", "ldapuser", Part::User),
    ("directory server", "ldapusername", Part::User),
    ("directory server", "ldaploginname", Part::User),
    ("directory server", "ldapbinddn", Part::User),
    ("directory server", "binddn", Part::User),
    ("directory server", "rootbinddn", Part::User),
    ("directory server", "ldappassword", Part::Secret),
    ("directory server", "ldapbindpassword", Part::Secret),
    ("directory server", "ldapbindpw", Part::Secret),
    ("directory server", "bindpw", Part::Secret),
    ("file server", "smbserver", Part::Server),
    ("file server", "smbhost", Part::Server),
    ("file server", "smbhostname", Part::Server),
    ("file server", "smbpath", Part::Server),
    ("file server", "smbfolderpath", Part::Server),
    ("file server", "ftpserver", Part::Server),
    ("file server", "ftphost", Part::Server),
    ("file server", "ftphostname", Part::Server),
    ("file server", "ftpserveraddress", Part::Server),
    ("file server", "smbuser", Part::User),
    ("file server", "smbusername", Part::User),
    ("file server", "smbloginname", Part::User),
    ("file server", "ftpuser", Part::User),
    ("file server", "ftpusername", Part::User),
    ("file server", "ftploginname", Part::User),
    ("file server", "smbpassword", Part::Secret),
    ("file server", "smbloginpassword", Part::Secret),
    ("file server", "ftppassword", Part::Secret),
    ("file server", "ftploginpassword", Part::Secret),
    ("wireless", "ssid", Part::Server),
    ("wireless", "identity", Part::User),
    ("wireless", "psk", Part::Secret),
    ("wireless", "wpapsk", Part::Secret),
    ("wireless", "wpapassphrase", Part::Secret),
    ("wireless", "wepkey0", Part::Secret),
];
const MOST: usize = 64;

pub fn settings(text: &[u8]) -> Vec<Setting> {
    let mut found: Vec<Setting> = Vec::new();
    let mut at = 0_u64;
    for line in text.split(|byte| *byte == b'\n').take(20_000) {
        let place = at;
        at += line.len() as u64 + 1;
        if found.len() >= MOST || line.len() > 4096 {
            continue;
        }
        netrc(line, place, &mut found);
        if memchr::memchr(b'<', line).is_some() {
            elements(line, place, &mut found);
        } else if let Some((key, value)) = pair(line) {
            take(key, value, place, &mut found);
        }
    }
    // A name of a network alone gives nothing away, nor does an account without a place.
    found.retain(|one| one.secret || one.server.is_some() && one.kind != "wireless");
    found
}

/// `machine X login Y password Z`, on one line.
fn netrc(line: &[u8], place: u64, found: &mut Vec<Setting>) {
    let line = line.trim_ascii();
    if !line.starts_with(b"machine ") {
        return;
    }
    let words: Vec<&[u8]> =
        line.split(u8::is_ascii_whitespace).filter(|word| !word.is_empty()).collect();
    let after =
        |name: &[u8]| words.iter().position(|word| *word == name).and_then(|at| words.get(at + 1));
    let server = after(b"machine").and_then(|value| Details::bytes(value));
    let user = after(b"login").and_then(|value| Details::bytes(value));
    let secret = after(b"password").is_some();
    if user.is_some() || secret {
        found.push(Setting {
            kind: "account",
            server,
            user,
            secret,
            entries: None,
            at: Some(place),
        });
    }
}

fn pair(line: &[u8]) -> Option<(&[u8], &[u8])> {
    let line = line.trim_ascii();
    if matches!(line.first(), None | Some(b'#' | b';' | b'/')) {
        return None;
    }
    let at = line.iter().take(64).position(|byte| matches!(byte, b'=' | b':' | b',' | b'\t'));
    let (key, value) = line.split_at(at?);
    Some((key, value[1..].trim_ascii()))
}

/// `<SmtpServer>x</SmtpServer>` and `SmtpServer="x"`.
fn elements(line: &[u8], place: u64, found: &mut Vec<Setting>) {
    for part in line.split(|byte| *byte == b'<').skip(1).take(64) {
        if let Some(end) = memchr::memchr(b'>', part) {
            let name = part[..end].split(u8::is_ascii_whitespace).next().unwrap_or_default();
            take(name, part[end + 1..].trim_ascii(), place, found);
        }
        for attribute in part.split(u8::is_ascii_whitespace).skip(1).take(64) {
            if let Some(at) = memchr::memmem::find(attribute, b"=\"") {
                let value = attribute[at + 2..].split(|byte| *byte == b'"').next();
                take(&attribute[..at], value.unwrap_or_default(), place, found);
            }
        }
    }
}

fn take(key: &[u8], value: &[u8], place: u64, found: &mut Vec<Setting>) {
    // No known key is shorter, and none longer by more than signs between its letters.
    if !(3..=40).contains(&key.len()) {
        return;
    }
    let letters =
        key.iter().filter(|byte| byte.is_ascii_alphanumeric()).map(u8::to_ascii_lowercase);
    let name: Vec<u8> = letters.collect();
    let known = KEYS.iter().find(|(_, key, _)| key.as_bytes() == name);
    let Some(&(kind, _, part)) = known else { return };
    let value = value.trim_ascii();
    let value = value.strip_prefix(b"\"").unwrap_or(value);
    let value = value.split(|byte| *byte == b'"').next().unwrap_or_default().trim_ascii_end();
    let Some(text) = Details::bytes(value) else { return };
    let begins =
        |open: &Setting| open.kind != kind || part == Part::Server && open.server.is_some();
    if found.last().is_none_or(begins) {
        if found.len() >= MOST {
            return;
        }
        found.push(Setting { kind, at: Some(place), ..Setting::default() });
    }
    let Some(open) = found.last_mut() else { return };
    match part {
        Part::Server => open.server = Some(text),
        Part::User => open.user = Some(text),
        Part::Secret => open.secret = true,
    }
}
