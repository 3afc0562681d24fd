//! What tests build once and keep in the user's cache, under the fingerprint of all that decides what it is.

use std::{
    env, fs, io,
    os::unix::fs::MetadataExt,
    path::{Path, PathBuf},
    process::Output,
};

/// The cache's folder for one sort of thing.
pub fn cache(sort: &str) -> Result<PathBuf, String> {
    let set = |name| env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from);
    let home = || set("HOME").map(|home| home.join(".cache"));
    let cache = set("XDG_CACHE_HOME").or_else(home).ok_or("there is no home to keep it in")?;
    Ok(cache.join("leaksweep").join(sort))
}

/// The owner of one's own entry in `/proc` is oneself.
pub fn is_superuser() -> bool {
    fs::metadata("/proc/self").is_ok_and(|own| own.uid() == 0)
}

/// The last words of a build that failed are its reason; all of them go to the test's output.
pub fn outcome(output: &Output) -> Result<(), String> {
    if output.status.success() {
        return Ok(());
    }
    let said = |bytes: &[u8]| String::from_utf8_lossy(bytes).trim_end().to_owned();
    let (out, errors) = (said(&output.stdout), said(&output.stderr));
    eprintln!("{out}\n{errors}");
    let last = errors.lines().chain(out.lines()).next_back().unwrap_or_default();
    Err(format!("its build failed ({}): {last}", output.status))
}

/// Of files, and of every file below folders, inside `top`; of the release and the architecture.
pub fn fingerprint(top: &Path, parts: &[&str]) -> io::Result<u64> {
    let mut files = Vec::new();
    for part in parts {
        files_under(top.join(part), &mut files)?;
    }
    let mut print = Fnv::START.with(env::consts::ARCH.as_bytes());
    print = print.with(&fs::read("/etc/os-release").unwrap_or_default());
    for file in files {
        let path = file.strip_prefix(top).unwrap_or(&file);
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
pub struct Fnv(pub u64);

impl Fnv {
    pub const START: Self = Self(0xcbf2_9ce4_8422_2325);

    /// The length first, so that bytes cannot move from one part to the next unseen.
    pub fn with(self, bytes: &[u8]) -> Self {
        let length = (bytes.len() as u64).to_le_bytes();
        let step = |hash: u64, byte: &u8| (hash ^ u64::from(*byte)).wrapping_mul(0x100_0000_01b3);
        Self(length.iter().chain(bytes).fold(self.0, step))
    }
}

#[cfg(test)]
mod tests {
    use std::process::Command;

    use super::*;

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
}
