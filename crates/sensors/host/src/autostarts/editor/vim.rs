//! Vim's script, and the Lua of Neovim: `!` and functions that run a command.

use super::{Command, Lines, argument, short_lines};

const FUNCTIONS: [&str; 7] =
    ["systemlist(", "system(", "job_start(", "jobstart(", "termopen(", "term_start(", "libcall("];
const LUA: [&str; 7] = [
    "vim.fn.system(",
    "vim.fn.systemlist(",
    "vim.fn.jobstart(",
    "vim.system(",
    "os.execute(",
    "io.popen(",
    "uv.spawn(",
];
/// What binds a command to a key or a name, so that a person runs it.
const BINDS: [&str; 9] =
    ["map", "noremap", "command", "com", "menu", "abbrev", "abbreviate", "cabbrev", "iabbrev"];
const AUTO: [&str; 3] = ["autocmd", "autocmd!", "au"];
/// What stands before `!` where it runs a command.
const BEFORE: [&str; 8] = ["", "silent", "silent!", "sil", "sil!", "exec", "execute", "r"];

pub fn parse(content: &[u8]) -> Lines<Command> {
    let mut found = Lines::default();
    let mut in_function = false;
    for (line, text) in short_lines(content) {
        let text = text.trim_start_matches('\\').trim_start().trim_start_matches(':');
        let word = text.split_whitespace().next().unwrap_or_default();
        if text.starts_with('"') {
            continue;
        }
        match word {
            "function" | "function!" | "fun" | "fun!" | "func" | "func!" | "def" => {
                in_function = true
            }
            "endfunction" | "endfunc" | "endfun" | "enddef" => in_function = false,
            _ => {}
        }
        let event = event(word, text);
        let bound = is_bound(word);
        if let Some(command) = called(text, &FUNCTIONS).or_else(|| bang(text)) {
            let starts = !bound && (!in_function || event.is_some());
            found.take(Command { line, text: command.to_owned(), event, starts });
        }
    }
    found
}

pub fn parse_lua(content: &[u8]) -> Lines<Command> {
    let mut found = Lines::default();
    for (line, text) in short_lines(content) {
        if text.starts_with("--") {
            continue;
        }
        let bang = || called(&text, &["vim.cmd("]).and_then(bang);
        let bang = || bang().or_else(|| called(&text, &["vim.cmd"]).and_then(self::bang));
        if let Some(command) = called(&text, &LUA).or_else(bang) {
            let starts = !text.contains("keymap") && !text.contains("user_command");
            found.take(Command { line, text: command.to_owned(), event: None, starts });
        }
    }
    found
}

/// Mappings of every mode: `nnoremap`, `vmap`.
fn is_bound(word: &str) -> bool {
    let word = word.trim_end_matches('!');
    BINDS.contains(&word) || (word.len() <= 9 && (word.ends_with("map") || word.ends_with("menu")))
}

/// The event of `autocmd [group] EVENT PATTERN COMMAND`.
fn event(word: &str, text: &str) -> Option<String> {
    let mut words = text.split_whitespace().skip(1);
    let is_event = |word: &&str| word.starts_with(|first: char| first.is_ascii_uppercase());
    AUTO.contains(&word).then(|| words.find(is_event).unwrap_or("*").to_owned())
}

fn called<'a>(text: &'a str, functions: &[&str]) -> Option<&'a str> {
    functions.iter().find_map(|function| {
        let at = text.find(function)?;
        let before = text.get(..at)?.chars().next_back();
        let whole = before.is_none_or(|letter| !letter.is_alphanumeric() && letter != '_');
        let command = argument(text.get(at + function.len()..)?);
        (whole && !command.is_empty()).then_some(command)
    })
}

/// The command behind a `!` that stands where a command may: at the start, behind `silent`, a bar or
/// the pattern of an automatic command, or in quotes that are executed.
fn bang(text: &str) -> Option<&str> {
    let mut from = 0;
    while let Some(at) = text.get(from..)?.find('!').map(|at| at + from) {
        let before = text.get(..at)?;
        let after = text.get(at + 1..)?;
        if is_place(before)
            && after.starts_with(|first: char| !first.is_whitespace() && first != '=')
        {
            return Some(after.trim_end_matches(['"', '\'']));
        }
        from = at + 1;
    }
    None
}

fn is_place(before: &str) -> bool {
    let before = before.trim_end_matches([':', '"', '\'']);
    let last = before.rsplit([' ', '\t', '|']).next().unwrap_or_default();
    let first = before.split_whitespace().next().unwrap_or_default();
    let whole = before.ends_with([' ', '\t', '|']) || before.is_empty();
    let word = before.split_whitespace().next_back().unwrap_or_default();
    let starts = BEFORE.contains(&word) || word.ends_with('|') || AUTO.contains(&first);
    (whole && last.is_empty() && starts) || (last.is_empty() && AUTO.contains(&first))
}
