//! `leaksweep storage`.

use std::{path::PathBuf, time::Duration};

use clap::{Args, ValueHint};
use leaksweep_storage::media::{Geometry, Spare};

use super::{Judging, Keeping, duration};

#[derive(Debug, Args)]
pub struct Storage {
    /// A block device or an image (raw, split as .001, E01, qcow2, a chip's dump); `-` is standard input
    #[arg(value_name = "MEDIUM", value_hint = ValueHint::FilePath)]
    pub medium: PathBuf,
    #[command(flatten)]
    pub keeping: Keeping,
    /// A word to look for beside the built-in ones; repeatable
    #[arg(long, value_name = "WORD")]
    pub word: Vec<String>,
    /// A file of such words, one on each line
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub words: Option<PathBuf>,
    /// A folder of documents that must not be there, whole or in pieces
    #[arg(long, value_name = "DIR", value_hint = ValueHint::DirPath)]
    pub known: Option<PathBuf>,
    /// Certificates of wipes and custody records to hold the medium against: a folder, or one file
    #[arg(long, value_name = "PATH", value_hint = ValueHint::AnyPath)]
    pub certificates: Option<PathBuf>,
    /// A key whose certificates you trust: the key, or a file that holds it; repeatable. Without one every valid certificate counts
    #[arg(long, value_name = "KEY", requires = "certificates")]
    pub trust: Vec<String>,
    /// Write what can be recovered into this new or empty folder; without it nothing is written
    #[arg(long, value_name = "DIR", value_hint = ValueHint::DirPath)]
    pub out: Option<PathBuf>,
    /// Keep no small pictures and first words for the report
    #[arg(long)]
    pub no_preview: bool,
    /// Keep in this file how far the reading has come, and go on there if it is interrupted; it is removed in the end
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub resume: Option<PathBuf>,
    /// For how long files in pieces are joined: 30s, 10m, 8h; up to 24h
    #[arg(long, value_name = "DURATION", value_parser = duration, default_value = "60s")]
    pub join: Duration,
    /// Pages and spare areas of a chip's dump in bytes, as in 2048+64; `none` where there are none
    #[arg(long, value_name = "PAGE+SPARE", value_parser = spare)]
    pub spare: Option<Spare>,
    #[command(flatten)]
    pub judging: Judging,
}

/// `2048+64`, `none`.
fn spare(text: &str) -> Result<Spare, String> {
    if text == "none" {
        return Ok(Spare::None);
    }
    let told = Geometry::parse(text).map(Spare::Told);
    told.ok_or_else(|| {
        "a page of 256 to 65536 bytes and its spare area as in 2048+64, or none".into()
    })
}

#[cfg(test)]
mod tests {
    use super::{Geometry, Spare, spare};

    #[test]
    fn a_spare_area_belongs_to_a_page() {
        assert_eq!(spare("none"), Ok(Spare::None));
        assert_eq!(spare("2048+64"), Ok(Spare::Told(Geometry::new(2048, 64))));
        for wrong in ["", "2048", "0+0", "2048+0", "2048+4096", "-1+1", "a+b"] {
            assert!(spare(wrong).is_err(), "{wrong}");
        }
    }
}
