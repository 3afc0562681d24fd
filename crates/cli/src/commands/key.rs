//! Keys that sign sweep files.

use std::{io, path::Path};

use anyhow::{Context, Result};
use leaksweep_facts::{
    output::{self, Readers},
    seal::SecretKey,
};

use crate::{Found, arguments::Key, console, failure::hint, inputs};

pub fn run(key: &Key) -> Result<Found> {
    match key {
        Key::New { file } => new(file)?,
        Key::Show { file } => show(&inputs::secret_key(file)?)?,
    }
    Ok(Found::Nothing)
}

fn new(file: &Path) -> Result<()> {
    let key = SecretKey::generate()?;
    match output::create(file, key.to_text().as_bytes(), Readers::Nobody) {
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
            return Err(hint(
                format!("{} is there already", file.display()),
                "a key is never overwritten; name another file",
            ));
        }
        other => other.with_context(|| format!("cannot write {}", file.display()))?,
    }
    eprintln!("the secret key is in {}; this is the public one:", file.display());
    show(&key)
}

fn show(key: &SecretKey) -> Result<()> {
    console::say(key.public())?;
    eprintln!("its short name is {}", key.public().id());
    Ok(())
}
