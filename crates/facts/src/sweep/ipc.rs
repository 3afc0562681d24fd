//! Arrow IPC files from sweep files, which an attacker may have written.
//!
//! Reads: bytes of one part. The Arrow reader allocates what a file declares, so every length
//! that a record batch declares is added up here first and held against the budget.

use std::io::Cursor;

use arrow_array::RecordBatch;
use arrow_ipc::{
    Block, CompressionType, MessageHeader, RecordBatch as BatchHeader,
    reader::FileReader,
    root_as_footer, root_as_message,
    writer::{FileWriter, IpcWriteOptions},
};
use arrow_schema::ArrowError;

const MAGIC: &[u8] = b"ARROW1";
const TRAILER: usize = 4 + MAGIC.len();
/// Every buffer of a compressed batch starts with its length before compression.
const LENGTH_PREFIX: usize = 8;

pub fn encode(batches: &[RecordBatch]) -> Result<Vec<u8>, ArrowError> {
    let schema = match batches.first() {
        Some(batch) => batch.schema(),
        None => return Err(ArrowError::InvalidArgumentError("no batch".into())),
    };
    let options = IpcWriteOptions::default().try_with_compression(Some(CompressionType::ZSTD))?;
    let mut writer = FileWriter::try_new_with_options(Vec::new(), &schema, options)?;
    for batch in batches {
        writer.write(batch)?;
    }
    writer.finish()?;
    writer.into_inner()
}

/// Why a part cannot be decoded.
pub enum DecodeError {
    OverBudget,
    Malformed(String),
}

impl From<ArrowError> for DecodeError {
    fn from(error: ArrowError) -> Self {
        Self::Malformed(error.to_string())
    }
}

/// Decodes a part, taking what it expands to out of `budget`.
pub fn decode(bytes: &[u8], budget: &mut u64) -> Result<Vec<RecordBatch>, DecodeError> {
    let need = expanded_size(bytes).map_err(DecodeError::Malformed)?;
    *budget = budget.checked_sub(need).ok_or(DecodeError::OverBudget)?;
    let reader = FileReader::try_new(Cursor::new(bytes), None)?;
    let schema = reader.schema();
    let mut batches = reader.collect::<Result<Vec<_>, _>>()?;
    if batches.is_empty() {
        batches.push(RecordBatch::new_empty(schema));
    }
    Ok(batches)
}

/// What all batches declare that they expand to, in bytes.
fn expanded_size(bytes: &[u8]) -> Result<u64, String> {
    let footer = root_as_footer(footer(bytes)?).map_err(|e| format!("footer: {e}"))?;
    if footer.dictionaries().is_some_and(|dictionaries| !dictionaries.is_empty()) {
        return Err("it has dictionaries, which sweep files do not use".into());
    }
    let mut total = 0u64;
    for block in footer.recordBatches().into_iter().flatten() {
        total = total.checked_add(batch_size(bytes, block)?).ok_or("lengths overflow")?;
    }
    Ok(total)
}

fn footer(bytes: &[u8]) -> Result<&[u8], String> {
    let body = bytes.len().checked_sub(TRAILER).ok_or("too short")?;
    let (rest, trailer) = bytes.split_at(body);
    if !bytes.starts_with(MAGIC) || !trailer.ends_with(MAGIC) {
        return Err("not an Arrow file".into());
    }
    let length = i32::from_le_bytes([trailer[0], trailer[1], trailer[2], trailer[3]]);
    let length = usize::try_from(length).map_err(|_| "negative footer length")?;
    let start = rest.len().checked_sub(length).ok_or("footer longer than the file")?;
    Ok(&rest[start..])
}

fn batch_size(bytes: &[u8], block: &Block) -> Result<u64, String> {
    let start = usize::try_from(block.offset()).map_err(|_| "negative offset")?;
    let meta = usize::try_from(block.metaDataLength()).map_err(|_| "negative length")?;
    let length = usize::try_from(block.bodyLength()).map_err(|_| "negative length")?;
    let body_start = start.checked_add(meta).ok_or("lengths overflow")?;
    let body_end = body_start.checked_add(length).ok_or("lengths overflow")?;
    let meta = bytes.get(start..body_start).ok_or("a block lies outside the file")?;
    let body = bytes.get(body_start..body_end).ok_or("a block lies outside the file")?;
    let message = root_as_message(message(meta)?).map_err(|e| format!("message: {e}"))?;
    if message.header_type() != MessageHeader::RecordBatch {
        return Err("a block is not a record batch".into());
    }
    let batch = message.header_as_record_batch().ok_or("a block is not a record batch")?;
    buffers_size(batch, body)
}

/// A message starts with its length, since format 0.15 after a continuation mark.
fn message(meta: &[u8]) -> Result<&[u8], String> {
    let skip = if meta.starts_with(&[0xff; 4]) { 8 } else { 4 };
    meta.get(skip..).ok_or_else(|| "a message is too short".into())
}

fn buffers_size(batch: BatchHeader<'_>, body: &[u8]) -> Result<u64, String> {
    let rows = u64::try_from(batch.length()).map_err(|_| "negative row count")?;
    let mut total = rows;
    for buffer in batch.buffers().into_iter().flatten() {
        let start = usize::try_from(buffer.offset()).map_err(|_| "negative offset")?;
        let length = usize::try_from(buffer.length()).map_err(|_| "negative length")?;
        let end = start.checked_add(length).ok_or("lengths overflow")?;
        let content = body.get(start..end).ok_or("a buffer lies outside its batch")?;
        let size =
            if batch.compression().is_some() { declared_size(content)? } else { length as u64 };
        total = total.checked_add(size).ok_or("lengths overflow")?;
    }
    Ok(total)
}

fn declared_size(content: &[u8]) -> Result<u64, String> {
    if content.is_empty() {
        return Ok(0);
    }
    let prefix = content.first_chunk::<LENGTH_PREFIX>().ok_or("a buffer has no length")?;
    match i64::from_le_bytes(*prefix) {
        -1 => Ok(content.len() as u64),
        length => u64::try_from(length).map_err(|_| "negative buffer length".into()),
    }
}
