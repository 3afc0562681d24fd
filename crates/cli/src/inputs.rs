//! What a command works with: checks, policy, keys, sweep files. Each is read where the user named
//! it, or found.

use std::{
    collections::BTreeMap,
    env,
    fs::{self, File},
    io::{self, Read},
    num::NonZeroUsize,
    os::unix::fs::MetadataExt,
    path::{Path, PathBuf},
    thread,
};

use anyhow::{Context, Result, bail};
use leaksweep_catalogue::{
    remote::{self, Tool},
    remote_tools_with,
};
use leaksweep_engine::{Engine, Library, Policy, policy::FILE_NAME};
use leaksweep_facts::{
    Sweep,
    seal::{PublicKey, SecretKey},
    signed,
    sweep::{Limits, SweepError, demand},
};

use leaksweep_report::safe_text;
use leaksweep_storage::MOST_JOURNAL;

use crate::failure::hint;

const CHECKS: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/checks.json.zst"));
const CHECKS_SIZE: &str = include_str!(concat!(env!("OUT_DIR"), "/checks.size"));
/// Less alike than this, another id is no help.
const NEAR: f64 = 0.6;
/// A key file is one line.
const KEY_CAP: u64 = 4096;
const WORDS_CAP: u64 = 1 << 20;

/// The built-in checks, and those of the folders.
pub fn library(folders: &[PathBuf]) -> Result<Library> {
    let checks = unpack().context("cannot unpack the built-in checks")?;
    let texts: Vec<(&str, &str)> = checks.iter().map(|(id, text)| (&**id, &**text)).collect();
    let mut library = Library::embedded(&texts)?;
    for folder in folders {
        library.add_folder(folder)?;
    }
    Ok(library)
}

/// The built-in checks: paths below `checks/` and their texts.
fn unpack() -> Result<BTreeMap<String, String>> {
    let json = zstd::bulk::decompress(CHECKS, CHECKS_SIZE.trim().parse()?)?;
    Ok(serde_json::from_slice(&json)?)
}

/// The tools of the folders, each folder beside the built-in tools and the folders before it.
pub fn tools(folders: &[PathBuf]) -> Result<Vec<Tool>> {
    let mut tools: Vec<Tool> = Vec::new();
    for folder in folders {
        let known = remote_tools_with(&tools);
        let (read, mistakes) = remote::folder_beside(folder, &known)?;
        if !mistakes.is_empty() {
            let lines: Vec<String> = mistakes.iter().map(ToString::to_string).collect();
            let command =
                format!("`leaksweep catalogue check {}` checks it again", folder.display());
            return Err(hint(lines.join("\n  "), command));
        }
        for tool in read.iter().filter(|tool| known.iter().any(|known| known.id == tool.id)) {
            let place = folder.display().to_string();
            eprintln!("leaksweep: {} is taken from {}", tool.id, safe_text::visible(&place));
        }
        tools.retain(|tool| !read.iter().any(|new| new.id == tool.id));
        tools.extend(read);
    }
    Ok(tools)
}

/// The id that was meant: a tool's in another case, its name, or the nearest id.
pub fn meant<'a>(wrong: &str, tools: &'a [Tool]) -> Option<&'a str> {
    let lower = wrong.to_lowercase();
    let same = |tool: &&Tool| tool.id == lower || tool.name.to_lowercase() == lower;
    if let Some(tool) = tools.iter().find(same) {
        return Some(&tool.id);
    }
    let near = |tool: &'a Tool| {
        (strsim::normalized_damerau_levenshtein(&lower, &tool.id), tool.id.as_str())
    };
    let best = tools.iter().map(near).max_by(|a, b| a.0.total_cmp(&b.0))?;
    (best.0 >= NEAR).then_some(best.1)
}

/// The policy that counts: the named file, the first that is found, or the built-in one.
pub fn policy(named: Option<&Path>) -> Result<Policy> {
    let path = match named {
        Some(path) => path.to_owned(),
        None => match places().into_iter().find(|path| path.exists()) {
            Some(path) => trusted(path)?,
            None => return Ok(Policy::default()),
        },
    };
    Ok(Policy::read(&path)?)
}

fn places() -> Vec<PathBuf> {
    let beside = env::current_exe().ok().and_then(|exe| exe.parent().map(Path::to_owned));
    let user = env::var_os("XDG_CONFIG_HOME").map(PathBuf::from).filter(|path| path.is_absolute());
    let user = user.or_else(|| env::var_os("HOME").map(|home| Path::new(&home).join(".config")));
    let folders = [
        Some(PathBuf::new()),
        beside,
        user.map(|config| config.join("leaksweep")),
        Some("/etc/leaksweep".into()),
    ];
    folders.into_iter().flatten().map(|folder| folder.join(FILE_NAME)).collect()
}

/// A policy can silence every check. One that was found, not named, must be nobody else's to write.
fn trusted(path: PathBuf) -> Result<PathBuf> {
    let own = rustix::process::geteuid().as_raw();
    let found = fs::metadata(&path).with_context(|| format!("cannot read {}", path.display()))?;
    let foreign = found.uid() != 0 && found.uid() != own;
    if foreign || found.mode() & 0o022 != 0 {
        return Err(hint(
            format!("{} is a policy that somebody else can change", path.display()),
            format!("name it with --policy if you trust it, or: chmod go-w {}", path.display()),
        ));
    }
    Ok(path)
}

/// A file of words: text, and not a large one.
pub fn words(path: &Path) -> Result<String> {
    small_text(path, WORDS_CAP, "it is not a file of words, or larger than 1 MiB")
}

/// A password in a file of its own; a line end behind it is none of it.
pub fn password(path: &Path) -> Result<String> {
    let text = small_text(path, KEY_CAP, "it is not a file that holds a password")?;
    Ok(text.trim_end_matches(['\r', '\n']).to_owned())
}

/// What an interrupted sweep left; none if there is no such file.
pub fn journal(path: &Path) -> io::Result<Option<Vec<u8>>> {
    // A pipe would be waited for.
    let found = match fs::metadata(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        found => found?,
    };
    if !found.is_file() || found.len() > MOST_JOURNAL {
        return Err(io::Error::other(format!("{} is no journal", path.display())));
    }
    let mut content = Vec::new();
    File::open(path)?.take(MOST_JOURNAL).read_to_end(&mut content)?;
    Ok(Some(content))
}

pub fn secret_key(path: &Path) -> Result<SecretKey> {
    let text = key_text(path)?;
    SecretKey::parse(&text).with_context(|| path.display().to_string())
}

/// The key itself, or a file that holds it.
pub fn public_key(text: &str) -> Result<PublicKey> {
    if let Ok(key) = PublicKey::parse(text) {
        return Ok(key);
    }
    let path = Path::new(text);
    if !path.exists() {
        bail!("'{text}' is neither a public key nor a file");
    }
    PublicKey::parse(&key_text(path)?).with_context(|| text.to_owned())
}

pub fn public_keys(texts: &[String]) -> Result<Vec<PublicKey>> {
    texts.iter().map(|text| public_key(text)).collect()
}

fn key_text(path: &Path) -> Result<String> {
    small_text(path, KEY_CAP, "it is not a key file")
}

fn small_text(path: &Path, cap: u64, wrong: &'static str) -> Result<String> {
    let read = || -> std::io::Result<String> {
        let found = fs::metadata(path)?;
        if !found.is_file() || found.len() > cap {
            return Err(std::io::Error::other(wrong));
        }
        fs::read_to_string(path)
    };
    read().with_context(|| format!("cannot read {}", path.display()))
}

/// The bytes of a file of the user's, up to a cap.
pub fn whole(path: &Path, cap: u64) -> Result<Vec<u8>> {
    let read = || -> io::Result<Vec<u8>> {
        let found = fs::metadata(path)?;
        if !found.is_file() || found.len() > cap {
            return Err(io::Error::other(format!(
                "it is no file, or larger than {} MiB",
                cap >> 20
            )));
        }
        let mut bytes = Vec::new();
        File::open(path)?.take(cap).read_to_end(&mut bytes)?;
        Ok(bytes)
    };
    read().with_context(|| format!("cannot read {}", path.display()))
}

/// Signed papers: one file, or those of a folder whose names end with `.json`. At most `most` of them.
pub fn papers(path: &Path, most: usize) -> Result<Vec<(String, Vec<u8>)>> {
    let mut paths = if path.is_dir() { json_files(path)? } else { vec![path.to_owned()] };
    if paths.len() > most {
        let message = format!("{} holds more than {most} papers", path.display());
        return Err(hint(message, "name a folder of fewer, or one file"));
    }
    paths.sort();
    let read = |path: &PathBuf| {
        let name = path.file_name().unwrap_or(path.as_os_str()).to_string_lossy().into_owned();
        Ok((name, whole(path, signed::MOST)?))
    };
    paths.iter().map(read).collect()
}

fn json_files(folder: &Path) -> Result<Vec<PathBuf>> {
    let entries =
        fs::read_dir(folder).with_context(|| format!("cannot read {}", folder.display()))?;
    let paths = entries.map(|entry| Ok(entry?.path())).collect::<io::Result<Vec<PathBuf>>>();
    let mut paths = paths.with_context(|| format!("cannot read {}", folder.display()))?;
    paths.retain(|path| path.extension().is_some_and(|end| end == "json"));
    Ok(paths)
}

/// Opens one sweep file and demands a signature where one is required.
pub fn sweep(path: &Path, keys: &[PublicKey]) -> Result<Sweep> {
    Ok(signed_sweep(path, keys)?.0)
}

/// Also who signed it.
pub fn signed_sweep(path: &Path, keys: &[PublicKey]) -> Result<(Sweep, Option<PublicKey>)> {
    let open = || {
        let signed = Sweep::open(path, &Limits::default())?;
        demand(signed.signer.as_ref(), keys)?;
        Ok::<_, SweepError>((signed.sweep, signed.signer))
    };
    open().with_context(|| path.display().to_string())
}

/// The files as named; a folder stands for the sweep files in it.
pub fn sweep_files(named: &[PathBuf]) -> Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    for path in named {
        if !path.is_dir() {
            files.push(path.clone());
            continue;
        }
        let entries =
            fs::read_dir(path).with_context(|| format!("cannot read {}", path.display()))?;
        let entries = entries.collect::<std::io::Result<Vec<_>>>()?;
        let mut inside: Vec<PathBuf> = entries.into_iter().map(|entry| entry.path()).collect();
        inside.retain(|file| file.extension().is_some_and(|ending| ending == "sweep"));
        if inside.is_empty() {
            bail!("{} holds no file NAME.sweep", path.display());
        }
        inside.sort();
        files.extend(inside);
    }
    Ok(files)
}

/// One thread answers a few machines fastest; many use all cores.
pub fn engine(targets: usize) -> Result<Engine> {
    let cores = thread::available_parallelism().unwrap_or(NonZeroUsize::MIN);
    Ok(Engine::new(if targets < 20 { NonZeroUsize::MIN } else { cores })?)
}
