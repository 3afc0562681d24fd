//! Arrow IPC files from sweep files, which an attacker may have written.
//!
//! Reads: bytes of one part. The Arrow reader allocates what a file declares and panics on what no
//! honest writer makes, so `declared` looks at everything first, within a budget.

mod declared;

use std::io::Cursor;

use arrow_array::RecordBatch;
use arrow_ipc::{
    CompressionType,
    reader::FileReader,
    writer::{FileWriter, IpcWriteOptions},
};
use arrow_schema::ArrowError;

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
#[derive(Debug)]
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
    let need = declared::expanded_size(bytes).map_err(DecodeError::Malformed)?;
    *budget = budget.checked_sub(need).ok_or(DecodeError::OverBudget)?;
    let reader = FileReader::try_new(Cursor::new(bytes), None)?;
    let schema = reader.schema();
    let mut batches = reader.collect::<Result<Vec<_>, _>>()?;
    if batches.is_empty() {
        batches.push(RecordBatch::new_empty(schema));
    }
    Ok(batches)
}
