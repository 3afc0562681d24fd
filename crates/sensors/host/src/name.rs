//! How bytes that the system calls text become text: names of files, processes and accounts are
//! whatever an attacker typed, in any encoding.

use std::{ffi::OsStr, os::unix::ffi::OsStrExt, path::Path};

/// UTF-8 as it is; every other byte as `\xNN`, so that two different names stay different.
pub fn text(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len());
    for chunk in bytes.utf8_chunks() {
        text.push_str(chunk.valid());
        for byte in chunk.invalid() {
            text.push_str(&format!("\\x{byte:02x}"));
        }
    }
    text
}

pub fn os(name: &OsStr) -> String {
    text(name.as_bytes())
}

pub fn path(path: &Path) -> String {
    text(path.as_os_str().as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn foreign_bytes_are_kept_apart() {
        assert_eq!(text("名字".as_bytes()), "名字");
        assert_eq!(text(b"a\xffb\xc3"), "a\\xffb\\xc3");
        assert_eq!(text(b"line\nbreak\x1b[31m"), "line\nbreak\x1b[31m");
    }
}
