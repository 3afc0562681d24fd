//! What TLS a printer takes, held against OpenSSL's server and against doubles of old and broken ones.

mod doubles;

use std::{
    io::{Read, Write},
    path::PathBuf,
    process::Command,
    thread,
    time::{Duration, Instant},
};

use doubles::{Running, free_port, look, server, service, start};
use leaksweep_facts::{Problem, Reason};
use leaksweep_printer::{
    Portrait,
    look::{Context, ipp, tls},
};

struct OpenSsl {
    program: PathBuf,
    folder: tempfile::TempDir,
}

impl OpenSsl {
    fn new() -> Option<Self> {
        let program = leaksweep_peers::need("openssl")?;
        Some(Self { program, folder: tempfile::tempdir().unwrap() })
    }

    fn path(&self, name: &str) -> String {
        self.folder.path().join(name).to_str().unwrap().to_owned()
    }

    fn run(&self, arguments: &[&str]) {
        let output = Command::new(&self.program).args(arguments).output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    }

    /// A certificate that signed itself, and its key.
    fn certificate(&self, key: &[&str], more: &[&str]) -> (String, String) {
        let (certificate, secret) = (self.path("c.pem"), self.path("k.pem"));
        let start =
            ["req", "-x509", "-nodes", "-days", "10", "-keyout", &secret, "-out", &certificate];
        self.run(&[&start, key, more].concat());
        (certificate, secret)
    }

    fn serve(&self, pair: &(String, String), more: &[&str]) -> (Running, u16) {
        let port = free_port();
        let mut command = Command::new(&self.program);
        command.args(["s_server", "-quiet", "-accept", &format!("127.0.0.1:{port}")]);
        command.args(["-cert", &pair.0, "-key", &pair.1]).args(more);
        (start(&mut command, port), port)
    }
}

const RSA: &[&str] = &["-newkey", "rsa:2048", "-sha256"];
const NAMED: &[&str] = &[
    "-subj",
    "/O=Maker/CN=p.example",
    "-addext",
    "subjectAltName=DNS:p.example,DNS:*.q.example,IP:127.0.0.1",
];

fn seen(port: u16) -> Portrait {
    look("127.0.0.1", &[("https", port)], tls::look).0
}

fn versions(portrait: &Portrait) -> (Option<&str>, Option<&str>, Option<&str>) {
    let row = service(portrait, "https");
    (row.tls_lowest.as_deref(), row.tls_highest.as_deref(), row.tls_suite.as_deref())
}

#[test]
fn old_versions_are_found_beside_new_ones() {
    let Some(openssl) = OpenSsl::new() else { return };
    let pair = openssl.certificate(RSA, NAMED);
    for (arguments, lowest, highest) in [
        (&["-cipher", "DEFAULT:@SECLEVEL=0"][..], "TLSv1.0", "TLSv1.3"),
        (&["-tls1", "-cipher", "DEFAULT:@SECLEVEL=0"], "TLSv1.0", "TLSv1.0"),
        (&["-no_tls1_3", "-no_tls1", "-cipher", "DEFAULT:@SECLEVEL=0"], "TLSv1.1", "TLSv1.2"),
        (&["-tls1_2"], "TLSv1.2", "TLSv1.2"),
        (&["-tls1_3"], "TLSv1.3", "TLSv1.3"),
    ] {
        let (_running, port) = openssl.serve(&pair, arguments);
        let portrait = seen(port);
        let (low, high, suite) = versions(&portrait);
        assert_eq!((low, high), (Some(lowest), Some(highest)), "{arguments:?}");
        assert!(suite.is_some(), "{arguments:?}");
        assert_eq!(portrait.certificates.len(), 1, "{arguments:?}: {:?}", portrait.problems);
        assert_eq!(portrait.problems, [], "{arguments:?}");
    }
}

#[test]
fn the_weakest_suite_is_told_though_a_better_one_is_there() {
    let Some(openssl) = OpenSsl::new() else { return };
    let pair = openssl.certificate(RSA, NAMED);
    for (suites, weakest) in [
        ("ECDHE-RSA-AES256-GCM-SHA384:NULL-SHA:@SECLEVEL=0", "TLS_RSA_WITH_NULL_SHA"),
        (
            "ECDHE-RSA-AES256-GCM-SHA384:ADH-AES128-SHA:@SECLEVEL=0",
            "TLS_DH_anon_WITH_AES_128_CBC_SHA",
        ),
        ("AES128-SHA", "TLS_RSA_WITH_AES_128_CBC_SHA"),
        ("ECDHE-RSA-AES256-GCM-SHA384", "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384"),
    ] {
        let (_running, port) = openssl.serve(&pair, &["-tls1_2", "-cipher", suites]);
        assert_eq!(versions(&seen(port)).2, Some(weakest), "{suites}");
    }
}

#[test]
fn every_column_of_a_certificate_is_read() {
    let Some(openssl) = OpenSsl::new() else { return };
    let pair = openssl.certificate(&["-newkey", "rsa:1024", "-sha1"], NAMED);
    let (_running, port) = openssl.serve(&pair, &["-cipher", "DEFAULT:@SECLEVEL=0"]);
    let portrait = seen(port);
    let row = &portrait.certificates[0];
    assert_eq!((row.place, row.port), (0, i64::from(port)));
    assert_eq!((row.subject.as_str(), row.self_signed), ("O=Maker, CN=p.example", true));
    assert_eq!((row.key.as_str(), row.key_bits), ("rsa", Some(1024)));
    assert_eq!(row.signature, "sha1WithRSA");
    assert_eq!(row.names.as_deref(), Some("p.example *.q.example 127.0.0.1"));
    assert_eq!(row.names_host, Some(true));
    assert_eq!(row.not_after.unwrap().0 - row.not_before.unwrap().0, 10 * 86_400);
    let told = Command::new(&openssl.program)
        .args(["x509", "-in", &pair.0, "-noout", "-fingerprint", "-sha256"])
        .output()
        .unwrap();
    let told = String::from_utf8(told.stdout).unwrap().to_lowercase().replace(':', "");
    assert!(told.contains(&row.sha256), "{told}");
}

#[test]
fn keys_of_other_kinds_and_chains_are_read() {
    let Some(openssl) = OpenSsl::new() else { return };
    for (key, kind, bits, signature) in [
        (
            &["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256"][..],
            "ec",
            256,
            "ecdsa-with-SHA256",
        ),
        (
            &["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-384", "-sha384"],
            "ec",
            384,
            "ecdsa-with-SHA384",
        ),
        (&["-newkey", "ed25519"], "ed25519", 256, "ed25519"),
    ] {
        let pair = openssl.certificate(key, &["-subj", "/CN=p"]);
        let (_running, port) = openssl.serve(&pair, &[]);
        let portrait = seen(port);
        let row = &portrait.certificates[0];
        assert_eq!((row.key.as_str(), row.key_bits), (kind, Some(bits)));
        assert_eq!((row.signature.as_str(), row.self_signed), (signature, true));
        // Reached by an address, and none stands in it.
        assert_eq!((row.names.as_deref(), row.names_host), (Some("p"), None));
    }
}

#[test]
fn a_certificate_that_another_signed_is_not_its_own() {
    let Some(openssl) = OpenSsl::new() else { return };
    let above = openssl.certificate(RSA, &["-subj", "/CN=above"]);
    let (ca, ca_key) = (openssl.path("ca.pem"), openssl.path("ca.key"));
    std::fs::rename(&above.0, &ca).unwrap();
    std::fs::rename(&above.1, &ca_key).unwrap();
    let below = openssl.certificate(RSA, &["-subj", "/CN=p", "-CA", &ca, "-CAkey", &ca_key]);
    let (_running, port) = openssl.serve(&below, &["-tls1_2", "-cert_chain", &ca]);
    let portrait = seen(port);
    let rows: Vec<_> = portrait
        .certificates
        .iter()
        .map(|row| (row.place, row.issuer.as_str(), row.self_signed))
        .collect();
    assert_eq!(rows, [(0, "CN=above", false), (1, "CN=above", true)]);
}

#[test]
fn a_million_names_are_capped() {
    let Some(openssl) = OpenSsl::new() else { return };
    let with_names = |count: usize| {
        let names: Vec<String> = (0..count).map(|at| format!("DNS:n{at}.example")).collect();
        let config = openssl.path("names.cnf");
        let text =
            format!("[req]\ndistinguished_name=d\n[d]\n[x]\nsubjectAltName={}\n", names.join(","));
        std::fs::write(&config, text).unwrap();
        let more = ["-subj", "/CN=p", "-config", &config, "-extensions", "x"];
        openssl.certificate(&["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256"], &more)
    };
    let pair = with_names(1000);
    let (running, port) = openssl.serve(&pair, &["-tls1_2"]);
    let portrait = seen(port);
    let names = portrait.certificates[0].names.clone().unwrap();
    assert_eq!(names.split(' ').count(), 64);
    drop(running);
    // What no handshake may hold is not waited for.
    let pair = with_names(20_000);
    let (_running, port) = openssl.serve(&pair, &["-tls1_2"]);
    let portrait = seen(port);
    assert_eq!(portrait.certificates, []);
    let problem = &portrait.problems[0];
    assert_eq!((problem.table, problem.reason), ("printer_certificates", Reason::TooLarge));
}

/// A server that knows one version alone and answers with these bytes.
fn old(version: u16, suite: u16, certificate: &[u8]) -> u16 {
    let record = |content: &[u8]| {
        [&[22][..], &version.to_be_bytes(), &(content.len() as u16).to_be_bytes(), content].concat()
    };
    let sized = |content: &[u8]| [&(content.len() as u32).to_be_bytes()[1..], content].concat();
    let hello = [&version.to_be_bytes()[..], &[7; 32], &[0], &suite.to_be_bytes(), &[0]].concat();
    let hello = [&[2][..], &sized(&hello)].concat();
    let chain = [&[11][..], &sized(&sized(&sized(certificate)))].concat();
    let answer = [record(&hello), record(&chain), record(&[14, 0, 0, 0])].concat();
    server(move |_, mut stream| {
        let mut asked = [0; 2048];
        let got = stream.read(&mut asked).unwrap_or(0);
        let takes = got > 11 && asked[9..11] == version.to_be_bytes();
        let refusal = [21, 3, 0, 0, 2, 2, 40];
        let _ = stream.write_all(if takes { &answer } else { &refusal });
    })
}

#[test]
fn a_printer_of_sslv3_and_rc4_is_told_of_and_its_broken_certificate_is_a_problem() {
    let portrait = seen(old(0x0300, 0x0004, b"no certificate"));
    assert_eq!(
        versions(&portrait),
        (Some("SSLv3"), Some("SSLv3"), Some("TLS_RSA_WITH_RC4_128_MD5"))
    );
    let problem = &portrait.problems[0];
    assert_eq!((problem.table, problem.reason), ("printer_certificates", Reason::Malformed));
    assert_eq!(portrait.problems.len(), 1);
}

#[test]
fn a_port_without_tls_says_so_and_at_the_port_of_ipp_it_is_no_problem() {
    let port = server(|_, mut stream| {
        let _ = stream.read(&mut [0; 2048]);
        let _ = stream.write_all(b"HTTP/1.1 400 Bad Request\r\n\r\n");
    });
    let portrait = seen(port);
    assert_eq!(service(&portrait, "https").speaks, Some(false));
    assert!(portrait.problems.iter().any(|problem| problem.detail.contains("no TLS")));
    let (portrait, _) = look("127.0.0.1", &[("ipp", port), ("https", 1)], tls::look);
    assert_eq!(service(&portrait, "ipps").speaks, Some(false));
    let about = |problem: &&leaksweep_facts::Problem| problem.subject.contains(&port.to_string());
    assert_eq!(portrait.problems.iter().find(about), None);
}

#[test]
fn a_printer_whose_tls_is_too_old_is_told_of_and_not_failed_at() {
    let Some(openssl) = OpenSsl::new() else { return };
    let pair = openssl.certificate(RSA, NAMED);
    let (_running, port) = openssl.serve(&pair, &["-tls1", "-cipher", "DEFAULT:@SECLEVEL=0"]);
    let both = |context: &Context, portrait: &mut Portrait| {
        tls::look(context, portrait);
        ipp::look(context, portrait);
    };
    let (portrait, _) = look("127.0.0.1", &[("ipp", port)], both);
    let row = service(&portrait, "ipps");
    assert_eq!((row.tls_highest.as_deref(), row.speaks), (Some("TLSv1.0"), None));
    assert_eq!(portrait.certificates.len(), 1);
    // In the clear it hangs up, and that is all there is to know.
    assert_eq!(service(&portrait, "ipp").speaks, Some(false));
    let under_tls = |problem: &&Problem| problem.subject.ends_with("under TLS");
    let problem = portrait.problems.iter().find(under_tls).unwrap();
    assert!(problem.detail.starts_with("TLS failed") && !problem.columns.is_empty(), "{problem:?}");
}

#[test]
fn silence_and_endless_data_end_soon() {
    let silent = server(|_, stream| {
        thread::sleep(Duration::from_secs(20));
        drop(stream);
    });
    let endless = server(|_, mut stream| while stream.write_all(&[22, 3, 1, 0, 1, 9]).is_ok() {});
    let slow = server(|_, mut stream| {
        while stream.write_all(&[22]).is_ok() {
            thread::sleep(Duration::from_millis(100));
        }
    });
    for port in [silent, endless, slow] {
        let begun = Instant::now();
        let portrait = seen(port);
        assert!(begun.elapsed() < Duration::from_secs(12), "{:?}", begun.elapsed());
        assert_eq!(versions(&portrait), (None, None, None));
        assert!(!portrait.problems.is_empty());
    }
}

#[test]
fn all_hellos_together_are_small() {
    let (_, sent) = look("127.0.0.1", &[("https", old(0x0301, 0x000A, b""))], tls::look);
    assert!(sent > 500 && sent < 4096, "{sent}");
}
