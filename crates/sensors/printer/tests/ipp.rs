//! Printers that are strange, old or broken, as doubles: what they tell is kept, what is missing is a problem, and it ends soon.

mod doubles;

use std::{
    io::Write,
    net::TcpStream,
    sync::{Arc, Mutex},
    thread,
    time::{Duration, Instant},
};

use doubles::{answer, look, question, server, service};
use leaksweep_facts::Reason;
use leaksweep_printer::{Portrait, Topic, look::ipp};

fn value(tag: u8, name: &str, value: &[u8]) -> Vec<u8> {
    let sized = |part: &[u8]| [&(part.len() as u16).to_be_bytes()[..], part].concat();
    [&[tag][..], &sized(name.as_bytes()), &sized(value)].concat()
}

/// An answer of this version and status with these groups.
fn message(version: (u8, u8), status: u16, groups: &[Vec<u8>]) -> Vec<u8> {
    let [high, low] = status.to_be_bytes();
    let mut bytes = vec![version.0, version.1, high, low, 0, 0, 0, 1, 1];
    bytes.extend(value(0x47, "attributes-charset", b"utf-8"));
    bytes.extend(value(0x48, "attributes-natural-language", b"en"));
    bytes.extend(groups.concat());
    bytes.push(3);
    bytes
}

fn group(tag: u8, values: &[Vec<u8>]) -> Vec<u8> {
    [vec![tag], values.concat()].concat()
}

fn printer(more: &[Vec<u8>]) -> Vec<u8> {
    let name = value(0x42, "printer-name", b"double");
    group(4, &[vec![name], more.to_vec()].concat())
}

fn job(number: u8, more: &[Vec<u8>]) -> Vec<u8> {
    group(2, &[vec![value(0x21, "job-id", &[0, 0, 0, number])], more.to_vec()].concat())
}

const GET_JOBS: u8 = 0x0A;
const GET_PRINTER: u8 = 0x0B;
const GET_SYSTEM: u8 = 0x5B;

/// A printer that answers a question by its path, its operation and its body; without an answer the path is not there.
fn double(
    tell: impl Fn(&str, u8, &[u8]) -> Option<Vec<u8>> + Send + Sync + 'static,
) -> (u16, Arc<Mutex<Vec<String>>>) {
    let asked: Arc<Mutex<Vec<String>>> = Arc::default();
    let record = asked.clone();
    let port = server(move |_, mut stream| {
        let (head, body) = question(&mut stream);
        let path = head.split(' ').nth(1).unwrap_or_default().to_owned();
        let operation = body.get(3).copied().unwrap_or_default();
        record.lock().unwrap().push(format!("{path} {operation:02x} {}.{}", body[0], body[1]));
        match tell(&path, operation, &body) {
            Some(message) => answer(&mut stream, "200 OK", "application/ipp", &message),
            None => answer(&mut stream, "404 Not Found", "text/html", b"no"),
        }
    });
    (port, asked)
}

fn seen(port: u16) -> Portrait {
    look("127.0.0.1", &[("ipp", port)], ipp::look).0
}

fn has(body: &[u8], text: &str) -> bool {
    body.windows(text.len()).any(|part| part == text.as_bytes())
}

#[test]
fn paths_and_versions_are_tried_until_a_printer_answers() {
    let (port, asked) = double(|path, operation, body| match (path, operation, body[0], body[1]) {
        ("/ipp", GET_PRINTER, 1, 0) => Some(message((1, 0), 0, &[printer(&[])])),
        ("/ipp", GET_PRINTER, ..) => Some(message((1, 0), 0x0503, &[])),
        ("/ipp", GET_JOBS, ..) => Some(message((1, 0), 0, &[])),
        _ => None,
    });
    let portrait = seen(port);
    assert_eq!(portrait.text(Topic::Name).as_deref(), Some("double"));
    let row = service(&portrait, "ipp");
    assert_eq!((row.speaks, row.version.as_deref()), (Some(true), Some("1.0")));
    let asked = asked.lock().unwrap();
    let expected = [
        "/ipp/print 0b 2.0",
        "/ipp 0b 2.0",
        "/ipp 0b 1.1",
        "/ipp 0b 1.0",
        "/ipp 0a 1.0",
        "/ipp 0a 1.0",
    ];
    assert_eq!(*asked, expected);
    assert_eq!(portrait.problems, []);
}

#[test]
fn the_users_own_path_alone_is_asked() {
    let (port, asked) = double(|_, _, _| None);
    let (portrait, _) = look("ipp://127.0.0.1/own/path", &[("ipp", port)], ipp::look);
    assert_eq!(*asked.lock().unwrap(), ["/own/path 0b 2.0"]);
    assert_eq!(service(&portrait, "ipp").banner.as_deref(), Some("HTTP status 404"));
}

#[test]
fn jobs_of_both_kinds_are_told_and_a_refusal_is_no_problem() {
    let (port, _) = double(|_, operation, body| {
        let name = |text: &[u8]| value(0x42, "job-name", text);
        Some(match operation {
            GET_PRINTER => message((2, 0), 0, &[printer(&[])]),
            _ if has(body, "not-completed") => {
                let reasons = value(0x44, "job-state-reasons", b"job-password-wait");
                message(
                    (2, 0),
                    0,
                    &[job(1, &[name(b"secret"), value(0x23, "job-state", &[0, 0, 0, 4]), reasons])],
                )
            }
            _ => message((2, 0), 0, &[job(2, &[name(b"done")]), job(3, &[])]),
        })
    });
    let portrait = seen(port);
    let rows: Vec<_> = portrait
        .jobs
        .iter()
        .map(|row| (row.number, row.name.as_deref(), row.state.as_str(), row.protected))
        .collect();
    assert_eq!(
        rows,
        [
            (Some(1), Some("secret"), "held", Some(true)),
            (Some(2), Some("done"), "completed", None),
            (Some(3), None, "completed", None),
        ]
    );
    let (port, _) = double(|_, operation, _| match operation {
        GET_PRINTER => Some(message((2, 0), 0, &[printer(&[])])),
        _ => Some(message((2, 0), 0x0403, &[])),
    });
    let portrait = seen(port);
    assert!(portrait.jobs.is_empty() && portrait.problems.is_empty(), "{:?}", portrait.problems);
}

#[test]
fn jobs_that_could_not_be_asked_for_are_a_problem() {
    let (port, _) = double(|_, operation, _| {
        (operation == GET_PRINTER).then(|| message((2, 0), 0, &[printer(&[])]))
    });
    let portrait = seen(port);
    let tables: Vec<_> = portrait.problems.iter().map(|problem| problem.table).collect();
    assert_eq!(tables, ["printer_jobs", "printer_jobs"]);
}

#[test]
fn addresses_belong_to_their_security_and_authentication() {
    let (port, _) = double(|_, operation, _| {
        let member = |name: &str, tag: u8, text: &[u8]| {
            [value(0x4A, "", name.as_bytes()), value(tag, "", text)].concat()
        };
        let more = [
            value(0x45, "printer-uri-supported", b"ipp://p/ipp/print"),
            value(0x45, "", b"ipps://u:pass@p/ipp/print"),
            value(0x45, "", b"ipp://p:8631/"),
            value(0x44, "uri-security-supported", b"none"),
            value(0x44, "", b"tls"),
            value(0x44, "uri-authentication-supported", b"requesting-user-name"),
            value(0x44, "", b"basic"),
            value(0x34, "printer-xri-supported", b""),
            member("xri-uri", 0x45, b"ipps://cloud.example/ipp/print"),
            member("xri-security", 0x44, b"tls"),
            member("xri-authentication", 0x44, b"oauth"),
            value(0x37, "", b""),
            value(0x45, "printer-fax-log-uri", b"http://p/fax.log"),
        ];
        Some(message((2, 0), 0, &[if operation == GET_PRINTER { printer(&more) } else { vec![] }]))
    });
    let portrait = seen(port);
    let rows: Vec<_> = portrait
        .channels
        .iter()
        .map(|row| {
            (row.kind.as_str(), row.name.as_str(), row.encrypted, row.authentication.as_deref())
        })
        .collect();
    assert_eq!(
        rows,
        [
            ("ipp", "ipp://p/ipp/print", Some(false), Some("requesting-user-name")),
            ("ipps", "ipps://***@p/ipp/print", Some(true), Some("basic")),
            ("ipp", "ipp://p:8631/", None, None),
            ("ipps", "ipps://cloud.example/ipp/print", Some(true), Some("oauth")),
            ("fax", "http://p/fax.log", None, None),
        ]
    );
    assert_eq!(portrait.flag(Topic::Fax), Some(true));
}

#[test]
fn settings_are_read_from_their_attributes() {
    let tells = |more: Vec<Vec<u8>>| {
        let (port, _) = double(move |_, operation, _| {
            Some(message(
                (2, 0),
                0,
                &[if operation == GET_PRINTER { printer(&more) } else { vec![] }],
            ))
        });
        seen(port)
    };
    let number = |name: &str, number: u8| value(0x21, name, &[0, 0, 0, number]);
    let on = tells(vec![
        number("job-password-supported", 4),
        value(0x44, "job-storage-supported", b"job-storage-access"),
        value(0x23, "printer-wifi-state", &[0, 0, 0, 8]),
        value(0x42, "printer-wifi-ssid", b"office"),
        value(0x44, "ipp-features-supported", b"infrastructure-printer"),
        value(0x30, "printer-storage", b"type=hardDisk;index=1;"),
        value(0x30, "", b"type=ram;index=2;"),
        value(0x41, "printer-storage-description", b"Disk"),
    ]);
    for topic in
        [Topic::JobPassword, Topic::JobRetention, Topic::Wifi, Topic::CloudPrint, Topic::Storage]
    {
        assert_eq!(on.flag(topic), Some(true), "{topic:?}");
    }
    assert_eq!(on.text(Topic::WifiNetwork).as_deref(), Some("office"));
    let stores: Vec<_> =
        on.stores.iter().map(|row| (row.kind.as_str(), row.name.as_str())).collect();
    assert_eq!(stores, [("disk", "Disk")]);
    let off = tells(vec![
        number("job-password-supported", 0),
        value(0x44, "job-storage-supported", b"none"),
        value(0x23, "printer-wifi-state", &[0, 0, 0, 3]),
    ]);
    for topic in [Topic::JobPassword, Topic::JobRetention, Topic::Wifi] {
        assert_eq!(off.flag(topic), Some(false), "{topic:?}");
    }
    assert!(off.value(Topic::Storage).is_none() && off.value(Topic::CloudPrint).is_none());
}

#[test]
fn the_system_service_is_asked_where_it_is_offered() {
    let (port, asked) = double(|path, operation, _| {
        let operations = value(0x23, "operations-supported", &[0, 0, 0, GET_SYSTEM]);
        let serial = value(0x41, "system-serial-number", b"S1");
        match (path, operation) {
            ("/ipp/system", GET_SYSTEM) => Some(message((2, 0), 0, &[group(10, &[serial])])),
            (_, GET_PRINTER) => Some(message((2, 0), 0, &[printer(&[operations])])),
            _ => Some(message((2, 0), 0, &[])),
        }
    });
    assert_eq!(seen(port).text(Topic::Serial).as_deref(), Some("S1"));
    assert!(asked.lock().unwrap().contains(&"/ipp/system 5b 2.0".to_owned()));
}

fn serves(answer: impl Fn(&mut TcpStream) + Send + Sync + 'static) -> u16 {
    server(move |_, mut stream| {
        question(&mut stream);
        answer(&mut stream);
    })
}

#[test]
fn who_demands_tls_or_a_password_is_told_of() {
    let portrait = seen(serves(|stream| answer(stream, "426 Upgrade Required", "text/html", b"")));
    let row = service(&portrait, "ipp");
    assert_eq!((row.speaks, row.banner.as_deref()), (Some(false), Some("it demands TLS")));
    let portrait = seen(serves(|stream| answer(stream, "401 Unauthorized", "text/html", b"")));
    let row = service(&portrait, "ipp");
    assert_eq!((row.speaks, row.authentication.as_deref()), (Some(true), Some("password")));
    let problem = &portrait.problems[0];
    assert_eq!((problem.reason, problem.hint.as_str()), (Reason::Denied, ""));
}

#[test]
fn a_web_page_is_no_printer() {
    let portrait =
        seen(serves(|stream| answer(stream, "200 OK", "text/html", b"<html>hello</html>")));
    let row = service(&portrait, "ipp");
    assert_eq!(
        (row.speaks, row.banner.as_deref()),
        (Some(false), Some("what answers speaks no IPP"))
    );
    assert!(portrait.problems.iter().any(|problem| problem.table == "printer_channels"));
}

#[test]
fn what_came_before_a_wrong_length_is_kept() {
    let whole = message((2, 0), 0, &[printer(&[value(0x41, "printer-location", b"hall")])]);
    let cut = whole[..whole.len() - 4].to_vec();
    let longer = whole.clone();
    let (port, _) = double(move |_, operation, _| {
        Some(if operation == GET_PRINTER { cut.clone() } else { message((2, 0), 0, &[]) })
    });
    let portrait = seen(port);
    assert_eq!(portrait.text(Topic::Name).as_deref(), Some("double"));
    assert_eq!(portrait.text(Topic::Location), None);
    assert!(portrait.problems.iter().any(|problem| problem.reason == Reason::Malformed));
    let portrait = seen(serves(move |stream| {
        let head =
            "HTTP/1.1 200 OK\r\nContent-Type: application/ipp\r\nContent-Length: 9000\r\n\r\n";
        let _ = stream.write_all(&[head.as_bytes(), &longer].concat());
    }));
    assert_eq!(portrait.text(Topic::Location).as_deref(), Some("hall"));
    assert!(portrait.problems.iter().any(|problem| problem.detail.contains("ended early")));
}

#[test]
fn huge_texts_and_endless_jobs_are_capped() {
    let (port, _) = double(|_, operation, _| {
        let huge = value(0x41, "printer-location", &[b'x'; 60_000]);
        let jobs: Vec<u8> = (0..20_000).flat_map(|_| job(0, &[])).collect();
        let jobs_alike = message((2, 0), 0, &[jobs]);
        Some(if operation == GET_PRINTER {
            message((2, 0), 0, &[printer(&[huge])])
        } else {
            jobs_alike
        })
    });
    let portrait = seen(port);
    assert_eq!(portrait.text(Topic::Location).map(|text| text.len()), Some(200));
    assert_eq!(portrait.jobs.len(), 1);
}

#[test]
fn endless_slow_and_silent_printers_end_soon() {
    let head = "HTTP/1.1 200 OK\r\nContent-Type: application/ipp\r\n\r\n\x02\0\0\0\0\0\0\x01\x04";
    let endless = serves(move |stream| {
        let _ = stream.write_all(head.as_bytes());
        let more = value(0x44, "a", &[b'x'; 1000]);
        while stream.write_all(&more).is_ok() {}
    });
    let slow = serves(move |stream| {
        while stream.write_all(b"H").is_ok() {
            thread::sleep(Duration::from_millis(100));
        }
    });
    let silent = serves(|_| thread::sleep(Duration::from_secs(30)));
    let in_circles = serves(|stream| {
        let _ = stream.write_all(b"HTTP/1.1 302 Found\r\nLocation: /\r\nContent-Length: 0\r\n\r\n");
    });
    for (name, port) in
        [("endless", endless), ("slow", slow), ("silent", silent), ("circles", in_circles)]
    {
        let begun = Instant::now();
        let (portrait, sent) = look("127.0.0.1", &[("ipp", port)], ipp::look);
        assert!(begun.elapsed() < Duration::from_secs(10), "{name}: {:?}", begun.elapsed());
        assert!(sent < 8192, "{name}: {sent}");
        assert!(!portrait.problems.is_empty(), "{name}");
    }
}

#[test]
fn a_thousand_names_for_one_printer_are_learnt_once() {
    let (port, _) = double(|_, operation, _| {
        let uris: Vec<Vec<u8>> = (0..3000)
            .map(|at| value(0x45, if at == 0 { "printer-uri-supported" } else { "" }, b"ipp://p/"))
            .collect();
        Some(message((2, 0), 0, &[if operation == GET_PRINTER { printer(&uris) } else { vec![] }]))
    });
    assert_eq!(seen(port).channels.len(), 1);
}
