//! What a path leads to, and what the kernel knows of it.

use std::{
    fs::Metadata,
    os::unix::fs::{FileTypeExt, MetadataExt},
    path::{Path, PathBuf},
};

use leaksweep_facts::certificate::{Medium, Range};
use leaksweep_formats::ata::Identify;

use super::{Refusal, World, usage};

/// A medium that could be wiped, as far as the kernel's words go.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Subject {
    pub path: PathBuf,
    /// The kernel's name of it: `sda`; of an image its file name.
    pub name: String,
    /// The kernel's folder on it.
    pub real: String,
    pub block: bool,
    pub partitions: Vec<Range>,
    /// Of a device, its number; of an image, its file system and inode.
    pub number: u64,
    pub inode: (u64, u64),
    pub medium: Medium,
    /// What the user must type.
    pub phrase: String,
    /// What the phrase is, in words.
    pub phrase_is: &'static str,
}

/// Refuses what may not be wiped. `image` is the user's word that a plain file is meant.
pub fn look(world: &World, path: &Path, image: bool) -> Result<Subject, Refusal> {
    let subject = look_only(world, path, image)?;
    match subject.block {
        true => usage::refuse(world, &subject)?,
        false => {
            if let Some(over) = usage::loop_over(world, &subject.path) {
                return Err(Refusal::UnderLoop(over));
            }
            if usage::is_swap(world, &subject.path) {
                return Err(Refusal::Swap(subject.path.display().to_string()));
            }
        }
    }
    Ok(subject)
}

/// What the path leads to, whoever uses it.
pub fn look_only(world: &World, path: &Path, image: bool) -> Result<Subject, Refusal> {
    let found = std::fs::metadata(path).map_err(|error| Refusal::Unreachable(error.to_string()))?;
    let kind = found.file_type();
    match () {
        () if kind.is_block_device() && image => Err(Refusal::NoImage),
        () if kind.is_block_device() => block(world, path, &found),
        () if kind.is_file() && image => file(path, &found),
        () if kind.is_file() => Err(Refusal::PlainFile),
        () if kind.is_dir() => Err(Refusal::Folder),
        () if kind.is_char_device() => Err(Refusal::Controller),
        () => Err(Refusal::NoMedium),
    }
}

fn file(path: &Path, found: &Metadata) -> Result<Subject, Refusal> {
    let path = std::fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    if found.len() == 0 {
        return Err(Refusal::Empty);
    }
    let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let medium = Medium {
        kind: "image".into(),
        bus: "file".into(),
        bytes: found.len(),
        sector: 512,
        ..Medium::default()
    };
    Ok(Subject {
        path,
        phrase: name.clone(),
        phrase_is: "the file's name",
        name,
        real: String::new(),
        block: false,
        partitions: Vec::new(),
        number: 0,
        inode: (found.dev(), found.ino()),
        medium,
    })
}

fn block(world: &World, path: &Path, found: &Metadata) -> Result<Subject, Refusal> {
    let number = found.rdev();
    let (major, minor) = (rustix::fs::major(number), rustix::fs::minor(number));
    let real = world.real(&format!("sys/dev/block/{major}:{minor}")).ok_or(Refusal::Unknown)?;
    let name = real.rsplit('/').next().unwrap_or_default().to_owned();
    let disk = format!("sys/class/block/{name}");
    let medium = told(world, &disk, &real, &name);
    if medium.bytes == 0 {
        return Err(Refusal::Empty);
    }
    let partitions = partitions(world, &disk, &name);
    let (phrase, phrase_is) = match &medium.serial {
        Some(serial) => (serial.clone(), "its serial number"),
        None => {
            (format!("{name}:{}", medium.bytes), "its name and size, for it has no serial number")
        }
    };
    Ok(Subject {
        path: path.to_owned(),
        name,
        real,
        block: true,
        partitions,
        number,
        inode: (found.dev(), found.ino()),
        medium,
        phrase,
        phrase_is,
    })
}

/// Where they lie, in bytes; the kernel counts in 512 whatever the sectors are.
fn partitions(world: &World, disk: &str, name: &str) -> Vec<Range> {
    let parts = world.names(disk).into_iter().filter(|part| part.starts_with(name));
    let number = |part: &str, file| {
        world.number(&format!("{disk}/{part}/{file}")).map(|sectors| sectors.saturating_mul(512))
    };
    parts
        .filter_map(|part| {
            Some(Range { start: number(&part, "start")?, bytes: number(&part, "size")? })
        })
        .collect()
}

/// What the kernel tells of a disk.
pub fn told(world: &World, disk: &str, real: &str, name: &str) -> Medium {
    let word = |file: &str| world.word(&format!("{disk}/{file}"));
    let bus = bus(world, disk, real, name);
    let identify = identify_page(world, disk);
    let rotating = world.number(&format!("{disk}/queue/rotational")) == Some(1);
    Medium {
        maker: word("device/vendor").filter(|maker| maker != "ATA"),
        model: identify
            .as_ref()
            .and_then(Identify::model)
            .or_else(|| word("device/model"))
            .or_else(|| word("device/name")),
        serial: serial(world, disk, identify.as_ref()),
        firmware: identify
            .as_ref()
            .and_then(Identify::firmware)
            .or_else(|| word("device/firmware_rev"))
            .or_else(|| word("device/rev"))
            .or_else(|| word("device/fwrev")),
        kind: kind(bus, identify.as_ref().and_then(Identify::rotating).unwrap_or(rotating)).into(),
        bus: bus.into(),
        bytes: world.number(&format!("{disk}/size")).unwrap_or(0).saturating_mul(512),
        sector: world
            .number(&format!("{disk}/queue/logical_block_size"))
            .and_then(|sector| u32::try_from(sector).ok())
            .unwrap_or(512),
        ..Medium::default()
    }
}

/// From the disk itself, the kernel's file, or page 80h of SCSI.
pub fn serial(world: &World, disk: &str, identify: Option<&Identify>) -> Option<String> {
    let page = || {
        let page = world.bytes(&format!("{disk}/device/vpd_pg80"))?;
        let text: String = page.get(4..)?.iter().map(|byte| char::from(*byte)).collect();
        let kept: String = text.chars().filter(|letter| letter.is_ascii_graphic()).collect();
        (!kept.is_empty()).then_some(kept)
    };
    let told = identify.and_then(Identify::serial);
    told.or_else(|| world.word(&format!("{disk}/device/serial")))
        .or_else(|| world.word(&format!("{disk}/serial")))
        .or_else(page)
}

pub fn identify_page(world: &World, disk: &str) -> Option<Identify> {
    let page = world.bytes(&format!("{disk}/device/vpd_pg89"))?;
    Identify::new(page.get(60..572)?)
}

fn kind(bus: &str, rotating: bool) -> &'static str {
    match bus {
        "loop" | "virtual" => "unknown",
        "mmc" => "memory card",
        _ if rotating => "hard disk",
        _ => "flash",
    }
}

/// By the name that the kernel gives to it, and by the way that leads to it.
fn bus(world: &World, disk: &str, real: &str, name: &str) -> &'static str {
    let vendor = world.word(&format!("{disk}/device/vendor"));
    match name {
        _ if name.starts_with("loop") => "loop",
        _ if name.starts_with("nvme") => "nvme",
        _ if name.starts_with("mmcblk") => "mmc",
        _ if ["vd", "xvd", "nbd"].iter().any(|start| name.starts_with(start)) => "virtual",
        _ if real.contains("/usb") => "usb",
        _ if vendor.as_deref() == Some("ATA") || real.contains("/ata") => "ata",
        _ if name.starts_with("sd") => "scsi",
        _ => "virtual",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    #[test]
    fn partitions_lie_where_the_kernel_says() {
        let root = tempfile::tempdir().unwrap();
        for (file, content) in [
            ("sda1/start", "2048\n"),
            ("sda1/size", "8\n"),
            ("sda2/start", "x"),
            ("queue/size", "9"),
        ] {
            let path = root.path().join("disk").join(file);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, content).unwrap();
        }
        let found = partitions(&World::at(root.path()), "disk", "sda");
        assert_eq!(found, [Range { start: 1 << 20, bytes: 4096 }]);
    }
}
