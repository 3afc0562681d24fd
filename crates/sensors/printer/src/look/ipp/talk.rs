//! Questions of IPP over HTTP, in the clear or under TLS, at the paths and in the versions that printers know.

use leaksweep_facts::Reason;

use super::{
    message::{Message, tag},
    question::{Operation, Question},
};
use crate::{
    http::{self, Content, HttpError, Response, escaped},
    look::Context,
    plan::Packet,
    wire::WireError,
};

/// The most of an answer that is read.
const MOST: usize = 1 << 20;
/// Where printers have IPP, the usual path first.
const PATHS: [&str; 4] = ["/ipp/print", "/ipp", "/ipp/lp", "/"];
/// The longest text of a question that a printer's own words make longer.
const LONGEST_PATH: usize = 512;
/// Nobody: who asks under the name of a job's owner is told more.
const USER: &str = "anonymous";

/// A port, and how it is spoken to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Door {
    pub port: u16,
    pub tls: bool,
}

/// Why no message came.
#[derive(Debug)]
pub enum Refusal {
    /// It demands a password.
    Password,
    /// It answers under TLS alone.
    Tls,
    /// Another answer of HTTP.
    Status(u16),
    /// What came is no message of IPP.
    Foreign,
    Failed(HttpError),
}

impl std::fmt::Display for Refusal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Refusal::Password => f.write_str("it demands a password"),
            Refusal::Tls => f.write_str("it demands TLS"),
            Refusal::Status(status) => write!(f, "HTTP status {status}"),
            Refusal::Foreign => f.write_str("what answers speaks no IPP"),
            Refusal::Failed(error) => write!(f, "{error}"),
        }
    }
}

impl Refusal {
    /// Whether what answered hung up, or spoke another language.
    pub fn is_foreign(&self) -> bool {
        use HttpError as Error;
        let foreign = |error: &Error| {
            matches!(error, Error::Cut | Error::NotHttp | Error::Wire(WireError::Cut))
        };
        matches!(self, Refusal::Failed(error) if foreign(error))
    }

    /// Whether another path may do better.
    fn is_of_path(&self) -> bool {
        matches!(self, Refusal::Status(_) | Refusal::Foreign) || self.is_foreign()
    }
}

/// A message that came, with where from.
#[derive(Debug)]
pub struct Told {
    pub message: Message,
    pub path: String,
    /// What the server calls itself.
    pub server: Option<String>,
    /// What was wrong with it, or with the answer around it.
    pub flaw: Option<(Reason, String)>,
}

impl Told {
    pub fn has(&self, group: u8) -> bool {
        self.message.of(group).next().is_some()
    }
}

/// What a printer tells of itself, at the first path where it does; else the last message, which tells that IPP is spoken there.
pub fn attributes(context: &Context, door: Door) -> Result<Told, Refusal> {
    let own = context.target.ipp_path();
    let paths = own.as_deref().map_or(PATHS.to_vec(), |path| vec![path]);
    let mut last = Err(Refusal::Foreign);
    for path in paths {
        match at_path(context, door, path) {
            Ok(told) if told.has(tag::PRINTER) => return Ok(told),
            Err(refusal) if !refusal.is_of_path() => return Err(refusal),
            Ok(told) => last = Ok(told),
            Err(refusal) if last.is_err() => last = Err(refusal),
            Err(_) => {}
        }
    }
    last
}

/// A version that it does not know, or an attribute: then with less.
fn at_path(context: &Context, door: Door, path: &str) -> Result<Told, Refusal> {
    let all = &["all"][..];
    let mut last = Err(Refusal::Foreign);
    for (version, wanted) in [((2, 0), all), ((1, 1), all), ((1, 0), &[])] {
        let question = Question::new(version, Operation::GetPrinterAttributes)
            .uri("printer-uri", &uri(context, door, path))
            .user(USER)
            .keywords("requested-attributes", wanted);
        last = Ok(ask(context, door, path, Packet::IppAttributes, question)?);
        if let Ok(told) = &last
            && !is_about_the_question(told.message.code)
        {
            break;
        }
    }
    last
}

/// Bad request, attributes or values not supported, an error inside, version not supported.
fn is_about_the_question(status: u16) -> bool {
    matches!(status, 0x0400 | 0x040B | 0x0500 | 0x0503)
}

/// Its jobs, `completed` or `not-completed`.
pub fn jobs(context: &Context, door: Door, printer: &Told, which: &str) -> Result<Told, Refusal> {
    let path = printer.path.as_str();
    let version = match printer.message.version {
        known @ (1 | 2, _) => known,
        _ => (1, 1),
    };
    const WANTED: &[&str] = &[
        "job-id",
        "job-uri",
        "job-name",
        "job-originating-user-name",
        "job-state",
        "job-state-reasons",
        "time-at-creation",
        "time-at-completed",
        "date-time-at-creation",
        "date-time-at-completed",
        "job-printer-up-time",
        "job-impressions",
        "job-impressions-completed",
        "job-media-sheets",
        "document-name-supplied",
    ];
    let question = |wanted| {
        Question::new(version, Operation::GetJobs)
            .uri("printer-uri", &uri(context, door, path))
            .user(USER)
            .integer("limit", 500)
            .keywords("requested-attributes", wanted)
            .keywords("which-jobs", &[which])
    };
    let told = ask(context, door, path, Packet::IppJobs, question(WANTED))?;
    if is_about_the_question(told.message.code) {
        return ask(context, door, path, Packet::IppJobs, question(&[]));
    }
    Ok(told)
}

/// What the device behind the printers tells.
pub fn system(context: &Context, door: Door) -> Result<Told, Refusal> {
    let path = "/ipp/system";
    let question = Question::new((2, 0), Operation::GetSystemAttributes)
        .uri("system-uri", &uri(context, door, path))
        .user(USER)
        .keywords("requested-attributes", &["all"]);
    ask(context, door, path, Packet::IppSystem, question)
}

/// The queues of a print server.
pub fn queues(context: &Context, door: Door) -> Result<Told, Refusal> {
    let wanted = ["printer-name", "printer-uri-supported", "device-uri", "printer-is-shared"];
    let question = Question::new((1, 1), Operation::CupsGetPrinters)
        .user(USER)
        .keywords("requested-attributes", &wanted);
    ask(context, door, "/", Packet::CupsQueues, question)
}

fn uri(context: &Context, door: Door, path: &str) -> String {
    let host = &context.target.host;
    let host = if host.contains(':') { format!("[{host}]") } else { host.clone() };
    let scheme = if door.tls { "ipps" } else { "ipp" };
    format!("{scheme}://{host}:{}{}", door.port, escaped(path))
}

fn ask(
    context: &Context,
    door: Door,
    path: &str,
    packet: Packet,
    question: Question,
) -> Result<Told, Refusal> {
    if path.len() > LONGEST_PATH {
        return Err(Refusal::Status(414));
    }
    let question = question.bytes();
    let content = Content { kind: "application/ipp", bytes: &question };
    let response = http::post(context, door.port, door.tls, path, packet, MOST, &content);
    message(response.map_err(Refusal::Failed)?, path)
}

fn message(response: Response, path: &str) -> Result<Told, Refusal> {
    match response.status() {
        200 => {}
        401 | 407 => return Err(Refusal::Password),
        426 => return Err(Refusal::Tls),
        status => return Err(Refusal::Status(status)),
    }
    let message = Message::parse(&response.body);
    let typed = response.kind() == "application/ipp";
    let known = matches!(message.version.0, 1 | 2)
        && message.groups.iter().any(|group| group.tag == tag::OPERATION);
    if !typed && !known || response.body.is_empty() {
        return Err(response.flaw.map_or(Refusal::Foreign, Refusal::Failed));
    }
    let around = response.flaw.map(|flaw| (flaw.reason(), flaw.to_string()));
    let flaw = around.or_else(|| message.flaw().map(|flaw| (Reason::Malformed, flaw)));
    let server = response.head.header("server").map(str::to_owned);
    Ok(Told { message, path: path.to_owned(), server, flaw })
}
