//! Functions of the kernel that something has put itself before, of those by which a rootkit hides:
//! listings of folders, of sockets, of modules, and signals. Reads `enabled_functions` of ftrace
//! and the list of kprobes.
//!
//! A refused or missing list is a problem of the column `detail`, on which the check of hooks
//! decides and no other, so that nothing else becomes unknown by it.

use leaksweep_facts::{Observed, Problem, Reason, tables::host::Contradiction};

use super::{LIST_CAP, TABLE, add, row};
use crate::{machine::Kernel, name, root::Failure};

const FTRACE: &str = "/sys/kernel/tracing/enabled_functions";
const KPROBES: &str = "/sys/kernel/debug/kprobes/list";

/// Names, with what the ways of calling put before and behind them taken away.
const HIDING: [&str; 23] = [
    "sys_getdents64",
    "sys_getdents",
    "filldir64",
    "filldir",
    "compat_filldir",
    "fillonedir",
    "iterate_dir",
    "proc_pid_readdir",
    "proc_root_readdir",
    "next_tgid",
    "find_ge_pid",
    "tcp4_seq_show",
    "tcp6_seq_show",
    "udp4_seq_show",
    "udp6_seq_show",
    "packet_seq_show",
    "inet_sk_diag_fill",
    "inet_csk_diag_fill",
    "m_show",
    "s_show",
    "sys_kill",
    "tpacket_rcv",
    "kallsyms_lookup_name",
];
const CALLS: [&str; 6] = ["__x64_", "__ia32_", "__ia32_compat_", "__arm64_", "__do_", "__se_"];

/// A function that is redirected.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hook {
    pub function: String,
    /// What the list says of it.
    pub how: String,
    /// It can change what the function does, and does not only watch.
    pub changes: bool,
}

pub fn look(kernel: &Kernel, seen: &mut Observed<Contradiction>) {
    match kernel.sys.head("kernel/tracing/enabled_functions", LIST_CAP) {
        Ok((content, _)) => {
            add(seen, enabled(&content).iter().map(|hook| hook.row(FTRACE)).collect())
        }
        Err(failure) => unread(seen, FTRACE, failure),
    }
    // Where kprobes use ftrace, they stand in its list too.
    let (content, _) = kernel.sys.head("kernel/debug/kprobes/list", LIST_CAP).unwrap_or_default();
    add(seen, probes(&content).iter().map(|hook| hook.row(KPROBES)).collect());
}

fn unread(seen: &mut Observed<Contradiction>, path: &str, failure: Failure) {
    let problem = if failure.is_absence() {
        let detail = "the kernel's list of redirected functions is not mounted";
        Problem::new(TABLE, path, Reason::Unsupported, detail)
    } else {
        failure.problem(TABLE, path)
    };
    seen.problem(problem.in_columns(&["detail"]));
}

impl Hook {
    fn row(&self, list: &str) -> Contradiction {
        let confidence = if self.changes { "certain" } else { "likely" };
        let subject = self.function.clone();
        row("hook", subject, (list, ""), self.how.clone(), confidence)
    }
}

/// `filldir64 (1) R I   tramp: 0xffffffffc0a01000 (callback+0x0/0x10 [module])`: the flag I says
/// that it changes where the function goes on.
pub fn enabled(content: &[u8]) -> Vec<Hook> {
    let lines = content.split(|byte| *byte == b'\n').map(name::text);
    let hooks = lines.filter_map(|line| {
        let (function, how) = line.split_once(" (")?;
        let function = hiding(function)?;
        let flags = how.split_once(')')?.1.split(['\t', ':']).next().unwrap_or_default();
        let flags = flags.split("tramp").next().unwrap_or_default();
        let changes = flags.split_ascii_whitespace().any(|flag| flag == "I");
        let how = how.split_once(')')?.1;
        Some(Hook { function, how: words(how), changes })
    });
    hooks.collect()
}

/// `ffffffff81a3c000  k  tcp4_seq_show+0x0    [FTRACE]`; the kind r is called at the end, where the
/// result can be changed.
pub fn probes(content: &[u8]) -> Vec<Hook> {
    let lines = content.split(|byte| *byte == b'\n').map(name::text);
    let hooks = lines.filter_map(|line| {
        let mut fields = line.split_ascii_whitespace();
        let (_, kind, place) = (fields.next()?, fields.next()?, fields.next()?);
        let function = hiding(place.split_once('+').map_or(place, |(name, _)| name))?;
        let how = format!("a probe of kind {kind} at {place}");
        Some(Hook { function, how, changes: false })
    });
    hooks.collect()
}

/// The name of a function that is of concern.
fn hiding(function: &str) -> Option<String> {
    let function = function.split_ascii_whitespace().next()?;
    let bare = function.split('.').next()?;
    let bare = CALLS.iter().find_map(|call| bare.strip_prefix(call)).unwrap_or(bare);
    HIDING.contains(&bare).then(|| function.to_owned())
}

fn words(text: &str) -> String {
    let text = text.split_ascii_whitespace().collect::<Vec<_>>().join(" ");
    text.chars().take(200).collect()
}
