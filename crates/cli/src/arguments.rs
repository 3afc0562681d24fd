//! Every argument. Help, completions and manual pages are made from these definitions.

mod papers;
mod printer;
mod statement;
mod wipe;

use std::{path::PathBuf, time::Duration};

use clap::{Args, Parser, Subcommand, ValueHint, builder::PossibleValuesParser};
use clap_complete::Shell;
use leaksweep_catalogue::remote::Kind;
use leaksweep_facts::verdict::Severity;
use leaksweep_report::Format;
use leaksweep_storage::media::{Geometry, Spare};

pub use papers::{Added, Certificate, Custody, Shown};
pub use printer::Printer;
pub use statement::{NewStatement, Statement};
pub use wipe::{Reading, Technique, Wipe, WipeCommand};

const AFTER: &str =
    "Exit code: 0 nothing at or above --fail-on, 1 something, 2 the job could not be done.";

/// Finds the ways in which machines give information away, says what to do, and keeps the proof
///
/// Without a command it sweeps this machine, as `leaksweep host` does. It looks and never changes.
#[derive(Debug, Parser)]
#[command(name = "leaksweep", version, after_help = AFTER, args_conflicts_with_subcommands = true)]
pub struct Arguments {
    #[command(subcommand)]
    pub command: Option<Command>,
    #[command(flatten)]
    pub host: Host,
}

#[derive(Debug, Subcommand)]
pub enum Command {
    /// Sweep a machine: this one, or one whose disk is mounted
    #[command(after_help = AFTER)]
    Host(Host),
    /// Show what can still be read from a disk, a card, a chip, or an image of one
    #[command(after_help = AFTER)]
    Storage(Storage),
    /// Tell whether printers are fit for confidential work, without printing a page or changing a setting
    #[command(after_help = printer::AFTER)]
    Printer(Box<Printer>),
    /// Wipe media, prove it, certify it: the only command that writes to what it is given
    #[command(after_help = wipe::AFTER)]
    Wipe(Box<Wipe>),
    /// Judge saved sweeps again, with today's checks and policy
    #[command(after_help = AFTER)]
    Judge(Judge),
    /// Check a sweep file, a certificate, a custody record or a statement: whole, unaltered, signed by a key
    #[command(after_help = papers::AFTER)]
    Verify(Verify),
    /// Show the certificate of a wipe, on screen or paper
    #[command(subcommand)]
    Certificate(Certificate),
    /// Keep, show and check what becomes of a medium
    #[command(subcommand)]
    Custody(Custody),
    /// Sign and show what a person found out at a printer and no program can see
    #[command(subcommand)]
    Statement(Statement),
    /// Make and show the keys that sign sweep files, certificates, custody records and statements
    #[command(subcommand)]
    Key(Key),
    /// List, show, try and write checks
    #[command(subcommand)]
    Checks(Checks),
    /// List, show, check and import what remote-control tools are known by
    #[command(subcommand)]
    Catalogue(Catalogue),
    /// Write and show the policy: what you allow
    #[command(subcommand)]
    Policy(Policy),
    /// Ask facts and policy in SQL
    Query(Query),
    /// Show the tables of facts, or the columns of one
    Tables {
        /// The table
        name: Option<String>,
    },
    /// Show every measure and the checks that decide it
    Measures,
    /// Print completions for a shell
    Completions { shell: Shell },
    /// Write the manual pages into a folder
    Man {
        #[arg(value_hint = ValueHint::DirPath)]
        folder: PathBuf,
    },
}

#[derive(Debug, Args)]
pub struct Host {
    /// The mounted disk of another machine, instead of this machine
    #[arg(long, value_name = "DIR", value_hint = ValueHint::DirPath)]
    pub root: Option<PathBuf>,
    #[command(flatten)]
    pub keeping: Keeping,
    /// A folder of remote-control tools beside the built-in ones; repeatable
    #[arg(long, value_name = "DIR", value_hint = ValueHint::DirPath)]
    pub catalogue: Vec<PathBuf>,
    /// Watch for so long who reads what: 30s, 10m, 8h; up to 24h
    #[arg(long = "for", value_name = "DURATION", value_parser = duration, conflicts_with = "root")]
    pub watch: Option<Duration>,
    /// Compare every file of every package with what the package recorded
    #[arg(long)]
    pub deep: bool,
    #[command(flatten)]
    pub judging: Judging,
}

/// How a sweep is called, and where it is kept.
#[derive(Debug, Args)]
pub struct Keeping {
    /// The name of the target, instead of its own
    #[arg(long, value_name = "NAME")]
    pub target: Option<String>,
    /// Save the facts, to judge them again later or elsewhere
    #[arg(long, value_name = "FILE.sweep", value_hint = ValueHint::FilePath)]
    pub save: Option<PathBuf>,
    /// Sign the saved facts with this secret key
    #[arg(long, value_name = "FILE", requires = "save", value_hint = ValueHint::FilePath)]
    pub key: Option<PathBuf>,
}

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

#[derive(Debug, Args)]
pub struct Judge {
    /// Sweep files, or folders that hold some
    #[arg(required = true, value_name = "FILE", value_hint = ValueHint::AnyPath)]
    pub files: Vec<PathBuf>,
    /// Take only files that this key signed: the key, or a file that holds it
    #[arg(long = "pub", value_name = "KEY")]
    pub public_key: Option<String>,
    #[command(flatten)]
    pub judging: Judging,
}

/// How facts are judged and reported.
#[derive(Debug, Args)]
pub struct Judging {
    /// The policy file, instead of the one that is found
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub policy: Option<PathBuf>,
    /// Judge as if the target were in this zone
    #[arg(long, value_name = "ZONE")]
    pub zone: Option<String>,
    /// A folder of your own checks, SENSOR/NAME.md; repeatable
    #[arg(long, value_name = "DIR", value_hint = ValueHint::DirPath)]
    pub checks: Vec<PathBuf>,
    /// An earlier sweep of the same machine: what is new, gone or changed since becomes a fact; repeatable, one a machine
    #[arg(long, value_name = "FILE.sweep", value_hint = ValueHint::FilePath)]
    pub since: Vec<PathBuf>,
    /// How to report
    #[arg(long, value_name = "FORMAT", default_value = "terminal", value_parser = formats())]
    pub format: String,
    /// Write the report to a file
    #[arg(short, long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub output: Option<PathBuf>,
    /// The least severity that makes the exit code 1
    #[arg(long, value_name = "SEVERITY", default_value = "medium", value_parser = severities())]
    pub fail_on: String,
}

#[derive(Debug, Args)]
pub struct Verify {
    #[arg(value_hint = ValueHint::FilePath)]
    pub file: PathBuf,
    /// A key that must have signed it: the key, or a file that holds it; repeatable, any of them will do
    #[arg(long = "pub", value_name = "KEY", required = true)]
    pub public_key: Vec<String>,
}

#[derive(Debug, Subcommand)]
pub enum Key {
    /// Make a secret key in a new file that only you can read
    New {
        #[arg(value_hint = ValueHint::FilePath)]
        file: PathBuf,
    },
    /// Show the public key that belongs to a secret one
    Show {
        #[arg(value_hint = ValueHint::FilePath)]
        file: PathBuf,
    },
}

#[derive(Debug, Subcommand)]
pub enum Checks {
    /// List all checks
    List {
        /// A folder of your own checks; repeatable
        #[arg(long, value_name = "DIR", value_hint = ValueHint::DirPath)]
        checks: Vec<PathBuf>,
    },
    /// Show the page of a check, with its query
    Show {
        /// For instance `host/second-root-account`
        id: String,
        /// A folder of your own checks; repeatable
        #[arg(long, value_name = "DIR", value_hint = ValueHint::DirPath)]
        checks: Vec<PathBuf>,
    },
    /// Try every check of a folder on its own cases; without a folder, those built in
    Test {
        #[arg(value_hint = ValueHint::DirPath)]
        folder: Option<PathBuf>,
    },
    /// Write a new check to start from: DIR/SENSOR/NAME.md
    New {
        #[arg(value_hint = ValueHint::FilePath)]
        file: PathBuf,
    },
}

#[derive(Debug, Subcommand)]
pub enum Catalogue {
    /// List all tools
    List {
        /// Only tools of this kind
        #[arg(long, value_name = "KIND", value_parser = kinds())]
        kind: Option<String>,
        /// A folder of tools beside the built-in ones; repeatable
        #[arg(long, value_name = "DIR", value_hint = ValueHint::DirPath)]
        catalogue: Vec<PathBuf>,
    },
    /// Show by what a tool is known, and where its configuration shows who may come in
    Show {
        /// For instance `rustdesk`
        id: String,
        /// A folder of tools beside the built-in ones; repeatable
        #[arg(long, value_name = "DIR", value_hint = ValueHint::DirPath)]
        catalogue: Vec<PathBuf>,
    },
    /// Check every file of a folder; without a folder, the built-in tools
    Check {
        #[arg(value_hint = ValueHint::DirPath)]
        folder: Option<PathBuf>,
    },
    /// Make catalogue files from what others publish
    #[command(subcommand)]
    Import(Import),
}

#[derive(Debug, Subcommand)]
pub enum Import {
    /// LOLRMM's YAML files, as they are
    Lolrmm {
        /// The folder of the YAML files
        #[arg(value_name = "DIR", value_hint = ValueHint::DirPath)]
        folder: PathBuf,
        /// Where the catalogue files go: a new or an empty folder
        #[arg(short, long, value_name = "DIR", value_hint = ValueHint::DirPath)]
        output: PathBuf,
        /// Also the tools that the built-in catalogue has, with what LOLRMM adds to them
        #[arg(long)]
        all: bool,
    },
}

#[derive(Debug, Subcommand)]
pub enum Policy {
    /// Write a commented policy file to start from
    Init {
        #[arg(default_value = "leaksweep.toml", value_hint = ValueHint::FilePath)]
        file: PathBuf,
    },
    /// Show which policy file counts here, and check it
    Show {
        /// The policy file, instead of the one that is found
        #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
        policy: Option<PathBuf>,
    },
}

#[derive(Debug, Args)]
pub struct Query {
    /// For instance "SELECT name, version FROM host_packages LIMIT 10"
    pub sql: String,
    /// Sweep files; without any, this machine is swept
    #[arg(value_name = "FILE.sweep", value_hint = ValueHint::FilePath)]
    pub files: Vec<PathBuf>,
    /// A folder of remote-control tools beside the built-in ones, for the sweep; repeatable
    #[arg(long, value_name = "DIR", value_hint = ValueHint::DirPath, conflicts_with = "files")]
    pub catalogue: Vec<PathBuf>,
    /// How to print the answer
    #[arg(long, default_value = "table", value_parser = ["table", "json", "csv"])]
    pub format: String,
    /// The policy file, instead of the one that is found
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub policy: Option<PathBuf>,
}

fn formats() -> PossibleValuesParser {
    Format::all().map(Format::name).collect::<Vec<_>>().into()
}

fn kinds() -> PossibleValuesParser {
    Kind::ALL.iter().map(|kind| kind.as_str()).collect::<Vec<_>>().into()
}

fn severities() -> PossibleValuesParser {
    let names = Severity::ALL.into_iter().map(Severity::as_str);
    names.chain(["never"]).collect::<Vec<_>>().into()
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

/// The longest watch: a day.
const LONGEST: u64 = 24 * 60 * 60;

/// `90s`, `10m`, `8h`.
fn duration(text: &str) -> Result<Duration, String> {
    let unit = text.chars().last().unwrap_or_default();
    let factor = match unit {
        's' => 1,
        'm' => 60,
        'h' => 60 * 60,
        _ => return Err("a number with s, m or h behind it, as in 60s".into()),
    };
    let number = text.strip_suffix(unit).unwrap_or_default();
    let digits = !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit());
    let seconds = number.parse().ok().and_then(|number: u64| number.checked_mul(factor));
    match seconds.filter(|_| digits) {
        Some(0) | None => Err("a number with s, m or h behind it, as in 60s".into()),
        Some(seconds) if seconds > LONGEST => Err("at most 24h".into()),
        Some(seconds) => Ok(Duration::from_secs(seconds)),
    }
}

impl Judging {
    /// The least severity that counts; none when nothing does.
    pub fn fail_on(&self) -> Option<Severity> {
        Severity::parse(&self.fail_on)
    }
}

#[cfg(test)]
mod tests {
    use super::{Geometry, Spare, duration, spare};

    #[test]
    fn a_spare_area_belongs_to_a_page() {
        assert_eq!(spare("none"), Ok(Spare::None));
        assert_eq!(spare("2048+64"), Ok(Spare::Told(Geometry::new(2048, 64))));
        for wrong in ["", "2048", "0+0", "2048+0", "2048+4096", "-1+1", "a+b"] {
            assert!(spare(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_duration_has_a_unit_and_an_end() {
        for (text, seconds) in [("1s", 1), ("90s", 90), ("10m", 600), ("24h", 86_400)] {
            assert_eq!(duration(text).map(|found| found.as_secs()), Ok(seconds), "{text}");
        }
        let wrong = ["", "s", "0s", "60", "-1s", "+1s", "1.5m", "1d", "1 s", "25h", "秒", "1秒"];
        for text in wrong.into_iter().chain(["99999999999999999999h"]) {
            assert!(duration(text).is_err(), "{text}");
        }
    }
}
