//! Joins what broke off with what lies behind a gap: a find that is truncated or damaged may go on elsewhere.

use std::sync::atomic::Ordering;

use super::{Recovery, covered::Covered, find::Find, threads::in_turn};
use crate::{
    fragments::{self, Torn},
    landmarks::Landmarks,
};

/// The most clusters between two pieces.
const GAP: u64 = 128;

pub fn join(
    recovery: &Recovery,
    mut finds: Vec<Find>,
    clusters: &(dyn Fn(u64) -> u64 + Sync),
    zeros: &(dyn Fn(u64) -> bool + Sync),
) -> Vec<Find> {
    let mut covered = Covered::default();
    finds.iter().filter(|find| find.is_whole()).for_each(|find| covered.add_find(find));
    let broken: Vec<usize> = (0..finds.len()).filter(|at| may_go_on(&finds[*at])).collect();
    let landmarks = &Landmarks::new(recovery.medium);
    let joined = in_turn(
        recovery.faults,
        &broken,
        || (),
        |(), at| {
            let find = &finds[*at];
            let (start, format, walked) = (find.start()?, find.format?, find.walked.as_ref()?);
            let cluster = clusters(start);
            let used = |place: u64| covered.holds(place) || zeros(place);
            let limit = cluster * GAP;
            let deadline = recovery.deadline;
            let medium = recovery.medium;
            let (used, faults) = (&used, recovery.faults);
            let torn = Torn {
                medium,
                format,
                start,
                cluster,
                walked,
                limit,
                used,
                deadline,
                landmarks,
                faults,
            };
            let (runs, walked) = fragments::join(&torn)?;
            recovery.progress.fetch_add(walked.length, Ordering::Relaxed);
            Some(Find::walked(runs, format, walked, "joined"))
        },
    );
    for (at, joined) in broken.into_iter().zip(joined) {
        if let Some(joined) = joined.flatten() {
            finds[at].merge(joined);
        }
    }
    finds
}

/// What a file system has all of lies where it says.
fn may_go_on(find: &Find) -> bool {
    let torn = find.walked.as_ref().is_some_and(|walked| !walked.is_whole());
    torn && find.runs.len() == 1 && find.names.as_ref().is_none_or(|names| names.deleted)
}
