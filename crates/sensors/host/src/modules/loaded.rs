//! `/proc/modules`: `ext4 1126400 1 mbcache,jbd2, Live 0xffffffffc0a00000 (OE)`, one line each.

use crate::name;

const MOST: usize = 10_000;

/// The kernel's letters for what a module does to its trust in itself.
const TAINTS: [(char, &str); 5] = [
    ('O', "out-of-tree"),
    ('E', "unsigned"),
    ('P', "proprietary"),
    ('F', "forced"),
    ('C', "staging"),
];

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Loaded {
    pub name: String,
    pub size: i64,
    /// As in the table.
    pub taints: String,
    /// Modules that need this one.
    pub users: Vec<String>,
}

pub fn loaded(content: &[u8]) -> Vec<Loaded> {
    content.split(|byte| *byte == b'\n').filter_map(line).take(MOST).collect()
}

fn line(line: &[u8]) -> Option<Loaded> {
    let text = name::text(line);
    let mut fields = text.split_ascii_whitespace();
    let (name, size) = (fields.next()?, fields.next()?);
    let users = fields.nth(1).unwrap_or_default();
    let users = users.split(',').filter(|user| !user.is_empty() && *user != "-");
    let taints = fields.nth(2).and_then(|field| field.strip_prefix('(')?.strip_suffix(')'));
    Some(Loaded {
        name: normal(name),
        size: size.parse().ok()?,
        taints: words(taints.unwrap_or_default()),
        users: users.filter(|user| !user.starts_with('[')).map(normal).collect(),
    })
}

fn words(letters: &str) -> String {
    let known = TAINTS.iter().filter(|(letter, _)| letters.contains(*letter));
    known.map(|(_, word)| *word).collect::<Vec<_>>().join(" ")
}

/// The kernel knows no difference between the two signs.
pub fn normal(name: &str) -> String {
    name.replace('-', "_")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_become_modules_with_their_taints_and_users() {
        let content = b"ext4 1126400 1 - Live 0xffffffffc0a00000\n\
            evil-thing 4096 0 - Live 0x0000000000000000 (OE)\n\
            mbcache 16384 2 ext4,ext2, Live 0x0\n\
            pinned 1 1 [permanent], Live 0x0 (POEXZ)\n\
            short 7\n\nnonsense\nname notanumber 1 - Live 0x0\n\xff 8 0 - Live 0x0\n";
        let found = loaded(content);
        let told: Vec<_> = found.iter().map(|one| (&*one.name, &*one.taints, one.size)).collect();
        assert_eq!(
            told,
            [
                ("ext4", "", 1_126_400),
                ("evil_thing", "out-of-tree unsigned", 4096),
                ("mbcache", "", 16384),
                ("pinned", "out-of-tree unsigned proprietary", 1),
                ("short", "", 7),
                ("\\xff", "", 8),
            ]
        );
        assert_eq!(found[2].users, ["ext4", "ext2"]);
        assert!(found[3].users.is_empty());
    }
}
