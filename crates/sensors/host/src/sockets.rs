//! Open sockets. Reads `/proc/PID/net/{tcp,udp,udplite,raw,icmp}` and their IPv6 forms, `packet` and
//! `unix`, once for each network namespace. Who holds a socket is told by [`crate::descriptors`]. A
//! table is read up to 64 MiB.
//!
//! Of `unix` sockets those are kept that someone can connect or send to. A name may hold a line
//! break and so imitate a line of the table; such a line finds no process, for it is none's.

mod addresses;
mod connections;
mod holders;
mod inet;
mod link_layer;
mod local;
mod namespaces;

use std::path::PathBuf;

use leaksweep_facts::{
    Observed, Problem, Reason, Table,
    tables::host::{Process, Socket},
};

use crate::{
    accounts::Names,
    descriptors::Descriptors,
    machine::{Kernel, Machine},
    name,
    processes::Remotes,
    root::Failure,
};
use holders::Holders;
use namespaces::Namespace;

pub use self::{
    addresses::interface_names,
    connections::{Connections, socket},
    inet::Layout,
    link_layer::packet,
    local::unix,
};

const TABLE: &str = Socket::DEF.name;
const NET_CAP: usize = 64 << 20;

/// A socket as a table of the kernel lists it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Listed {
    pub protocol: &'static str,
    pub family: &'static str,
    pub local: (String, Option<i64>),
    pub remote: (Option<String>, Option<i64>),
    pub state: &'static str,
    pub reach: &'static str,
    /// Not every table tells it.
    pub uid: Option<u32>,
    /// 0 where no process holds the socket any more.
    pub inode: u64,
}

/// The lines of a table that were understood, and how many were not.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Lines {
    pub sockets: Vec<Listed>,
    pub not_understood: usize,
}

/// The sockets, and of those that are connected the other side by the socket's inode.
pub fn collect(
    machine: &Machine,
    names: &Names,
    processes: &[Process],
    descriptors: &Descriptors,
    remotes: &mut Remotes,
) -> Observed<Socket> {
    let mut seen = Observed::default();
    let kernel = match machine.kernel(TABLE) {
        Ok(kernel) => kernel,
        Err(problem) => return Observed { rows: Vec::new(), problems: vec![problem] },
    };
    let namespaces = namespaces::find(machine, kernel, processes, &mut seen.problems);
    if !namespaces.iter().any(|namespace| namespace.machine) {
        let detail = "the machine's own network namespace was not found";
        seen.problem(Problem::new(TABLE, "/proc", Reason::Unsupported, detail));
    }
    let holders = Holders::of(processes, descriptors);
    let refused = descriptors.problems(TABLE, holders::COLUMNS, machine.privileged);
    seen.problems.extend(refused);
    for namespace in &namespaces {
        let Some(folder) = namespace.folder(&kernel.proc) else {
            let detail = "its processes ended before its sockets were read";
            let subject = format!("network namespace {}", namespace.number);
            seen.problem(Problem::new(TABLE, subject, Reason::Vanished, detail));
            continue;
        };
        let mut listed = Vec::new();
        for (file, parse) in tables() {
            listed.extend(table(kernel, folder.join(file), &parse, &mut seen.problems));
        }
        listed.extend(packets(kernel, namespace, &folder, &mut seen.problems));
        remotes.extend(listed.iter().filter_map(remote));
        let rows = listed.into_iter().map(|socket| row(socket, namespace, names, &holders));
        seen.rows.extend(rows);
    }
    seen
}

fn remote(socket: &Listed) -> Option<(u64, String)> {
    let (address, port) = (socket.remote.0.as_ref()?, socket.remote.1?);
    let bare = !address.contains(':');
    let remote = if bare { format!("{address}:{port}") } else { format!("[{address}]:{port}") };
    Some((socket.inode, remote)).filter(|(inode, _)| *inode != 0)
}

type Parse = Box<dyn Fn(&[u8]) -> Lines>;

fn tables() -> Vec<(&'static str, Parse)> {
    let mut tables: Vec<(&'static str, Parse)> = vec![("unix", Box::new(unix))];
    for (file, layout) in inet::FILES {
        tables.push((file, Box::new(move |content| layout.parse(content))));
    }
    tables
}

/// One table; kernels without the protocol have no such file.
fn table(
    kernel: &Kernel,
    path: PathBuf,
    parse: &dyn Fn(&[u8]) -> Lines,
    problems: &mut Vec<Problem>,
) -> Vec<Listed> {
    let subject = || format!("/proc/{}", name::path(&path));
    let (content, more) = match kernel.proc.head(&path, NET_CAP) {
        Ok(head) => head,
        Err(failure) if failure.is_absence() => return Vec::new(),
        Err(failure) => {
            problems.push(failure.problem(TABLE, subject()));
            return Vec::new();
        }
    };
    if more {
        let detail = format!("only the first {NET_CAP} bytes were read");
        problems.push(Problem::new(TABLE, subject(), Reason::TooLarge, detail));
    }
    let lines = parse(whole_lines(&content, more));
    if lines.not_understood > 0 {
        let detail = format!("{} lines make no sense", lines.not_understood);
        problems.push(Failure::malformed(detail).problem(TABLE, subject()));
    }
    lines.sockets
}

/// Without the last line where the table was cut within it.
fn whole_lines(content: &[u8], cut: bool) -> &[u8] {
    let end = content.iter().rposition(|byte| *byte == b'\n');
    match end.filter(|_| cut) {
        Some(end) => content.get(..=end).unwrap_or(content),
        None => content,
    }
}

fn packets(
    kernel: &Kernel,
    namespace: &Namespace,
    folder: &std::path::Path,
    problems: &mut Vec<Problem>,
) -> Vec<Listed> {
    let parse = |content: &[u8]| {
        // Few machines have a packet socket, so the names are looked up only here.
        let names = addresses::interfaces(kernel, folder, namespace.machine);
        packet(content, &names)
    };
    table(kernel, folder.join("packet"), &parse, problems)
}

fn row(socket: Listed, namespace: &Namespace, names: &Names, holders: &Holders) -> Socket {
    let holder = holders.holding(socket.inode);
    let user = match socket.uid {
        Some(uid) => names.user(uid),
        None => holder.map(|process| process.user.clone()).unwrap_or_default(),
    };
    Socket {
        protocol: socket.protocol.into(),
        family: socket.family.into(),
        local_address: socket.local.0,
        local_port: socket.local.1,
        remote_address: socket.remote.0,
        remote_port: socket.remote.1,
        state: socket.state.into(),
        reach: socket.reach.into(),
        user,
        pid: holder.map(|process| process.pid),
        process: holder.map(|process| process.name.clone()),
        program: holder.and_then(|process| process.program.clone()),
        unit: holder.and_then(|process| process.unit.clone()),
        package: None,
        namespace: namespace.number,
        machine_namespace: namespace.machine,
    }
}

/// The lines of one of the kernel's tables, without its heading.
fn body(content: &[u8]) -> impl Iterator<Item = &[u8]> {
    content.split(|byte| *byte == b'\n').skip(1).filter(|line| !line.is_empty())
}

#[cfg(test)]
mod tests;
