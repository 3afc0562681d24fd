//! Stub.

use leaksweep_facts::{Observed, tables::host::EditorExtension};

use crate::{accounts::Home, machine::Machine};

pub fn collect(_machine: &Machine, _homes: &[Home]) -> Observed<EditorExtension> {
    Observed::default()
}
