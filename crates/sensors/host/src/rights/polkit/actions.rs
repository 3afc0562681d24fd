//! The actions that programs declare, with whom polkit asks for a password by default. Of them those
//! are rows that ask nobody. Limits: 5,000 actions
//! of a file, and those of `remote::settings` for XML.

use std::path::Path;

use leaksweep_catalogue::remote::Format;

use super::grant;
use crate::{
    remote::settings::{entries::Entries, formats},
    rights::{Grant, Reached, Rights, programs::Named},
};

const MAX_ACTIONS: usize = 5000;
/// Which program pkexec runs for an action.
const PROGRAM: &str = "org.freedesktop.policykit.exec.path";

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Action {
    line: usize,
    id: String,
    any: String,
    inactive: String,
    active: String,
    program: Option<String>,
}

/// The actions, and whether the file made sense to its end.
pub fn parse(bytes: &[u8]) -> (Vec<Action>, bool) {
    let mut entries = Entries::default();
    formats::parse(Format::Xml, bytes, &mut entries);
    let mut sound = entries.faults.is_empty();
    let mut actions: Vec<Action> = Vec::new();
    let mut annotation = String::new();
    for entry in entries.list {
        let key = entry.key.strip_prefix("policyconfig.action").unwrap_or_default();
        if key == "@id" {
            sound &= actions.len() < MAX_ACTIONS;
            if !sound {
                break;
            }
            let line = entry.line.unwrap_or_default();
            actions.push(Action { line, id: entry.value, ..Action::default() });
            continue;
        }
        let Some(action) = actions.last_mut() else { continue };
        match key {
            ".defaults.allow_any" => action.any = entry.value,
            ".defaults.allow_inactive" => action.inactive = entry.value,
            ".defaults.allow_active" => action.active = entry.value,
            ".annotate@key" => annotation = entry.value,
            ".annotate" if annotation == PROGRAM => action.program = Some(entry.value),
            _ => {}
        }
    }
    (actions, sound)
}

impl Action {
    /// Whom polkit lets do it without asking.
    fn through(&self) -> Option<&'static str> {
        if self.any == "yes" {
            Some("everyone")
        } else {
            let local = self.inactive == "yes" || self.active == "yes";
            local.then_some("session at the machine")
        }
    }
}

pub fn collect(rights: &mut Rights<'_>, path: &Path, content: &[u8]) {
    let (actions, sound) = parse(content);
    if !sound {
        rights.reading.malformed(path, &[], "it does not make sense to its end");
    }
    for action in actions {
        let Some(through) = action.through() else { continue };
        let program = action.program.into_iter();
        let programs = program.map(|written| Named { written, ..Named::default() }).collect();
        let grant = Grant {
            command: action.id,
            no_password: true,
            programs,
            ..grant(rights, path, action.line)
        };
        rights.give(&grant, &[Reached::through("*", through.into())]);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn actions_are_read_with_their_lines() {
        let text = b"<?xml version=\"1.0\"?>\n<policyconfig>\n<action id=\"a.b\">\n<defaults>\
<allow_any>yes</allow_any><allow_active>yes</allow_active></defaults>\n\
<annotate key=\"org.freedesktop.policykit.exec.path\">/usr/bin/x</annotate></action>\n\
<action id=\"c\"><defaults><allow_any>no</allow_any><allow_active> yes </allow_active></defaults></action>\
</policyconfig>";
        let (actions, sound) = parse(text);
        assert!(sound);
        let told: Vec<_> =
            actions.iter().map(|one| (one.line, one.id.as_str(), one.through())).collect();
        let expected = [(3, "a.b", Some("everyone")), (6, "c", Some("session at the machine"))];
        assert_eq!(told, expected);
        assert_eq!(actions[0].program.as_deref(), Some("/usr/bin/x"));
        for cut in 0..text.len() {
            parse(text.get(..cut).unwrap());
        }
        assert!(!parse(b"<a><b></a>").1);
        assert!(!parse(&b"<a>".repeat(100)).1);
    }
}
