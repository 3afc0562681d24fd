//! Every argument. Help, completions and manual pages are made from these definitions.

mod catalogue;
mod duration;
mod papers;
mod printer;
mod statement;
mod storage;
mod wipe;

use std::{path::PathBuf, time::Duration};

use clap::{Args, Parser, Subcommand, ValueHint, builder::PossibleValuesParser};
use clap_complete::Shell;
use leaksweep_facts::verdict::Severity;
use leaksweep_report::Format;

pub use catalogue::{Catalogue, Import};
use duration::duration;
pub use papers::{Added, Certificate, Custody, Shown};
pub use printer::Printer;
pub use statement::{NewStatement, Statement};
pub use storage::Storage;
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

fn severities() -> PossibleValuesParser {
    let names = Severity::ALL.into_iter().map(Severity::as_str);
    names.chain(["never"]).collect::<Vec<_>>().into()
}

impl Judging {
    /// The least severity that counts; none when nothing does.
    pub fn fail_on(&self) -> Option<Severity> {
        Severity::parse(&self.fail_on)
    }
}
