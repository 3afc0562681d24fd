//! Printers that are none, on loopback, and what a look needs.
#![allow(dead_code)]

use std::{
    io::{Read, Write},
    net::{IpAddr, Ipv4Addr, TcpListener, TcpStream},
    process::{Child, Command, Stdio},
    thread,
    time::{Duration, Instant},
};

use leaksweep_facts::tables::printer::Service;
use leaksweep_printer::{
    Options, Portrait, Source, Target,
    look::Context,
    plan::Plan,
    wire::{Patience, Ports, Wire},
};

pub const HERE: IpAddr = IpAddr::V4(Ipv4Addr::LOCALHOST);

/// A port that nobody uses.
pub fn free_port() -> u16 {
    TcpListener::bind((HERE, 0)).unwrap().local_addr().unwrap().port()
}

/// A server that hands each connection to `serve`, with its number.
pub fn server(serve: impl Fn(usize, TcpStream) + Send + Sync + 'static) -> u16 {
    let listener = TcpListener::bind((HERE, 0)).unwrap();
    let port = listener.local_addr().unwrap().port();
    let serve = std::sync::Arc::new(serve);
    thread::spawn(move || {
        for (number, stream) in listener.incoming().enumerate() {
            let serve = serve.clone();
            thread::spawn(move || serve(number, stream.unwrap()));
        }
    });
    port
}

/// A question of HTTP: its head, and its body by its length.
pub fn question(stream: &mut TcpStream) -> (String, Vec<u8>) {
    let mut head = Vec::new();
    let mut byte = [0];
    while !head.ends_with(b"\r\n\r\n") && stream.read(&mut byte).unwrap_or(0) == 1 {
        head.push(byte[0]);
    }
    let head = String::from_utf8_lossy(&head).into_owned();
    let length = head.lines().find_map(|line| line.strip_prefix("Content-Length: "));
    let mut body = vec![0; length.map_or(0, |length| length.trim().parse().unwrap())];
    let _ = stream.read_exact(&mut body);
    (head, body)
}

pub fn answer(stream: &mut TcpStream, status: &str, kind: &str, body: &[u8]) {
    let head = format!(
        "HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nContent-Length: {}\r\n\r\n",
        body.len()
    );
    let _ = stream.write_all(&[head.as_bytes(), body].concat());
}

pub fn patience() -> Patience {
    Patience { idle: Duration::from_secs(2), answer: Duration::from_secs(4), ..Patience::default() }
}

/// Looks at `target` with services at these ports, as if those were found open.
pub fn look(
    target: &str,
    ports: &[(&'static str, u16)],
    look: impl Fn(&Context, &mut Portrait),
) -> (Portrait, u64) {
    let target = Target::parse(target).unwrap();
    let mut known = Ports::default();
    let mut portrait = Portrait::default();
    for &(service, port) in ports {
        known.set(service, port);
        portrait.services.push(open(service, port));
    }
    let options = Options {
        ports: known.clone(),
        patience: patience(),
        ..Options::new(Source::Live(target.clone()))
    };
    let wire = Wire::new(HERE, known, Plan::default(), options.patience);
    look(&Context { wire: &wire, target: &target, options: &options }, &mut portrait);
    (portrait, wire.sent())
}

fn open(service: &str, port: u16) -> Service {
    Service {
        port: port.into(),
        transport: "tcp".into(),
        service: service.into(),
        reach: "open".into(),
        ..Service::default()
    }
}

pub fn service<'a>(portrait: &'a Portrait, service: &str) -> &'a Service {
    let found = portrait.services.iter().find(|row| row.service == service);
    found.unwrap_or_else(|| panic!("no row {service}: {:?}", portrait.services))
}

/// A program that is ended with the test.
pub struct Running(pub Child);

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// Starts a program and waits until its port takes connections.
pub fn start(command: &mut Command, port: u16) -> Running {
    let child = command.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null()).spawn();
    let running = Running(child.unwrap());
    let until = Instant::now() + Duration::from_secs(20);
    while TcpStream::connect((HERE, port)).is_err() {
        assert!(Instant::now() < until, "{command:?} does not listen at {port}");
        thread::sleep(Duration::from_millis(50));
    }
    running
}
