//! Commands with a terminal that somebody runs in a container: a process in its control group whose
//! parent is outside, and that is not the one with which the container began.

use std::collections::HashMap;

use leaksweep_facts::tables::host::{Process, Session};

use super::scene::Scene;

const MARKS: [&str; 7] =
    ["/docker-", "/docker/", "/libpod-", "/crio-", "cri-containerd", "/lxc.payload", "/kubepods"];

pub fn tell(scene: &mut Scene<'_>) {
    let inside = |process: &&Process| MARKS.iter().any(|mark| process.control_group.contains(mark));
    let commands: Vec<&Process> = scene.processes.iter().filter(inside).collect();
    let mut first: HashMap<&str, i64> = HashMap::new();
    for process in &commands {
        let pid = first.entry(&process.control_group).or_insert(process.pid);
        *pid = process.pid.min(*pid);
    }
    for process in &commands {
        let parent = scene.parent(process);
        let entered = parent.is_none_or(|parent| parent.control_group != process.control_group);
        let typed = scene.terminal(process.pid).is_some();
        let begun = first.get(process.control_group.as_str()) == Some(&process.pid);
        if begun || !entered || !typed || scene.is_told(process) {
            continue;
        }
        // Its terminal is a number of the container's own.
        let row = Session { idle_seconds: None, ..scene.row("container", process) };
        let below = scene.all_below(process.pid);
        scene.claim(below);
        scene.add(row);
    }
}
