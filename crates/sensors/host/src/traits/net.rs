//! A shell that is bound to the network by the program that connects.

use super::{
    Trait, Traits,
    words::{Call, is_cluster, is_shell},
};

const NET: [&str; 6] = ["nc", "ncat", "netcat", "nc.traditional", "nc.openbsd", "telnet"];

/// Whether the command connects two ends over the network, and whether it waits for the other.
pub fn listens(call: &Call<'_>) -> Option<bool> {
    if NET.contains(&call.name) {
        let listens = call.rest.iter().any(|word| is_cluster(word, 'l')) || call.has(&["--listen"]);
        return Some(listens && call.name != "telnet");
    }
    let client = call.name == "openssl" && call.rest.first().is_some_and(|word| word == "s_client");
    client.then_some(false)
}

pub fn of(listens: bool) -> Trait {
    if listens { Trait::BindShell } else { Trait::ReverseShell }
}

pub fn judge(call: &Call<'_>, found: &mut Traits) {
    if let Some(listens) = listens(call).filter(|_| call.name != "openssl" && hands_over(call)) {
        found.insert(of(listens));
    }
    if call.name == "socat" {
        socat(call, found);
    }
    let telnet = matches!(call.name, "telnetd" | "in.telnetd");
    if telnet && call.rest.iter().any(|word| is_shell(word)) {
        found.insert(Trait::BindShell);
    }
}

/// `nc -e /bin/sh`
fn hands_over(call: &Call<'_>) -> bool {
    let option = |word: &str| {
        is_cluster(word, 'e') || is_cluster(word, 'c') || ["--exec", "--sh-exec"].contains(&word)
    };
    call.rest.windows(2).any(|pair| match pair {
        [word, next] => option(word) && is_shell(next),
        _ => false,
    })
}

/// `socat TCP:HOST:PORT EXEC:/bin/sh`
fn socat(call: &Call<'_>, found: &mut Traits) {
    let words: Vec<String> = call.rest.iter().map(|word| word.to_ascii_lowercase()).collect();
    let program = |at: usize| {
        let word = words.get(at)?;
        let rest = ["exec:", "system:"].iter().find_map(|start| word.strip_prefix(start))?;
        // A quote that holds several words begins another one.
        if rest.is_empty() { words.get(at + 1).map(String::as_str) } else { Some(rest) }
    };
    let named = |rest: &str| is_shell(rest.split([',', ' ']).next().unwrap_or_default());
    let runs = (0..words.len()).filter_map(program).any(named);
    let kinds = ["tcp", "udp", "openssl", "ssl", "sctp", "vsock"];
    let net = |word: &String| kinds.iter().any(|kind| word.starts_with(kind));
    if runs && words.iter().any(net) {
        let waits = |word: &String| word.contains("listen:") || word.contains("-l:");
        found.insert(of(words.iter().any(waits)));
    }
}
