//! Sockets that `/proc/net` lists and the kernel does not tell by netlink, or the other way round, in
//! the network in which the sweep runs.
//!
//! The first question about a kind of socket can make the kernel load a module, and a sweep changes
//! nothing: where that module is neither loaded nor built in, nothing is asked, which is a problem of
//! the column `seen_by` alone.

mod loaded;
mod message;
mod question;

use std::collections::BTreeMap;

use leaksweep_facts::{Observed, Problem, Reason, tables::host::Contradiction};

use super::{LIST_CAP, ROUNDS, TABLE, add, listeners, pause, row};
use crate::{machine::Kernel, root::Failure, sockets::Layout};

pub use self::{
    loaded::Handlers,
    message::{Answered, answer},
    question::{Question, ask},
};

const NETLINK: &str = "netlink(sock_diag)";

struct Kind {
    name: &'static str,
    /// In `/proc/net`.
    list: &'static str,
    /// Where a line of it has the inode; none for the lists of the Internet's protocols.
    field: Option<usize>,
    question: Question,
    module: &'static str,
}

const fn inet(name: &'static str, list: &'static str, family: u8, protocol: u8) -> Kind {
    let module = match protocol {
        6 => "tcp_diag",
        255 => "raw_diag",
        _ => "udp_diag",
    };
    Kind { name, list, field: None, question: Question { family, protocol, length: 56 }, module }
}

const KINDS: [Kind; 10] = [
    inet("tcp", "tcp", 2, 6),
    inet("tcp", "tcp6", 10, 6),
    inet("udp", "udp", 2, 17),
    inet("udp", "udp6", 10, 17),
    inet("udplite", "udplite", 2, 136),
    inet("udplite", "udplite6", 10, 136),
    inet("raw", "raw", 2, 255),
    inet("raw", "raw6", 10, 255),
    Kind {
        name: "unix",
        list: "unix",
        field: Some(6),
        question: Question { family: 1, protocol: 0, length: 24 },
        module: "unix_diag",
    },
    Kind {
        name: "packet",
        list: "packet",
        field: Some(8),
        question: Question { family: 17, protocol: 0, length: 20 },
        module: "packet_diag",
    },
];

/// How the kernel is asked; none where it knows no such sockets.
pub type Ask<'a> = dyn Fn(Question) -> Result<Option<Vec<Answered>>, Failure> + 'a;

/// What a socket is, by its inode. Those that no process ever held, or none holds any more, have
/// none.
type Shown = BTreeMap<u32, String>;

pub fn look(
    kernel: &Kernel,
    handlers: &Handlers<'_>,
    ask: &Ask<'_>,
    seen: &mut Observed<Contradiction>,
) {
    let mut unasked: Vec<&str> = Vec::new();
    for kind in &KINDS {
        if !handlers.answer(kind.module) {
            unasked.push(kind.module);
            continue;
        }
        match kind.compare(kernel, ask) {
            Ok(rows) => add(seen, rows),
            Err(failure) => {
                let subject = format!("{} sockets by netlink", kind.list);
                seen.problem(failure.problem(TABLE, subject));
            }
        }
    }
    unasked.dedup();
    if !unasked.is_empty() {
        let detail = format!("not asked, for that would load modules: {}", unasked.join(", "));
        let problem = Problem::new(TABLE, NETLINK, Reason::Unsupported, detail);
        seen.problem(problem.in_columns(&["seen_by"]));
    }
}

/// What only one of two ways shows.
#[derive(Default)]
struct Between {
    unlisted: Shown,
    untold: Shown,
}

impl Kind {
    fn compare(&self, kernel: &Kernel, ask: &Ask<'_>) -> Result<Vec<Contradiction>, Failure> {
        // A first look, which is most often enough.
        let Some((told, listed)) = self.told(ask)?.zip(self.listed(kernel)?) else {
            return Ok(Vec::new());
        };
        let mut found =
            Between { unlisted: without(&told, &listed), untold: without(&listed, &told) };
        for _ in 0..ROUNDS {
            if found.unlisted.is_empty() && found.untold.is_empty() {
                break;
            }
            pause();
            found = self.again(kernel, ask, &found)?;
        }
        Ok(self.rows(kernel, found))
    }

    /// Shown by one way both before and after the other was asked and did not.
    fn again(&self, kernel: &Kernel, ask: &Ask<'_>, found: &Between) -> Result<Between, Failure> {
        let told = self.told(ask)?.unwrap_or_default();
        let listed = self.listed(kernel)?.unwrap_or_default();
        let told_later = self.told(ask)?.unwrap_or_default();
        let listed_later = self.listed(kernel)?.unwrap_or_default();
        Ok(Between {
            unlisted: without(&both(&both(&found.unlisted, &told), &told_later), &listed),
            untold: without(&both(&both(&found.untold, &listed), &listed_later), &told_later),
        })
    }

    fn told(&self, ask: &Ask<'_>) -> Result<Option<Shown>, Failure> {
        let Some(sockets) = ask(self.question)? else { return Ok(None) };
        let open = sockets.into_iter().filter(|socket| socket.inode != 0);
        Ok(Some(open.map(|one| (one.inode, self.told_subject(&one))).collect()))
    }

    fn told_subject(&self, socket: &Answered) -> String {
        match socket.local {
            Some((address, port)) => format!("{} {address} port {port}", self.name),
            None => format!("{} socket {}", self.name, socket.inode),
        }
    }

    /// None where the kernel has no such list.
    fn listed(&self, kernel: &Kernel) -> Result<Option<Shown>, Failure> {
        let (content, more) = match kernel.proc.head(format!("net/{}", self.list), LIST_CAP) {
            Ok(content) => content,
            Err(failure) if failure.is_absence() => return Ok(None),
            Err(failure) => return Err(failure),
        };
        if more {
            return Err(Failure::too_large(LIST_CAP as u64));
        }
        Ok(Some(match self.field {
            Some(field) => self.numbered(&content, field),
            None => self.addressed(&content),
        }))
    }

    fn addressed(&self, content: &[u8]) -> Shown {
        let open = Layout(self.name).parse(content).sockets.into_iter();
        let shown = open.filter_map(|socket| {
            let port = socket.local.1.unwrap_or_default();
            Some((lower(socket.inode)?, format!("{} {} port {port}", self.name, socket.local.0)))
        });
        shown.collect()
    }

    fn numbered(&self, content: &[u8], field: usize) -> Shown {
        let lines = content.split(|byte| *byte == b'\n').skip(1);
        let inodes = lines.filter_map(|line| {
            let mut fields = line.split(u8::is_ascii_whitespace).filter(|part| !part.is_empty());
            lower(std::str::from_utf8(fields.nth(field)?).ok()?.parse().ok()?)
        });
        inodes.map(|inode| (inode, format!("{} socket {inode}", self.name))).collect()
    }

    fn rows(&self, kernel: &Kernel, found: Between) -> Vec<Contradiction> {
        if found.unlisted.is_empty() && found.untold.is_empty() {
            return Vec::new();
        }
        let held = listeners::held(kernel).unwrap_or_default();
        let holder = |inode: u32| held.get(&u64::from(inode)).copied();
        let list = format!("/proc/net/{}", self.list);
        let unlisted = found.unlisted.into_iter().map(|(inode, subject)| {
            let detail = "the kernel tells of the socket when it is asked, and does not list it";
            let row = row("port", subject, (NETLINK, &list), detail, "certain");
            Contradiction { pid: holder(inode), ..row }
        });
        let untold = found.untold.into_iter().map(|(inode, subject)| {
            let detail = "the kernel lists the socket and is silent when it is asked";
            let row = row("port", subject, (&list, NETLINK), detail, "certain");
            Contradiction { pid: holder(inode), ..row }
        });
        unlisted.chain(untold).collect()
    }
}

/// By netlink the kernel tells the lower half of an inode alone.
fn lower(inode: u64) -> Option<u32> {
    u32::try_from(inode & u64::from(u32::MAX)).ok().filter(|inode| *inode != 0)
}

fn without(shown: &Shown, other: &Shown) -> Shown {
    let left = shown.iter().filter(|(inode, _)| !other.contains_key(inode));
    left.map(|(inode, subject)| (*inode, subject.clone())).collect()
}

fn both(shown: &Shown, other: &Shown) -> Shown {
    let left = shown.iter().filter(|(inode, _)| other.contains_key(inode));
    left.map(|(inode, subject)| (*inode, subject.clone())).collect()
}
