//! Where a sweep is kept: a file, signed or not.

use std::{
    collections::BTreeSet,
    fs::{self, Metadata},
    os::unix::fs::{FileTypeExt, MetadataExt},
    path::Path,
};

use anyhow::{Context, Result, bail};
use leaksweep_facts::{Sweep, output, seal::SecretKey};

use crate::{arguments, inputs};

pub struct Kept<'a> {
    path: Option<&'a Path>,
    key: Option<SecretKey>,
}

impl<'a> Kept<'a> {
    /// Whatever is wrong with the user's own files is said before the work and not after it.
    pub fn new(keeping: &'a arguments::Keeping, judging: &arguments::Judging) -> Result<Self> {
        each_its_own(("--save", keeping.save.as_deref()), ("--output", judging.output.as_deref()))?;
        let key = keeping.key.as_deref().map(inputs::secret_key).transpose()?;
        Ok(Self { path: keeping.save.as_deref(), key })
    }

    /// One sweep as the file itself; several as files in a folder, which is made, each called by its target.
    pub fn save_all<'s>(&self, sweeps: impl ExactSizeIterator<Item = &'s mut Sweep>) -> Result<()> {
        let Some(folder) = self.path.filter(|_| sweeps.len() > 1) else {
            return sweeps.into_iter().try_for_each(|sweep| self.save(sweep));
        };
        output::empty_folder(folder)
            .with_context(|| format!("cannot write into {}", folder.display()))?;
        let mut taken = BTreeSet::new();
        for sweep in sweeps {
            let path = folder.join(free_name(&sweep.manifest.target, &mut taken));
            let saved = sweep.save(&path, self.key.as_ref());
            saved.with_context(|| format!("cannot save {}", path.display()))?;
        }
        Ok(())
    }

    pub fn save(&self, sweep: &mut Sweep) -> Result<()> {
        let Some(path) = self.path else { return Ok(()) };
        let saved = sweep.save(path, self.key.as_ref());
        saved.with_context(|| format!("cannot save {}", path.display()))
    }
}

/// Fails where two options name one file: what is written last would be all that is left.
pub fn each_its_own(one: (&str, Option<&Path>), other: (&str, Option<&Path>)) -> Result<()> {
    let (Some(path), Some(second)) = (one.1, other.1) else { return Ok(()) };
    let same = identity(path).is_some_and(|path| Some(path) == identity(second));
    if same || path == second {
        bail!("{} and {} name the same file; give each its own", one.0, other.0);
    }
    Ok(())
}

/// A file or disk, by whatever name.
pub fn identity(path: &Path) -> Option<(u64, u64)> {
    lasting(path).map(|found| (found.dev(), found.ino()))
}

/// What keeps what is written into it; pipes and terminals may be named more than once.
pub fn lasting(path: &Path) -> Option<Metadata> {
    let found = fs::metadata(path).ok()?;
    (found.is_file() || found.file_type().is_block_device()).then_some(found)
}

/// The name of a target as a name of a file that none of the others has.
fn free_name(target: &str, taken: &mut BTreeSet<String>) -> String {
    let fits = |c: char| if c.is_alphanumeric() || "-._".contains(c) { c } else { '_' };
    let plain: String = target.trim_start_matches('.').chars().map(fits).take(100).collect();
    let numbered = (1..).map(|at| if at == 1 { plain.clone() } else { format!("{plain}~{at}") });
    let free =
        numbered.map(|name| format!("{name}.sweep")).find(|name| !taken.contains(name.as_str()));
    let name = free.unwrap_or_default();
    taken.insert(name.clone());
    name
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_written_twice() {
        let named = |save: &str, output: &str| {
            each_its_own(("--save", Some(Path::new(save))), ("--output", Some(Path::new(output))))
        };
        let told = named("Cargo.toml", "./src/../Cargo.toml").unwrap_err().to_string();
        assert_eq!(told, "--save and --output name the same file; give each its own");
        assert!(named("absent", "absent").is_err() && named("Cargo.toml", "absent").is_ok());
        assert!(named("/dev/null", "/dev/../dev/null").is_ok());
        assert!(each_its_own(("--save", None), ("--output", None)).is_ok());
    }

    #[test]
    fn two_targets_of_one_name_keep_two_files() {
        let mut taken = BTreeSet::new();
        assert_eq!(free_name("print.example/Office", &mut taken), "print.example_Office.sweep");
        assert_eq!(free_name("print.example:Office", &mut taken), "print.example_Office~2.sweep");
        assert_eq!(free_name("../../etc", &mut taken), "_.._etc.sweep");
    }
}
