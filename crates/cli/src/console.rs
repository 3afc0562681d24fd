//! Where output goes: a terminal with a width and perhaps colour, a pipe, or a file.

use std::{
    env,
    fmt::Display,
    io::{self, BufWriter, IsTerminal, Write},
    path::Path,
};

use anyhow::{Context, Result};
use leaksweep_facts::output::{self, Readers};
use leaksweep_report::Style;

/// A width at which a report can be read where none is known.
const PLAIN_WIDTH: usize = 100;
const NARROWEST: usize = 40;

/// How the terminal report looks here; a file looks like a pipe.
pub fn style(to_file: bool) -> Style {
    let terminal = !to_file && io::stdout().is_terminal();
    let asked_plain = env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty())
        || env::var_os("TERM").is_some_and(|term| term == "dumb");
    Style { color: terminal && !asked_plain, width: width(terminal), ..Style::default() }
}

fn width(terminal: bool) -> usize {
    let named = env::var("COLUMNS").ok().and_then(|text| text.parse().ok());
    let measured =
        || rustix::termios::tcgetwinsize(io::stdout()).ok().map(|size| size.ws_col.into());
    let found: Option<usize> = if terminal { named.or_else(measured) } else { named };
    found.filter(|width| *width > 0).unwrap_or(PLAIN_WIDTH).max(NARROWEST)
}

/// One line on standard output. Unlike `println!` it fails where the output is full or closed.
pub fn say(line: impl Display) -> Result<()> {
    deliver(None, |sink| writeln!(sink, "{line}"))
}

/// Writes to the named file, whole or not at all, or to standard output.
pub fn deliver(
    file: Option<&Path>,
    write: impl FnOnce(&mut dyn Write) -> io::Result<()>,
) -> Result<()> {
    match file {
        None => {
            let mut stdout = BufWriter::new(io::stdout().lock());
            write(&mut stdout)?;
            Ok(stdout.flush()?)
        }
        Some(path) => {
            let mut content = Vec::new();
            write(&mut content)?;
            output::replace(path, &content, Readers::Everyone)
                .with_context(|| format!("cannot write {}", path.display()))
        }
    }
}
