//! Sweeps images whose whole content is known, and holds what was found against the truth beside each.

mod rows;

use std::{
    env, fs,
    path::{Path, PathBuf},
    process::Command,
    sync::Arc,
};

use leaksweep_peers::storage_images;
use leaksweep_storage::{Options, media::Input, sweep};
use serde_json::Value;

/// Names one image, for work on what is missed there: its misses are shown.
const ONE: &str = "LEAKSWEEP_STORAGE_IMAGE";

#[test]
fn what_lies_on_every_image_is_found_and_nothing_else() {
    let Some(folder) = storage_images() else { return };
    let one = env::var(ONE).ok();
    let rows = tempfile::tempdir().expect("a folder for rows");
    let mut failures = Vec::new();
    for truth in truths(&folder) {
        let name = truth.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        if one.as_ref().is_none_or(|one| *one == name) {
            let scored = scored(&truth, &rows.path().join("rows.json"), one.is_some());
            failures
                .extend(scored.lines().filter(|line| line.starts_with("NOT")).map(str::to_owned));
            println!("{scored}");
        }
    }
    assert!(failures.is_empty(), "\n{}", failures.join("\n"));
}

/// Every image has its truth beside it.
fn truths(folder: &Path) -> Vec<PathBuf> {
    let entries = folder.read_dir().expect("the folder of images can be listed").flatten();
    let json = |path: &PathBuf| path.extension().is_some_and(|ending| ending == "json");
    let mut truths: Vec<PathBuf> = entries.map(|entry| entry.path()).filter(json).collect();
    truths.retain(|path| !path.ends_with("samples.json"));
    truths.sort();
    assert!(!truths.is_empty(), "there are images");
    truths
}

fn scored(truth: &Path, rows: &Path, misses: bool) -> String {
    let record: Value = serde_json::from_slice(&fs::read(truth).expect("the truth can be read"))
        .expect("the truth is JSON");
    let image = truth.with_file_name(record["image"].as_str().expect("it names its image"));
    fs::write(rows, rows::json(&swept(image, &record)).to_string()).expect("rows can be written");
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../corpus/storage/score");
    let mut command = Command::new("python3");
    command.arg(script).arg(truth).arg("--rows").arg(rows).arg("--strict");
    command.args(misses.then_some("--misses"));
    let output = command.output().expect("python3 runs: it made the images");
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(errors.is_empty(), "{errors}");
    String::from_utf8_lossy(&output.stdout).into_owned()
}

fn swept(image: PathBuf, truth: &Value) -> leaksweep_facts::Sweep {
    let mut options = Options::new(Input::Path(image));
    let words = truth["words"].as_array().expect("it has words").iter();
    options.words = words.filter_map(Value::as_str).map(str::to_owned).collect();
    options.progress = Arc::default();
    sweep(&options).expect("the image opens")
}
