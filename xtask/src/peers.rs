//! Installs the test peers that are missing: Debian packages as root or through sudo, Python and
//! npm packages in a private folder. What cannot be installed is said and left out.

use std::{path::Path, process::Command};

use leaksweep_peers::{ALL, Peer, Source};

use crate::command;

/// Installs what is missing, and says what could not be installed.
pub fn install(folder: &Path) {
    let missing: Vec<&Peer> = ALL.iter().filter(|peer| peer.find(folder).is_none()).collect();
    let of = |source: Source| -> Vec<String> {
        missing.iter().filter(|peer| peer.source == source).map(|peer| peer.request()).collect()
    };
    let requests = [Source::Debian, Source::Python, Source::Npm].map(of);
    let [mut debian, python, npm] = requests.each_ref().map(|requests| texts(requests));
    debian.extend((!python.is_empty() && !has_venv()).then_some("python3-venv"));
    debian.extend((!npm.is_empty() && !quiet(&["npm", "--version"])).then_some("npm"));
    let outcomes = [
        group(&debian, from_debian),
        group(&python, |packages| from_python(folder, packages)),
        group(&npm, |packages| from_npm(folder, packages)),
    ];
    for reason in outcomes.into_iter().filter_map(Result::err) {
        println!("not installed: {reason}");
    }
}

fn texts(requests: &[String]) -> Vec<&str> {
    requests.iter().map(String::as_str).collect()
}

fn group(
    packages: &[&str],
    install: impl FnOnce(&[&str]) -> Result<(), String>,
) -> Result<(), String> {
    if packages.is_empty() {
        return Ok(());
    }
    install(packages).map_err(|reason| format!("{}: {reason}", packages.join(" ")))
}

/// Asks nothing, and waits for another installation that is under way.
const APT: &[&str] =
    &["env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-q", "-o", "DPkg::Lock::Timeout=120"];

fn from_debian(packages: &[&str]) -> Result<(), String> {
    let prefix = root_prefix().ok_or("neither root nor sudo without a password")?;
    let apt = |arguments: &[&str]| {
        let all = [prefix, APT, arguments];
        step(&all.concat())
    };
    let install = [&["install", "-y", "--no-install-recommends"], packages].concat();
    // A fresh machine has no package lists, an old one has stale ones.
    apt(&["update"]).and_then(|()| apt(&install))
}

/// What makes a command run as root; nothing if that is not possible without asking.
fn root_prefix() -> Option<&'static [&'static str]> {
    let id = Command::new("id").arg("-u").output().ok()?;
    match id.stdout.trim_ascii() {
        b"0" => Some(&[]),
        _ if quiet(&["sudo", "-n", "true"]) => Some(&["sudo", "-n"]),
        _ => None,
    }
}

fn from_python(folder: &Path, packages: &[&str]) -> Result<(), String> {
    let environment = folder.join("python");
    let environment = environment.to_str().ok_or("its folder's name is not text")?;
    let python = format!("{environment}/bin/python3");
    if !quiet(&[&python, "-m", "pip", "--version"]) {
        step(&["python3", "-m", "venv", "--clear", environment])?;
    }
    step(&[&[&python, "-m", "pip", "install", "--quiet"], packages].concat())
}

fn from_npm(folder: &Path, packages: &[&str]) -> Result<(), String> {
    let folder = folder.to_str().ok_or("its name is not text")?;
    let install =
        ["npm", "install", "--silent", "--ignore-scripts", "--save-exact", "--prefix", folder];
    step(&[&install, packages].concat())
}

fn has_venv() -> bool {
    quiet(&["python3", "-c", "import ensurepip, venv"])
}

/// Whether a command succeeds, without its words.
fn quiet(words: &[&str]) -> bool {
    spoken(words).output().is_ok_and(|output| output.status.success())
}

fn step(words: &[&str]) -> Result<(), String> {
    match command::succeeds(&mut spoken(words)) {
        Ok(true) => Ok(()),
        Ok(false) => Err(format!("'{}' failed", words.join(" "))),
        Err(reason) => Err(reason),
    }
}

fn spoken(words: &[&str]) -> Command {
    let (program, arguments) = words.split_first().expect("a command has a name");
    let mut command = Command::new(program);
    command.args(arguments);
    command
}
