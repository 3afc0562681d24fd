//! Emacs Lisp: the functions that run a command.

use super::{Command, Lines, argument, short_lines};

const FUNCTIONS: [&str; 9] = [
    "shell-command-to-string",
    "async-shell-command",
    "call-process-shell-command",
    "start-process-shell-command",
    "shell-command",
    "call-process",
    "start-process",
    "process-lines",
    "make-process",
];
/// Forms that say what is to be done later.
const DEFINITIONS: [&str; 6] =
    ["(defun ", "(cl-defun ", "(defmacro ", "(defsubst ", "(defcustom ", "(define-"];

pub fn parse(content: &[u8]) -> Lines<Command> {
    let mut found = Lines::default();
    let mut defines = false;
    let raw = content.split(|byte| *byte == b'\n');
    for ((line, text), raw) in short_lines(content).zip(raw) {
        if text.starts_with(';') {
            continue;
        }
        if raw.starts_with(b"(") {
            defines = DEFINITIONS.iter().any(|form| text.starts_with(form));
        }
        if let Some(command) = called(&text) {
            found.take(Command { line, text: command, event: None, starts: !defines });
        }
    }
    found
}

fn called(text: &str) -> Option<String> {
    FUNCTIONS.iter().find_map(|function| {
        let at = text.find(&format!("({function} "))?;
        let after = text.get(at + function.len() + 2..)?;
        let command = if function.starts_with("start-process") || *function == "make-process" {
            // The first texts name the process and its buffer.
            after.trim_end_matches(')').replace('"', "")
        } else {
            argument(after).to_owned()
        };
        (!command.is_empty()).then_some(command)
    })
}
