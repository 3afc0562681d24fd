//! Containers as the files of their managers describe them: Docker, Podman and its units, LXC, Incus
//! and LXD, systemd-nspawn, and the pods that a kubelet starts from files. Read are the machine's own
//! and those of users; no manager is asked, and no image is looked into.
//!
//! Limits: 4 MiB of a file, 5,000 containers of one manager, 256 MiB of files of one user and as much
//! of the system, 20,000 rows; 4,096 bytes of a command or of a list. Environments, which hold
//! secrets, are not kept. How Podman restarts what no unit starts is in a database that is not read.

mod docker;
mod incus;
mod isolation;
mod kubernetes;
mod lxc;
mod nspawn;
mod podman;
mod quadlet;

use std::path::Path;

use leaksweep_facts::{Observed, Time, tables::host::Container};
use serde_json::Value;

use crate::{
    accounts::Home,
    machine::Machine,
    name,
    reading::{Limits, Reading},
    secrets, traits,
};
use isolation::Isolation;

pub use docker::parse as parse_docker;
pub use incus::parse as parse_incus;
pub use kubernetes::parse as parse_pod;
pub use lxc::parse as parse_lxc;
pub use nspawn::parse as parse_nspawn;
pub use podman::{parse_list as parse_podman_list, parse_specification as parse_oci};
pub use quadlet::parse as parse_quadlet;

const LIMITS: Limits = Limits { rows: 20_000, bytes: 256 << 20 };
const MAX_CONTAINERS: usize = 5_000;
const CAP: u64 = 4 << 20;
const TEXT_LENGTH: usize = 4 << 10;
const ALWAYS: &str = "always";
const NEVER: &str = "no";

type Containers<'a> = Reading<'a, Container>;

/// What a parser finds of one container.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Found {
    id: String,
    name: String,
    image: String,
    restart: String,
    starts: bool,
    command: Vec<String>,
    created: Option<String>,
    isolation: Isolation,
    /// The process by which it ran when its file was written.
    process: Option<i64>,
}

pub fn collect(machine: &Machine, homes: &[Home]) -> Observed<Container> {
    let mut reading = Reading::new(&machine.root, LIMITS);
    docker::of_system(&mut reading, machine);
    podman::of_system(&mut reading);
    quadlet::of_system(&mut reading);
    lxc::of_system(&mut reading);
    incus::of_system(&mut reading);
    nspawn::of_system(&mut reading);
    kubernetes::of_system(&mut reading);
    for home in homes {
        reading.turn();
        docker::of_home(&mut reading, machine, home);
        podman::of_home(&mut reading, home);
        quadlet::of_home(&mut reading, home);
        lxc::of_home(&mut reading, home);
    }
    reading.done(machine.privileged)
}

/// Adds the row of a container that a file describes; in a user's container root is that user.
fn add(
    reading: &mut Containers<'_>,
    manager: &str,
    path: &Path,
    home: Option<&Home>,
    found: Found,
) {
    let command = shown(&found.command.join(" "));
    let isolation = &found.isolation;
    let row = Container {
        manager: manager.into(),
        id: short(&found.id),
        name: short(&found.name),
        image: shown(&found.image),
        user: home.map(|home| home.user.clone()),
        restart: found.restart,
        starts: found.starts,
        running: None,
        privileged: isolation.privileged,
        shares: isolation.shares(),
        folders: short(&isolation.folders()),
        capabilities: short(&isolation.capabilities()),
        escapes: home.is_none() && isolation.escapes(),
        traits: traits::of(&command),
        command,
        path: name::path(path),
        created: found.created.as_deref().and_then(Time::parse),
    };
    reading.row(row);
}

/// As it may be shown: without secrets, and not longer than a cell takes.
fn shown(text: &str) -> String {
    short(&name::text(&secrets::in_line(text.as_bytes())))
}

fn short(text: &str) -> String {
    text.get(..text.floor_char_boundary(TEXT_LENGTH)).unwrap_or_default().to_owned()
}

fn text(json: &Value, pointer: &str) -> String {
    json.pointer(pointer).and_then(Value::as_str).unwrap_or_default().to_owned()
}

fn texts(json: &Value, pointer: &str) -> Vec<String> {
    let list = json.pointer(pointer).and_then(Value::as_array);
    list.into_iter().flatten().filter_map(Value::as_str).map(str::to_owned).collect()
}

fn flag(json: &Value, pointer: &str) -> bool {
    json.pointer(pointer).and_then(Value::as_bool).unwrap_or_default()
}

#[cfg(test)]
mod tests;
