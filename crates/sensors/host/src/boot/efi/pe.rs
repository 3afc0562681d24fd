//! The frame of an EFI program: where its sections and its signatures lie. Limits: 64 KiB of
//! headers, 96 sections, 1 MiB of signatures, 32 of them.

const MAX_SECTIONS: usize = 96;
const MAX_SIGNATURES: usize = 32;
/// Of these many bytes at its start every header is part.
pub const HEADERS: usize = 64 << 10;
pub const MAX_TABLE: u64 = 1 << 20;
const SIGNED_DATA: u16 = 2;

/// A part of a file.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Part {
    pub name: Vec<u8>,
    pub start: u64,
    pub size: u64,
}

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Program {
    pub sections: Vec<Part>,
    /// The table of signatures; of no size where there is none.
    pub signatures: Part,
}

/// The headers at the start of a file; none where it is no such program.
pub fn parse(bytes: &[u8]) -> Option<Program> {
    if !bytes.starts_with(b"MZ") {
        return None;
    }
    let start = usize::try_from(u32_at(bytes, 0x3c)?).ok()?;
    let header = bytes.get(start..)?;
    if !header.starts_with(b"PE\0\0") {
        return None;
    }
    let count = usize::from(u16_at(header, 6)?);
    let optional = header.get(24..)?;
    let size = usize::from(u16_at(header, 20)?);
    let directories = match u16_at(optional, 0)? {
        0x10b => 96,
        0x20b => 112,
        _ => return None,
    };
    // The fifth folder of the header is the only one with a place in the file, not in memory.
    let number = u32_at(optional, directories - 4)?;
    let at = directories + 4 * 8;
    let signatures = if number > 4 && at + 8 <= size {
        let (start, size) = (u32_at(optional, at)?, u32_at(optional, at + 4)?);
        Part { name: Vec::new(), start: start.into(), size: size.into() }
    } else {
        Part::default()
    };
    let table = optional.get(size..).unwrap_or_default();
    let sections = table.chunks_exact(40).take(count.min(MAX_SECTIONS)).filter_map(section);
    Some(Program { sections: sections.collect(), signatures })
}

fn section(entry: &[u8]) -> Option<Part> {
    let name = entry.get(..8)?;
    let end = name.iter().position(|byte| *byte == 0).unwrap_or(8);
    let (memory, file) = (u32_at(entry, 8)?, u32_at(entry, 16)?);
    let start = u32_at(entry, 20)?.into();
    Some(Part { name: name.get(..end)?.to_vec(), start, size: memory.min(file).into() })
}

/// The signatures in their table.
pub fn signatures(mut table: &[u8]) -> Vec<&[u8]> {
    let mut found = Vec::new();
    while let (Some(length), Some(kind)) = (u32_at(table, 0), u16_at(table, 6)) {
        let length = usize::try_from(length).unwrap_or(usize::MAX);
        let Some(content) = table.get(8..length) else { break };
        if found.len() == MAX_SIGNATURES {
            break;
        }
        if kind == SIGNED_DATA {
            found.push(content);
        }
        let next = length.checked_next_multiple_of(8).unwrap_or(usize::MAX);
        table = table.get(next..).unwrap_or_default();
    }
    found
}

fn u16_at(bytes: &[u8], at: usize) -> Option<u16> {
    let pair = bytes.get(at..at.checked_add(2)?)?;
    pair.try_into().ok().map(u16::from_le_bytes)
}

fn u32_at(bytes: &[u8], at: usize) -> Option<u32> {
    let four = bytes.get(at..at.checked_add(4)?)?;
    four.try_into().ok().map(u32::from_le_bytes)
}
