//! `docs/tables.md` is written from the table definitions by an example of `facts`, so that xtask
//! itself builds without Arrow.

use std::fs;

use crate::command;

const PAGE: &str = "docs/tables.md";

pub fn write() -> Result<bool, String> {
    let page = page()?;
    fs::create_dir_all("docs").map_err(|error| format!("docs: {error}"))?;
    fs::write(PAGE, page).map_err(|error| format!("{PAGE}: {error}"))?;
    Ok(true)
}

pub fn check() -> Result<bool, String> {
    let same = fs::read(PAGE).is_ok_and(|there| Ok(there) == page());
    if !same {
        println!("{PAGE} differs from the table definitions; run: cargo xtask docs");
    }
    Ok(same)
}

fn page() -> Result<Vec<u8>, String> {
    let mut command = command::cargo();
    command.args(["run", "--quiet", "--package", "leaksweep-facts", "--example", "tables-page"]);
    command.stderr(std::process::Stdio::inherit());
    let output = command.output().map_err(|error| command::cannot_start(&command, &error))?;
    if !output.status.success() {
        return Err("the page could not be made".into());
    }
    Ok(output.stdout)
}
