//! Packs the files of `catalogue/` for embedding: as JSON, which is read in a tenth of the time, and
//! compressed, so that the program does not itself hold the texts by which it knows others.

use std::{collections::BTreeMap, env, error::Error, fs, path::Path};

const LEVEL: i32 = 19;

fn main() -> Result<(), Box<dyn Error>> {
    pack("remote")?;
    pack("stores")?;
    pack("marks")?;
    pack("printers")
}

fn pack(name: &str) -> Result<(), Box<dyn Error>> {
    let folder = Path::new("../../catalogue").join(name);
    println!("cargo::rerun-if-changed={}", folder.display());
    let mut files: BTreeMap<String, toml::Table> = BTreeMap::new();
    for entry in fs::read_dir(&folder)? {
        let path = entry?.path();
        println!("cargo::rerun-if-changed={}", path.display());
        let (Some(id), Some("toml")) =
            (path.file_stem(), path.extension().and_then(|e| e.to_str()))
        else {
            continue;
        };
        let content: toml::Table = fs::read_to_string(&path)?
            .parse()
            .map_err(|error| format!("{}: {error}", path.display()))?;
        files.insert(id.to_string_lossy().into_owned(), content);
    }
    let json = serde_json::to_vec(&files)?;
    let out = Path::new(&env::var("OUT_DIR")?).join(name);
    fs::write(out.with_extension("size"), json.len().to_string())?;
    fs::write(out.with_extension("json.zst"), zstd::bulk::compress(&json, LEVEL)?)?;
    Ok(())
}
