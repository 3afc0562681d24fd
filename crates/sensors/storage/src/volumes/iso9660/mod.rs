//! ISO 9660 with the names of Rock Ridge, else of Joliet, else its own: folders from the root record on, files in one extent or several.
//! Nothing is ever deleted on one.
//!
//! Limits: 8 MiB for each folder, 8 continuations of a record's further fields, 65,536 extents for each file. Files whose sectors are
//! interleaved with others' are absent.

mod descriptor;
mod extensions;
mod folders;
mod records;
#[cfg(test)]
pub(super) mod tests;

use super::{FileSystem, Named, Volume, tell::Teller};
use crate::{Bytes, Stretch};
use descriptor::Descriptor;
use leaksweep_facts::Problem;

pub const ISO9660: FileSystem = FileSystem { probe, read };

fn probe(volume: &mut Stretch) -> Option<Volume> {
    let primary = Descriptor::primary(volume)?;
    let label = Descriptor::joliet(volume).and_then(|joliet| joliet.label);
    // A label in capitals alone is cut to 32; the one in UTF-16 to 16 characters.
    let longer =
        |joliet: &String| joliet.chars().count() >= primary.label.as_ref().map_or(0, String::len);
    Some(Volume {
        name: "iso9660",
        label: label.filter(longer).or_else(|| primary.label.clone()),
        uuid: primary.made.clone(),
        bytes: primary.bytes.min(volume.len()),
        cluster: primary.block,
        encryption: None,
    })
}

fn read(bytes: &dyn Bytes, volume: &Volume, tell: &mut dyn FnMut(Named)) -> Vec<Problem> {
    let mut teller = Teller::new(volume.name, volume.bytes, tell);
    folders::walk(bytes, &mut teller);
    teller.problems()
}
