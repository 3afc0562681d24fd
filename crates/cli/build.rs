//! Packs the check files of `checks/` for embedding: compressed, so that the program does not itself
//! hold the paths and texts by which it knows others. Only this thin crate is built again when a
//! check changes.

use std::{collections::BTreeMap, env, error::Error, fs, io, path::Path};

const LEVEL: i32 = 19;

fn main() -> Result<(), Box<dyn Error>> {
    let folder = Path::new("../../checks");
    println!("cargo::rerun-if-changed={}", folder.display());
    let mut checks: BTreeMap<String, String> = BTreeMap::new();
    for sensor in names(folder)? {
        let sensor_folder = folder.join(&sensor);
        println!("cargo::rerun-if-changed={}", sensor_folder.display());
        for file in names(&sensor_folder)?.iter().filter(|name| name.ends_with(".md")) {
            let path = sensor_folder.join(file);
            println!("cargo::rerun-if-changed={}", path.display());
            checks.insert(format!("{sensor}/{file}"), read(&path)?);
        }
    }
    let json = serde_json::to_vec(&checks)?;
    let out = env::var("OUT_DIR")?;
    fs::write(Path::new(&out).join("checks.size"), json.len().to_string())?;
    fs::write(Path::new(&out).join("checks.json.zst"), zstd::bulk::compress(&json, LEVEL)?)?;
    fold_equal_code();
    Ok(())
}

/// Generic code makes many functions that are the same to the byte; one of each saves 3 MB. Only
/// where Rust brings its own linker, which knows the option, and nobody chose another.
fn fold_equal_code() {
    let is = |name: &str, value: &str| env::var(name).is_ok_and(|found| found == value);
    let own = is("TARGET", "x86_64-unknown-linux-gnu") && env::var_os("RUSTC_LINKER").is_none();
    if own && is("PROFILE", "release") {
        println!("cargo::rustc-link-arg-bins=-Wl,--icf=all");
    }
}

fn read(path: &Path) -> Result<String, String> {
    fs::read_to_string(path).map_err(|error| format!("{}: {error}", path.display()))
}

fn names(folder: &Path) -> io::Result<Vec<String>> {
    fs::read_dir(folder)?.map(|entry| Ok(entry?.file_name().to_string_lossy().into())).collect()
}
