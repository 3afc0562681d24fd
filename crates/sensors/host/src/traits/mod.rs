//! What a command line or a script does that is seldom innocent, by its text alone.
//!
//! Reads no file. Limits: the first 256 KiB of a text; 20,000 commands; 100 files that were fetched
//! or unpacked. Lines that are comments do not count. Nothing is run: what a variable holds is not
//! known, a name that is put together from pieces is not seen, and what a message merely says
//! counts where it stands as a command would.

mod changes;
mod code;
mod commands;
mod net;
mod places;
mod shell;
mod words;

#[cfg(test)]
mod tests;

use std::collections::BTreeSet;

const CAP: usize = 256 << 10;

/// In the order in which they are told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Trait {
    ReverseShell,
    BindShell,
    Download,
    Decode,
    Temporary,
    Hidden,
    Preload,
    Account,
    Key,
    SetUid,
    Silent,
    Interpreter,
}

type Traits = BTreeSet<Trait>;

impl Trait {
    fn word(self) -> &'static str {
        match self {
            Self::ReverseShell => "reverse-shell",
            Self::BindShell => "bind-shell",
            Self::Download => "download",
            Self::Decode => "decode",
            Self::Temporary => "temporary",
            Self::Hidden => "hidden",
            Self::Preload => "preload",
            Self::Account => "account",
            Self::Key => "key",
            Self::SetUid => "set-uid",
            Self::Silent => "silent",
            Self::Interpreter => "interpreter",
        }
    }
}

/// The words of `host_autostarts.traits`, separated by spaces; none where nothing was seen.
pub fn of(text: &str) -> Option<String> {
    let text = text.get(..text.floor_char_boundary(CAP)).unwrap_or_default();
    let text = without_comments(text);
    let mut found = Traits::new();
    commands::judge(&shell::commands(&text), &mut found);
    code::judge(&text, &mut found);
    let words: Vec<&str> = found.into_iter().map(Trait::word).collect();
    (!words.is_empty()).then(|| words.join(" "))
}

/// Continued lines are joined, so that what stands on several counts as one.
fn without_comments(text: &str) -> String {
    let mut kept = String::with_capacity(text.len());
    let mut continues = false;
    for line in text.lines() {
        if !continues && line.trim_start().starts_with('#') {
            continue;
        }
        let part = line.trim_end().strip_suffix('\\');
        continues = part.is_some();
        kept.push_str(part.unwrap_or(line));
        kept.push(if continues { ' ' } else { '\n' });
    }
    kept
}

/// Of two ways to write the same file, one.
fn plain(file: &str) -> String {
    file.trim_start_matches("./").replace(['{', '}'], "")
}
