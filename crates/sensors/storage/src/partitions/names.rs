//! What types of partitions are called, by the numbers of UEFI, Linux, the Discoverable Partitions Specification and MBR.

use std::fmt::Write;

/// A GUID as it is written; its first three parts are stored with the lowest byte first.
pub fn guid(bytes: [u8; 16]) -> String {
    let order = [3, 2, 1, 0, 5, 4, 7, 6, 8, 9, 10, 11, 12, 13, 14, 15];
    let mut text = String::with_capacity(36);
    for (place, at) in order.into_iter().enumerate() {
        if matches!(place, 4 | 6 | 8 | 10) {
            text.push('-');
        }
        let _ = write!(text, "{:02x}", bytes[at]);
    }
    text
}

pub fn of_gpt(kind: [u8; 16]) -> String {
    let guid = guid(kind);
    let known = GPT.iter().find(|(known, _)| *known == guid);
    known.map_or(guid.clone(), |(_, name)| (*name).to_owned())
}

pub fn of_mbr(kind: u8) -> String {
    let known = MBR.iter().find(|(known, _)| known.contains(&kind));
    known.map_or_else(|| format!("0x{kind:02x}"), |(_, name)| (*name).to_owned())
}

const GPT: [(&str, &str); 38] = [
    ("c12a7328-f81f-11d2-ba4b-00a0c93ec93b", "EFI system"),
    ("21686148-6449-6e6f-744e-656564454649", "BIOS boot"),
    ("024dee41-33e7-11d3-9d69-0008c781f39f", "MBR scheme"),
    ("0fc63daf-8483-4772-8e79-3d69d8477de4", "Linux filesystem"),
    ("0657fd6d-a4ab-43c4-84e5-0933c84b4f4f", "Linux swap"),
    ("e6d6d379-f507-44c2-a23c-238f2a3df928", "Linux LVM"),
    ("a19d880f-05fc-4d3b-a006-743f0f84911e", "Linux RAID"),
    ("ca7d7ccb-63ed-4c53-861c-1742536059cc", "Linux LUKS"),
    ("7ffec5c9-2d00-49b7-8941-3ea10a5586b7", "Linux plain dm-crypt"),
    ("933ac7e1-2eb4-4f13-b844-0e14e2aef915", "Linux home"),
    ("3b8f8425-20e0-4f3b-907f-1a25a76f98e8", "Linux server data"),
    ("bc13c2ff-59e6-4262-a352-b275fd6f7172", "Linux extended boot"),
    ("8da63339-0007-60c0-c436-083ac8230908", "Linux reserved"),
    ("4f68bce3-e8cd-4db1-96e7-fbcaf984b709", "Linux root (x86-64)"),
    ("44479540-f297-41b2-9af7-d131d5f0458a", "Linux root (x86)"),
    ("b921b045-1df0-41c3-af44-4c6f280d3fae", "Linux root (ARM64)"),
    ("69dad710-2ce4-4e3c-b16c-21a1d49abed3", "Linux root (ARM)"),
    ("4d21b016-b534-45c2-a9fb-5c16e091fd2d", "Linux variable data"),
    ("7ec6f557-3bc5-4aca-b293-16ef5df639d1", "Linux temporary data"),
    ("ebd0a0a2-b9e5-4433-87c0-68b6b72699c7", "Microsoft basic data"),
    ("e3c9e316-0b5c-4db8-817d-f92df00215ae", "Microsoft reserved"),
    ("de94bba4-06d1-4d40-a16a-bfd50179d6ac", "Windows recovery"),
    ("5808c8aa-7e8f-42e0-85d2-e1e90434cfb3", "Windows LDM metadata"),
    ("af9b60a0-1431-4f62-bc68-3311714a69ad", "Windows LDM data"),
    ("e75caf8f-f680-4cee-afa3-b001e56efc2d", "Windows storage spaces"),
    ("48465300-0000-11aa-aa11-00306543ecac", "Apple HFS+"),
    ("7c3457ef-0000-11aa-aa11-00306543ecac", "Apple APFS"),
    ("53746f72-6167-11aa-aa11-00306543ecac", "Apple CoreStorage"),
    ("426f6f74-0000-11aa-aa11-00306543ecac", "Apple boot"),
    ("52414944-0000-11aa-aa11-00306543ecac", "Apple RAID"),
    ("83bd6b9d-7f41-11dc-be0b-001560b84f0f", "FreeBSD boot"),
    ("516e7cb4-6ecf-11d6-8ff8-00022d09712b", "FreeBSD data"),
    ("516e7cb5-6ecf-11d6-8ff8-00022d09712b", "FreeBSD swap"),
    ("516e7cb6-6ecf-11d6-8ff8-00022d09712b", "FreeBSD UFS"),
    ("516e7cba-6ecf-11d6-8ff8-00022d09712b", "FreeBSD ZFS"),
    ("6a898cc3-1dd2-11b2-99a6-080020736631", "Solaris or Apple ZFS"),
    ("fe3a2a5d-4f32-41a7-b725-accc3285a309", "ChromeOS kernel"),
    ("3cb8e202-3b7e-47dd-8a3c-7ff2a13cfcec", "ChromeOS root"),
];

const MBR: [(&[u8], &str); 28] = [
    (&[0x01], "FAT12"),
    (&[0x04, 0x06, 0x0E], "FAT16"),
    (&[0x0B, 0x0C], "FAT32"),
    (&[0x07], "NTFS or exFAT"),
    (&[0x11], "FAT12 (hidden)"),
    (&[0x14, 0x16, 0x1E], "FAT16 (hidden)"),
    (&[0x1B, 0x1C], "FAT32 (hidden)"),
    (&[0x17], "NTFS (hidden)"),
    (&[0x27], "Windows recovery"),
    (&[0x42], "Windows LDM"),
    (&[0x39], "Plan 9"),
    (&[0x81], "Minix"),
    (&[0x82], "Linux swap"),
    (&[0x83], "Linux filesystem"),
    (&[0x84], "hibernation"),
    (&[0x8E], "Linux LVM"),
    (&[0xA5], "FreeBSD"),
    (&[0xA6], "OpenBSD"),
    (&[0xA9], "NetBSD"),
    (&[0xA8], "Apple UFS"),
    (&[0xAB], "Apple boot"),
    (&[0xAF], "Apple HFS+"),
    (&[0xBF], "Solaris"),
    (&[0xDA], "data without a file system"),
    (&[0xE8], "Linux LUKS"),
    (&[0xEF], "EFI system"),
    (&[0xFB], "VMware VMFS"),
    (&[0xFD], "Linux RAID"),
];
