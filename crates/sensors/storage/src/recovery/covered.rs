//! Which places belong to finds already: what lies inside a picture's file or a document is no find of its own.

use super::find::Find;
use crate::ranges::Ranges;

/// The places of finds.
pub type Covered = Ranges;

impl Covered {
    pub fn add_find(&mut self, find: &Find) {
        if find.keeps_its_inside() {
            find.own_runs().into_iter().for_each(|run| self.add(run));
        }
    }
}

/// Leaves out what begins inside another find: threads that worked side by side did not see each other's.
/// What a file system names stays.
pub fn without_inner(mut finds: Vec<Find>) -> Vec<Find> {
    finds.sort_by_key(|find| (find.start().unwrap_or(u64::MAX), std::cmp::Reverse(find.bytes)));
    let mut covered = Covered::default();
    // What lies in pieces, or is known from elsewhere, may cover what begins before it.
    for find in finds.iter().filter(|find| find.runs.len() > 1 && find.is_whole()) {
        find.own_runs().into_iter().skip(1).for_each(|run| covered.add(run));
    }
    finds.retain(|find| {
        let inside = find.start().is_some_and(|start| covered.holds(start));
        let stays = find.names.is_some() || !inside;
        if stays {
            covered.add_find(find);
        }
        stays
    });
    finds
}
