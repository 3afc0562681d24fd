//! The digests that a package of dpkg brought: `info/NAME.md5sums`, lines of an MD5 digest, spaces
//! and a path relative to the root.

use std::{
    ffi::OsStr,
    os::unix::ffi::OsStrExt,
    path::{Path, PathBuf},
};

use crate::{
    digest::{Algorithm, Sum},
    packages::dpkg,
};

const DIGITS: usize = 32;

/// The package of a list called so: `libc6` of `libc6:amd64`.
pub fn package(stem: &[u8]) -> &[u8] {
    stem.split(|byte| *byte == b':').next().unwrap_or(stem)
}

pub fn path(stem: &[u8]) -> PathBuf {
    let name = [stem, b".md5sums"].concat();
    Path::new(dpkg::FOLDER).join("info").join(OsStr::from_bytes(&name))
}

/// Each line's path, from the root on, and digest; none for a line that has not both.
pub fn parse(content: &[u8]) -> impl Iterator<Item = Option<(Vec<u8>, Sum)>> {
    let end = memchr::memrchr(b'\n', content);
    let whole = end.and_then(|end| content.get(..end)).unwrap_or_default();
    // What follows the last line's end was cut.
    let cut = (end.map_or(0, |end| end + 1) < content.len()).then_some(None);
    let lines = whole.split(|byte| *byte == b'\n').filter(|line| !line.is_empty());
    lines.map(line).chain(cut)
}

fn line(line: &[u8]) -> Option<(Vec<u8>, Sum)> {
    let (digits, rest) = line.split_at_checked(DIGITS)?;
    let sum = Sum::parse(Algorithm::Md5, digits)?;
    // A star stands there for files that were read as they are.
    let rest = rest.strip_prefix(b" ")?.trim_ascii_start();
    let path = rest.strip_prefix(b"*").unwrap_or(rest);
    let path = path.strip_prefix(b"./").or(path.strip_prefix(b"/")).unwrap_or(path);
    (!path.is_empty()).then(|| ([b"/", path].concat(), sum))
}

/// For the fuzz target.
pub fn check(content: &[u8]) {
    parse(content).for_each(drop);
}

#[cfg(test)]
mod tests {
    use super::*;

    const SUM: &str = "900150983cd24fb0d6963f7d28e17f72";

    #[test]
    fn a_line_is_a_digest_and_a_path() {
        let content = format!("{SUM}  usr/bin/a b\n{SUM} *./x\n{SUM}  /y\n");
        let found: Vec<_> = parse(content.as_bytes()).flatten().map(|(path, _)| path).collect();
        assert_eq!(found, [&b"/usr/bin/a b"[..], b"/x", b"/y"]);
    }

    #[test]
    fn a_line_that_is_none_is_told() {
        let cut = format!("{SUM}  a\n{SUM}  us");
        let found: Vec<_> = parse(cut.as_bytes()).map(|line| line.is_some()).collect();
        assert_eq!(found, [true, false]);
        let wrong = [format!("{SUM}a\n"), format!("{SUM}  \n"), "x  y\n".into(), "\u{e9}\n".into()];
        for wrong in wrong {
            assert_eq!(parse(wrong.as_bytes()).collect::<Vec<_>>(), [None], "{wrong:?}");
        }
        assert_eq!(parse(b"").count(), 0);
        assert_eq!(parse(b"\n").count(), 0);
    }
}
