//! A printer of our own on loopback: it answers IPP, SNMP, HTTP, eSCL, WS-Discovery, LPD and PJL as a printer does, or as an
//! enemy would, and keeps every byte that it receives.

#![allow(dead_code)]

mod answers;
pub mod classify;
mod datagrams;
mod http;
mod ipp;
mod lines;
mod manner;
mod snmp;
mod tls;

use std::{
    collections::HashMap,
    net::Ipv4Addr,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use leaksweep_printer::wire::Ports;

pub use manner::Manner;

/// What came over one connection, or in one datagram.
#[derive(Debug, Clone)]
pub struct Heard {
    pub service: &'static str,
    /// The double's own address at which it came.
    pub at: Ipv4Addr,
    pub bytes: Vec<u8>,
    /// Whether it came within a session of TLS, whose own bytes are another entry.
    pub inside: bool,
}

/// What a double is and how it behaves.
#[derive(Clone)]
pub struct Kind {
    /// Make and model.
    pub model: &'static str,
    /// Its identity by IEEE 1284.
    pub id: &'static str,
    pub manners: HashMap<&'static str, Manner>,
    /// The pair for which the page of settings opens; none where no password is demanded.
    pub password: Option<&'static str>,
}

impl Kind {
    pub fn with_pjl() -> Self {
        let id = "MFG:HP;MDL:HP LaserJet 4250;CMD:PJL,PCL,POSTSCRIPT;SN:CNX1;";
        Self { model: "HP LaserJet 4250", id, manners: HashMap::new(), password: None }
    }

    pub fn without_pjl() -> Self {
        let id = "MFG:EPSON;MDL:XP-330;CMD:ESCPL2,BDC,D4;";
        Self { model: "EPSON XP-330", id, ..Self::with_pjl() }
    }

    /// One whose page of the network demands a password.
    pub fn guarded(password: &'static str) -> Self {
        let id = "MFG:Brother;MDL:HL-5450DN;CMD:PCL;";
        Self { model: "Brother HL-5450DN", id, password: Some(password), ..Self::with_pjl() }
    }

    /// Every service behaves so.
    pub fn all(self, manner: Manner) -> Self {
        let manners = SERVICES.iter().map(|service| (*service, manner)).collect();
        Self { manners, ..self }
    }

    fn manner(&self, service: &str) -> Manner {
        self.manners.get(service).copied().unwrap_or(Manner::Printer)
    }
}

/// Those that a double has; others are closed.
pub const SERVICES: &[&str] = &["ftp", "http", "https", "lpd", "ipp", "raw", "snmp", "wsd"];

pub struct Double {
    pub ports: Ports,
    heard: Arc<Mutex<Vec<Heard>>>,
}

/// What the threads of a double share.
#[derive(Clone)]
struct House {
    kind: Arc<Kind>,
    heard: Arc<Mutex<Vec<Heard>>>,
}

impl House {
    fn hear(&self, service: &'static str, at: Ipv4Addr, bytes: &[u8]) {
        self.keep(Heard { service, at, bytes: bytes.to_vec(), inside: false });
    }

    fn hear_inside(&self, at: Ipv4Addr, bytes: &[u8]) {
        self.keep(Heard { service: "http", at, bytes: bytes.to_vec(), inside: true });
    }

    fn keep(&self, heard: Heard) {
        self.heard.lock().unwrap_or_else(PoisonError::into_inner).push(heard);
    }
}

impl Double {
    /// One printer at one address.
    pub fn at(address: Ipv4Addr, kind: Kind) -> Self {
        Self::new(address, &[address], kind)
    }

    /// The same printer at many addresses of the loopback network.
    pub fn street(addresses: &[Ipv4Addr], kind: Kind) -> Self {
        Self::new(Ipv4Addr::UNSPECIFIED, addresses, kind)
    }

    fn new(bind: Ipv4Addr, addresses: &[Ipv4Addr], kind: Kind) -> Self {
        let heard = Arc::default();
        let house = House { kind: Arc::new(kind), heard: Arc::clone(&heard) };
        let mut ports = nowhere();
        for service in ["ftp", "http", "lpd", "ipp", "raw"] {
            ports.set(service, lines::serve(&house, service, bind));
        }
        if tls::is_there() {
            ports.set("https", lines::serve(&house, "https", bind));
        }
        for service in ["snmp", "wsd"] {
            ports.set(service, datagrams::serve(&house, service, addresses, ports.of("http")));
        }
        Self { ports, heard }
    }

    /// What came so far; waits until the last connections are read to their end.
    pub fn heard(&self) -> Vec<Heard> {
        std::thread::sleep(Duration::from_millis(150));
        self.locked().clone()
    }

    fn locked(&self) -> MutexGuard<'_, Vec<Heard>> {
        self.heard.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Ports at which nobody is: below those that the system gives out.
fn nowhere() -> Ports {
    let mut ports = Ports::default();
    let known: Vec<&str> = Ports::known().collect();
    for (at, service) in known.into_iter().enumerate() {
        ports.set(service, 1 + at as u16);
    }
    ports
}
