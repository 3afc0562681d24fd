//! What the kernel tells of a block device, and what an ATA disk says of itself.
//!
//! From `/sys` alone, each file of at most 4 KiB: identity, size of a sector, bus, and the page 89h of SCSI's vital product data, which
//! carries the 512 bytes of IDENTIFY DEVICE. Only whether there is more behind the visible end must be asked of the disk
//! itself (`ata`). Stacked devices (LVM, RAID) tell nothing of the disks below them.

mod ata;
mod identify;
mod passthrough;

use std::{fs::File, path::PathBuf};

use super::{about::About, files};
use crate::formats::Details;
use leaksweep_formats::ata::Identify;

/// The kernel's files of one disk.
struct Told {
    /// The disk's folder: of a partition that of its disk.
    disk: PathBuf,
    partition: bool,
}

impl Told {
    fn of(device: &File) -> Option<Self> {
        let folder = files::device_folder(device)?;
        let partition = files::told(&folder.join("partition"), 16).is_some();
        let disk = if partition { folder.parent()?.to_owned() } else { folder };
        Some(Self { disk, partition })
    }

    fn text(&self, name: &str) -> Option<String> {
        Details::bytes(&files::told(&self.disk.join(name), 4096)?)
    }

    fn first(&self, names: &[&str]) -> Option<String> {
        names.iter().find_map(|name| self.text(name))
    }

    fn number(&self, name: &str) -> Option<u64> {
        self.text(name)?.parse().ok()
    }

    /// By the name that the kernel gives to it, and by the way that leads to it.
    fn bus(&self) -> Option<&'static str> {
        let name = self.disk.file_name()?.to_str()?;
        let way = self.disk.to_str()?;
        let ata = self.text("device/vendor").is_some_and(|vendor| vendor == "ATA");
        match name {
            _ if name.starts_with("loop") => Some("loop"),
            _ if name.starts_with("nvme") => Some("nvme"),
            _ if name.starts_with("mmcblk") => Some("mmc"),
            _ if name.starts_with("vd") || name.starts_with("xvd") || name.starts_with("nbd") => {
                Some("virtual")
            }
            _ if way.contains("/usb") => Some("usb"),
            _ if ata || way.contains("/ata") => Some("ata"),
            _ if files::leads_to(&self.disk.join("device/subsystem")).as_deref()
                == Some("scsi") =>
            {
                Some("scsi")
            }
            _ if way.contains("/virtual/") => Some("virtual"),
            _ => None,
        }
    }
}

/// Fills in what can be told of a device that is open.
pub fn tell(device: &File, about: &mut About) {
    let Some(told) = Told::of(device) else { return };
    about.sector =
        told.number("queue/logical_block_size").and_then(|sector| u32::try_from(sector).ok());
    about.rotating = told.number("queue/rotational").map(|rotating| rotating == 1);
    about.bus = told.bus();
    if matches!(about.bus, Some("loop" | "virtual")) {
        about.rotating = None;
    }
    about.maker = told.first(&["device/vendor", "device/manfid"]).filter(|maker| maker != "ATA");
    about.model = told.first(&["device/model", "device/name"]);
    about.serial = told.text("device/serial").or_else(|| serial_page(&told));
    about.firmware = told.first(&["device/firmware_rev", "device/rev", "device/fwrev"]);
    if about.bus == Some("mmc") {
        about.maker =
            told.text("device/manfid").and_then(|id| card_maker(&id)).or(about.maker.take());
    }
    if let Some(file) = told.text("loop/backing_file") {
        about.notes.add(format!("the file {file}"));
    }
    if told.partition {
        about.notes.add("a partition; sweep the whole device to see all of it");
    }
    if let Some(identify) = identify_page(&told).or_else(|| ata::identify(device, about.bus)) {
        identify::tell(&identify, about);
        if !told.partition {
            ata::hidden(device, &identify, about);
        }
    }
}

/// The serial number of page 80h.
fn serial_page(told: &Told) -> Option<String> {
    let page = files::told(&told.disk.join("device/vpd_pg80"), 4096)?;
    Details::bytes(page.get(4..)?)
}

/// IDENTIFY DEVICE as page 89h carries it.
fn identify_page(told: &Told) -> Option<Identify> {
    let page = files::told(&told.disk.join("device/vpd_pg89"), 4096)?;
    Identify::new(page.get(60..572)?)
}

/// The makers of memory cards and chips, by the numbers of JEDEC and the SD Association that are commonly seen.
fn card_maker(id: &str) -> Option<String> {
    let number = u32::from_str_radix(id.strip_prefix("0x")?, 16).ok()?;
    let maker = match number {
        0x03 | 0x45 => "SanDisk",
        0x11 => "Toshiba",
        0x13 | 0xFE => "Micron",
        0x15 => "Samsung",
        0x90 => "SK Hynix",
        0x70 => "Kingston",
        _ => return Some(id.to_owned()),
    };
    Some(maker.to_owned())
}
