//! What an Arrow file declares of itself, held against what sweep files are, before a reader
//! believes it.
//!
//! Reads: bytes of one part. Allowed are flat columns of the kinds that facts use. Every length is
//! added up, those of blocks that overlap as often as they are named.

use std::collections::HashSet;

use arrow_ipc::{
    Block, Buffer, Endianness, Field, Footer, Message, MessageHeader, RecordBatch, TimeUnit, Type,
    root_as_footer, root_as_message,
};

const MAGIC: &[u8] = b"ARROW1";
const TRAILER: usize = 4 + MAGIC.len();
/// Every buffer of a compressed batch starts with its length before compression.
const LENGTH_PREFIX: usize = 8;
/// What a batch and each of its columns cost the reader even when they are empty.
const BATCH_COST: u64 = 1024;
const COLUMN_COST: u64 = 256;

/// What reading the file may take, in bytes.
pub fn expanded_size(bytes: &[u8]) -> Result<u64, String> {
    let footer = root_as_footer(footer(bytes)?).map_err(|e| format!("footer: {e}"))?;
    if footer.dictionaries().is_some_and(|dictionaries| !dictionaries.is_empty()) {
        return Err("it has dictionaries, which sweep files do not use".into());
    }
    let columns = columns(&footer)?;
    let mut total = columns.len() as u64 * COLUMN_COST;
    for block in footer.recordBatches().into_iter().flatten() {
        total = add(total, batch_size(bytes, block, &columns)?)?;
    }
    Ok(total)
}

fn footer(bytes: &[u8]) -> Result<&[u8], String> {
    let body = bytes.len().checked_sub(TRAILER).ok_or("too short")?;
    let (rest, trailer) = bytes.split_at(body);
    let (length, magic) = trailer.split_first_chunk::<4>().ok_or("too short")?;
    if !bytes.starts_with(MAGIC) || magic != MAGIC {
        return Err("not an Arrow file".into());
    }
    let length = usize::try_from(i32::from_le_bytes(*length)).map_err(|_| "negative length")?;
    let start = rest.len().checked_sub(length).ok_or("footer longer than the file")?;
    rest.get(start..).ok_or_else(|| "too short".into())
}

/// The buffers of one column, each with the bits that a row takes in it. The first tells which cells
/// are null; text has bits for its ends, and any amount for its characters.
type Buffers = &'static [u64];

/// The buffers of every column.
fn columns(footer: &Footer<'_>) -> Result<Vec<Buffers>, String> {
    let schema = footer.schema().ok_or("it has no schema")?;
    let fields = schema.fields().ok_or("its schema has no columns")?;
    if schema.endianness() != Endianness::Little {
        return Err("its numbers are big-endian".into());
    }
    let metadata = footer.custom_metadata();
    if metadata.into_iter().flatten().any(|pair| pair.key().is_none() || pair.value().is_none()) {
        return Err("its metadata lacks a key or a value".into());
    }
    let mut names = HashSet::new();
    for field in fields {
        let name = field.name().ok_or("a column has no name")?;
        if !names.insert(name) {
            return Err(format!("two columns are called '{name}'"));
        }
    }
    fields.iter().map(buffers).collect()
}

/// The buffers of a column; an error for every kind that facts do not use.
fn buffers(field: Field<'_>) -> Result<Buffers, String> {
    let plain = field.dictionary().is_none() && field.children().is_none_or(|c| c.is_empty());
    let integer = || field.type_as_int().is_some_and(|int| int.bitWidth() == 64 && int.is_signed());
    let seconds = || field.type_as_timestamp().is_some_and(|t| t.unit() == TimeUnit::SECOND);
    match field.type_type() {
        Type::Utf8 if plain => Ok(&[1, 32, 0]),
        Type::Bool if plain => Ok(&[1, 1]),
        Type::Int if plain && integer() => Ok(&[1, 64]),
        Type::Timestamp if plain && seconds() => Ok(&[1, 64]),
        _ => Err(format!(
            "column '{}' is of a kind that sweep files do not use",
            field.name().unwrap_or_default()
        )),
    }
}

fn batch_size(bytes: &[u8], block: &Block, columns: &[Buffers]) -> Result<u64, String> {
    let start = usize::try_from(block.offset()).map_err(|_| "negative offset")?;
    let meta = usize::try_from(block.metaDataLength()).map_err(|_| "negative length")?;
    let length = usize::try_from(block.bodyLength()).map_err(|_| "negative length")?;
    let block = bytes.get(start..).ok_or("a block lies outside the file")?;
    let (meta, rest) = block.split_at_checked(meta).ok_or("a block lies outside the file")?;
    let body = rest.get(..length).ok_or("a block lies outside the file")?;
    let message = message(meta)?;
    let batch = message.header_as_record_batch().ok_or("a block is not a record batch")?;
    shape(batch, columns)?;
    let overhead = BATCH_COST + columns.len() as u64 * COLUMN_COST;
    let read = add(meta.len() as u64, body.len() as u64)?;
    add(add(overhead, read)?, buffers_size(batch, body, columns)?)
}

/// A message starts with its length, since format 0.15 after a continuation mark.
fn message(meta: &[u8]) -> Result<Message<'_>, String> {
    let skip = if meta.starts_with(&[0xff; 4]) { 8 } else { 4 };
    let meta = meta.get(skip..).ok_or("a message is too short")?;
    let message = root_as_message(meta).map_err(|e| format!("message: {e}"))?;
    match message.header_type() {
        MessageHeader::RecordBatch => Ok(message),
        _ => Err("a block is not a record batch".into()),
    }
}

/// A batch has for every column one node, as long as the batch, and the buffers of its kind.
fn shape(batch: RecordBatch<'_>, columns: &[Buffers]) -> Result<(), String> {
    let nodes = batch.nodes().ok_or("a batch has no nodes")?;
    let rows = batch.length();
    if nodes.len() != columns.len()
        || batch.buffers().map_or(0, |buffers| buffers.len())
            != columns.iter().map(|buffers| buffers.len()).sum::<usize>()
        || batch.variadicBufferCounts().is_some_and(|counts| !counts.is_empty())
    {
        return Err("a batch does not have the columns of its schema".into());
    }
    if nodes.iter().any(|node| node.length() != rows || !(0..=rows).contains(&node.null_count())) {
        return Err("a column is not as long as its batch".into());
    }
    Ok(())
}

fn buffers_size(batch: RecordBatch<'_>, body: &[u8], columns: &[Buffers]) -> Result<u64, String> {
    let rows = u64::try_from(batch.length()).map_err(|_| "negative row count")?;
    let mut total = rows;
    let mut buffers = batch.buffers().into_iter().flatten();
    for (node, column) in batch.nodes().into_iter().flatten().zip(columns) {
        for (at, bits) in column.iter().enumerate() {
            let buffer = buffers.next().ok_or("a buffer is missing")?;
            let size = buffer_size(buffer, body, batch.compression().is_some())?;
            // Where no cell is null, nothing need say which.
            let read = at > 0 || node.null_count() > 0;
            fits(size, *bits, if read { rows } else { 0 })?;
            total = add(total, size)?;
        }
    }
    Ok(total)
}

fn buffer_size(buffer: &Buffer, body: &[u8], compressed: bool) -> Result<u64, String> {
    let start = usize::try_from(buffer.offset()).map_err(|_| "negative offset")?;
    let length = usize::try_from(buffer.length()).map_err(|_| "negative length")?;
    let content = body.get(start..).and_then(|rest| rest.get(..length));
    let content = content.ok_or("a buffer lies outside its batch")?;
    if compressed { declared_size(content) } else { Ok(length as u64) }
}

fn fits(size: u64, bits: u64, rows: u64) -> Result<(), String> {
    if size < bits.saturating_mul(rows).div_ceil(8) {
        return Err("a buffer is shorter than its column".into());
    }
    if !size.is_multiple_of((bits / 8).max(1)) {
        return Err("a buffer does not hold whole items".into());
    }
    Ok(())
}

fn declared_size(content: &[u8]) -> Result<u64, String> {
    if content.is_empty() {
        return Ok(0);
    }
    let prefix = content.first_chunk::<LENGTH_PREFIX>().ok_or("a buffer has no length")?;
    match i64::from_le_bytes(*prefix) {
        -1 => Ok((content.len() - LENGTH_PREFIX) as u64),
        length => u64::try_from(length).map_err(|_| "negative buffer length".into()),
    }
}

fn add(one: u64, other: u64) -> Result<u64, String> {
    one.checked_add(other).ok_or_else(|| "lengths overflow".into())
}
