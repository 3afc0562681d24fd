//! `leaksweep catalogue`.

use std::path::PathBuf;

use clap::{Subcommand, ValueHint, builder::PossibleValuesParser};
use leaksweep_catalogue::remote::Kind;

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

fn kinds() -> PossibleValuesParser {
    Kind::ALL.iter().map(|kind| kind.as_str()).collect::<Vec<_>>().into()
}
