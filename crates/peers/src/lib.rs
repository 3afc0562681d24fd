//! Test peers: other people's programs that tests hold leaksweep's answers against.
//!
//! A bare machine lacks them. `cargo xtask test` installs what it can; a test that still lacks one
//! is skipped, and the skip is recorded, because a skipped test must never look like a passed one.
//! Only for tests: nothing that users run depends on this crate.

mod images;
mod kept;
mod list;
mod roots;

pub use images::storage_images;
pub use list::ALL;
pub use roots::{NAMES as ROOTS, root};

use std::{
    env,
    fs::OpenOptions,
    io::Write,
    path::{Path, PathBuf},
    thread,
};

/// Where the peers lie that need no root. `cargo xtask test` sets it.
pub const FOLDER: &str = "LEAKSWEEP_PEERS_DIR";
/// Set to `required`, a skip is a failure.
pub const MODE: &str = "LEAKSWEEP_PEERS";
/// The file that takes a line `NAME: REASON` for every skip.
pub const SKIPPED: &str = "LEAKSWEEP_SKIPPED";

/// Where recorded data of others lies, if not in `../shared/data` beside the project.
pub const SHARED_DATA: &str = "LEAKSWEEP_SHARED_DATA";

/// Where a peer comes from, and by that, how it is found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Source {
    /// Debian's archive; the peer is a program on the path, or a file.
    Debian,
    /// Python's package index, into a private virtual environment; the peer is a module.
    Python,
    /// The npm registry, in a private folder; the peer is a package's folder.
    Npm,
}

#[derive(Debug, Clone, Copy)]
pub struct Peer {
    /// The package's name at its source.
    pub package: &'static str,
    /// The exact version from Python's index or npm; Debian's archive has one of each release.
    pub version: Option<&'static str>,
    pub source: Source,
    /// The program, file, module or folder that is there once the package is.
    pub shows: &'static str,
    /// Which tests need it, and what for.
    pub serves: &'static str,
}

impl Peer {
    /// What the installer of its source is asked for.
    pub fn request(&self) -> String {
        match (self.source, self.version) {
            (Source::Python, Some(version)) => format!("{}=={version}", self.package),
            (Source::Npm, Some(version)) => format!("{}@{version}", self.package),
            _ => self.package.to_owned(),
        }
    }

    /// The program or file, the Python that has the module, or the npm package's folder.
    pub fn find(&self, folder: &Path) -> Option<PathBuf> {
        match self.source {
            Source::Debian => on_path(self.shows),
            Source::Python => python_with(&folder.join("python"), self.shows),
            Source::Npm => {
                let package = folder.join("node_modules").join(self.shows);
                package.join("package.json").is_file().then_some(package)
            }
        }
    }
}

/// The peer that shows as `name`, or nothing after recording the skip. The caller then returns.
///
/// Panics where peers are required, and on a name that the list does not have.
pub fn need(name: &str) -> Option<PathBuf> {
    let peer = ALL.iter().find(|peer| peer.shows == name);
    let peer = peer.unwrap_or_else(|| panic!("no peer is called '{name}'"));
    let found = peer.find(&folder());
    if found.is_none() {
        skip(&format!("{name} is not installed"));
    }
    found
}

/// A folder of recorded data, or nothing after recording the skip. The caller then returns.
pub fn shared_data(inside: &str) -> Option<PathBuf> {
    let beside = || Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data");
    let found = env::var_os(SHARED_DATA).map_or_else(beside, PathBuf::from).join(inside);
    if found.is_dir() {
        return Some(found);
    }
    // No installer brings it: a clone alone has none, where everything else is required too.
    record(&format!("the recorded data {inside} is not there"));
    None
}

/// Records that the running test cannot do its work here. The caller then returns.
///
/// Panics where skips count as failures.
pub fn skip(reason: &str) {
    assert!(env::var(MODE).as_deref() != Ok("required"), "may not be skipped: {reason}");
    record(reason);
}

fn record(reason: &str) {
    let line = skip_line(thread::current().name().unwrap_or("a test"), reason);
    eprintln!("skipped: {line}");
    if let Some(file) = env::var_os(SKIPPED) {
        let file = OpenOptions::new().append(true).create(true).open(file);
        let written = file.and_then(|mut file| writeln!(file, "{line}"));
        written.expect("the record of skipped tests can be written");
    }
}

/// Where `.peers` is: as told, or at the top of the repository.
pub fn folder() -> PathBuf {
    match env::var_os(FOLDER) {
        Some(folder) => folder.into(),
        None => Path::new(env!("CARGO_MANIFEST_DIR")).join("../../.peers"),
    }
}

/// A reason with a line break must not become two records.
fn skip_line(name: &str, reason: &str) -> String {
    format!("{name}: {}", reason.replace(['\n', '\r'], " "))
}

/// Servers lie where only root's path leads.
const SERVERS: [&str; 3] = ["/usr/local/sbin", "/usr/sbin", "/sbin"];

fn on_path(program: &str) -> Option<PathBuf> {
    let folders = env::var_os("PATH").unwrap_or_default();
    let folders = env::split_paths(&folders).chain(SERVERS.map(PathBuf::from));
    folders.map(|folder| folder.join(program)).find(|path| path.is_file())
}

fn python_with(environment: &Path, module: &str) -> Option<PathBuf> {
    let versions = environment.join("lib").read_dir().ok()?;
    let has = |version: PathBuf| version.join("site-packages").join(module).is_dir();
    let found = versions.flatten().any(|version| has(version.path()));
    found.then(|| environment.join("bin/python3"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_on_the_path_is_found_and_nothing_else() {
        assert!(on_path("sh").is_some());
        assert!(on_path("no-such-program-anywhere").is_none());
    }

    #[test]
    fn an_empty_folder_holds_no_python_and_no_npm_peers() {
        let nowhere = Path::new("/nonexistent");
        for peer in ALL.iter().filter(|peer| peer.source != Source::Debian) {
            assert!(peer.find(nowhere).is_none(), "{}", peer.package);
        }
    }

    #[test]
    fn what_comes_from_an_index_has_one_exact_version() {
        for peer in ALL.iter().filter(|peer| peer.source != Source::Debian) {
            assert!(peer.version.is_some(), "{}", peer.package);
        }
        let requests: Vec<String> = ALL.iter().map(Peer::request).collect();
        for request in ["rpm", "jsonschema==4.26.0", "@microsoft/sarif-multitool-linux@5.7.0"] {
            assert!(requests.iter().any(|known| known == request), "{request}");
        }
    }

    #[test]
    fn a_skip_is_one_line() {
        assert_eq!(skip_line("a", "b\nc"), "a: b c");
    }

    #[test]
    #[should_panic(expected = "no peer is called")]
    fn a_name_that_is_not_listed_is_a_mistake() {
        need("no such peer");
    }
}
