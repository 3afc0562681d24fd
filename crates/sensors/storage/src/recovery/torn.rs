//! Joins what broke off with what lies behind a gap.

use super::{Recovery, find::Find};

pub fn join(
    _recovery: &Recovery,
    finds: Vec<Find>,
    _clusters: &(dyn Fn(u64) -> u64 + Sync),
    _zeros: &(dyn Fn(u64) -> bool + Sync),
) -> Vec<Find> {
    finds
}
