//! The arguments of wiping and of its proof.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueHint, builder::PossibleValuesParser};
use leaksweep_facts::certificate::{Level, Paper};
use leaksweep_wipe::overwrite::{Pass, Scheme};

pub const AFTER: &str = "Ctrl-Z pauses and `fg` goes on; Ctrl-C ends it so that the same command goes on later. \
    Exit code: 0 wiped and proven, 1 not, or only claimed, 2 the job could not be done.";

#[derive(Debug, Args)]
#[command(args_conflicts_with_subcommands = true, subcommand_negates_reqs = true)]
pub struct Wipe {
    #[command(subcommand)]
    pub command: Option<WipeCommand>,
    /// The devices, all at once; each is asked for by its serial number
    #[arg(required = true, value_name = "DEVICE", value_hint = ValueHint::FilePath)]
    pub devices: Vec<PathBuf>,
    /// Its serial number in full, instead of typing it; one for each device, in their order
    #[arg(long, value_name = "NUMBER", requires = "yes")]
    pub serial: Vec<String>,
    /// Ask nothing: the serial numbers are the answer
    #[arg(long, requires = "serial")]
    pub yes: bool,
    /// The key that signs the certificate; make one with `leaksweep key new FILE`
    #[arg(long, value_name = "FILE", required = true, value_hint = ValueHint::FilePath)]
    pub key: Option<PathBuf>,
    #[command(flatten)]
    pub technique: Technique,
    #[command(flatten)]
    pub proof: Proof,
    #[command(flatten)]
    pub statement: Statement,
    /// A sweep of one of the media, made before: what it found is certified with it; one for each, in any order
    #[arg(long, value_name = "SWEEP", value_hint = ValueHint::FilePath)]
    pub before: Vec<PathBuf>,
    /// Write at most so much each second: 50MB, 1GB
    #[arg(long, value_name = "BYTES", value_parser = bytes)]
    pub throttle: Option<u64>,
    /// The folder of journals and manifests; it must not lie on what is wiped
    #[arg(long, value_name = "DIR", value_hint = ValueHint::DirPath)]
    pub state: Option<PathBuf>,
    /// The folder of certificates
    #[arg(short, long, value_name = "DIR", default_value = ".", value_hint = ValueHint::DirPath)]
    pub output: PathBuf,
}

#[derive(Debug, Subcommand)]
pub enum WipeCommand {
    /// Show what would be done, by which commands, to which level, and why no more; writes nothing
    Plan {
        #[arg(value_name = "DEVICE", value_hint = ValueHint::FilePath)]
        device: PathBuf,
        #[command(flatten)]
        technique: Technique,
    },
    /// Prove what was wiped, here or elsewhere, by reading all of it; writes nothing to it
    #[command(
        after_help = "Exit code: 0 nothing is left, 1 something is, or cannot be ruled out, 2 the job could not be done."
    )]
    Verify(Box<Reading>),
    /// Remember what is there without a word of it, to prove later that others wiped it; writes nothing to it
    Remember {
        #[arg(value_name = "DEVICE", value_hint = ValueHint::FilePath)]
        device: PathBuf,
        /// It is a plain file, an image of a disk
        #[arg(long)]
        image: bool,
        /// The new manifest
        #[arg(short, long, value_name = "FILE", value_hint = ValueHint::FilePath)]
        output: PathBuf,
    },
}

/// What is read of a medium, and what it is held against.
#[derive(Debug, Args)]
pub struct Reading {
    #[arg(value_name = "DEVICE", value_hint = ValueHint::FilePath)]
    pub device: PathBuf,
    /// It is a plain file, an image of a disk
    #[arg(long)]
    pub image: bool,
    /// What was there before, made by `wipe` or `wipe remember`
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub manifest: Option<PathBuf>,
    /// A sweep of this medium that was made before it was wiped, by `leaksweep storage DEVICE --save FILE`
    #[arg(long, value_name = "SWEEP", value_hint = ValueHint::FilePath)]
    pub before: Option<PathBuf>,
    /// A sweep of this medium as it is now: whatever it could recover speaks against the wipe
    #[arg(long, value_name = "SWEEP", value_hint = ValueHint::FilePath)]
    pub after: Option<PathBuf>,
    /// What must stand everywhere: 00, ff, 33cc55aa; without it, anything that is no data
    #[arg(long, value_name = "BYTES", value_parser = pattern)]
    pub expect: Option<Scheme>,
    /// Read this share alone, and print what that can rule out: 1% to 100%
    #[arg(long, value_name = "SHARE", value_parser = share, conflicts_with = "manifest")]
    pub sample: Option<u32>,
    /// Write a signed certificate of what was read
    #[arg(long, value_name = "FILE", requires = "key", value_hint = ValueHint::FilePath)]
    pub certificate: Option<PathBuf>,
    /// The key that signs it
    #[arg(long, value_name = "FILE", requires = "certificate", value_hint = ValueHint::FilePath)]
    pub key: Option<PathBuf>,
    #[command(flatten)]
    pub statement: Statement,
}

#[derive(Debug, Args)]
pub struct Technique {
    /// They are plain files, images of disks
    #[arg(long)]
    pub image: bool,
    /// The method, instead of the strongest that is offered; `wipe plan` lists them
    #[arg(long, value_name = "NAME")]
    pub method: Option<String>,
    /// What an overwrite writes: zero, random, bmb21-2019, or passes as in ff,00,random
    #[arg(long, value_name = "SCHEME", default_value = "zero", value_parser = scheme)]
    pub scheme: Scheme,
    /// It was one of several disks that made up a volume, and that volume is gone for good
    #[arg(long)]
    pub former_member: bool,
    /// A file that holds the password of a locked ATA disk
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub ata_password: Option<PathBuf>,
    /// It is the master's password, not the user's
    #[arg(long, requires = "ata_password")]
    pub ata_master: bool,
}

#[derive(Debug, Args)]
pub struct Proof {
    /// Read this share back alone, and print what that can rule out: 1% to 100%
    #[arg(long, value_name = "SHARE", value_parser = share)]
    pub sample: Option<u32>,
    /// Remember what is there first, and look for it afterwards; done by itself where a device's own method leaves what only this can prove
    #[arg(long, conflicts_with = "no_manifest")]
    pub manifest: bool,
    /// Remember nothing
    #[arg(long)]
    pub no_manifest: bool,
}

/// What the operator states, for the certificate.
#[derive(Debug, Args)]
pub struct Statement {
    /// Who does it
    #[arg(long, value_name = "NAME")]
    pub operator: Option<String>,
    /// As what
    #[arg(long, value_name = "ROLE")]
    pub role: Option<String>,
    /// Where
    #[arg(long, value_name = "PLACE")]
    pub place: Option<String>,
    /// The holder's own number of the medium
    #[arg(long, value_name = "NUMBER")]
    pub asset: Option<String>,
    /// What the medium was taken from
    #[arg(long, value_name = "TEXT")]
    pub source: Option<String>,
    /// What becomes of it
    #[arg(long, value_name = "TEXT")]
    pub destination: Option<String>,
    /// The level that the holder's rules demand
    #[arg(long, value_name = "LEVEL", value_parser = levels())]
    pub level: Option<String>,
    /// Anything else
    #[arg(long, value_name = "TEXT")]
    pub note: Option<String>,
}

impl Statement {
    pub fn paper(&self) -> Paper {
        Paper {
            operator: self.operator.clone(),
            role: self.role.clone(),
            place: self.place.clone(),
            asset: self.asset.clone(),
            source: self.source.clone(),
            destination: self.destination.clone(),
            asked: self.level.as_deref().and_then(Level::parse),
            note: self.note.clone(),
        }
    }
}

impl Proof {
    /// None where the method decides.
    pub fn wants_manifest(&self) -> Option<bool> {
        match (self.manifest, self.no_manifest) {
            (true, _) => Some(true),
            (_, true) => Some(false),
            _ => None,
        }
    }
}

fn levels() -> PossibleValuesParser {
    ["clear", "purge"].into()
}

fn scheme(text: &str) -> Result<Scheme, String> {
    Scheme::parse(text)
}

/// One pass that can be told without a key.
fn pattern(text: &str) -> Result<Scheme, String> {
    let scheme = Scheme::parse(text)?;
    match scheme.passes.as_slice() {
        [Pass::Pattern(_)] => Ok(scheme),
        _ => Err("one pattern, as in 00 or ff".into()),
    }
}

/// `10%`, in thousandths.
fn share(text: &str) -> Result<u32, String> {
    let number = text.strip_suffix('%').and_then(|number| number.parse::<f64>().ok());
    let thousandths = number.filter(|share| (0.1..=100.0).contains(share));
    thousandths.map(|share| (share * 10.0).round() as u32).ok_or_else(|| "a share as in 10%".into())
}

/// `50MB`, in bytes.
fn bytes(text: &str) -> Result<u64, String> {
    let units = [("kB", 1_000), ("MB", 1_000_000), ("GB", 1_000_000_000)];
    let found = units.iter().find_map(|(unit, factor)| Some((text.strip_suffix(unit)?, *factor)));
    let (number, factor) = found.unwrap_or((text, 1));
    let number = number.trim().parse::<u64>().ok().and_then(|number| number.checked_mul(factor));
    number.filter(|number| *number > 0).ok_or_else(|| "a number of bytes as in 50MB".into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_and_rates_have_units() {
        assert_eq!((share("10%"), share("0.5%"), share("100%")), (Ok(100), Ok(5), Ok(1000)));
        for wrong in ["10", "0%", "101%", "%", "-1%", "nan%", "1e3%"] {
            assert!(share(wrong).is_err(), "{wrong}");
        }
        assert_eq!(
            (bytes("50MB"), bytes("1 GB"), bytes("512")),
            (Ok(50_000_000), Ok(1_000_000_000), Ok(512))
        );
        for wrong in ["0", "MB", "-1MB", "1TBs", "99999999999GB"] {
            assert!(bytes(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn what_is_expected_is_one_pattern() {
        assert!(pattern("00").is_ok() && pattern("zero").is_ok() && pattern("33cc55aa").is_ok());
        assert!(pattern("00,ff").is_err() && pattern("random").is_err());
        assert!(pattern("bmb21-2019").is_err());
    }
}
