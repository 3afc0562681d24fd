//! The boot loader's own files: what GRUB's configuration was made from, what somebody wrote into it
//! by hand, and its modules beside those that packages bring.
//!
//! Limits: 4 MiB of a configuration, 2,000 modules of a folder, 4 MiB of a module. GRUB on a
//! partition that is not mounted is not seen.

use std::path::Path;

use super::{files::Files, options::loaders::lines, places};
use crate::root::{Root, TEXT_CAP};

const MAX_MODULES: usize = 2_000;
const MAX_MODULE: u64 = 4 << 20;
const MAX_SCRIPTS: usize = 1_000;
/// What the configuration beside a signed GRUB says: where the true one lies.
const POINTERS: [&str; 4] = ["search", "set prefix=", "configfile ", "insmod "];

/// What a configuration of GRUB is made of.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Parts {
    /// The scripts whose blocks are in it.
    pub scripts: Vec<String>,
    /// The first line that stands in no block.
    pub by_hand: Option<usize>,
}

pub fn parse(content: &[u8]) -> Parts {
    let (mut parts, mut open) = (Parts::default(), false);
    for (line, text) in lines(content) {
        let marker = |word: &str| {
            let inner = text.strip_prefix("### ")?.strip_prefix(word)?.strip_suffix(" ###")?;
            Some(inner.trim().to_owned())
        };
        if let Some(script) = marker("BEGIN ").filter(|_| parts.scripts.len() < MAX_SCRIPTS) {
            parts.scripts.push(script);
            open = true;
        } else if marker("END ").is_some() {
            open = false;
        } else if !open && !text.starts_with('#') {
            parts.by_hand = parts.by_hand.or(Some(line));
        }
    }
    parts
}

pub fn collect(files: &mut Files<'_>) {
    for path in places::grub_configurations(files.reading.root) {
        configuration(files, &path);
    }
    for folder in places::GRUB {
        for path in files.reading.entries(Path::new(folder), MAX_MODULES) {
            if files.reading.is_folder(&path) {
                modules(files, &path);
            }
        }
    }
    for path in files.reading.entries(Path::new("/boot"), MAX_MODULES) {
        if path.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("aml")) {
            files.plain(&path, "table", None);
        }
    }
}

fn configuration(files: &mut Files<'_>, path: &Path) {
    let Some(content) = files.reading.content(path, TEXT_CAP, &[]) else { return };
    let origin = configuration_origin(files.reading.root, &content);
    files.plain(path, "loader", origin);
}

fn configuration_origin(root: &Root, content: &[u8]) -> Option<&'static str> {
    let parts = parse(content);
    let gone = |script: &String| {
        let failure = root.stat_link(Path::new(script)).err();
        failure.is_some_and(|failure| failure.is_absence())
    };
    let is_pointer = |text: &str| {
        POINTERS.iter().any(|start| text.starts_with(start)) || text.starts_with("GRUB2_PASSWORD=")
    };
    if parts.scripts.is_empty() && lines(content).all(|(_, text)| is_pointer(&text)) {
        return Some("generated");
    }
    let edited = parts.by_hand.is_some() || parts.scripts.iter().any(gone);
    Some(if edited { "edited" } else { "generated" })
}

/// Modules of GRUB that are no copies of a package's.
fn modules(files: &mut Files<'_>, folder: &Path) {
    let Some(platform) = folder.file_name() else { return };
    let source = Path::new("/usr/lib/grub").join(platform);
    for path in files.reading.entries(folder, MAX_MODULES) {
        if path.extension().is_none_or(|ending| ending != "mod") {
            continue;
        }
        let other = path.file_name().map(|name| source.join(name)).unwrap_or_default();
        if let Some(origin) = module_origin(files.reading.root, &path, &other) {
            files.plain(&path, "loader", Some(origin));
        }
    }
}

/// None for a copy.
fn module_origin(root: &Root, path: &Path, source: &Path) -> Option<&'static str> {
    let own = root.read(path, MAX_MODULE).ok()?;
    match root.read(source, MAX_MODULE) {
        Ok(other) if other == own => None,
        Ok(_) => {
            let (own, other) = (root.stat(path).ok()?, root.stat(source).ok()?);
            Some(if other.st_ctime > own.st_ctime { "older" } else { "changed" })
        }
        Err(failure) if failure.is_absence() => Some("foreign"),
        Err(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_outside_of_blocks_are_by_hand() {
        let whole =
            b"#\n### BEGIN /etc/grub.d/10_linux ###\nset a=b\n### END /etc/grub.d/10_linux ###\n";
        let parts = parse(whole);
        assert_eq!((parts.scripts, parts.by_hand), (vec!["/etc/grub.d/10_linux".to_owned()], None));
        let edited = [whole.as_slice(), b"menuentry 'x' {\n"].concat();
        assert_eq!(parse(&edited).by_hand, Some(5));
        assert_eq!(parse(b"\xff\n").by_hand, Some(1));
        assert_eq!(parse(b""), Parts::default());
    }
}
