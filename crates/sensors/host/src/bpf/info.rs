//! What the kernel tells of an open BPF object, in `/proc/PID/fdinfo/NUMBER`: one word and its value
//! a line, with a tab between.

/// Of the kernel's numbers, from 0.
const PROGRAMS: [&str; 33] = [
    "unspecified",
    "socket filter",
    "kprobe",
    "sched cls",
    "sched act",
    "tracepoint",
    "xdp",
    "perf event",
    "cgroup skb",
    "cgroup sock",
    "lwt in",
    "lwt out",
    "lwt xmit",
    "sock ops",
    "sk skb",
    "cgroup device",
    "sk msg",
    "raw tracepoint",
    "cgroup sock addr",
    "lwt seg6local",
    "lirc mode2",
    "sk reuseport",
    "flow dissector",
    "cgroup sysctl",
    "raw tracepoint",
    "cgroup sockopt",
    "tracing",
    "struct ops",
    "ext",
    "lsm",
    "sk lookup",
    "syscall",
    "netfilter",
];
const MAPS: [&str; 34] = [
    "unspecified",
    "hash",
    "array",
    "program array",
    "perf event array",
    "per-cpu hash",
    "per-cpu array",
    "stack trace",
    "cgroup array",
    "lru hash",
    "lru per-cpu hash",
    "lpm trie",
    "array of maps",
    "hash of maps",
    "devmap",
    "sockmap",
    "cpumap",
    "xskmap",
    "sockhash",
    "cgroup storage",
    "reuseport sockarray",
    "per-cpu cgroup storage",
    "queue",
    "stack",
    "sk storage",
    "devmap hash",
    "struct ops",
    "ring buffer",
    "inode storage",
    "task storage",
    "bloom filter",
    "user ring buffer",
    "cgrp storage",
    "arena",
];
const WATCH: [&str; 7] =
    ["kprobe", "tracepoint", "perf event", "raw tracepoint", "tracing", "ext", "lsm"];
const NETWORK: [&str; 18] = [
    "socket filter",
    "sched cls",
    "sched act",
    "xdp",
    "cgroup skb",
    "cgroup sock",
    "cgroup sock addr",
    "lwt in",
    "lwt out",
    "lwt xmit",
    "lwt seg6local",
    "sock ops",
    "sk skb",
    "sk msg",
    "sk reuseport",
    "flow dissector",
    "sk lookup",
    "netfilter",
];

/// What an open object is, by the kernel's name of the descriptor.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Program,
    Map,
    Link,
}

#[derive(Debug, Default, PartialEq, Eq)]
pub struct Info {
    pub number: Option<i64>,
    pub form: Option<String>,
    pub tag: Option<String>,
}

impl Kind {
    pub fn of(target: &[u8]) -> Option<Self> {
        match target.strip_prefix(b"anon_inode:")? {
            b"bpf-prog" => Some(Self::Program),
            b"bpf-map" => Some(Self::Map),
            b"bpf_link" | b"bpf-link" => Some(Self::Link),
            _ => None,
        }
    }

    pub fn word(self) -> &'static str {
        match self {
            Self::Program => "program",
            Self::Map => "map",
            Self::Link => "link",
        }
    }

    pub fn info(self, content: &[u8]) -> Info {
        let number = |key| value(content, key)?.parse().ok();
        match self {
            Self::Program => Info {
                number: number("prog_id:"),
                form: value(content, "prog_type:").map(|text| form(&PROGRAMS, text)),
                tag: tag(content),
            },
            Self::Map => Info {
                number: number("map_id:"),
                form: value(content, "map_type:").map(|text| form(&MAPS, text)),
                tag: None,
            },
            Self::Link => Info {
                number: number("link_id:"),
                form: value(content, "link_type:").map(plain),
                tag: tag(content),
            },
        }
    }
}

/// What a program of this type can do.
pub fn effect(form: &str) -> Option<&'static str> {
    if WATCH.contains(&form) {
        Some("watches")
    } else {
        NETWORK.contains(&form).then_some("network")
    }
}

fn tag(content: &[u8]) -> Option<String> {
    value(content, "prog_tag:").map(plain)
}

/// A type that is newer than this list keeps its number.
fn form(names: &[&str], text: &str) -> String {
    let known = text.parse().ok().and_then(|number: usize| names.get(number));
    known.map_or_else(|| plain(text), |name| (*name).to_owned())
}

fn plain(text: &str) -> String {
    text.chars().filter(|sign| sign.is_ascii_graphic()).take(64).collect()
}

fn value<'a>(content: &'a [u8], key: &str) -> Option<&'a str> {
    let mut lines = content.split(|byte| *byte == b'\n');
    let line = lines.find_map(|line| line.strip_prefix(key.as_bytes()))?;
    std::str::from_utf8(line).ok().map(str::trim).filter(|text| !text.is_empty())
}

/// For the fuzz target: a description of each kind.
pub fn parse(content: &[u8]) {
    for kind in [Kind::Program, Kind::Map, Kind::Link] {
        let form = kind.info(content).form;
        let _ = form.as_deref().map(effect);
    }
}
