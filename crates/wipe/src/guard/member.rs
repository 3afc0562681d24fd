//! Whether a medium or a partition of it is one of several that make up a volume: LVM, Linux RAID, a RAID of the board, ZFS,
//! Btrfs over several disks, bcache. By the marks that each leaves at the beginning or at the end.

use leaksweep_facts::certificate::Range;

use crate::{device::Device, medium::aligned::Aligned};

/// Bytes from the beginning that [`member`] wants to see, and from the end.
const HEAD: usize = 512 * 1024;
const TAIL: usize = 128 * 1024;

/// The first such mark on a medium or on a partition of it.
pub fn member_of(device: &dyn Device, partitions: &[Range]) -> Option<&'static str> {
    let whole = Range { start: 0, bytes: device.bytes() };
    let (mut head, mut tail) = (Aligned::new(HEAD), Aligned::new(TAIL));
    // The kernel's table may speak of a larger disk than is there.
    let there = |part: &&Range| part.start < device.bytes();
    std::iter::once(&whole).chain(partitions).filter(there).find_map(|part| {
        let read = |at: u64, into: &mut [u8]| {
            let left = part.end().min(device.bytes()).saturating_sub(at);
            let len = into.len().min(usize::try_from(left).unwrap_or(usize::MAX));
            device.read_at(at, &mut into[..len]).unwrap_or(0)
        };
        let end = part.end().min(device.bytes());
        let last = (end.saturating_sub(TAIL as u64) / 4096 * 4096).max(part.start);
        let (head_len, tail_len) = (read(part.start, &mut head), read(last, &mut tail));
        member(&head[..head_len], &tail[..tail_len])
    })
}

pub fn member(head: &[u8], tail: &[u8]) -> Option<&'static str> {
    let at = |place: usize, mark: &[u8]| head.get(place..place + mark.len()) == Some(mark);
    let lvm =
        (0..4).any(|sector| at(sector * 512, b"LABELONE") && at(sector * 512 + 24, b"LVM2 001"));
    let raid = 0xA92B_4EFC_u32.to_le_bytes();
    match () {
        () if lvm => Some("LVM"),
        () if at(0, &raid) || at(4096, &raid) || old_raid(tail) => Some("Linux RAID"),
        () if board(tail) => Some("a RAID of the mainboard or controller"),
        () if zfs(head) => Some("ZFS"),
        () if btrfs(head) => Some("Btrfs over several disks"),
        () if at(4096 + 24, &[0xC6, 0x85, 0x73, 0xF6, 0x4E, 0x1A, 0x45, 0xCA]) => Some("bcache"),
        () => None,
    }
}

/// Superblock 0.90 begins at the last whole 64 KiB that has 64 KiB behind it, 1.0 at 8 KiB before the end, in whole 4 KiB.
fn old_raid(tail: &[u8]) -> bool {
    let little = 0xA92B_4EFC_u32.to_le_bytes();
    let big = 0xA92B_4EFC_u32.to_be_bytes();
    tail.chunks(4096).any(|block| block.starts_with(&little) || block.starts_with(&big))
}

fn board(tail: &[u8]) -> bool {
    let marks: [&[u8]; 3] =
        [b"Intel Raid ISM Cfg Sig.", &[0xDE, 0x11, 0xDE, 0x11], b"Promise Technology, Inc."];
    tail.chunks(512).any(|sector| marks.iter().any(|mark| sector.starts_with(mark)))
}

/// Uberblocks lie behind 128 KiB, one each KiB.
fn zfs(head: &[u8]) -> bool {
    const MAGIC: u64 = 0x00BA_B10C;
    let blocks = head.get(128 * 1024..256 * 1024).unwrap_or_default();
    let is = |block: &[u8]| {
        block.starts_with(&MAGIC.to_le_bytes()) || block.starts_with(&MAGIC.to_be_bytes())
    };
    blocks.chunks(1024).any(is)
}

fn btrfs(head: &[u8]) -> bool {
    let Some(block) = head.get(64 * 1024..64 * 1024 + 0x90) else { return false };
    let devices: [u8; 8] = block[0x88..0x90].try_into().unwrap_or_default();
    &block[0x40..0x48] == b"_BHRfS_M" && u64::from_le_bytes(devices) > 1
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::double::{Double, Faults};

    fn with(place: usize, mark: &[u8]) -> Vec<u8> {
        let mut head = vec![0; HEAD];
        head[place..place + mark.len()].copy_from_slice(mark);
        head
    }

    #[test]
    fn a_partition_that_is_a_member_is_found_too() {
        let mut disk = vec![0; 3 << 20];
        let at = 1 << 20;
        disk[at + 512..at + 520].copy_from_slice(b"LABELONE");
        disk[at + 536..at + 544].copy_from_slice(b"LVM2 001");
        let device = Double::new(disk, Faults::default());
        assert_eq!(member_of(&device, &[]), None);
        let part = |start, bytes| Range { start, bytes };
        assert_eq!(member_of(&device, &[part(0, 512), part(at as u64, 1 << 20)]), Some("LVM"));
        assert_eq!(member_of(&device, &[part(u64::MAX, u64::MAX), part(5 << 20, 1)]), None);
    }

    #[test]
    fn each_kind_is_known_by_its_mark() {
        let mut lvm = with(512, b"LABELONE");
        lvm[536..544].copy_from_slice(b"LVM2 001");
        let raid = [0xFC, 0x4E, 0x2B, 0xA9];
        let mut btrfs = with(65536 + 0x40, b"_BHRfS_M");
        assert_eq!(member(&btrfs, &[]), None, "one device is one device");
        btrfs[65536 + 0x88] = 2;
        for (head, is) in [
            (lvm, "LVM"),
            (with(4096, &raid), "Linux RAID"),
            (with(0, &raid), "Linux RAID"),
            (with(200 * 1024, &0x00BA_B10C_u64.to_le_bytes()), "ZFS"),
            (btrfs, "Btrfs over several disks"),
        ] {
            assert_eq!(member(&head, &[]), Some(is));
        }
        let tail = |at: usize, mark: &[u8]| {
            let mut tail = vec![0; TAIL];
            tail[at..at + mark.len()].copy_from_slice(mark);
            tail
        };
        assert_eq!(member(&[], &tail(65536, &raid)), Some("Linux RAID"));
        let intel = tail(TAIL - 1024, b"Intel Raid ISM Cfg Sig. 1.3");
        assert_eq!(member(&[], &intel), Some("a RAID of the mainboard or controller"));
        assert_eq!(member(&vec![0; HEAD], &vec![0; TAIL]), None);
        assert_eq!(member(&[], &[]), None);
    }
}
