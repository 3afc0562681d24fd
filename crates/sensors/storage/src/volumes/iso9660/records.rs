//! Records of a folder.

use crate::volumes::{
    fields::{Fields, wide},
    moments,
};

const FOLDER: u8 = 2;
const MORE: u8 = 0x80;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Record {
    pub block: u64,
    pub bytes: u64,
    pub modified: Option<i64>,
    pub folder: bool,
    /// The next record of this name goes on with it.
    pub more: bool,
    pub interleaved: bool,
    pub name: Vec<u8>,
    /// What extensions keep behind the name.
    pub further: Vec<u8>,
}

pub fn parse(raw: &[u8]) -> Option<Record> {
    let fields = Fields(raw);
    let length = usize::from(fields.u8(32));
    let end = 33 + length;
    if raw.len() < 34 || end > raw.len() || length == 0 {
        return None;
    }
    Some(Record {
        block: u64::from(fields.u32(2)) + u64::from(fields.u8(1)),
        bytes: u64::from(fields.u32(10)),
        modified: moment(fields.array(18)),
        folder: fields.u8(25) & FOLDER != 0,
        more: fields.u8(25) & MORE != 0,
        interleaved: fields.u8(26) != 0 || fields.u8(27) != 0,
        name: fields.bytes(33, length).to_vec(),
        further: fields.from(end + (1 - length % 2)).0.to_vec(),
    })
}

impl Record {
    /// `.` and `..` are called 0 and 1.
    pub fn dots(&self) -> bool {
        matches!(self.name[..], [0 | 1])
    }

    /// Without the version behind it.
    pub fn plain(&self) -> String {
        let text = String::from_utf8_lossy(&self.name).into_owned();
        let name = text.rsplit_once(';').map_or(text.as_str(), |(name, _)| name);
        name.strip_suffix('.').unwrap_or(name).to_owned()
    }

    pub fn joliet(&self) -> String {
        let text = wide(self.name.chunks_exact(2).map(|two| u16::from_be_bytes([two[0], two[1]])));
        match text.rsplit_once(';') {
            Some((name, version)) if version.bytes().all(|byte| byte.is_ascii_digit()) => {
                name.to_owned()
            }
            _ => text,
        }
    }
}

/// Years since 1900, with quarters of an hour from UTC.
pub fn moment(raw: [u8; 7]) -> Option<i64> {
    let [year, month, day, hour, minute, second, zone] = raw.map(i64::from);
    let wall = moments::civil([1900 + year, month, day], [hour, minute, second])?;
    Some(wall - i64::from(zone as u8 as i8) * 900)
}
