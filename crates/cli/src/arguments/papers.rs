//! The arguments of certificates and custody records.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueHint, builder::PossibleValuesParser};
use leaksweep_facts::{Time, custody::Event};
use leaksweep_report::paper::Form;

pub const AFTER: &str = "Exit code: 0 it holds, 1 it holds and what it says is not good, or the chain does not hold, \
     2 it is not to be trusted or the job could not be done.";

#[derive(Debug, Subcommand)]
pub enum Certificate {
    /// Show a certificate whose signature holds; `verify` asks whose it is
    Show {
        #[arg(value_hint = ValueHint::FilePath)]
        file: PathBuf,
        #[command(flatten)]
        shown: Shown,
    },
}

#[derive(Debug, Subcommand)]
pub enum Custody {
    /// Sign a statement on what happened to a medium, and hang it onto its record
    Add(Box<Added>),
    /// Show the whole life of a medium
    Show {
        #[arg(value_hint = ValueHint::FilePath)]
        file: PathBuf,
        /// A key that you trust: the key, or a file that holds it; repeatable. Without any, any key will do
        #[arg(long = "pub", value_name = "KEY")]
        public_key: Vec<String>,
        #[command(flatten)]
        shown: Shown,
    },
    /// Check a record: every signature, the chain, the order, the hands, and whether it is told to its end
    #[command(after_help = AFTER)]
    Verify {
        #[arg(value_hint = ValueHint::FilePath)]
        file: PathBuf,
        /// A key that you trust: the key, or a file that holds it; repeatable
        #[arg(long = "pub", value_name = "KEY", required = true)]
        public_key: Vec<String>,
    },
}

/// How a paper is shown.
#[derive(Debug, Args)]
pub struct Shown {
    /// How to show it
    #[arg(long, value_name = "FORMAT", default_value = "terminal", value_parser = forms())]
    pub format: String,
    /// Write it to a file
    #[arg(short, long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub output: Option<PathBuf>,
    /// A font for PDF, asked before those of the system: TrueType or OpenType
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub font: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub struct Added {
    /// A certificate or a record; the record of a certificate is beside it, FILE.custody
    #[arg(value_hint = ValueHint::FilePath)]
    pub file: PathBuf,
    /// A medium that was never wiped: begin a record of it
    #[arg(long, value_name = "MAKER; MODEL; SERIAL")]
    pub medium: Option<String>,
    /// What happened
    #[arg(long, value_name = "EVENT", value_parser = events())]
    pub event: String,
    /// When it happened: 2026-03-01T10:00:00Z; without it, now
    #[arg(long, value_name = "TIME", value_parser = time)]
    pub time: Option<Time>,
    /// Where
    #[arg(long)]
    pub place: Option<String>,
    /// Who states it
    #[arg(long, value_name = "NAME")]
    pub person: String,
    /// In which role
    #[arg(long)]
    pub role: String,
    /// To whom it was handed over
    #[arg(long, value_name = "NAME", requires = "receiver_role")]
    pub receiver: Option<String>,
    /// In which role that is
    #[arg(long, value_name = "ROLE", requires = "receiver")]
    pub receiver_role: Option<String>,
    /// The machine that degaussed or shredded
    #[arg(long)]
    pub device: Option<String>,
    /// The strength of its field, as in "1.8 T"
    #[arg(long, value_name = "STRENGTH")]
    pub field: Option<String>,
    /// The size of the particles that are left, as in "2 mm"
    #[arg(long, value_name = "SIZE")]
    pub particles: Option<String>,
    #[arg(long)]
    pub note: Option<String>,
    /// A photograph or a document, whose digest is kept
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub attach: Option<PathBuf>,
    /// The secret key of the person
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub key: PathBuf,
}

impl Shown {
    pub fn form(&self) -> Form {
        Form::parse(&self.format).unwrap_or(Form::Terminal)
    }
}

impl Added {
    pub fn event(&self) -> Event {
        Event::parse(&self.event).unwrap_or(Event::Other)
    }
}

fn forms() -> PossibleValuesParser {
    Form::ALL.map(Form::name).to_vec().into()
}

fn events() -> PossibleValuesParser {
    Event::ALL.map(Event::as_str).to_vec().into()
}

fn time(text: &str) -> Result<Time, String> {
    Time::parse(text).ok_or_else(|| "a date or a time as in 2026-03-01T10:00:00Z".into())
}
