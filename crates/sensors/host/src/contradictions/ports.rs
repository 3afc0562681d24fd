//! Sockets that are counted and not listed. Compares `/proc/net/sockstat` and `sockstat6` with the
//! lines of the tables of TCP and UDP, where the counts before and after are the same.
//!
//! Of connections that are only remembered (`time wait`) or just begin the kernel keeps no count.

use leaksweep_facts::{Observed, tables::host::Contradiction};

use super::{LIST_CAP, ROUNDS, add, pause, row};
use crate::{machine::Kernel, root::TEXT_CAP};

struct Table {
    counts: &'static str,
    /// With which the line of the counts begins.
    word: &'static str,
    listing: &'static str,
}

const TABLES: [Table; 4] = [
    Table { counts: "net/sockstat", word: "TCP:", listing: "net/tcp" },
    Table { counts: "net/sockstat6", word: "TCP6:", listing: "net/tcp6" },
    Table { counts: "net/sockstat", word: "UDP:", listing: "net/udp" },
    Table { counts: "net/sockstat6", word: "UDP6:", listing: "net/udp6" },
];
const ATTEMPTS: usize = 12;

pub fn look(kernel: &Kernel, seen: &mut Observed<Contradiction>) {
    let rows = TABLES.iter().filter_map(|table| {
        let missing = missing(kernel, table)?;
        let protocol = table.listing.trim_start_matches("net/");
        let detail = format!("{missing} more sockets are counted than listed");
        let ways = (format!("/proc/{}", table.counts), format!("/proc/{}", table.listing));
        Some(row("port", protocol, (&ways.0, &ways.1), detail, "likely"))
    });
    add(seen, rows.collect());
}

/// How many sockets are missing in every one of a few quiet moments.
fn missing(kernel: &Kernel, table: &Table) -> Option<usize> {
    // A first look at nothing but numbers: it is most often enough, and half the work.
    if table.listed(kernel)?.len() >= table.counted(kernel)? {
        return None;
    }
    let mut least = usize::MAX;
    let mut rounds = 0;
    for _ in 0..ATTEMPTS {
        pause();
        if let Some(missing) = table.quiet(kernel) {
            least = least.min(missing);
            rounds += 1;
        }
        if least == 0 || rounds > ROUNDS {
            break;
        }
    }
    (rounds > ROUNDS && least > 0).then_some(least)
}

impl Table {
    fn counted(&self, kernel: &Kernel) -> Option<usize> {
        in_use(&kernel.proc.read(self.counts, TEXT_CAP).ok()?, self.word)
    }

    fn listed(&self, kernel: &Kernel) -> Option<Vec<Vec<u8>>> {
        let (content, more) = kernel.proc.head(self.listing, LIST_CAP).ok()?;
        (!more).then(|| sockets(&content))
    }

    /// None where a socket was opened or closed meanwhile.
    fn quiet(&self, kernel: &Kernel) -> Option<usize> {
        let before = self.counted(kernel)?;
        let (first, second) = (self.listed(kernel)?, self.listed(kernel)?);
        let still = self.counted(kernel)? == before && first == second;
        still.then(|| before.saturating_sub(first.len()))
    }
}

/// `TCP: inuse 5 orphan 0 tw 3 alloc 7 mem 2`
pub fn in_use(content: &[u8], word: &str) -> Option<usize> {
    let text = std::str::from_utf8(content).ok()?;
    let mut fields =
        text.lines().find_map(|line| line.strip_prefix(word))?.split_ascii_whitespace();
    (fields.next()? == "inuse").then(|| fields.next()?.parse().ok()).flatten()
}

/// Both ends and the inode of every whole socket. The kind of timer (3) marks those that are only
/// remembered.
pub fn sockets(content: &[u8]) -> Vec<Vec<u8>> {
    let lines = content.split(|byte| *byte == b'\n').skip(1);
    let mut found: Vec<Vec<u8>> = lines.filter_map(whole).collect();
    found.sort_unstable();
    found
}

fn whole(line: &[u8]) -> Option<Vec<u8>> {
    let fields: Vec<&[u8]> =
        line.split(u8::is_ascii_whitespace).filter(|field| !field.is_empty()).take(10).collect();
    let [_, local, remote, _, _, timer, _, _, _, inode] = fields.as_slice() else { return None };
    (!timer.starts_with(b"03:")).then(|| [*local, *remote, *inode].join(&b' '))
}
