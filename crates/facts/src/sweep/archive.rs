//! The sweep file: a ZIP of stored parts. `manifest.json` names every part with its digest,
//! `manifest.sig` signs the manifest, `TABLE.arrow` holds a table as a zstd-compressed Arrow file.
//!
//! Reads: files that anyone may have made. The size of the file, of every part, and of what the
//! parts expand to is capped, and nothing is decoded before its digest matched.

use std::{
    collections::HashSet,
    fs::File,
    io::{Cursor, Read, Seek, SeekFrom, Write},
    path::Path,
};

use arrow_array::{Array, RecordBatch, StringArray};
use zip::{CompressionMethod, ZipArchive, ZipWriter, write::SimpleFileOptions};

use super::{FORMAT, Manifest, Observation, Part, Sweep, SweepError, ipc, sha256};
use crate::{
    Table,
    output::{self, Readers},
    seal::{PublicKey, Purpose, Seal, SecretKey},
    table::is_fact_name,
    tables::{self, ProblemRow},
};

const MANIFEST: &str = "manifest.json";
const SIGNATURE: &str = "manifest.sig";
const LOCAL_HEADER: &[u8] = b"PK\x03\x04";
/// The last record of a ZIP file that has no comment.
const INDEX_END_LENGTH: usize = 22;

/// How much one sweep file may make the reader hold.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    pub file_bytes: u64,
    pub manifest_bytes: u64,
    pub expanded_bytes: u64,
    pub parts: usize,
}

impl Default for Limits {
    /// A sweep of a large machine is a few megabytes; the caps leave room for two hundred times that.
    fn default() -> Self {
        Self {
            file_bytes: 512 << 20,
            manifest_bytes: 4 << 20,
            expanded_bytes: 512 << 20,
            parts: 1000,
        }
    }
}

/// A sweep that was read, and the key that signed it.
#[derive(Debug)]
pub struct Signed {
    pub sweep: Sweep,
    pub signer: Option<PublicKey>,
}

/// Demands that one of the keys signed; no keys demand nothing.
pub fn demand(signer: Option<&PublicKey>, keys: &[PublicKey]) -> Result<(), SweepError> {
    match signer {
        _ if keys.is_empty() => Ok(()),
        None => Err(SweepError::Unsigned),
        Some(signer) if keys.contains(signer) => Ok(()),
        Some(signer) => Err(SweepError::OtherSigner { signer: signer.to_string() }),
    }
}

impl Sweep {
    /// Writes the file whole or not at all.
    pub fn save(&self, path: &Path, key: Option<&SecretKey>) -> Result<(), SweepError> {
        // Facts tell an attacker as much as the officer.
        Ok(output::replace(path, &self.to_bytes(key)?, Readers::Nobody)?)
    }

    pub fn to_bytes(&self, key: Option<&SecretKey>) -> Result<Vec<u8>, SweepError> {
        let mut manifest = self.manifest.clone();
        manifest.parts.clear();
        let mut contents = Vec::new();
        for (table, seen) in &self.tables {
            let bytes = ipc::encode(&seen.batches).map_err(malformed)?;
            manifest.parts.push(part(table, seen, &bytes));
            contents.push(bytes);
        }
        let text = serde_json::to_vec_pretty(&manifest).map_err(malformed)?;
        let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
        store(&mut zip, MANIFEST, &text)?;
        if let Some(key) = key {
            let seal = serde_json::to_vec_pretty(&key.sign(Purpose::SweepManifest, &text))
                .map_err(malformed)?;
            store(&mut zip, SIGNATURE, &seal)?;
        }
        for (part, bytes) in manifest.parts.iter().zip(&contents) {
            store(&mut zip, &part.file, bytes)?;
        }
        Ok(zip.finish().map_err(malformed)?.into_inner())
    }

    pub fn open(path: &Path, limits: &Limits) -> Result<Signed, SweepError> {
        read(file(path, limits)?, limits)
    }

    /// What a file says of itself, and who signed that. Its parts are not looked at.
    pub fn peek(path: &Path, limits: &Limits) -> Result<(Manifest, Option<PublicKey>), SweepError> {
        manifest_of(&mut unpack(file(path, limits)?, limits)?, limits)
    }

    pub fn from_bytes(bytes: &[u8], limits: &Limits) -> Result<Signed, SweepError> {
        within("the file", bytes.len() as u64, limits.file_bytes)?;
        read(Cursor::new(bytes), limits)
    }
}

/// Opening a pipe would wait for its writer, so what is there is looked at first.
fn file(path: &Path, limits: &Limits) -> Result<File, SweepError> {
    let found = std::fs::metadata(path)?;
    if !found.is_file() {
        return Err(SweepError::NotASweep);
    }
    within("the file", found.len(), limits.file_bytes)?;
    Ok(File::open(path)?)
}

fn part(table: &str, seen: &Observation, bytes: &[u8]) -> Part {
    Part {
        table: table.to_owned(),
        version: seen.version,
        file: format!("{table}.arrow"),
        rows: seen.batches.iter().map(|batch| batch.num_rows() as u64).sum(),
        bytes: bytes.len() as u64,
        sha256: sha256(bytes),
    }
}

fn store<W: Write + Seek>(
    zip: &mut ZipWriter<W>,
    name: &str,
    bytes: &[u8],
) -> Result<(), SweepError> {
    let options = SimpleFileOptions::default()
        .compression_method(CompressionMethod::Stored)
        .large_file(bytes.len() >= u32::MAX as usize);
    zip.start_file(name, options).map_err(malformed)?;
    Ok(zip.write_all(bytes)?)
}

fn unpack<R: Read + Seek>(mut source: R, limits: &Limits) -> Result<ZipArchive<R>, SweepError> {
    let mut start = Vec::new();
    source.by_ref().take(LOCAL_HEADER.len() as u64).read_to_end(&mut start)?;
    if !LOCAL_HEADER.starts_with(&start) {
        return Err(SweepError::NotASweep);
    }
    let named = entries(&mut source)?;
    let zip = ZipArchive::new(source)
        .map_err(|error| SweepError::Truncated(format!("its index is not there ({error})")))?;
    if zip.len() as u64 != named {
        return Err(SweepError::Altered("two of its parts have the same name".into()));
    }
    if zip.len() > limits.parts {
        let what = "its list of parts".into();
        return Err(SweepError::TooLarge { what, limit: limits.parts as u64 });
    }
    Ok(zip)
}

fn manifest_of<R: Read + Seek>(
    zip: &mut ZipArchive<R>,
    limits: &Limits,
) -> Result<(Manifest, Option<PublicKey>), SweepError> {
    let text = entry(zip, MANIFEST, limits.manifest_bytes)?.ok_or(SweepError::NotASweep)?;
    let manifest = manifest(&text)?;
    let signer = match entry(zip, SIGNATURE, limits.manifest_bytes)? {
        None => None,
        Some(seal) => Some(parse::<Seal>(SIGNATURE, &seal)?.verify(Purpose::SweepManifest, &text)?),
    };
    Ok((manifest, signer))
}

fn read<R: Read + Seek>(source: R, limits: &Limits) -> Result<Signed, SweepError> {
    let mut zip = unpack(source, limits)?;
    let (manifest, signer) = manifest_of(&mut zip, limits)?;
    no_strangers(&zip, &manifest)?;
    only_facts(&manifest)?;
    let mut sweep = Sweep::new(manifest);
    let mut budget = limits.expanded_bytes;
    for part in sweep.manifest.parts.clone() {
        let observation =
            observation(&mut zip, &part, &sweep.manifest.target, limits, &mut budget)?;
        sweep.tables.insert(part.table, observation);
    }
    Ok(Signed { sweep, signer })
}

/// How many parts the index names. It is read apart because the ZIP reader keeps only one of two
/// parts of one name, and another program may keep the other.
fn entries<R: Read + Seek>(source: &mut R) -> Result<u64, SweepError> {
    let missing = || SweepError::Truncated("its index is not there".into());
    let mut end = [0; INDEX_END_LENGTH];
    source.seek(SeekFrom::End(-(INDEX_END_LENGTH as i64))).map_err(|_| missing())?;
    source.read_exact(&mut end)?;
    source.rewind()?;
    match end {
        [b'P', b'K', 5, 6, _, _, _, _, _, _, low, high, ..] => {
            Ok(u16::from_le_bytes([low, high]).into())
        }
        _ => Err(missing()),
    }
}

fn manifest(text: &[u8]) -> Result<Manifest, SweepError> {
    #[derive(serde::Deserialize)]
    struct Version {
        format: u32,
    }
    let Version { format } = parse(MANIFEST, text)?;
    if format > FORMAT {
        return Err(SweepError::Newer { found: format, known: FORMAT });
    }
    parse(MANIFEST, text)
}

/// A part that the manifest does not name is covered by no digest and no signature.
fn no_strangers<R: Read + Seek>(
    zip: &ZipArchive<R>,
    manifest: &Manifest,
) -> Result<(), SweepError> {
    let known = [MANIFEST, SIGNATURE].into_iter();
    let known: HashSet<&str> =
        known.chain(manifest.parts.iter().map(|p| p.file.as_str())).collect();
    for name in zip.file_names() {
        let name = name.map_err(malformed)?;
        if !known.contains(name.as_ref()) {
            return Err(SweepError::Altered(format!("'{name}' is not in the manifest")));
        }
    }
    Ok(())
}

/// A sweep must not bring a policy of its own, and has to say what it could not see.
fn only_facts(manifest: &Manifest) -> Result<(), SweepError> {
    let foreign = |name: &str| {
        let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
        name.is_empty() || !name.chars().all(plain) || !is_fact_name(name)
    };
    if let Some(part) = manifest.parts.iter().find(|part| foreign(&part.table)) {
        return Err(SweepError::Malformed(format!("'{}' is no table of facts", part.table)));
    }
    let mut seen = HashSet::new();
    if let Some(part) = manifest.parts.iter().find(|part| !seen.insert(&part.table)) {
        return Err(SweepError::Malformed(format!("'{}' is there twice", part.table)));
    }
    if manifest.parts.iter().all(|part| part.table != ProblemRow::DEF.name) {
        return Err(SweepError::Malformed("the table 'problems' is missing".into()));
    }
    Ok(())
}

fn observation<R: Read + Seek>(
    zip: &mut ZipArchive<R>,
    part: &Part,
    target: &str,
    limits: &Limits,
    budget: &mut u64,
) -> Result<Observation, SweepError> {
    let bytes = entry(zip, &part.file, limits.file_bytes)?
        .ok_or_else(|| SweepError::Altered(format!("part '{}' is missing", part.file)))?;
    if sha256(&bytes) != part.sha256 {
        return Err(SweepError::Altered(format!("part '{}' does not match its digest", part.file)));
    }
    let batches = ipc::decode(&bytes, budget).map_err(|error| match error {
        ipc::DecodeError::OverBudget => SweepError::TooLarge {
            what: format!("what '{}' expands to", part.file),
            limit: limits.expanded_bytes,
        },
        ipc::DecodeError::Malformed(detail) => {
            SweepError::Malformed(format!("part '{}': {detail}", part.file))
        }
    })?;
    one_target(&batches, &part.file, target)?;
    as_defined(&batches, part)?;
    Ok(Observation { version: part.version, batches })
}

/// A known table keeps to its definition, and every table to what the manifest says of it.
fn as_defined(batches: &[RecordBatch], part: &Part) -> Result<(), SweepError> {
    let wrong = |what: String| SweepError::Malformed(format!("part '{}': {what}", part.file));
    let rows: usize = batches.iter().map(RecordBatch::num_rows).sum();
    if rows as u64 != part.rows {
        return Err(wrong(format!("{rows} rows, where the manifest says {}", part.rows)));
    }
    let Some(def) = tables::find(&part.table) else { return Ok(()) };
    for column in def.all_columns().filter(|column| !column.nullable) {
        let hollow = |batch: &RecordBatch| {
            batch.column_by_name(column.name).is_some_and(|cells| cells.null_count() > 0)
        };
        if batches.iter().any(hollow) {
            return Err(wrong(format!("'{}' has empty cells", column.name)));
        }
    }
    Ok(())
}

/// Facts about one machine must not be able to speak for another.
fn one_target(batches: &[RecordBatch], file: &str, target: &str) -> Result<(), SweepError> {
    for batch in batches {
        let column = batch.column_by_name("target");
        let column = column.and_then(|c| c.as_any().downcast_ref::<StringArray>());
        let column = column
            .ok_or_else(|| SweepError::Malformed(format!("part '{file}' has no column target")))?;
        if column.iter().any(|cell| cell != Some(target)) {
            return Err(SweepError::Altered(format!("part '{file}' speaks of another target")));
        }
    }
    Ok(())
}

fn entry<R: Read + Seek>(
    zip: &mut ZipArchive<R>,
    name: &str,
    limit: u64,
) -> Result<Option<Vec<u8>>, SweepError> {
    let Some(index) = zip.index_for_name(name) else { return Ok(None) };
    let entry =
        zip.by_index(index).map_err(|error| SweepError::Truncated(format!("'{name}': {error}")))?;
    if entry.compression() != CompressionMethod::Stored {
        let repacked = format!("'{name}' was packed again; the parts of a sweep file are stored");
        return Err(SweepError::Altered(repacked));
    }
    within(&format!("'{name}'"), entry.size(), limit)?;
    let size = entry.size();
    let mut bytes = Vec::new();
    entry
        .take(limit)
        .read_to_end(&mut bytes)
        .map_err(|error| SweepError::Altered(format!("'{name}': {error}")))?;
    if bytes.len() as u64 != size {
        return Err(SweepError::Truncated(format!("'{name}' ends early")));
    }
    Ok(Some(bytes))
}

fn within(what: &str, size: u64, limit: u64) -> Result<(), SweepError> {
    if size > limit {
        return Err(SweepError::TooLarge { what: what.into(), limit });
    }
    Ok(())
}

fn parse<T: serde::de::DeserializeOwned>(name: &str, text: &[u8]) -> Result<T, SweepError> {
    serde_json::from_slice(text).map_err(|e| SweepError::Malformed(format!("{name}: {e}")))
}

fn malformed(error: impl std::fmt::Display) -> SweepError {
    SweepError::Malformed(error.to_string())
}
