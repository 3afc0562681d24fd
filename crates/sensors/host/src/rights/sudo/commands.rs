//! What a list of commands comes to.

use super::{
    aliases::Aliases,
    grammar::{Command, Part},
};
use crate::rights::programs::Named;

const DEPTH: usize = 16;
const MOST: usize = 10_000;

/// The commands of a rule with their aliases resolved.
#[derive(Debug, Default)]
pub struct Commands {
    /// As they are written.
    pub written: String,
    pub everything: bool,
    pub programs: Vec<Named>,
    pub unresolved: bool,
}

pub fn of(part: &Part, aliases: &Aliases) -> Commands {
    let mut commands = Commands::default();
    let written: Vec<&str> = part.commands.iter().map(|one| one.written.as_str()).collect();
    commands.written = written.join(", ");
    let mut state = State { alone: part.tags.alone == Some(true), steps: 0, banned: false };
    commands.add(&part.commands, aliases, false, 0, &mut state);
    if commands.everything && state.banned {
        // Whoever may run all but some can run a copy of those.
        commands.programs.push(Named { written: "/*".into(), ..Named::default() });
    }
    commands
}

struct State {
    alone: bool,
    steps: usize,
    banned: bool,
}

impl Commands {
    fn add(
        &mut self,
        commands: &[Command],
        aliases: &Aliases,
        negated: bool,
        depth: usize,
        state: &mut State,
    ) {
        if depth > DEPTH || state.steps > MOST {
            self.unresolved = true;
            return;
        }
        for command in commands {
            state.steps += 1;
            let negated = negated != command.negated;
            if let Some(inner) = aliases.commands(&command.program) {
                self.add(inner, aliases, negated, depth + 1, state);
            } else if negated {
                self.ban(command, state);
            } else if command.program == "ALL" {
                self.everything = true;
                state.banned = false;
            } else {
                self.programs.push(named(command, state.alone));
            }
        }
    }

    /// What is banned after it was allowed is not allowed.
    fn ban(&mut self, command: &Command, state: &mut State) {
        if command.program == "ALL" {
            self.everything = false;
            self.programs.clear();
        } else {
            state.banned = true;
            let same = named(command, state.alone);
            self.programs.retain(|one| *one != same);
        }
    }
}

/// `sudoedit` opens the person's own editor, with the person's own rights; a pattern of files that
/// may be written is as wide as its star.
fn named(command: &Command, alone: bool) -> Named {
    Named { written: command.program.clone(), arguments: command.arguments.clone(), alone }
}
