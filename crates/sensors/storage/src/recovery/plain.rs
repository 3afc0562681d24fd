//! Runs of text that no form holds, in stretches of the medium that belong to nothing yet.

mod sectors;

use super::{
    allowance::Allowance,
    covered::Covered,
    find::Find,
    threads::{Faults, in_turn},
};
use crate::{Bytes, Run, formats::document::text};

/// Texts in stretches of which blocks look like text, and in `others`, of which a few sectors may be: a short file shares its block.
pub fn texts(
    medium: &dyn Bytes,
    faults: &Faults,
    allowance: &Allowance,
    finds: &[Find],
    likely: Vec<Run>,
    others: &[Run],
) -> Vec<Find> {
    let mut covered = Covered::default();
    for find in finds.iter().filter(|find| find.keeps_its_inside() || find.names.is_some()) {
        find.runs.iter().for_each(|run| covered.add(*run));
    }
    let free =
        |runs: &[Run]| -> Vec<Run> { runs.iter().flat_map(|run| covered.without(*run)).collect() };
    let portions: Vec<Run> = free(others).into_iter().flat_map(sectors::portions).collect();
    let single = in_turn(faults, &portions, Vec::new, |buffer, portion| {
        sectors::of_text(medium, *portion, buffer)
    });
    let mut stretches = likely;
    stretches.extend(single.into_iter().flatten().flatten());
    stretches.sort_unstable_by_key(|run| run.start);
    let found = in_turn(
        faults,
        &free(&joined(&stretches)),
        || (),
        |(), run| {
            let mut found = Vec::new();
            text::runs(medium, *run, &mut |start, walked| {
                if allowance.texts.take(start) {
                    found.push(Find::carved(start, &text::TEXT, walked));
                }
            });
            found
        },
    );
    let is_kept = |find: &Find| find.start().is_some_and(|start| allowance.texts.keeps(start));
    found.into_iter().flatten().flatten().filter(is_kept).collect()
}

/// Where a text changes from one script to another, a block of it may look like something else.
const GAP: u64 = 8192;

fn joined(stretches: &[Run]) -> Vec<Run> {
    let mut joined: Vec<Run> = Vec::new();
    for stretch in stretches {
        match joined.last_mut() {
            Some(last) if stretch.start >= last.end() && stretch.start - last.end() <= GAP => {
                last.bytes = stretch.end() - last.start;
            }
            _ => joined.push(*stretch),
        }
    }
    joined
}
