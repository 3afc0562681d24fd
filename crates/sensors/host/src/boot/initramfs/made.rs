//! Members that the makers of an initramfs write themselves: no file on disk has their content. What
//! a shell reads counts only where its text can do nothing but what the maker's own text does.

use std::path::Path;

use crate::name;

/// What depmod makes of the modules in the archive.
const MODULES: [&str; 14] = [
    "modules.alias",
    "modules.alias.bin",
    "modules.builtin",
    "modules.builtin.alias.bin",
    "modules.builtin.bin",
    "modules.builtin.modinfo",
    "modules.dep",
    "modules.dep.bin",
    "modules.devname",
    "modules.order",
    "modules.softdep",
    "modules.symbols",
    "modules.symbols.bin",
    "modules.weakdep",
];

/// What is in them is read by programs that are compared themselves, and runs nothing.
const MADE_FOLDERS: [&str; 4] = [
    "var/cache/fontconfig/",
    "etc/console-setup/cached_",
    "cryptroot/keyfiles/",
    "usr/share/fonts/",
];
/// What begins a line of the script that sets the keyboard.
const OF_SETUPCON: [&str; 7] = [
    "kbd_mode '",
    "loadkeys '",
    "setfont '",
    "printf '",
    "mkdir /run/console-setup",
    ">/run/console-setup/",
    "exit 0",
];

/// Whether a maker of such archives writes a member of this name with this content; `head` is its
/// first mebibyte.
pub fn is_made(member: &Path, head: &[u8]) -> bool {
    let path = name::path(member);
    let file = path.rsplit('/').next().unwrap_or_default();
    let in_modules = path.starts_with("lib/modules/") || path.starts_with("usr/lib/modules/");
    if head.is_empty() || (in_modules && MODULES.contains(&file)) {
        return true;
    }
    match path.as_str() {
        "etc/ld.so.cache" => head.starts_with(b"glibc-ld.so.cache") || head.starts_with(b"ld.so-"),
        "kernel/x86/microcode/GenuineIntel.bin" => head.starts_with(&[1, 0, 0, 0]),
        "kernel/x86/microcode/AuthenticAMD.bin" => head.starts_with(b"DMA\0"),
        "early_cpio" => head == b"1\n",
        "etc/passwd" | "etc/group" => every_line(head, is_of_account),
        "usr/lib/initrd-release" | "etc/conf.d/systemd.conf" => every_line(head, is_assignment),
        "etc/systemd/journald.conf" => {
            every_line(head, |line| line == "[Journal]" || is_assignment(line))
        }
        "etc/motd" | "etc/issue" | "cryptroot/crypttab" => true,
        "etc/nsswitch.conf" => every_line(head, is_of_words),
        "conf/modules" => every_line(head, is_of_words),
        "usr/bin/setupcon" | "bin/setupcon" => every_line(head, is_of_setupcon),
        _ if path.starts_with("etc/mdadm/mdadm.conf") => {
            every_line(head, |line| !line.to_ascii_uppercase().starts_with("PROGRAM"))
        }
        _ if path.starts_with("usr/lib/dracut/") && !file.ends_with(".sh") => {
            file.ends_with(".txt") || file.starts_with("dracut-0") || file.starts_with("dracut-1")
        }
        _ if path.starts_with("etc/cmdline.d/") => every_line(head, is_of_options),
        _ if MADE_FOLDERS.iter().any(|folder| path.starts_with(folder)) => true,
        _ if file == "ORDER" && path.starts_with("scripts/") => every_line(head, is_of_order),
        _ if path.starts_with("conf/") => every_line(head, is_assignment),
        _ => false,
    }
}

fn every_line(content: &[u8], is_good: impl Fn(&str) -> bool) -> bool {
    std::str::from_utf8(content).is_ok_and(|text| text.lines().all(|line| is_good(line.trim())))
}

/// `/scripts/local-top/NAME "$@"`, and the line that reads what the scripts leave.
fn is_of_order(line: &str) -> bool {
    let script = line.strip_prefix("/scripts/").and_then(|rest| rest.strip_suffix(" \"$@\""));
    let is_name =
        |name: &str| name.chars().all(|c| c.is_ascii_alphanumeric() || "/_.-".contains(c));
    script.is_some_and(|name| is_name(name) && !name.contains(".."))
        || line == "[ -e /conf/param.conf ] && . /conf/param.conf"
        || line.is_empty()
}

/// A comment, or a variable with a value in which nothing runs.
fn is_assignment(line: &str) -> bool {
    if line.is_empty() || line.starts_with('#') {
        return true;
    }
    let line = line.strip_prefix("export ").unwrap_or(line);
    line.split_once('=').is_some_and(|(name, value)| {
        let of_name = |c: char| c.is_ascii_alphanumeric() || c == '_';
        let decides = name.starts_with("LD_") || ["PATH", "init", "rootmnt"].contains(&name);
        !name.is_empty() && !decides && name.chars().all(of_name) && is_value(value)
    })
}

/// One word: in quotes with blanks, otherwise without.
fn is_value(value: &str) -> bool {
    let quoted = ['"', '\''].iter().find_map(|quote| {
        let inner = value.strip_prefix(*quote)?.strip_suffix(*quote)?;
        (!inner.contains(*quote)).then_some(inner)
    });
    let text = quoted.unwrap_or(value);
    let harmless = |c: char| c.is_alphanumeric() || "_.,:/%+@=-".contains(c);
    text.chars().all(|c| harmless(c) || (quoted.is_some() && !"$`\\".contains(c)))
}

/// Names and nothing that a shell or a parser could run.
fn is_of_words(line: &str) -> bool {
    line.starts_with('#')
        || line.chars().all(|c| c.is_ascii_alphanumeric() || " \t:_-=.,".contains(c))
}

fn is_of_setupcon(line: &str) -> bool {
    let runs_more = line.contains([';', '&', '|', '`', '$', '(']);
    line.is_empty()
        || line.starts_with('#')
        || (OF_SETUPCON.iter().any(|start| line.starts_with(start)) && !runs_more)
}

/// No account but root has root's rights.
fn is_of_account(line: &str) -> bool {
    let mut fields = line.split(':');
    let name = fields.next().unwrap_or_default();
    line.is_empty() || name == "root" || fields.nth(1).is_some_and(|number| number != "0")
}

/// Options of a kernel that start nothing else.
fn is_of_options(line: &str) -> bool {
    let starts_other = |word: &str| word.contains("init=") || word.contains("break");
    !line.contains(['$', '`', ';']) && !line.split_whitespace().any(starts_other)
}
