//! Where an archive in two pieces was torn: its directory says where each member should stand.

use std::ops::Range;

use super::{directory, member::Member};
use crate::{
    Stretch,
    formats::{Joint, Walked},
};

/// How far behind the gap the directory is looked for.
const FARTHEST: u64 = 64 << 20;
/// By which each entry of a directory begins, and the record that closes it.
const ENTRY: [u8; 4] = directory::ENTRY.to_le_bytes();
const CLOSE: [u8; 4] = directory::CLOSE.to_le_bytes();
/// The most directories that are tried.
const MOST: usize = 64;

pub fn joints(stretch: &mut Stretch, walked: &Walked, largest: u64) -> Vec<Joint> {
    let sound = walked.sound();
    let to = sound.saturating_add(largest).saturating_add(FARTHEST).min(stretch.len());
    let (mut found, mut at) = (Vec::new(), sound);
    for _ in 0..MOST {
        let Some(place) = stretch.find_far(at, to, &ENTRY) else { break };
        match directory::read(stretch, place) {
            Ok(read) => {
                at = read.end;
                found.extend(joint(stretch, sound, &read, largest));
            }
            Err(broke) => at = broke.max(place + 4),
        }
    }
    if found.is_empty() {
        found.extend(in_directory(stretch, sound..to, largest));
    }
    found
}

/// Torn in the directory: its last record tells where it began and how long it is, and so where itself should stand.
fn in_directory(stretch: &mut Stretch, behind: Range<u64>, largest: u64) -> Option<Joint> {
    let (sound, mut at) = (behind.start, behind.start);
    for _ in 0..MOST {
        let place = stretch.find_far(at, behind.end, &CLOSE)?;
        at = place + 4;
        let Some((begins, ends)) = directory::told(stretch, place) else { continue };
        let gap = place.checked_sub(ends).filter(|gap| (1..=largest).contains(gap));
        let ours = begins <= sound && stretch.u32_le(begins) == Some(directory::ENTRY);
        if let Some(gap) = gap.filter(|_| ours) {
            return Some(Joint { split: begins.max(1)..ends + 1, gap });
        }
    }
    None
}

fn joint(
    stretch: &mut Stretch,
    sound: u64,
    directory: &directory::Directory,
    largest: u64,
) -> Option<Joint> {
    let gap =
        directory.at.checked_sub(directory.recorded).filter(|gap| (1..=largest).contains(gap))?;
    let mut split = 0..directory.recorded.saturating_add(1);
    let mut fits = directory.places.is_empty();
    for place in &directory.places {
        if *place <= sound && Member::read(stretch, *place).is_some() {
            split.start = split.start.max(*place);
            fits = true;
        } else if Member::read(stretch, place.saturating_add(gap)).is_some() {
            split.end = split.end.min(*place + 1);
        }
    }
    (fits && split.start < split.end).then_some(Joint { split, gap })
}
