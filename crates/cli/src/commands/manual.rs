//! Completions and manual pages, made from the argument definitions.

use std::{io, path::Path};

use anyhow::{Context, Result};
use clap::{Command, CommandFactory};
use clap_complete::Shell;
use clap_mangen::Man;
use leaksweep_facts::output::{self, Readers};

use crate::{Found, arguments::Arguments, console};

pub fn completions(shell: Shell) -> Result<Found> {
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut Arguments::command(), "leaksweep", &mut script);
    console::deliver(None, |sink| sink.write_all(&script))?;
    Ok(Found::Nothing)
}

/// One page for the program and one for each command: `leaksweep-judge.1`.
pub fn pages(folder: &Path) -> Result<Found> {
    let mut program = Arguments::command();
    program.build();
    page(folder, program.clone(), "leaksweep")?;
    for command in program.get_subcommands().filter(|command| !command.is_hide_set()) {
        page(folder, command.clone(), &format!("leaksweep-{}", command.get_name()))?;
    }
    Ok(Found::Nothing)
}

fn page(folder: &Path, command: Command, name: &str) -> Result<()> {
    let mut content = Vec::new();
    render(command.display_name(name.to_owned()), &mut content)?;
    let path = folder.join(format!("{name}.1"));
    output::replace(&path, &content, Readers::Everyone)
        .with_context(|| format!("cannot write {}", path.display()))
}

fn render(command: Command, content: &mut Vec<u8>) -> io::Result<()> {
    Man::new(command).render(content)
}
