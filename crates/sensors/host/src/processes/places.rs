//! What is odd about a path from which code comes: where it lies.

const TEMPORARY: [&[u8]; 5] =
    [b"/tmp/", b"/var/tmp/", b"/dev/shm/", b"/dev/mqueue/", b"/run/user/"];
const HOMES: [&[u8]; 2] = [b"/home/", b"/root/"];

/// `temporary`, `hidden` and `home`, as far as they fit.
pub fn oddities(path: &[u8]) -> impl Iterator<Item = &'static str> {
    let begins = |folders: &[&[u8]]| folders.iter().any(|folder| path.starts_with(folder));
    let found =
        [("temporary", begins(&TEMPORARY)), ("hidden", hidden(path)), ("home", begins(&HOMES))];
    found.into_iter().filter(|(_, fits)| *fits).map(|(oddity, _)| oddity)
}

/// A part of the path begins with a dot and goes on.
fn hidden(path: &[u8]) -> bool {
    let mut parts = path.split(|byte| *byte == b'/');
    parts.any(|part| part.starts_with(b".") && part != b"." && part != b"..")
}
