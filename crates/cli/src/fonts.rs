//! The fonts of this machine from which a PDF takes what Helvetica lacks. They are looked for where systems keep them, by
//! the names of a few that are good; nothing of another file is read than its name.

use std::{
    collections::BTreeMap,
    env, fs,
    path::{Path, PathBuf},
};

use anyhow::Result;
use leaksweep_report::paper::Fonts;

use crate::{failure::hint, inputs};

/// European letters beyond Western ones, the better first.
const LETTERS: &[&str] =
    &["DejaVuSans.ttf", "NotoSans-Regular.ttf", "LiberationSans-Regular.ttf", "FreeSans.ttf"];
/// Chinese, the better first.
const CHINESE: &[&str] = &[
    "NotoSansCJK-Regular.ttc",
    "NotoSansCJKsc-Regular.otf",
    "NotoSansSC-Regular.otf",
    "SourceHanSansCN-Regular.otf",
    "SourceHanSansSC-Regular.otf",
    "SourceHanSans-Regular.ttc",
    "wqy-microhei.ttc",
    "wqy-zenhei.ttc",
    "DroidSansFallbackFull.ttf",
    "DroidSansFallback.ttf",
    "msyh.ttc",
    "simsun.ttc",
    "uming.ttc",
];
/// The largest font file.
const FONT_CAP: u64 = 96 << 20;
/// Of folders in folders, and of names in all of them.
const DEEPEST: u32 = 6;
const MOST_NAMES: usize = 50_000;

/// The named font first, then those of this machine.
pub fn find(named: Option<&Path>) -> Result<Fonts> {
    let mut fonts = Fonts::none();
    if let Some(path) = named {
        let bytes = inputs::whole(path, FONT_CAP)?;
        let refused =
            |error| hint(format!("{}: {error}", path.display()), "name a .ttf, .otf or .ttc file");
        fonts.add(bytes).map_err(refused)?;
    }
    let there = installed();
    let mut first = |names: &[&str]| {
        let paths = names.iter().filter_map(|name| there.get(*name));
        paths
            .filter_map(|path| inputs::whole(path, FONT_CAP).ok())
            .any(|bytes| fonts.add(bytes).is_ok())
    };
    first(LETTERS);
    if !first(CHINESE) && named.is_none() {
        eprintln!("leaksweep: no Chinese font was found; the reader of the PDF must have one");
        eprintln!("hint: name one with --font FILE, and the PDF brings what it needs of it");
    }
    Ok(fonts)
}

/// Every font that has one of our names; the first of each name counts.
fn installed() -> BTreeMap<String, PathBuf> {
    let home = |below: &str| env::var_os("HOME").map(|home| Path::new(&home).join(below));
    let folders = [
        home(".local/share/fonts"),
        home(".fonts"),
        Some("/usr/local/share/fonts".into()),
        Some("/usr/share/fonts".into()),
    ];
    let mut names_left = MOST_NAMES;
    let mut found = BTreeMap::new();
    for folder in folders.into_iter().flatten() {
        walk(&folder, DEEPEST, &mut names_left, &mut found);
    }
    found
}

fn walk(folder: &Path, deeper: u32, left: &mut usize, found: &mut BTreeMap<String, PathBuf>) {
    let Ok(entries) = fs::read_dir(folder) else { return };
    for entry in entries.flatten() {
        if *left == 0 {
            return;
        }
        *left -= 1;
        let name = entry.file_name().to_string_lossy().into_owned();
        let is_folder = entry.file_type().is_ok_and(|kind| kind.is_dir());
        if is_folder && deeper > 0 {
            walk(&entry.path(), deeper - 1, left, found);
        } else if [LETTERS, CHINESE].iter().any(|names| names.contains(&&*name)) {
            found.entry(name).or_insert_with(|| entry.path());
        }
    }
}
