//! The program in a command line of a unit.

use std::path::Path;

use crate::root::Root;

/// Where systemd looks for a program that is named without a folder.
const FOLDERS: [&str; 6] =
    ["/usr/local/sbin", "/usr/local/bin", "/usr/sbin", "/usr/bin", "/sbin", "/bin"];

/// The program's path. `home` takes the place of `%h`; other specifiers stay.
pub fn program(command: &str, home: Option<&str>, root: &Root) -> Option<String> {
    let command = command.trim_start_matches(['@', '-', ':', '+', '!', '|', ' ']);
    let mut word = first_word(command);
    if let Some(home) = home {
        word = word.replace("%h", home);
    }
    if word.is_empty() {
        return None;
    }
    if word.contains('/') {
        return Some(word);
    }
    let found = FOLDERS.iter().map(|folder| format!("{folder}/{word}"));
    found.into_iter().find(|path| root.stat(Path::new(path)).is_ok()).or(Some(word))
}

/// Whether a specifier keeps the path from being known.
pub fn is_known(program: &str) -> bool {
    program.starts_with('/') && !program.contains('%')
}

/// The first word, without its quotes; a backslash takes the next character as it is.
fn first_word(command: &str) -> String {
    let mut word = String::new();
    let mut quote = None;
    let mut chars = command.chars();
    while let Some(c) = chars.next() {
        match (c, quote) {
            ('\\', _) => word.extend(escaped(&mut chars)),
            (c, Some(open)) if c == open => quote = None,
            ('"' | '\'', None) => quote = Some(c),
            (c, None) if c.is_whitespace() => break,
            (c, _) => word.push(c),
        }
    }
    word
}

fn escaped(chars: &mut std::str::Chars<'_>) -> Option<char> {
    let c = chars.next()?;
    match c {
        's' => Some(' '),
        't' => Some('\t'),
        'n' => Some('\n'),
        'x' => {
            let digits: String = chars.by_ref().take(2).collect();
            u8::from_str_radix(&digits, 16).ok().map(char::from)
        }
        other => Some(other),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_program_is_found_behind_prefixes_and_quotes() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir_all(folder.path().join("usr/bin")).unwrap();
        std::fs::write(folder.path().join("usr/bin/tool"), "").unwrap();
        let root = Root::open(folder.path()).unwrap();
        let cases = [
            ("/usr/bin/x -a", Some("/usr/bin/x")),
            ("-/usr/bin/x", Some("/usr/bin/x")),
            ("@/usr/bin/x name", Some("/usr/bin/x")),
            ("!!+:/bin/sh -c 'a; b'", Some("/bin/sh")),
            ("\"/opt/with space/x\" y", Some("/opt/with space/x")),
            ("/opt/with\\x20space/x", Some("/opt/with space/x")),
            ("tool --now", Some("/usr/bin/tool")),
            ("absent", Some("absent")),
            ("%h/bin/x", Some("/home/a/bin/x")),
            ("/opt/%i/x", Some("/opt/%i/x")),
            ("\\", None),
            ("", None),
        ];
        for (command, expected) in cases {
            let found = program(command, Some("/home/a"), &root);
            assert_eq!(found.as_deref(), expected, "{command}");
        }
    }
}
