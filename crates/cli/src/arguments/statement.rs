//! The arguments of statements on printers.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueHint, builder::PossibleValuesParser};
use leaksweep_facts::{Time, statement};

#[derive(Debug, Subcommand)]
pub enum Statement {
    /// Sign one fact that you found out at a printer
    New(Box<NewStatement>),
    /// Show a statement whose signature holds
    Show {
        #[arg(value_hint = ValueHint::FilePath)]
        file: PathBuf,
        /// A key that must have signed it: the key, or a file that holds it; repeatable, any of them will do
        #[arg(long = "pub", value_name = "KEY")]
        public_key: Vec<String>,
    },
    /// List what can be stated, the answers that each takes, and how to find it out
    Topics,
}

#[derive(Debug, Args)]
pub struct NewStatement {
    /// The printer, as it is named to `leaksweep printer`
    #[arg(value_name = "TARGET", value_hint = ValueHint::Hostname)]
    pub target: String,
    /// What was found out
    #[arg(long, value_parser = topics())]
    pub topic: String,
    /// What it is: yes, no, or what the topic takes
    #[arg(long)]
    pub answer: String,
    /// Who found it out
    #[arg(long, value_name = "NAME")]
    pub by: String,
    /// In which role
    #[arg(long)]
    pub role: String,
    /// How: the menu, the page, the data sheet
    #[arg(long, value_name = "TEXT")]
    pub how: Option<String>,
    /// The printer's serial number; then it counts for no other printer of that name
    #[arg(long, value_name = "NUMBER")]
    pub serial: Option<String>,
    /// The last day on which it counts: 2027-01-31
    #[arg(long, value_name = "DATE", value_parser = date)]
    pub until: Option<Time>,
    /// The secret key of the person
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub key: PathBuf,
    /// Where it goes: a new file
    #[arg(short, long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub output: PathBuf,
}

fn topics() -> PossibleValuesParser {
    statement::topics().map(|topic| topic.column).collect::<Vec<_>>().into()
}

fn date(text: &str) -> Result<Time, String> {
    Time::parse(text).ok_or_else(|| "a date as in 2027-01-31".into())
}
