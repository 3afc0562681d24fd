//! EFI programs and kernels of their form: who signed them by their own word, their digest, and the
//! command line that a kernel brings along.
//!
//! Limits: 256 MiB of a program, 64 KiB of a command line, and what `pe` and `der` say. A signature
//! is read and not verified.

mod der;
mod pe;

use std::{
    io::{Read, Seek, SeekFrom},
    path::Path,
};

use leaksweep_facts::sweep::hex;
use sha2::{Digest, Sha256};

use super::digest;
use crate::root::{Failure, Root};

const CAP: u64 = 256 << 20;
const MAX_LINE: u64 = 64 << 10;

/// What a program says of itself.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Program {
    pub sha256: String,
    /// Names of those who signed, separated by semicolons; empty where nobody did, none where this is
    /// no program of EFI.
    pub signers: Option<String>,
    /// Whether its signatures made no sense.
    pub senseless: bool,
}

pub fn read(root: &Root, path: &Path) -> Result<Program, Failure> {
    let sha256 = sha256(root, path)?;
    let (head, _) = root.head(path, pe::HEADERS)?;
    let Some(frame) = pe::parse(&head) else { return Ok(Program { sha256, ..Program::default() }) };
    let table = part(root, path, &frame.signatures, pe::MAX_TABLE)?;
    let (signers, senseless) = signers(&table);
    Ok(Program { sha256, signers: Some(signers), senseless })
}

/// The command line in a unified kernel image.
pub fn command_line(root: &Root, path: &Path) -> Result<Option<Vec<u8>>, Failure> {
    let (head, _) = root.head(path, pe::HEADERS)?;
    let frame = pe::parse(&head).unwrap_or_default();
    let Some(found) = frame.sections.iter().find(|part| part.name == b".cmdline") else {
        return Ok(None);
    };
    let mut line = part(root, path, found, MAX_LINE)?;
    let end = line.iter().position(|byte| *byte == 0).unwrap_or(line.len());
    line.truncate(end);
    Ok(Some(line))
}

/// All of it in memory, for the fuzzer.
pub fn parse(bytes: &[u8]) {
    if let Some(frame) = pe::parse(bytes) {
        let start = usize::try_from(frame.signatures.start).unwrap_or(usize::MAX);
        signers(bytes.get(start..).unwrap_or_default());
    }
    signers(bytes);
    der::signers(bytes);
}

fn signers(table: &[u8]) -> (String, bool) {
    let (mut names, mut senseless) = (Vec::new(), false);
    for signature in pe::signatures(table) {
        match der::signers(signature) {
            Some(found) => names.extend(found),
            None => senseless = true,
        }
    }
    names.dedup();
    (names.join("; "), senseless || (!table.is_empty() && names.is_empty()))
}

fn part(root: &Root, path: &Path, part: &pe::Part, cap: u64) -> Result<Vec<u8>, Failure> {
    let mut content = Vec::new();
    if part.size > cap {
        return Err(Failure::malformed(format!("a part of more than {cap} bytes")));
    }
    let mut file = root.reader(path, CAP)?.into_inner();
    file.seek(SeekFrom::Start(part.start))?;
    file.take(part.size).read_to_end(&mut content)?;
    Ok(content)
}

/// The SHA-256 of a file of any content.
pub fn sha256(root: &Root, path: &Path) -> Result<String, Failure> {
    let mut hash = Sha256::new();
    digest::feed(&mut hash, &mut root.reader(path, CAP)?)?;
    Ok(hex(&hash.finalize()))
}

#[cfg(test)]
mod tests;
