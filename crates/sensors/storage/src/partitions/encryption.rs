//! What encrypts a volume, by its first and last bytes.

use super::array;
use crate::Bytes;

/// BitLocker To Go begins like FAT; this stands behind.
const TO_GO: [u8; 16] = [
    0x3B, 0xD6, 0x67, 0x49, 0x29, 0x2E, 0xD8, 0x4A, 0x83, 0x99, 0xF6, 0xA3, 0x39, 0xE3, 0xD0, 0x01,
];

/// `luks1`, `luks2`, `bitlocker`, `filevault` or `geli`; none where nothing says so. `volume` is the partition alone.
pub fn encryption(volume: &dyn Bytes) -> Option<&'static str> {
    let head: [u8; 512] = array(volume, 0)?;
    let luks = head.starts_with(b"LUKS\xba\xbe");
    match u16::from_be_bytes([head[6], head[7]]) {
        1 if luks => return Some("luks1"),
        2 if luks => return Some("luks2"),
        _ => {}
    }
    if head[3..11] == *b"-FVE-FS-" || (head[3..11] == *b"MSWIN4.1" && head[424..440] == TO_GO) {
        return Some("bitlocker");
    }
    // CoreStorage, with AES-XTS as its method.
    if head[88..90] == *b"CS" && head[172..176] == 2_u32.to_le_bytes() {
        return Some("filevault");
    }
    let copies = (14..=22).map(|bits| 1_u64 << bits);
    if copies.clone().any(|at| array::<8>(volume, at) == Some(*b"SKUL\xba\xbe\0\x02")) {
        return Some("luks2");
    }
    let ends = [512, 4096].into_iter().filter_map(|sector| volume.len().checked_sub(sector));
    let geli =
        ends.map(|at| at / 512 * 512).any(|at| array::<9>(volume, at) == Some(*b"GEOM::ELI"));
    geli.then_some("geli")
}
