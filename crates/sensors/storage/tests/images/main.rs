//! Sweeps images whose whole content is known, and holds what was found against the truth beside each.

mod rows;

use std::{
    collections::{BTreeMap, BTreeSet},
    env, fs,
    path::{Path, PathBuf},
    process::Command,
};

use leaksweep_peers::storage_images;
use leaksweep_storage::{Options, media::Input, sweep};
use serde_json::Value;

/// Names one image, for work on what is missed there: its misses are shown.
const ONE: &str = "LEAKSWEEP_STORAGE_IMAGE";
/// A folder of other images: what was mended for one seed should hold for another.
const OTHERS: &str = "LEAKSWEEP_STORAGE_IMAGES";

#[test]
#[ignore = "every image by itself, where a single miss may be too many; for work on what is missed, with --nocapture"]
fn what_lies_on_every_image_is_found_and_nothing_else() {
    let others = env::var_os(OTHERS).map(PathBuf::from);
    let Some(folder) = others.or_else(storage_images) else { return };
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

/// On all images of disks together, of which most is in the clear, cut, or in pieces.
#[test]
fn what_lies_on_disks_is_found_to_the_byte() {
    let Some(folder) = storage_images() else { return };
    let rows = tempfile::tempdir().expect("a folder for rows");
    let mut reached = [(0, 0); 5];
    for name in ["raw-1", "raw-2", "desk", "linux"] {
        let truth = folder.join(name).with_extension("json");
        let scored = scored(&truth, &rows.path().join("rows.json"), false);
        let line = scored.lines().find(|line| line.starts_with("| **all**"));
        let cells = line.unwrap_or_else(|| panic!("{scored}")).split('|').skip(2);
        for (sum, cell) in reached.iter_mut().zip(cells) {
            if let Some((found, all)) = cell.trim().split_once('/') {
                sum.0 += found.parse::<u32>().expect("a count");
                sum.1 += all.parse::<u32>().expect("a count");
            }
        }
        assert!(!scored.contains("panicked"), "{scored}");
        assert!(scored.contains("at baits 0,"), "{scored}");
    }
    let [whole, deleted, pieces, _, cut] = reached;
    let share = |(found, all): (u32, u32)| found * 100 / all.max(1);
    assert!(whole.1 > 300 && share(whole) >= 99, "whole: {reached:?}");
    assert!(share(deleted) >= 99, "deleted: {reached:?}");
    assert!(share(pieces) >= 75, "in pieces: {reached:?}");
    // All must be; one of thirty may lie as no image had it before.
    assert!(cut.1 > 20 && share(cut) >= 96, "cut: {reached:?}");
}

#[test]
fn the_images_are_worth_their_name() {
    let Some(folder) = storage_images() else { return };
    let mut states: BTreeMap<String, usize> = BTreeMap::new();
    for truth in truths(&folder) {
        let record = read(&truth);
        let image = truth.with_file_name(text(&record["image"]));
        assert!(image.is_file(), "{} has an image", truth.display());
        for entry in list(&record["files"]) {
            *states.entry(text(&entry["state"]).to_owned()).or_default() += 1;
        }
    }
    let of = |state: &str| states.get(state).copied().unwrap_or_default();
    assert!(of("bait") >= 200 && of("whole") >= 300, "{states:?}");
    let samples = read(&folder.join("samples.json"));
    let digests = list(&samples["samples"]).iter().map(|sample| text(&sample["sha256"]));
    let kinds = list(&samples["samples"]).iter().map(|sample| text(&sample["kind"]));
    let (digests, kinds): (BTreeSet<_>, BTreeSet<_>) = (digests.collect(), kinds.collect());
    assert!(digests.len() == list(&samples["samples"]).len(), "each sample differs");
    assert!(kinds.len() >= 20, "{kinds:?}");
}

fn read(path: &Path) -> Value {
    serde_json::from_slice(&fs::read(path).expect("it can be read")).expect("it is JSON")
}

fn list(value: &Value) -> &[Value] {
    value.as_array().expect("a list")
}

fn text(value: &Value) -> &str {
    value.as_str().expect("a text")
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
    let record = read(truth);
    let image = truth.with_file_name(text(&record["image"]));
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
    options.words = list(&truth["words"]).iter().map(|word| text(word).to_owned()).collect();
    sweep(&options).expect("the image opens")
}
