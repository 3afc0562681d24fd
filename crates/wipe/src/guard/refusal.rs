//! Why a medium is not touched, and what the user can do.

use thiserror::Error;

#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum Refusal {
    #[error("it cannot be looked at: {0}")]
    Unreachable(String),
    #[error("it is a folder")]
    Folder,
    #[error("it is a plain file")]
    PlainFile,
    #[error("it is a device, not an image")]
    NoImage,
    #[error("it is a controller or a terminal, not a medium")]
    Controller,
    #[error("it is no medium")]
    NoMedium,
    #[error("the kernel tells nothing of it")]
    Unknown,
    #[error("it has no bytes")]
    Empty,
    #[error("it is a partition of {0}")]
    Partition(String),
    #[error("it stands on other devices: {}", .0.join(", "))]
    Stacked(Vec<String>),
    #[error("{part} is mounted at {place}")]
    Mounted { part: String, place: String },
    #[error("this system runs from it: {part} is mounted at {place}")]
    System { part: String, place: String },
    #[error("{0} is swap")]
    Swap(String),
    #[error("{part} is in use by {by}")]
    Held { part: String, by: String },
    #[error("it is one of several disks that make up a volume: {0}")]
    Member(&'static str),
    #[error("it is read-only")]
    ReadOnly,
    #[error("the loop device {0} stands on it")]
    UnderLoop(String),
    #[error("{0} has the same serial number")]
    Ambiguous(String),
    #[error("'{typed}' is not {what}")]
    WrongNumber { typed: String, what: &'static str },
}

impl Refusal {
    /// What to do, in a sentence.
    pub fn hint(&self) -> String {
        match self {
            Refusal::Unreachable(_) => "look at the path, and run it as root".into(),
            Refusal::Folder => "name the disk that holds it, as lsblk shows it".into(),
            Refusal::PlainFile => "if it is an image of a disk that is meant, say --image".into(),
            Refusal::NoImage => "leave --image away if the device itself is meant".into(),
            Refusal::Controller => "name the disk behind it: /dev/nvme0n1, not /dev/nvme0".into(),
            Refusal::NoMedium => "name a disk, a card, or with --image a file".into(),
            Refusal::Unknown => "plug it in again, and look into the kernel's log".into(),
            Refusal::Empty => "put the card or the disk in, or look whether it failed".into(),
            Refusal::Partition(disk) => {
                format!("a partition's neighbours would stay; name the whole disk, /dev/{disk}")
            }
            Refusal::Stacked(below) if below.is_empty() => "name the disk itself".into(),
            Refusal::Stacked(below) => {
                format!("take it apart, then wipe the disks below it: {}", below.join(", "))
            }
            Refusal::Mounted { place, .. } => format!("unmount it first: umount '{place}'"),
            Refusal::System { .. } => {
                "start this machine from a stick or another disk, and wipe it from there".into()
            }
            Refusal::Swap(path) => format!("end its use first: swapoff '{path}'"),
            Refusal::Held { by, .. } => {
                format!("take {by} down first (vgchange -an, mdadm --stop, cryptsetup close)")
            }
            Refusal::Member(_) => {
                "take it out of the volume first; if that volume is gone for good, say --former-member".into()
            }
            Refusal::ReadOnly => {
                "move the card's switch, take the write blocker away, or blockdev --setrw".into()
            }
            Refusal::UnderLoop(device) => {
                format!("wipe /dev/{device}, or detach it first: losetup -d /dev/{device}")
            }
            Refusal::Ambiguous(_) => {
                "unplug the other one, so that no one can be taken for the other".into()
            }
            Refusal::WrongNumber { .. } => {
                "nothing was written; read the number from the disk's label and type all of it".into()
            }
        }
    }
}
