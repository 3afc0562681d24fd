//! `/proc/PID/maps`: code that a process has mapped and that is no ordinary file of the system.

use std::collections::BTreeSet;

use crate::name;

use super::places;

/// What a process maps of odd code beyond this tells nothing more.
const MOST: usize = 16;

/// Where a mapping's file is now: `None` while the path is what it was.
type Gone<'a> = dyn Fn(&[u8]) -> &'static str + 'a;

/// `own` is the program itself, of which other columns tell. `gone` tells `deleted` from `replaced`.
pub fn odd(maps: &[u8], own: Option<&str>, gone: &Gone<'_>) -> Option<String> {
    let mut seen: BTreeSet<&[u8]> = BTreeSet::new();
    let mut found: Vec<String> = Vec::new();
    for path in maps.split(|byte| *byte == b'\n').filter_map(code) {
        if found.len() == MOST || !seen.insert(path) {
            continue;
        }
        let plain = path.strip_suffix(b" (deleted)");
        let shown = name::text(plain.unwrap_or(path));
        if own == Some(shown.as_str()) {
            continue;
        }
        let oddities = oddities(path, plain, gone);
        if !oddities.is_empty() {
            found.push(format!("{}:{shown}", oddities.join("+")));
        }
    }
    (!found.is_empty()).then(|| found.join(" "))
}

fn oddities(path: &[u8], plain: Option<&[u8]>, gone: &Gone<'_>) -> Vec<&'static str> {
    if path.starts_with(b"/memfd:") {
        return vec!["memory"];
    }
    // Shared memory without a name of its own.
    if path.starts_with(b"/SYSV") || path.starts_with(b"/dev/zero") || path.starts_with(b"/dmabuf")
    {
        return Vec::new();
    }
    let gone = plain.map(gone);
    gone.into_iter().chain(places::oddities(plain.unwrap_or(path))).collect()
}

/// The file of a line, where the mapping may be executed.
/// `7f00-7f01 r-xp 00000000 08:01 1234      /usr/lib/x.so`: the path is all that follows.
fn code(line: &[u8]) -> Option<&[u8]> {
    let mut rest = line;
    let mut field = || {
        let start = rest.iter().position(|byte| *byte != b' ')?;
        let from = rest.get(start..)?;
        let end = from.iter().position(|byte| *byte == b' ').unwrap_or(from.len());
        rest = from.get(end..)?;
        from.get(..end)
    };
    let [_, rights, ..] = [field()?, field()?, field()?, field()?, field()?];
    let path = rest.trim_ascii_start();
    (rights.get(2) == Some(&b'x') && path.starts_with(b"/")).then_some(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(rights: &str, path: &str) -> String {
        format!("7f0000000000-7f0000001000 {rights} 00000000 08:01 77          {path}\n")
    }

    fn found(maps: &str) -> Option<String> {
        let gone = |path: &[u8]| if path == b"/usr/lib/libc.so" { "replaced" } else { "deleted" };
        odd(maps.as_bytes(), Some("/tmp/own"), &gone)
    }

    #[test]
    fn only_code_of_odd_files_is_told() {
        let ordinary = [
            line("r-xp", "/usr/lib/libc.so"),
            line("rw-p", "/tmp/data"),
            line("rwxp", ""),
            line("r-xp", "[vdso]"),
            line("rwxs", "/SYSV00000000 (deleted)"),
            line("rwxs", "/dev/zero (deleted)"),
            line("r-xp", "/tmp/own (deleted)"),
            "nonsense r-xp\n".into(),
            "\n".into(),
        ];
        assert_eq!(found(&ordinary.concat()), None);
        let odd = [
            ("/usr/lib/libc.so (deleted)", "replaced:/usr/lib/libc.so"),
            ("/usr/lib/x y.so (deleted)", "deleted:/usr/lib/x y.so"),
            ("/memfd:x (deleted)", "memory:/memfd:x"),
            ("/tmp/.a/x.so (deleted)", "deleted+temporary+hidden:/tmp/.a/x.so"),
            ("/home/li/x.so", "home:/home/li/x.so"),
            ("/usr/lib/.x.so", "hidden:/usr/lib/.x.so"),
        ];
        for (path, expected) in odd {
            assert_eq!(found(&line("r-xp", path)).as_deref(), Some(expected));
        }
    }

    #[test]
    fn many_and_repeated_ones_stay_few() {
        let same = line("r-xp", "/tmp/a").repeat(50);
        assert_eq!(found(&same).unwrap(), "temporary:/tmp/a");
        let many: String = (0..500).map(|n| line("r-xp", &format!("/tmp/{n}"))).collect();
        assert_eq!(found(&many).unwrap().split(' ').count(), MOST);
    }
}
