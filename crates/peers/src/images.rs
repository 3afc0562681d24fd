//! Images of storage media whose whole content is known, made by `corpus/storage/generate`.
//!
//! They are built on first use and kept in the user's cache under the fingerprint of the scripts and of the programs
//! that make samples here. Where such a program is absent there are fewer samples, and that is said.

use std::{
    path::{Path, PathBuf},
    process::Command,
    sync::OnceLock,
};

use crate::{kept, on_path, skip};

/// What makes samples and media, each if it is there.
const MAKERS: &[&str] = &[
    "gs",
    "soffice",
    "cupsfilter",
    "ppdc",
    "cupsd",
    "lp",
    "convert",
    "cjpeg",
    "exiftool",
    "opj_compress",
    "tiffcp",
    "qpdf",
    "pdftotext",
    "7z",
    "zip",
    "mke2fs",
    "mkfs.fat",
    "mcopy",
    "mkfs.exfat",
    "mount.exfat-fuse",
    "mkntfs",
    "mkfs.xfs",
    "xorriso",
    "mksquashfs",
    "mkfs.jffs2",
    "mkfs.ubifs",
    "cryptsetup",
    "ewfacquire",
    "qemu-img",
];

/// The folder with the images, the truth beside each, `samples` and `known`; or nothing after recording the skip. The
/// caller then returns. Nobody may change what is inside. Panics where skips count as failures.
pub fn storage_images() -> Option<PathBuf> {
    static BUILT: OnceLock<Result<PathBuf, String>> = OnceLock::new();
    let found = BUILT.get_or_init(built).clone();
    let folder = found.inspect_err(|reason| skip(&format!("the storage images: {reason}"))).ok()?;
    let missing: Vec<&str> =
        MAKERS.iter().copied().filter(|name| on_path(name).is_none()).collect();
    if !missing.is_empty() {
        eprintln!("the storage images lack what is made by {}", missing.join(", "));
    }
    Some(folder)
}

fn built() -> Result<PathBuf, String> {
    let (scripts, cache) = (scripts(), kept::cache("storage")?);
    let print = kept::fingerprint(&scripts, &["generate", "content", "media", "samples"]);
    let mut print = kept::Fnv(print.map_err(|error| format!("their scripts: {error}"))?);
    for maker in MAKERS.iter().filter(|name| on_path(name).is_some()) {
        print = print.with(maker.as_bytes());
    }
    let folder = cache.join(format!("tests-{:016x}", print.0));
    if !folder.is_dir() {
        build(&scripts, &folder)?;
    }
    Ok(folder)
}

fn build(scripts: &Path, folder: &Path) -> Result<(), String> {
    let python = on_path("python3").ok_or("python3 is not installed")?;
    eprintln!("making the storage images, which takes two or three minutes");
    let mut command = Command::new("timeout");
    command.args(["--foreground", "20m"]).arg(python).arg(scripts.join("generate")).arg(folder);
    // Images of scripts that have changed since are large.
    command.args(["--forget", "tests-*"]);
    kept::outcome(&command.output().map_err(|error| error.to_string())?)
}

fn scripts() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../corpus/storage")
}
