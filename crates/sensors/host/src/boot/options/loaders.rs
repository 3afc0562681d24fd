//! The entries of boot loaders: GRUB's script, the entries that systemd-boot and GRUB share, and
//! syslinux. Limits: 10,000 entries of a file, 64 levels of menus. GRUB's script is not run: both
//! branches of an `if` count, and a variable has the value that the file gave it last.

use super::shell::{self, Variables};
use crate::name;

const MAX_TOLD: usize = 10_000;
const MAX_DEPTH: usize = 64;
/// What loads a kernel, and before which word its options begin.
const LOADING: [&str; 9] = [
    "linux",
    "linux16",
    "linuxefi",
    "multiboot",
    "multiboot2",
    "module",
    "module2",
    "xen_hypervisor",
    "xen_module",
];

/// A command line of a kernel, and where it stands.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Told {
    /// The entry's title; those of the menus around it before it.
    pub entry: String,
    pub line: usize,
    pub options: String,
}

#[derive(Debug, Default, PartialEq, Eq)]
pub struct Parsed {
    pub told: Vec<Told>,
    /// Whether there is more than is read.
    pub more: bool,
}

impl Parsed {
    pub fn take(&mut self, entry: &str, line: usize, options: String) {
        if self.told.len() < MAX_TOLD {
            self.told.push(Told { entry: entry.into(), line, options });
        } else {
            self.more = true;
        }
    }
}

/// `grub.cfg`.
pub fn parse_grub(content: &[u8], variables: &mut Variables) -> Parsed {
    let (mut parsed, mut menus) = (Parsed::default(), Menus::default());
    for (line, text) in lines(content) {
        let words = shell::words(&text, Some(variables));
        for command in words.split(|word| word == ";") {
            menus.see(command);
            let command = after_title(command);
            match command.split_first() {
                Some((first, rest)) if LOADING.contains(&first.as_str()) => {
                    let options = rest.get(1..).unwrap_or_default();
                    parsed.take(&menus.title(), line, quoted(options));
                }
                Some((first, [assigned, ..])) if first == "set" => {
                    if let Some((name, value)) = assigned.split_once('=') {
                        variables.set(name, value);
                    }
                }
                _ => {}
            }
        }
    }
    parsed
}

/// A menu entry may stand in one line with what it does.
fn after_title(command: &[String]) -> &[String] {
    let opens = command.first().is_some_and(|first| first == "menuentry" || first == "submenu");
    let at = command.iter().position(|word| word == "{").filter(|_| opens);
    at.and_then(|at| command.get(at + 1..)).unwrap_or(command)
}

/// The menus around a line.
#[derive(Default)]
struct Menus {
    /// None is a block that has no title, as of a function.
    open: Vec<Option<String>>,
    /// How many are open beyond the most.
    deeper: usize,
}

impl Menus {
    fn see(&mut self, command: &[String]) {
        let title = match command {
            [first, title, ..] if first == "menuentry" || first == "submenu" => Some(title.clone()),
            _ => None,
        };
        for word in command {
            match word.as_str() {
                "{" if self.open.len() < MAX_DEPTH => self.open.push(title.clone()),
                "{" => self.deeper += 1,
                "}" if self.deeper > 0 => self.deeper -= 1,
                "}" => drop(self.open.pop()),
                _ => {}
            }
        }
    }

    fn title(&self) -> String {
        let titles: Vec<&str> = self.open.iter().flatten().map(String::as_str).collect();
        titles.join(" > ")
    }
}

/// `grubenv`: the variables that outlive a start.
pub fn parse_environment(content: &[u8], variables: &mut Variables) {
    for (_, text) in lines(content) {
        if let Some((name, value)) = text.split_once('=').filter(|_| !text.starts_with('#')) {
            variables.set(name, value);
        }
    }
}

/// An entry of systemd-boot's kind, which is called by its file where it has no title.
pub fn parse_entry(content: &[u8], file: &str, variables: &Variables) -> Parsed {
    let mut title = file.to_owned();
    let mut options = Vec::new();
    for (line, text) in lines(content) {
        match text.split_once(char::is_whitespace) {
            Some(("title", rest)) => title = rest.trim().into(),
            Some(("options", rest)) => options.push((line, rest.trim().to_owned())),
            _ => {}
        }
    }
    let mut parsed = Parsed::default();
    for (line, text) in options {
        let known = shell::words(&text.replace(['\'', '"', '\\'], "\u{1}"), Some(variables));
        // Only variables are the loader's matter here; quotes are the kernel's.
        let text = if text.contains('$') { known.join(" ").replace('\u{1}', "\"") } else { text };
        parsed.take(&title, line, text);
    }
    parsed
}

/// Configuration of syslinux and extlinux.
pub fn parse_syslinux(content: &[u8]) -> Parsed {
    let (mut parsed, mut title) = (Parsed::default(), String::new());
    for (line, text) in lines(content) {
        let (word, rest) = text.split_once(char::is_whitespace).unwrap_or((&text, ""));
        let rest = rest.trim();
        match word.to_ascii_lowercase().as_str() {
            "label" => title = rest.into(),
            "menu" => {
                let label = rest.split_once(char::is_whitespace);
                let label = label.filter(|(word, _)| word.eq_ignore_ascii_case("label"));
                title = label.map_or(title, |(_, label)| label.trim().replace('^', ""));
            }
            "append" => parsed.take(&title, line, rest.into()),
            // A kernel may have its options behind it.
            "kernel" | "linux" if rest.contains(char::is_whitespace) => {
                let options =
                    rest.split_once(char::is_whitespace).map_or("", |(_, options)| options);
                parsed.take(&title, line, options.into());
            }
            _ => {}
        }
    }
    parsed
}

/// Lines with their numbers; a backslash at the end joins a line to the next.
pub fn lines(content: &[u8]) -> impl Iterator<Item = (usize, String)> {
    let mut pending: Option<(usize, String)> = None;
    let all = content.split(|byte| *byte == b'\n').enumerate();
    let all = all.map(|(index, line)| (index + 1, name::text(line.trim_ascii())));
    all.chain(std::iter::once((0, String::new()))).filter_map(move |(line, text)| {
        let (first, mut whole) = pending.take().unwrap_or((line, String::new()));
        match text.strip_suffix('\\') {
            Some(part) => {
                whole.extend([part, " "]);
                pending = Some((first, whole));
                None
            }
            None => {
                whole.push_str(&text);
                Some((first, whole)).filter(|(_, whole)| !whole.is_empty())
            }
        }
    })
}

/// Words as the loader hands them to the kernel.
fn quoted(words: &[String]) -> String {
    let quoted = words.iter().filter(|word| *word != "{" && *word != "}").map(|word| {
        if word.contains(char::is_whitespace) { format!("\"{word}\"") } else { word.clone() }
    });
    quoted.collect::<Vec<_>>().join(" ")
}
