//! The entries of an open folder, as the kernel lists them: from the folder's own descriptor, many at
//! a call.

use std::{mem::MaybeUninit, os::fd::OwnedFd};

use rustix::{
    fs::{RawDir, RawDirEntry},
    io::Errno,
};

use super::Failure;

/// As many bytes of entries are read at once.
const AT_ONCE: usize = 32 << 10;

/// Shows each entry but `.` and `..` until `each` wants no more. Gives whether that was before the
/// end. A folder that was removed meanwhile has no more entries.
pub fn each(
    folder: &OwnedFd,
    mut each: impl FnMut(&RawDirEntry<'_>) -> Result<bool, Failure>,
) -> Result<bool, Failure> {
    let mut buffer = [MaybeUninit::uninit(); AT_ONCE];
    let mut entries = RawDir::new(folder, &mut buffer);
    while let Some(entry) = entries.next() {
        let entry = match entry {
            Err(Errno::INTR) => continue,
            Err(Errno::NOENT) => break,
            entry => entry?,
        };
        if !matches!(entry.file_name().to_bytes(), b"." | b"..") && !each(&entry)? {
            return Ok(true);
        }
    }
    Ok(false)
}
