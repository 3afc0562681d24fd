//! What editors run because a file says so: start-up files of Vim, Neovim and Emacs, and tasks that VS
//! Code runs when a folder is opened.
//!
//! Limits: files are read line by line and not run, 4,096 bytes of a line. A command that is built from
//! variables is told as it is written; one in a plug-in is not looked for, plug-ins are in
//! host_editor_extensions. A command in a function, or behind a key, does not start by itself, whoever
//! calls it.

mod emacs;
mod tasks;
mod vim;

use std::path::Path;

use leaksweep_facts::tables::host::Autostart;

use super::{Autostarts, CAP, Lines, start::Start};
use crate::accounts::Home;

pub use emacs::parse as parse_emacs;
pub use tasks::{of_settings, parse as parse_tasks};
pub use vim::{parse as parse_vim, parse_lua};

const LINE_LENGTH: usize = 4 << 10;

type Parse = fn(&[u8]) -> Lines<Command>;

/// A command, and whether it runs by itself.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Command {
    pub line: usize,
    pub text: String,
    /// The event on which it runs; none when the editor starts.
    pub event: Option<String>,
    pub starts: bool,
}

const SYSTEM: [(&str, Parse); 8] = [
    ("/etc/vim/vimrc", vim::parse),
    ("/etc/vim/vimrc.local", vim::parse),
    ("/etc/vimrc", vim::parse),
    ("/etc/vimrc.local", vim::parse),
    ("/etc/xdg/nvim/sysinit.vim", vim::parse),
    ("/etc/emacs/site-start.el", emacs::parse),
    ("/usr/share/emacs/site-lisp/site-start.el", emacs::parse),
    ("/usr/local/share/emacs/site-lisp/site-start.el", emacs::parse),
];
const SYSTEM_FOLDERS: [(&str, Parse); 1] = [("/etc/emacs/site-start.d", emacs::parse)];
const OWN: [(&str, Parse); 14] = [
    (".vimrc", vim::parse),
    (".gvimrc", vim::parse),
    (".exrc", vim::parse),
    (".vim/vimrc", vim::parse),
    (".config/vim/vimrc", vim::parse),
    (".config/nvim/init.vim", vim::parse),
    (".config/nvim/init.lua", vim::parse_lua),
    (".emacs", emacs::parse),
    (".emacs.el", emacs::parse),
    (".emacs.d/init.el", emacs::parse),
    (".emacs.d/early-init.el", emacs::parse),
    (".config/emacs/init.el", emacs::parse),
    (".config/emacs/early-init.el", emacs::parse),
    (".spacemacs", emacs::parse),
];
const OWN_FOLDERS: [(&str, Parse); 3] = [
    (".vim/plugin", vim::parse),
    (".vim/after/plugin", vim::parse),
    (".config/nvim/plugin", vim::parse),
];

pub fn of_system(reading: &mut Autostarts<'_>) {
    for (path, parse) in SYSTEM {
        of_file(reading, Path::new(path), parse, None);
    }
    for (folder, parse) in SYSTEM_FOLDERS {
        of_folder(reading, Path::new(folder), parse, None);
    }
}

pub fn of_home(reading: &mut Autostarts<'_>, home: &Home) {
    for (path, parse) in OWN {
        of_file(reading, &home.path.join(path), parse, Some(home));
    }
    for (folder, parse) in OWN_FOLDERS {
        of_folder(reading, &home.path.join(folder), parse, Some(home));
    }
}

fn of_folder(reading: &mut Autostarts<'_>, folder: &Path, parse: Parse, home: Option<&Home>) {
    for path in super::files(reading, folder) {
        let end = path.extension().unwrap_or_default();
        match end.to_str() {
            Some("lua") => of_file(reading, &path, vim::parse_lua, home),
            Some("vim" | "el") => of_file(reading, &path, parse, home),
            _ => {}
        }
    }
}

fn of_file(reading: &mut Autostarts<'_>, path: &Path, parse: Parse, home: Option<&Home>) {
    let Some(content) = reading.content(path, CAP, &[]) else { return };
    for command in parse(&content).told(reading, path) {
        let start = Start::new("editor", "command", path).of_home(home);
        let row = start.command(reading, None, Some(command.line), &command.text);
        let schedule = command.event.map(|event| format!("on {event}"));
        reading.row(Autostart { schedule, starts: command.starts, ..row });
    }
}

/// The lines of a script; of a long one the start, for each mark in it is looked at.
fn short_lines(content: &[u8]) -> impl Iterator<Item = (usize, String)> {
    super::lines(content).map(|(line, mut text)| {
        text.truncate(text.floor_char_boundary(LINE_LENGTH));
        (line, text)
    })
}

/// The text behind a mark up to the end of its quotes; without quotes the rest as it is.
fn argument(text: &str) -> &str {
    let text = text.trim_start_matches([' ', '(', '[', '{', '\t']);
    let Some(quote) = text.chars().next().filter(|first| ['"', '\''].contains(first)) else {
        return text.trim_end_matches([')', ' ']);
    };
    let inner = text.get(1..).unwrap_or_default();
    let mut escaped = false;
    for (at, letter) in inner.char_indices() {
        if letter == quote && !escaped {
            return inner.get(..at).unwrap_or(inner);
        }
        escaped = letter == '\\' && !escaped;
    }
    inner
}

#[cfg(test)]
mod tests;
