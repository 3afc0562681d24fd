//! The only place of this sensor that opens a socket, and it opens them to the one address of its printer alone.
//!
//! Nothing is sent that the plan does not name; no more than [`MOST_SENT`] bytes are sent to a printer and no more than
//! [`MOST_RECEIVED`] are taken from it; nothing goes on beyond the printer's time. Every packet is entered in a ledger. A printer
//! that is slow, silent, endless or gone costs its own sweep and no other.

mod datagrams;
mod ledger;
mod line;
pub mod multicast;
mod ports;

use std::{
    io,
    net::{IpAddr, SocketAddr, TcpStream, ToSocketAddrs},
    sync::{Mutex, MutexGuard, PoisonError},
    thread,
    time::{Duration, Instant},
};

use leaksweep_facts::{Problem, Reason, tables::printer::Look};
use thiserror::Error;

pub use datagrams::Datagrams;
pub use line::Line;
pub use ports::Ports;

use crate::plan::{Packet, Plan};
use ledger::Ledger;

/// The most that is sent to a printer in one sweep.
pub const MOST_SENT: u64 = 64 << 10;
/// The most that is taken from a printer in one sweep.
pub const MOST_RECEIVED: u64 = 16 << 20;

/// Why nothing, or nothing more, came.
#[derive(Debug, Error)]
pub enum WireError {
    #[error("the port is closed")]
    Closed,
    #[error("no answer")]
    Silent,
    #[error("the address cannot be reached: {0}")]
    Unreachable(io::Error),
    #[error("it took too long")]
    Late,
    #[error("the connection ended early")]
    Cut,
    #[error("{0}")]
    Broken(io::Error),
    #[error("more than {} bytes came", MOST_RECEIVED)]
    TooMuch,
    #[error("{} is not in the plan", .0.name())]
    Unplanned(Packet),
    #[error("the {} bytes that may be sent to a printer are used up", MOST_SENT)]
    Spent,
}

impl WireError {
    pub fn reason(&self) -> Reason {
        match self {
            WireError::TooMuch => Reason::TooLarge,
            WireError::Unplanned(_) | WireError::Spent => Reason::Unsupported,
            _ => Reason::Failed,
        }
    }

    pub fn problem(&self, table: &'static str, subject: impl Into<String>) -> Problem {
        Problem::new(table, subject, self.reason(), self.to_string())
    }

    fn of(error: io::Error) -> Self {
        use io::ErrorKind as Kind;
        match error.kind() {
            Kind::ConnectionRefused => WireError::Closed,
            Kind::TimedOut | Kind::WouldBlock => WireError::Silent,
            Kind::HostUnreachable | Kind::NetworkUnreachable | Kind::NetworkDown => {
                WireError::Unreachable(error)
            }
            Kind::UnexpectedEof
            | Kind::ConnectionReset
            | Kind::ConnectionAborted
            | Kind::BrokenPipe => WireError::Cut,
            _ => WireError::Broken(error),
        }
    }
}

/// How long is waited.
#[derive(Debug, Clone, Copy)]
pub struct Patience {
    /// For a connection.
    pub connect: Duration,
    /// For the next byte.
    pub idle: Duration,
    /// For one answer.
    pub answer: Duration,
    /// For the whole printer.
    pub printer: Duration,
    /// Between two packets to the same printer.
    pub pause: Duration,
}

impl Default for Patience {
    fn default() -> Self {
        Self {
            connect: Duration::from_millis(1500),
            idle: Duration::from_secs(3),
            answer: Duration::from_secs(8),
            printer: Duration::from_secs(45),
            pause: Duration::from_millis(5),
        }
    }
}

/// The way to one printer.
pub struct Wire {
    address: IpAddr,
    ports: Ports,
    plan: Plan,
    patience: Patience,
    until: Instant,
    ledger: Mutex<Ledger>,
}

impl Wire {
    pub fn new(address: IpAddr, ports: Ports, plan: Plan, patience: Patience) -> Self {
        let until = Instant::now() + patience.printer;
        Self { address, ports, plan, patience, until, ledger: Mutex::default() }
    }

    pub fn address(&self) -> IpAddr {
        self.address
    }

    pub fn ports(&self) -> &Ports {
        &self.ports
    }

    /// Whether there is time for another question.
    pub fn has_time(&self) -> bool {
        Instant::now() < self.until
    }

    /// Opens a connection, and sends nothing over it yet.
    pub fn line(&self, port: u16, packet: Packet) -> Result<Line<'_>, WireError> {
        self.demand(packet)?;
        self.wait();
        let left = self.until.saturating_duration_since(Instant::now());
        if left.is_zero() {
            return Err(WireError::Late);
        }
        let wait = self.patience.connect.min(left);
        let stream = TcpStream::connect_timeout(&SocketAddr::new(self.address, port), wait);
        let outcome =
            stream.map_err(WireError::of).and_then(|stream| Line::new(self, stream, port, packet));
        self.ledger().enter(packet, port, outcome.is_err());
        outcome
    }

    /// A way to exchange datagrams with one port.
    pub fn datagrams(&self, port: u16) -> Result<Datagrams<'_>, WireError> {
        Datagrams::new(self, port)
    }

    /// What was sent and received so far.
    pub fn looks(&self) -> Vec<Look> {
        self.ledger().looks()
    }

    pub fn sent(&self) -> u64 {
        self.ledger().sent
    }

    pub fn received(&self) -> u64 {
        self.ledger().received
    }

    fn ledger(&self) -> MutexGuard<'_, Ledger> {
        self.ledger.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn demand(&self, packet: Packet) -> Result<(), WireError> {
        if self.plan.allows(packet) { Ok(()) } else { Err(WireError::Unplanned(packet)) }
    }

    /// One packet after another, with a pause between them.
    fn wait(&self) {
        let turn = self.ledger().turn(self.patience.pause);
        thread::sleep(turn.saturating_duration_since(Instant::now()));
    }

    /// Takes the bytes from what may be sent.
    fn spend(&self, packet: Packet, port: u16, bytes: usize) -> Result<(), WireError> {
        self.demand(packet)?;
        self.ledger().send(packet, port, bytes)
    }

    fn take(&self, packet: Packet, port: u16, bytes: usize) -> Result<(), WireError> {
        self.ledger().receive(packet, port, bytes)
    }

    /// Until when one answer may take.
    fn answer_until(&self) -> Instant {
        self.until.min(Instant::now() + self.patience.answer)
    }
}

/// The address of a host. Asks the system, which may ask its name servers.
pub fn resolve(host: &str) -> Result<IpAddr, io::Error> {
    if let Ok(address) = host.trim_matches(['[', ']']).parse() {
        return Ok(address);
    }
    let first = (host, 0).to_socket_addrs()?.next();
    first.map(|found| found.ip()).ok_or_else(|| io::Error::other("the name has no address"))
}

#[cfg(test)]
mod tests;
