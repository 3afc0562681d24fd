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
    let is_name = |name: &str| name.chars().all(|c| c.is_ascii_alphanumeric() || "/_.-".contains(c));
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
    text.chars().all(|c| harmless(c) || (quoted.is_some() && c == ' '))
}
