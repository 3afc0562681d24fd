//! What a command does to accounts, keys and programs, whatever stands before or behind it.

use super::{Trait, Traits, words::Call};

const ACCOUNTS: [&str; 7] =
    ["useradd", "adduser", "usermod", "chpasswd", "newusers", "gpasswd", "groupmems"];
const FILES: [&str; 5] =
    ["/etc/passwd", "/etc/shadow", "/etc/group", "/etc/gshadow", "/etc/sudoers"];

pub fn judge(call: &Call<'_>, found: &mut Traits) {
    if ACCOUNTS.contains(&call.name) || writes(call, is_of_accounts) {
        found.insert(Trait::Account);
    }
    if writes(call, |file| file.contains("authorized_keys")) {
        found.insert(Trait::Key);
    }
    if gives_rights(call) {
        found.insert(Trait::SetUid);
    }
    if call.command.words.iter().any(|word| preloads(word)) || writes(call, is_preload) {
        found.insert(Trait::Preload);
    }
    let dropped = call.command.to.iter().any(|file| file == "/dev/null");
    if call.command.beside && dropped && (call.detached || call.command.grouped) {
        found.insert(Trait::Silent);
    }
}

/// Whether it writes such a file: by its output, as `tee` and `sed -i` do, or as a copy.
fn writes(call: &Call<'_>, is_such: impl Fn(&str) -> bool) -> bool {
    let written = match call.name {
        "tee" => call.rest,
        "sed" | "perl" if call.rest.iter().any(|word| word.starts_with("-i")) => call.rest,
        "cp" | "mv" | "install" | "ln" => call.rest.rchunks(1).next().unwrap_or_default(),
        _ => &[],
    };
    call.command.to.iter().chain(written).any(|file| is_such(file))
}

fn is_of_accounts(file: &str) -> bool {
    FILES.contains(&file) || file.starts_with("/etc/sudoers.d/")
}

fn is_preload(file: &str) -> bool {
    file == "/etc/ld.so.preload"
}

/// `LD_PRELOAD=x`, also within a word: `Environment=LD_PRELOAD=x`.
fn preloads(word: &str) -> bool {
    ["LD_PRELOAD=", "LD_AUDIT="].iter().any(|name| {
        let value = word.split_once(name).filter(|(before, _)| {
            before.is_empty() || before.ends_with('=') || before.ends_with('{')
        });
        value.is_some_and(|(_, value)| !value.is_empty())
    })
}

fn gives_rights(call: &Call<'_>) -> bool {
    match call.name {
        "chmod" => {
            call.rest.iter().find(|word| !word.starts_with('-')).is_some_and(|mode| sets(mode))
        }
        "install" => {
            let pairs = call.rest.iter().zip(call.rest.iter().skip(1));
            pairs.filter(|(word, _)| *word == "-m").any(|(_, mode)| sets(mode))
                || call.rest.iter().filter_map(|word| word.strip_prefix("--mode=")).any(sets)
        }
        "setcap" => call.rest.iter().any(|word| word.contains("cap_")),
        "dpkg-statoverride" => call.rest.iter().any(|word| is_octal(word) && sets(word)),
        _ => false,
    }
}

/// A mode with which a program gets its owner's rights.
fn sets(mode: &str) -> bool {
    let digits = mode.trim_start_matches('0');
    let octal = is_octal(mode) && digits.len() == 4 && digits.starts_with(['4', '5', '6', '7']);
    let parts = || mode.split(',');
    octal
        || parts().any(|part| {
            part.split_once('+').is_some_and(|(who, what)| {
                what.contains('s') && (who.is_empty() || who.contains(['u', 'a']))
            })
        })
}

fn is_octal(mode: &str) -> bool {
    mode.len() >= 4 && mode.bytes().all(|byte| matches!(byte, b'0'..=b'7'))
}
