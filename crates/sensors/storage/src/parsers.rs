//! Each byte parser as one function of bytes, for the fuzz targets.

use crate::volumes;

// File systems: see `volumes::sectors` for how an input is a volume.

pub fn fat(bytes: &[u8]) {
    volumes::attempt(&volumes::FAT, bytes);
}

pub fn exfat(bytes: &[u8]) {
    volumes::attempt(&volumes::EXFAT, bytes);
}

pub fn ntfs(bytes: &[u8]) {
    volumes::attempt(&volumes::NTFS, bytes);
}

pub fn iso9660(bytes: &[u8]) {
    volumes::attempt(&volumes::ISO9660, bytes);
}

pub fn squashfs(bytes: &[u8]) {
    volumes::attempt(&volumes::SQUASHFS, bytes);
}
