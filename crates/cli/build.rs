//! Lists the check files of `checks/` for embedding. Only this thin crate is built again when a
//! check changes.

use std::{env, fmt::Write, fs, io, path::Path};

fn main() -> io::Result<()> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../checks");
    println!("cargo::rerun-if-changed={}", folder.display());
    let mut list = String::from("&[\n");
    for sensor in sorted(&folder)? {
        let sensor_folder = folder.join(&sensor);
        println!("cargo::rerun-if-changed={}", sensor_folder.display());
        for file in sorted(&sensor_folder)?.iter().filter(|name| name.ends_with(".md")) {
            let path = sensor_folder.join(file).canonicalize()?;
            println!("cargo::rerun-if-changed={}", path.display());
            let _ =
                writeln!(list, "    ({:?}, include_str!({path:?})),", format!("{sensor}/{file}"));
        }
    }
    list.push_str("]\n");
    let out = env::var("OUT_DIR").map_err(io::Error::other)?;
    fs::write(Path::new(&out).join("checks.rs"), list)
}

fn sorted(folder: &Path) -> io::Result<Vec<String>> {
    let names = fs::read_dir(folder)?.map(|entry| Ok(entry?.file_name().to_string_lossy().into()));
    let mut names = names.collect::<io::Result<Vec<String>>>()?;
    names.sort();
    Ok(names)
}
