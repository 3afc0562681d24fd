use std::{
    io::{Read, Write},
    net::{IpAddr, Ipv4Addr, TcpListener, TcpStream},
    thread,
    time::{Duration, Instant},
};

use super::*;
use crate::{
    Options, Source, Target,
    plan::Plan,
    wire::{Patience, Ports, Wire, WireError},
};

const HERE: IpAddr = IpAddr::V4(Ipv4Addr::LOCALHOST);

/// A server that hands each connection to `serve`, with its number.
fn server(serve: impl Fn(usize, TcpStream) + Send + 'static) -> u16 {
    let listener = TcpListener::bind((HERE, 0)).unwrap();
    let port = listener.local_addr().unwrap().port();
    thread::spawn(move || {
        for (number, stream) in listener.incoming().enumerate() {
            serve(number, stream.unwrap());
        }
    });
    port
}

/// Reads a question's head and body.
fn question(stream: &mut TcpStream) -> String {
    let mut got = Vec::new();
    let mut byte = [0];
    while !got.ends_with(b"\r\n\r\n") && stream.read(&mut byte).unwrap_or(0) == 1 {
        got.push(byte[0]);
    }
    String::from_utf8(got).unwrap()
}

fn answers(answer: impl Into<Vec<u8>>) -> u16 {
    let answer = answer.into();
    server(move |_, mut stream| {
        question(&mut stream);
        let _ = stream.write_all(&answer);
    })
}

fn patience() -> Patience {
    Patience {
        idle: Duration::from_millis(300),
        answer: Duration::from_millis(900),
        ..Patience::default()
    }
}

fn with_context<T>(run: impl FnOnce(&Context) -> T) -> T {
    let target = Target::parse("127.0.0.1").unwrap();
    let options = Options::new(Source::Live(target.clone()));
    let wire = Wire::new(HERE, Ports::default(), Plan::default(), patience());
    run(&Context { wire: &wire, target: &target, options: &options })
}

fn fetch(port: u16, path: &str) -> Result<Response, HttpError> {
    with_context(|context| get(context, port, false, path, Packet::HttpPage, 10_000))
}

fn body(answer: impl Into<Vec<u8>>) -> (String, Option<String>) {
    let response = fetch(answers(answer), "/").unwrap();
    let flaw = response.flaw.map(|flaw| flaw.to_string());
    (String::from_utf8(response.body).unwrap(), flaw)
}

#[test]
fn a_body_ends_by_its_length_its_chunks_or_the_close() {
    for answer in [
        "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello",
        "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello and more",
        "HTTP/1.0 200\r\n\r\nhello",
        "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length:5\r\n\r\nhello",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhe\r\n3;x=y\r\nllo\r\n0\r\nA: b\r\n\r\n",
        "HTTP/1.1 200 OK\nTransfer-Encoding: Chunked\nContent-Length: 3\n\n5\nhello\n0\n\n",
    ] {
        assert_eq!(body(answer), ("hello".into(), None), "{answer}");
    }
}

#[test]
fn what_came_of_a_wrong_body_is_kept_and_the_wrong_is_named() {
    for (answer, flaw) in [
        ("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhello", "ended early"),
        ("HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\nhello", "wrong length"),
        ("HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nhello", "wrong length"),
        (
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\nzz\r\n",
            "wrong length",
        ),
        ("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhelloxx\r\n", "wrong length"),
        (
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nffffffffffffffff\r\nhello",
            "ended early",
        ),
        ("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello", "ended early"),
    ] {
        let (body, found) = body(answer);
        assert_eq!(body, "hello", "{answer}");
        assert!(found.as_ref().is_some_and(|found| found.contains(flaw)), "{answer}: {found:?}");
    }
}

#[test]
fn what_is_no_http_is_refused() {
    assert!(matches!(fetch(answers("220 FTP ready\r\n"), "/"), Err(HttpError::NotHttp)));
    assert!(matches!(fetch(answers("HTTP/1.1 200 OK\r\nA: b"), "/"), Err(HttpError::NotHttp)));
    assert!(matches!(fetch(answers(""), "/"), Err(HttpError::Cut)));
    let interim = "HTTP/1.1 102 Processing\r\n\r\n".repeat(100);
    assert!(matches!(fetch(answers(interim), "/"), Err(HttpError::NotHttp)));
}

#[test]
fn an_endless_head_and_an_endless_body_end_with_their_caps() {
    let endless = |start: &'static str, piece: &'static [u8]| {
        server(move |_, mut stream| {
            question(&mut stream);
            let _ = stream.write_all(start.as_bytes());
            while stream.write_all(piece).is_ok() {}
        })
    };
    let head = fetch(endless("HTTP/1.1 200 OK\r\nA: ", b"xxxxxxxxxxxxxxxx"), "/");
    assert!(matches!(head, Err(HttpError::LongHead)), "{head:?}");
    let lines = fetch(endless("HTTP/1.1 200 OK\r\n", b"A: b\r\n"), "/");
    assert!(matches!(lines, Err(HttpError::NotHttp | HttpError::LongHead)), "{lines:?}");
    let body = fetch(endless("HTTP/1.1 200 OK\r\n\r\n", b"xxxxxxxxxxxxxxxx"), "/").unwrap();
    assert_eq!(body.body.len(), 10_000);
    assert!(matches!(body.flaw, Some(HttpError::TooMuch(10_000))));
}

#[test]
fn one_byte_at_a_time_ends_with_the_answers_time() {
    let port = server(|_, mut stream| {
        question(&mut stream);
        let _ = stream.write_all(b"HTTP/1.1 200 OK\r\n\r\n");
        while stream.write_all(b"x").is_ok() {
            thread::sleep(Duration::from_millis(20));
        }
    });
    let begun = Instant::now();
    let response = fetch(port, "/").unwrap();
    assert!(matches!(response.flaw, Some(HttpError::Wire(WireError::Late))), "{response:?}");
    assert!(response.body.len() > 5 && begun.elapsed() < Duration::from_secs(5));
}

#[test]
fn an_answer_before_the_question_is_an_answer() {
    let port = server(|_, mut stream| {
        let _ = stream.write_all(b"HTTP/1.1 503 Busy\r\nContent-Length: 2\r\n\r\nno");
        question(&mut stream);
    });
    let response = fetch(port, "/").unwrap();
    assert_eq!((response.status(), response.body.as_slice()), (503, &b"no"[..]));
}

#[test]
fn redirects_end() {
    let to = |location: String| {
        format!("HTTP/1.1 302 Found\r\nLocation: {location}\r\nContent-Length: 0\r\n\r\n")
    };
    let circle = fetch(answers(to("/".into())), "/");
    assert!(matches!(circle, Err(HttpError::Loop)), "{circle:?}");
    let onward = server(move |number, mut stream| {
        question(&mut stream);
        let _ = stream.write_all(to(format!("/{number}")).as_bytes());
    });
    let onward = fetch(onward, "/");
    assert!(matches!(onward, Err(HttpError::Loop)), "{onward:?}");
    let elsewhere = fetch(answers(to("http://192.0.2.1/".into())), "/").unwrap();
    assert_eq!((elsewhere.status(), elsewhere.place.path.as_str()), (302, "/"));
    // A port that the user's list does not have.
    let other = fetch(answers(to("http://127.0.0.1:1/".into())), "/").unwrap();
    assert_eq!(other.status(), 302);
}

#[test]
fn a_redirect_is_followed_to_its_page() {
    let port = server(|_, mut stream| {
        let answer = if question(&mut stream).starts_with("GET / ") {
            "HTTP/1.1 301 M\r\nLocation: start.htm\r\nContent-Length: 0\r\n\r\n"
        } else {
            "HTTP/1.1 200 OK\r\nContent-Type: Text/HTML; charset=x\r\n\r\npage"
        };
        let _ = stream.write_all(answer.as_bytes());
    });
    let response = fetch(port, "/").unwrap();
    assert_eq!((response.status(), response.body.as_slice()), (200, &b"page"[..]));
    assert_eq!(
        (response.place.path.as_str(), response.kind().as_str()),
        ("/start.htm", "text/html")
    );
}

#[test]
fn a_packed_page_is_unpacked_up_to_its_cap() {
    let packed = |text: &[u8]| {
        let mut packer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
        packer.write_all(text).unwrap();
        let body = packer.finish().unwrap();
        let head = format!(
            "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: {}\r\n\r\n",
            body.len()
        );
        [head.into_bytes(), body].concat()
    };
    let small = fetch(answers(packed(b"page")), "/").unwrap();
    assert_eq!((small.body.as_slice(), small.flaw.is_none()), (&b"page"[..], true));
    let bomb = fetch(answers(packed(&vec![0; 4 << 20])), "/").unwrap();
    assert_eq!(bomb.body.len(), 10_000);
    assert!(matches!(bomb.flaw, Some(HttpError::TooMuch(_))));
    let broken =
        fetch(answers("HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\nno"), "/").unwrap();
    assert!(matches!(broken.flaw, Some(HttpError::Packed(_))));
    let other = fetch(answers("HTTP/1.1 200 OK\r\nContent-Encoding: br\r\n\r\nno"), "/").unwrap();
    assert!(matches!(other.flaw, Some(HttpError::Packed(_))) && other.body.is_empty());
}

#[test]
fn a_post_says_what_it_carries() {
    let port = server(|_, mut stream| {
        let question = question(&mut stream);
        let mut body = [0; 3];
        stream.read_exact(&mut body).unwrap();
        let told = format!("{question}{}", String::from_utf8_lossy(&body));
        let _ = write!(stream, "HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n{told}", told.len());
    });
    let content = Content { kind: "application/ipp", bytes: b"abc" };
    let response = with_context(|context| {
        post(context, port, false, "/ipp/print", Packet::IppJobs, 10_000, &content)
    });
    let told = String::from_utf8(response.unwrap().body).unwrap();
    assert!(told.starts_with("POST /ipp/print HTTP/1.1\r\n"), "{told}");
    assert!(told.contains(&format!("Host: 127.0.0.1:{port}\r\n")), "{told}");
    assert!(told.contains("Content-Type: application/ipp\r\nContent-Length: 3\r\n"), "{told}");
    assert!(told.ends_with("\r\n\r\nabc"), "{told}");
}

#[test]
fn no_question_goes_out_that_the_plan_does_not_name() {
    let target = Target::parse("127.0.0.1").unwrap();
    let options = Options::new(Source::Live(target.clone()));
    let wire = Wire::new(HERE, Ports::default(), Plan::silent(), patience());
    let context = Context { wire: &wire, target: &target, options: &options };
    let refused = get(&context, answers(""), false, "/", Packet::HttpPage, 10);
    assert!(matches!(refused, Err(HttpError::Wire(WireError::Unplanned(_)))), "{refused:?}");
}

#[test]
fn under_tls_what_speaks_none_is_named() {
    let port = answers("HTTP/1.1 400 Bad\r\n\r\n");
    let refused = with_context(|context| get(context, port, true, "/", Packet::HttpPage, 10));
    let refused = refused.unwrap_err();
    assert!(matches!(refused, HttpError::Tls(_) | HttpError::Wire(_)), "{refused:?}");
}
