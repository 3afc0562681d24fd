//! Where a compound file in two pieces was torn: its header says where the directory should stand.

use super::chains::Store;
use crate::Stretch;
use crate::formats::{Joint, Walked};

const ROOT: &[u8] = b"R\0o\0o\0t\0 \0E\0n\0t\0r\0y\0\0\0";
/// The most directories that are tried.
const MOST: usize = 16;

pub fn joints(stretch: &mut Stretch, _walked: &Walked, largest: u64) -> Vec<Joint> {
    let (Some(shift), Some(first)) = (stretch.u8(30), stretch.u32_le(48)) else {
        return Vec::new();
    };
    let directory = (u64::from(first) + 1) << shift.min(12);
    let marks = match Store::read(stretch) {
        Some(Ok(store)) => store.marks,
        _ => Vec::new(),
    };
    let start =
        marks.iter().filter(|(at, right)| *right && *at < directory).map(|(at, _)| *at).max();
    let to = directory.saturating_add(largest).saturating_add(512).min(stretch.len());
    let (mut found, mut at) = (Vec::new(), directory + 1);
    while found.len() < MOST {
        let Some(place) = stretch.find_far(at, to, ROOT) else { break };
        at = place + 2;
        let gap = place - directory;
        if gap % 512 == 0 && stretch.u8(place + 66) == Some(5) {
            found.push(Joint { split: start.unwrap_or(512)..directory + 1, gap });
        }
    }
    found
}
