//! Roots of real Debian systems, made by `debootstrap` and looked into by tests as a mounted disk.
//!
//! What a root consists of is data in `roots/`: `NAME.packages` lists what is installed, the files
//! of `NAME/` are laid over it, and `NAME.sh` then runs inside. A root is built on first use and
//! kept in the user's cache under the fingerprint of its recipe. It takes root rights, debootstrap
//! and the machine's own package sources; where one is absent, the test is skipped.

use std::{
    io,
    path::{Path, PathBuf},
    process::Command,
    sync::OnceLock,
};

use crate::{kept, on_path, skip};

/// The one that the others start from.
const FIRST: &str = "fresh";

/// Every root that there is a recipe for.
pub const NAMES: &[&str] = &[FIRST, "desktop", "remote", "planted"];

/// The folder of a root, or nothing after recording the skip. The caller then returns.
///
/// `fresh` is what debootstrap alone makes, `desktop` an ordinary desktop without a way in, and
/// `remote` a machine full of remote-control tools: installed, let in unattended, and left over.
/// `planted` holds a harmless specimen of every way in which somebody stays on a machine; its
/// script names each of them.
/// Nobody may change what is inside. Panics where skips count as failures.
pub fn root(name: &str) -> Option<PathBuf> {
    let found = once(name);
    found.inspect_err(|reason| skip(&format!("the root '{name}': {reason}"))).ok()
}

/// What fails is not tried again by every test of the program.
fn once(name: &str) -> Result<PathBuf, String> {
    static BUILT: [OnceLock<Result<PathBuf, String>>; NAMES.len()] =
        [const { OnceLock::new() }; NAMES.len()];
    let place = NAMES.iter().position(|known| *known == name);
    let place = place.unwrap_or_else(|| panic!("no root is called '{name}'"));
    BUILT[place].get_or_init(|| built(name)).clone()
}

fn built(name: &str) -> Result<PathBuf, String> {
    let cache = kept::cache("roots")?;
    let print = fingerprint(name).map_err(|error| format!("its recipe: {error}"))?;
    let folder = cache.join(format!("{name}-{print:016x}"));
    if !folder.is_dir() {
        build(name, &folder, &cache.join("downloads"))?;
    }
    Ok(folder)
}

fn build(name: &str, folder: &Path, downloads: &Path) -> Result<(), String> {
    on_path("debootstrap").ok_or("debootstrap is not installed")?;
    if !kept::is_superuser() {
        return Err("only root can build it".into());
    }
    let mut command = Command::new("timeout");
    command.args(["--foreground", "30m"]);
    command.args(["unshare", "--mount", "--propagation", "private"]);
    command.args(["--pid", "--fork", "--kill-child", "sh"]);
    command.arg(recipes().join("build.sh")).arg(name).arg(folder).arg(downloads);
    if name != FIRST {
        command.arg(once(FIRST)?);
    }
    eprintln!("building the root '{name}', which takes a minute or two");
    kept::outcome(&command.output().map_err(|error| error.to_string())?)
}

fn recipes() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("roots")
}

/// Of all that decides what is in a root: its recipe, the release and the architecture.
fn fingerprint(name: &str) -> io::Result<u64> {
    let parts =
        ["build.sh".to_owned(), format!("{name}.packages"), format!("{name}.sh"), name.to_owned()];
    kept::fingerprint(&recipes(), &parts.each_ref().map(String::as_str))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_recipe_has_a_fingerprint_of_its_own_that_stays() {
        let of = |name: &&str| fingerprint(name).expect("a recipe can be read");
        let mut prints: Vec<u64> = NAMES.iter().map(of).collect();
        assert_eq!(prints, NAMES.iter().map(of).collect::<Vec<_>>());
        prints.sort_unstable();
        prints.dedup();
        assert_eq!(prints.len(), NAMES.len());
    }

    #[test]
    #[should_panic(expected = "no root is called")]
    fn a_root_without_a_recipe_is_a_mistake() {
        root("../fresh");
    }
}
