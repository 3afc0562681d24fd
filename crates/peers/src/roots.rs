//! Roots of real Debian systems, made by `debootstrap` and looked into by tests as a mounted disk.
//!
//! What a root consists of is data in `roots/`: `NAME.packages` lists what is installed, the files
//! of `NAME/` are laid over it, and `NAME.sh` then runs inside. A root is built on first use and
//! kept in the user's cache under the fingerprint of its recipe. It takes root rights, debootstrap
//! and the machine's own package sources; where one is absent, the test is skipped.

use std::{
    env, fs, io,
    os::unix::fs::MetadataExt,
    path::{Path, PathBuf},
    process::{Command, Output},
    sync::OnceLock,
};

use crate::{on_path, skip};

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
    let cache = cache()?;
    let print = fingerprint(name).map_err(|error| format!("its recipe: {error}"))?;
    let folder = cache.join(format!("{name}-{print:016x}"));
    if !folder.is_dir() {
        build(name, &folder, &cache.join("downloads"))?;
    }
    Ok(folder)
}

fn build(name: &str, folder: &Path, downloads: &Path) -> Result<(), String> {
    on_path("debootstrap").ok_or("debootstrap is not installed")?;
    if !is_superuser() {
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
    outcome(&command.output().map_err(|error| error.to_string())?)
}

/// The last words of a build that failed are its reason; all of them go to the test's output.
fn outcome(output: &Output) -> Result<(), String> {
    if output.status.success() {
        return Ok(());
    }
    let said = |bytes: &[u8]| String::from_utf8_lossy(bytes).trim_end().to_owned();
    let (out, errors) = (said(&output.stdout), said(&output.stderr));
    eprintln!("{out}\n{errors}");
    let last = errors.lines().chain(out.lines()).next_back().unwrap_or_default();
    Err(format!("its build failed ({}): {last}", output.status))
}

fn recipes() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("roots")
}

fn cache() -> Result<PathBuf, String> {
    let set = |name| env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from);
    let home = || set("HOME").map(|home| home.join(".cache"));
    let cache = set("XDG_CACHE_HOME").or_else(home).ok_or("there is no home to keep it in")?;
    Ok(cache.join("leaksweep/roots"))
}

/// The owner of one's own entry in `/proc` is oneself.
fn is_superuser() -> bool {
    fs::metadata("/proc/self").is_ok_and(|own| own.uid() == 0)
}

/// Of all that decides what is in a root: its recipe, the release and the architecture.
fn fingerprint(name: &str) -> io::Result<u64> {
    let recipes = recipes();
    let mut files = vec![recipes.join("build.sh")];
    for part in [format!("{name}.packages"), format!("{name}.sh"), name.to_owned()] {
        files_under(recipes.join(part), &mut files)?;
    }
    let mut print = Fnv::START.with(env::consts::ARCH.as_bytes());
    print = print.with(&fs::read("/etc/os-release").unwrap_or_default());
    for file in files {
        let path = file.strip_prefix(&recipes).unwrap_or(&file);
        print = print.with(path.as_os_str().as_encoded_bytes()).with(&fs::read(&file)?);
    }
    Ok(print.0)
}

/// The file itself, or every file below in order; nothing if there is none.
fn files_under(path: PathBuf, files: &mut Vec<PathBuf>) -> io::Result<()> {
    if path.is_file() {
        files.push(path);
    } else if path.is_dir() {
        let mut below: Vec<_> = path.read_dir()?.collect::<io::Result<_>>()?;
        below.sort_by_key(fs::DirEntry::file_name);
        for entry in below {
            files_under(entry.path(), files)?;
        }
    }
    Ok(())
}

/// FNV-1a: the same on every machine and with every compiler. Nobody attacks a cache of tests.
#[derive(Clone, Copy)]
struct Fnv(u64);

impl Fnv {
    const START: Self = Self(0xcbf2_9ce4_8422_2325);

    /// The length first, so that bytes cannot move from one part to the next unseen.
    fn with(self, bytes: &[u8]) -> Self {
        let length = (bytes.len() as u64).to_le_bytes();
        let step = |hash: u64, byte: &u8| (hash ^ u64::from(*byte)).wrapping_mul(0x100_0000_01b3);
        Self(length.iter().chain(bytes).fold(self.0, step))
    }
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
    fn bytes_do_not_move_between_parts_unseen() {
        let print = |a: &[u8], b: &[u8]| Fnv::START.with(a).with(b).0;
        assert_ne!(print(b"ab", b"c"), print(b"a", b"bc"));
        assert_ne!(print(b"", b""), Fnv::START.with(b"").0);
    }

    #[test]
    fn a_build_that_fails_says_its_last_words() {
        let failed = |script: &str| {
            let output = Command::new("sh").args(["-c", script]).output().expect("sh runs");
            outcome(&output)
        };
        assert_eq!(failed("true"), Ok(()));
        let said = failed("echo E: far away; echo on the way; exit 7").expect_err("it failed");
        assert!(said.ends_with("7): on the way"), "{said}");
    }

    #[test]
    #[should_panic(expected = "no root is called")]
    fn a_root_without_a_recipe_is_a_mistake() {
        root("../fresh");
    }
}
