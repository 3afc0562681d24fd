//! The checks: which there are, what each says, whether each keeps its word.

use std::{
    io::{self, Write},
    path::Path,
};

use anyhow::{Context, Result, bail};
use leaksweep_engine::{Check, Library, LibraryError, Trial, check::TEMPLATE};
use leaksweep_facts::output::{self, Readers};
use leaksweep_report::safe_text;

use crate::{Found, arguments::Checks, console, failure::hint, inputs, progress};

pub fn run(checks: &Checks) -> Result<Found> {
    match checks {
        Checks::List { checks } => list(&inputs::library(checks)?),
        Checks::Show { id, checks } => show(&inputs::library(checks)?, id),
        Checks::Test { folder } => test(folder.as_deref()),
        Checks::New { file } => new(file),
    }
}

fn list(library: &Library) -> Result<Found> {
    let width = library.checks.iter().map(|check| check.page.id.len()).max().unwrap_or(0);
    console::deliver(None, |sink| {
        for check in &library.checks {
            let page = &check.page;
            let measures = page.measures.join(" ");
            writeln!(
                sink,
                "{:width$}  {:<8}  {measures:<8}  {}",
                page.id, page.severity, page.title
            )?;
        }
        Ok(())
    })?;
    eprintln!("{} checks", library.checks.len());
    Ok(Found::Nothing)
}

fn show(library: &Library, id: &str) -> Result<Found> {
    let check = library.find(id).ok_or_else(|| {
        hint(format!("there is no check '{id}'"), "`leaksweep checks list` lists all")
    })?;
    console::deliver(None, |sink| page(check, sink))?;
    Ok(Found::Nothing)
}

fn page(check: &Check, sink: &mut dyn Write) -> io::Result<()> {
    let page = &check.page;
    writeln!(sink, "# {}\n", safe_text::visible(&page.title))?;
    writeln!(sink, "{}: {}, serves {}\n", page.id, page.severity, page.measures.join(", "))?;
    writeln!(
        sink,
        "{}\n\n```sql\n{}\n```\n",
        safe_text::visible_lines(&page.what),
        safe_text::visible_lines(&check.sql)
    )?;
    for (heading, text) in [("Why", &page.why), ("Fix", &page.fix), ("Limits", &page.limits)] {
        writeln!(sink, "## {heading}\n{}\n", safe_text::visible_lines(text))?;
    }
    writeln!(sink, "## References")?;
    for reference in &page.references {
        writeln!(sink, "- {}", safe_text::visible(reference))?;
    }
    Ok(())
}

fn test(folder: Option<&Path>) -> Result<Found> {
    let library = match folder {
        None => inputs::library(&[])?,
        Some(folder) => {
            let mut library = Library::default();
            match library.add_folder(folder) {
                Ok(_) => library,
                Err(LibraryError::Checks(errors)) => return fail(&errors),
                Err(unusable) => return Err(unusable.into()),
            }
        }
    };
    let mut line = progress::Line::new("checks:");
    let (mut cases, mut failures) = (0, Vec::new());
    for (done, check) in library.checks.iter().enumerate() {
        line.step(done, library.checks.len());
        let trial = Trial::of(check);
        cases += trial.cases;
        failures.extend(trial.failures);
    }
    drop(line);
    let checks = library.checks.len();
    console::say(format_args!("{checks} checks, {cases} cases, {} failed", failures.len()))?;
    fail(&failures)
}

fn fail(failures: &[leaksweep_engine::CheckError]) -> Result<Found> {
    for failure in failures {
        console::say(safe_text::visible_lines(&failure.to_string()))?;
    }
    Ok(if failures.is_empty() { Found::Nothing } else { Found::Something })
}

fn new(file: &Path) -> Result<Found> {
    let in_sensor = file.parent().and_then(Path::file_name).is_some();
    if !in_sensor || file.extension().is_none_or(|ending| ending != "md") {
        return Err(hint(
            format!("{} does not lie as DIR/SENSOR/NAME.md", file.display()),
            "the folder above a check is its sensor: my-checks/host/my-check.md",
        ));
    }
    if file.exists() {
        bail!("{} is there already", file.display());
    }
    output::create(file, TEMPLATE.as_bytes(), Readers::Everyone)
        .with_context(|| format!("cannot write {}", file.display()))?;
    console::say(format_args!("{}: change it, then `leaksweep checks test DIR`", file.display()))?;
    Ok(Found::Nothing)
}
