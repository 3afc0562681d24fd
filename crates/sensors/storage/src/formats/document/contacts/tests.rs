use super::*;
use crate::{Stretch, formats::Walked};

fn walk(format: &Format, parts: &[&[u8]]) -> Option<Walked> {
    (format.walk)(&mut Stretch::new(&parts.concat()))
}

fn length(format: &Format, parts: &[&[u8]]) -> Option<(u64, bool)> {
    walk(format, parts).map(|walked| (walked.length, walked.is_whole()))
}

const CARDS: &[u8] =
    b"BEGIN:VCARD\r\nVERSION:3.0\r\nFN:A. Person\r\nEMAIL:a@example.org\r\nEND:VCARD\r\n\
    BEGIN:VCARD\r\nVERSION:3.0\r\nFN:B. Person\r\nNOTE:BEGIN:VCARD inside\r\nEND:VCARD\r\n";

#[test]
fn cards_end_with_the_last() {
    let whole = Some((CARDS.len() as u64, true));
    for rest in [&[][..], &[0; 600], &[0xFF; 600], b"Other text."] {
        assert_eq!(length(&VCARD, &[CARDS, rest]), whole);
    }
    let walked = walk(&VCARD, &[CARDS]).unwrap();
    assert_eq!((walked.details.pages, walked.details.settings[0].entries), (Some(2), Some(2)));
    assert_eq!(length(&VCARD, &[&CARDS[..130], &[0; 99]]), Some((130, false)));
    assert_eq!(length(&VCARD, &[&CARDS[..40], &[0; 99]]), None);
    let calendar =
        b"BEGIN:VCALENDAR\nVERSION:2.0\nBEGIN:VEVENT\nSUMMARY:x\nEND:VEVENT\nEND:VCALENDAR\n";
    assert_eq!(length(&ICALENDAR, &[calendar, &[0; 9]]), Some((calendar.len() as u64, true)));
}

#[test]
fn address_books_count_their_people() {
    for (book, entries) in [
        (
            "dn: cn=A,o=x\ncn: A\nmail: a@example.org\n\ndn: cn=B,o=x\ncn: B\nmail: b@example.org\n",
            2,
        ),
        (
            "# Canon AddressBook version: 1\n# CharSet: UTF-8\n\nsubdbid: 1\ndn: 200\ncn: A\nobjectclass: email\nmailaddress: a@example.org\n",
            1,
        ),
        (
            "XrxAddressBookId,DisplayName,FirstName,E-mailAddress\n1,A,A,a@example.org\n2,B,B,b@example.org\n3,C,C,c@example.org\n",
            3,
        ),
    ] {
        let walked = walk(&BOOK, &[book.as_bytes(), &[0; 700]]).unwrap();
        assert_eq!(walked.length, book.len() as u64, "{book}");
        assert_eq!(walked.details.settings[0].entries, Some(entries), "{book}");
    }
    let table = b"Index,Display Name,E-mail Address\n1,A,a@example.org\n2,B,b@example.org\n";
    let (kind, settings) = told(table);
    assert_eq!((kind.unwrap().name, settings[0].entries), ("address-book", Some(2)));
    assert_eq!(walk(&BOOK, &[b"dn: not one\nof these"]), None);
}

fn pem(label: &str, body: &str) -> String {
    format!("-----BEGIN {label}-----\n{body}\n-----END {label}-----\n")
}

#[test]
fn keys_are_told_with_what_protects_them() {
    let body = format!("{}\n{}\n{}", "MIIE".repeat(16), "abcd".repeat(16), "Zz+/AA==");
    let open = "b3BlbnNzaC1rZXktdjEAAAAABG5vbmUAAAAEbm9uZQAAAAAAAAABAAAAMwAAAAtzc2gtZW\nQyNTUxOQ==";
    let kept = "b3BlbnNzaC1rZXktdjEAAAAACmFlczI1Ni1jdHIAAAAGYmNyeXB0AAAAGAAAABDSyJ1sLm\nQyNTUxOQ==";
    for (text, secret) in [
        (pem("RSA PRIVATE KEY", &body), true),
        (pem("PRIVATE KEY", &body), true),
        (pem("ENCRYPTED PRIVATE KEY", &body), false),
        (
            pem(
                "RSA PRIVATE KEY",
                &format!("Proc-Type: 4,ENCRYPTED\nDEK-Info: AES-128-CBC,00\n\n{body}"),
            ),
            false,
        ),
        (pem("OPENSSH PRIVATE KEY", open), true),
        (pem("OPENSSH PRIVATE KEY", kept), false),
        (pem("CERTIFICATE", &body) + &pem("PRIVATE KEY", &body), true),
    ] {
        let walked = walk(&PEM, &[text.as_bytes(), &[0; 99]]).unwrap();
        assert_eq!((walked.length, walked.is_whole()), (text.len() as u64, true), "{text}");
        assert_eq!((walked.details.settings.len(), walked.kind), (1, None), "{text}");
        assert_eq!(walked.details.settings[0].secret, secret, "{text}");
        assert_eq!(walked.details.encrypted, Some(!secret), "{text}");
    }
    let certificate = pem("CERTIFICATE", &body);
    assert_eq!(walk(&PEM, &[certificate.as_bytes()]).unwrap().kind.unwrap().name, "certificate");
    let cut = &pem("PRIVATE KEY", &body)[..130];
    assert_eq!(walk(&PEM, &[cut.as_bytes(), &[0; 9]]).map(|walked| walked.is_whole()), Some(false));
    assert_eq!(walk(&PEM, &[b"-----BEGIN RSA PRIVATE KEY-----\n", &[0x99; 99]]), None);
}

#[test]
fn settings_are_told_without_their_secrets() {
    let text = "# a device\nsmtp_server = mail.example.org\nSMTP User: scanner\nsmtp_password=Hunter-22\n\
        LDAPServer\tdir.example.org\nmachine git.example.org login bob password Hunter-22\n\
        network={\n\tssid=\"Office\"\n\tpsk=\"Hunter-22\"\n}\n<SmbPath>\\\\nas\\scan</SmbPath><SmbPassword>Hunter-22</SmbPassword>\n";
    let (kind, settings) = told(text.as_bytes());
    assert_eq!(kind.unwrap().name, "settings");
    let rows: Vec<_> = settings
        .iter()
        .map(|one| (one.kind, one.server.as_deref(), one.user.as_deref(), one.secret))
        .collect();
    assert_eq!(
        rows,
        [
            ("mail server", Some("mail.example.org"), Some("scanner"), true),
            ("directory server", Some("dir.example.org"), None, false),
            ("account", Some("git.example.org"), Some("bob"), true),
            ("wireless", Some("Office"), None, true),
            ("file server", Some("\\\\nas\\scan"), None, true),
        ]
    );
    assert!(!format!("{settings:?}").contains("Hunter"));
    assert_eq!(told(b"Dear all,\nthe mail server: is down. ssid: none\n").0, None);
}

#[test]
fn people_behind_a_book_are_not_its_own() {
    let book = b"dn: cn=A,o=x\ncn: A\nmail: a@example.org\nsn: and then there is nothing more\n";
    let walked = walk(&BOOK, &[book, &[0; 600], b"\ndn: cn=B\ndn: cn=C\n", &[0; 99]]).unwrap();
    assert_eq!(walked.length, book.len() as u64);
    assert_eq!(walked.details.settings[0].entries, Some(1));
}

#[test]
fn a_text_without_entries_is_not_read_to_its_end() {
    let text = [b"address,search-id,x\n".to_vec(), b"one line of many words\n".repeat(400_000)];
    let bytes = text.concat();
    let mut stretch = Stretch::new(&bytes);
    assert_eq!((BOOK.walk)(&mut stretch), None);
    assert!(stretch.cost() < 2 << 20, "{}", stretch.cost());
}
