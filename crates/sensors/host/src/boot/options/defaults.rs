//! What new entries are made from: assignments of a shell, and files that hold a command line.

use super::{
    loaders::{Parsed, lines},
    shell,
};
use crate::name;

/// `/etc/default/grub` and the like: assignments to variables whose names say that they are
/// options of a kernel.
pub fn parse_assignments(content: &[u8]) -> Parsed {
    let mut parsed = Parsed::default();
    for (line, text) in lines(content) {
        let words = shell::words(&text, None);
        let word = match words.as_slice() {
            [export, word, ..] if export == "export" => word,
            [word, ..] => word,
            [] => continue,
        };
        let Some((name, value)) = word.split_once('=') else { continue };
        let name = name.trim_end_matches('+');
        if is_of_kernel(name) {
            parsed.take(name, line, without_variables(value));
        }
    }
    parsed
}

/// A file whose whole content is a command line, as `/etc/kernel/cmdline`.
pub fn parse_whole(content: &[u8], entry: &str) -> Parsed {
    let mut parsed = Parsed::default();
    for (index, line) in content.split(|byte| *byte == b'\n').enumerate() {
        let line = name::text(line.trim_ascii());
        if !line.is_empty() && !line.starts_with('#') {
            parsed.take(entry, index + 1, line);
        }
    }
    parsed
}

fn is_of_kernel(name: &str) -> bool {
    let grub = name.starts_with("GRUB_CMDLINE_LINUX") || name == "GRUB_CMDLINE_XEN_REPLACE";
    let other = ["kernel_cmdline", "LINUX_KERNEL_CMDLINE", "LINUX_KERNEL_CMDLINE_DEFAULTS"];
    grub || other.contains(&name) || name == "U_BOOT_PARAMETERS"
}

/// `"$GRUB_CMDLINE_LINUX more"` says only what is more.
fn without_variables(value: &str) -> String {
    let own = value.split_whitespace().filter(|word| !word.starts_with('$'));
    own.collect::<Vec<_>>().join(" ")
}
