//! Connections to other machines, by the number of their socket.

use std::{collections::HashMap, net::IpAddr, path::Path};

use leaksweep_facts::Problem;

use super::{Listed, inet, table};
use crate::machine::Kernel;

/// Those of one network namespace.
#[derive(Debug, Default)]
pub struct Connections {
    of: HashMap<u64, String>,
    /// Whether every table could be read.
    pub whole: bool,
}

impl Connections {
    /// `folder` is a process's `net` in `/proc`.
    pub fn read(kernel: &Kernel, folder: &Path) -> Self {
        let mut problems: Vec<Problem> = Vec::new();
        let mut of = HashMap::new();
        for (file, layout) in inet::FILES {
            let parse = |content: &[u8]| layout.parse(content);
            let listed = table(kernel, folder.join(file), &parse, &mut problems);
            of.extend(listed.iter().filter_map(|socket| Some((socket.inode, other(socket)?))));
        }
        Self { of, whole: problems.is_empty() }
    }

    /// To where the socket is connected: `192.0.2.7:443`.
    pub fn to(&self, inode: u64) -> Option<&str> {
        self.of.get(&inode).map(String::as_str)
    }
}

/// The other side, where that is another machine.
fn other(socket: &Listed) -> Option<String> {
    let address = socket.remote.0.as_ref()?;
    let port = socket.remote.1?;
    let parsed: IpAddr = address.split('%').next()?.parse().ok()?;
    let here = parsed.is_loopback() || parsed.is_unspecified() || *address == socket.local.0;
    let open = socket.state == "established" && !here && socket.inode != 0;
    open.then(|| {
        if parsed.is_ipv6() { format!("[{address}]:{port}") } else { format!("{address}:{port}") }
    })
}

/// `socket:[12345]`
pub fn socket(target: &[u8]) -> Option<u64> {
    let number = target.strip_prefix(b"socket:[")?.strip_suffix(b"]")?;
    std::str::from_utf8(number).ok()?.parse().ok()
}
