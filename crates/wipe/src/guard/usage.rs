//! Who uses a disk: mounts, swap, what stands on it, other devices of the same serial number.

use std::{os::unix::fs::MetadataExt, path::Path};

use super::{Refusal, Subject, World, neighbours::neighbours, subject};

/// The first reason not to touch a disk.
pub fn refuse(world: &World, subject: &Subject) -> Result<(), Refusal> {
    let Subject { real, name, .. } = subject;
    let disk = format!("sys/class/block/{name}");
    if world.exists(&format!("{disk}/partition")) {
        let whole = real.rsplit('/').nth(1).unwrap_or_default();
        return Err(Refusal::Partition(whole.to_owned()));
    }
    if ["dm-", "md", "bcache", "zram", "ram", "drbd"].iter().any(|start| name.starts_with(start)) {
        return Err(Refusal::Stacked(world.names(&format!("{disk}/slaves"))));
    }
    let mut parts = with_partitions(world, &disk, name);
    for other in neighbours(world, name) {
        parts.extend(with_partitions(world, &format!("sys/class/block/{other}"), &other));
    }
    mounted(world, &parts)?;
    swapped(world, &parts)?;
    held(world, &parts)?;
    if let Some(other) = twin(world, name, subject.medium.serial.as_deref()) {
        return Err(Refusal::Ambiguous(other));
    }
    match world.number(&format!("{disk}/ro")) {
        Some(0) => Ok(()),
        Some(_) => Err(Refusal::ReadOnly),
        None => Err(Refusal::Unknown),
    }
}

/// The names and numbers of a disk and its partitions.
struct Part {
    name: String,
    number: String,
}

fn with_partitions(world: &World, disk: &str, name: &str) -> Vec<Part> {
    let parts = world.names(disk).into_iter().filter(|part| part.starts_with(name));
    let parts = parts.map(|part| (format!("{disk}/{part}"), part));
    let whole = (disk.to_owned(), name.to_owned());
    let all = std::iter::once(whole).chain(parts);
    all.filter_map(|(folder, name)| {
        Some(Part { number: world.word(&format!("{folder}/dev"))?, name })
    })
    .collect()
}

/// In any mount namespace that the kernel lets us see.
fn mounted(world: &World, parts: &[Part]) -> Result<(), Refusal> {
    let processes = world.names("proc");
    let ids = processes.iter().filter(|id| id.bytes().all(|byte| byte.is_ascii_digit()));
    let mut seen = Vec::new();
    for id in ["self"].into_iter().chain(ids.map(String::as_str)) {
        let namespace = world.link(&format!("proc/{id}/ns/mnt"));
        if id != "self" && namespace.is_some() && seen.contains(&namespace) {
            continue;
        }
        seen.push(namespace);
        let Some(mounts) = world.text(&format!("proc/{id}/mountinfo")) else { continue };
        if let Some((part, place)) = mount_of(&mounts, parts) {
            return Err(match place.as_str() {
                "/" | "/usr" | "/boot" | "/boot/efi" | "/var" => Refusal::System { part, place },
                _ => Refusal::Mounted { part, place },
            });
        }
    }
    Ok(())
}

/// By the device's number, and by its name for file systems that have numbers of their own.
fn mount_of(mounts: &str, parts: &[Part]) -> Option<(String, String)> {
    mounts.lines().find_map(|line| {
        let fields: Vec<&str> = line.split(' ').collect();
        let source = line.split(" - ").nth(1).and_then(|rest| rest.split(' ').nth(1));
        let is = |part: &&Part| {
            fields.get(2) == Some(&part.number.as_str())
                || source.is_some_and(|source| source == format!("/dev/{}", part.name))
        };
        let part = parts.iter().find(is)?;
        Some((part.name.clone(), fields.get(4)?.replace("\\040", " ")))
    })
}

fn swapped(world: &World, parts: &[Part]) -> Result<(), Refusal> {
    for path in swaps(world) {
        if parts.iter().any(|part| path == format!("/dev/{}", part.name)) {
            return Err(Refusal::Swap(path));
        }
    }
    Ok(())
}

fn held(world: &World, parts: &[Part]) -> Result<(), Refusal> {
    for part in parts {
        if let Some(holder) = world.names(&format!("sys/class/block/{}/holders", part.name)).pop() {
            let name = world.word(&format!("sys/class/block/{holder}/dm/name"));
            return Err(Refusal::Held { part: part.name.clone(), by: name.unwrap_or(holder) });
        }
    }
    Ok(())
}

/// Another disk that says it has the same serial number.
fn twin(world: &World, name: &str, serial: Option<&str>) -> Option<String> {
    let serial = serial?;
    let others = world.names("sys/class/block").into_iter().filter(|other| other != name);
    let mut disks = others.filter(|other| {
        let disk = format!("sys/class/block/{other}");
        let hidden = world.number(&format!("{disk}/hidden")) == Some(1);
        !hidden && !world.exists(&format!("{disk}/partition")) && !shares_controller(name, other)
    });
    disks.find(|other| {
        let disk = format!("sys/class/block/{other}");
        let identify = subject::identify_page(world, &disk);
        subject::serial(world, &disk, identify.as_ref()).as_deref() == Some(serial)
    })
}

/// Namespaces of one NVMe controller have its serial number by right; so have the other areas of one memory chip. The ways to one
/// namespace by several controllers are hidden, and no devices.
fn shares_controller(one: &str, other: &str) -> bool {
    let chip = |name: &str| {
        let number = name.strip_prefix("mmcblk")?;
        let digits: String = number.chars().take_while(char::is_ascii_digit).collect();
        (!digits.is_empty()).then_some(digits)
    };
    let of = |name: &str| {
        name.starts_with("nvme")
            .then(|| name.rsplit_once('n').map(|two| two.0.to_owned()))
            .flatten()
    };
    (chip(one).is_some() && chip(one) == chip(other)) || (of(one).is_some() && of(one) == of(other))
}

/// The loop device that stands on a file.
pub fn loop_over(world: &World, path: &Path) -> Option<String> {
    let names = world.names("sys/class/block").into_iter().filter(|name| name.starts_with("loop"));
    let over = |name: &String| {
        let file = world.word(&format!("sys/class/block/{name}/loop/backing_file"));
        file.is_some_and(|file| is_same(Path::new(&file), path))
    };
    names.into_iter().find(over)
}

/// Whether the kernel swaps to a file.
pub fn is_swap(world: &World, path: &Path) -> bool {
    swaps(world).iter().any(|swap| is_same(Path::new(swap), path))
}

/// One file may have several names.
fn is_same(one: &Path, other: &Path) -> bool {
    let identity =
        |path: &Path| std::fs::metadata(path).ok().map(|found| (found.dev(), found.ino()));
    one == other || identity(one).is_some_and(|one| Some(one) == identity(other))
}

fn swaps(world: &World) -> Vec<String> {
    let swaps = world.text("proc/swaps").unwrap_or_default();
    let paths = swaps.lines().skip(1).filter_map(|line| line.split_whitespace().next());
    paths.map(|path| path.replace("\\040", " ")).collect()
}
