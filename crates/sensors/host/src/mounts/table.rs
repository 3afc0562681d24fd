//! `mountinfo` and `fstab`: one mount a line, blanks in names written as `\040`.

use leaksweep_facts::tables::host::Mount;

use crate::name;

/// File systems whose content another machine keeps.
const REMOTE: [&str; 16] = [
    "9p",
    "afs",
    "ceph",
    "cifs",
    "coda",
    "davfs",
    "fuse.curlftpfs",
    "fuse.davfs2",
    "fuse.glusterfs",
    "fuse.rclone",
    "fuse.sshfs",
    "glusterfs",
    "ncpfs",
    "nfs",
    "nfs4",
    "smb3",
];

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Entry {
    /// The numbers of the block device; the first is 0 where there is none.
    pub device: Option<(u32, u32)>,
    /// Which part of the file system is mounted; `/` is all of it.
    pub part: Vec<u8>,
    pub path: Vec<u8>,
    pub source: Vec<u8>,
    pub file_system: Vec<u8>,
    /// Of the mount and of the file system below it.
    pub options: Vec<Vec<u8>>,
}

#[derive(Debug, Default, PartialEq, Eq)]
pub struct Lines {
    pub entries: Vec<Entry>,
    /// Their numbers, from 1.
    pub not_understood: Vec<usize>,
}

pub fn mount_info(content: &[u8]) -> Lines {
    lines(content, mounted)
}

pub fn fstab(content: &[u8]) -> Lines {
    lines(content, planned)
}

fn lines(content: &[u8], entry: impl Fn(&[&[u8]]) -> Option<Entry>) -> Lines {
    let mut lines = Lines::default();
    for (index, line) in content.split(|byte| *byte == b'\n').enumerate() {
        let fields: Vec<&[u8]> =
            line.split(u8::is_ascii_whitespace).filter(|field| !field.is_empty()).collect();
        if fields.first().is_none_or(|first| first.starts_with(b"#")) {
            continue;
        }
        match entry(&fields) {
            Some(entry) => lines.entries.push(entry),
            None => lines.not_understood.push(index + 1),
        }
    }
    lines
}

/// `36 35 98:0 /top /mnt rw,noatime master:1 - ext3 /dev/root rw`: any number of optional fields
/// stand before the dash.
fn mounted(fields: &[&[u8]]) -> Option<Entry> {
    let dash = fields.iter().skip(6).position(|field| *field == b"-")? + 6;
    let device = std::str::from_utf8(fields.get(2)?).ok()?.split_once(':')?;
    // A file system may have been mounted with an empty source, which leaves no field.
    let (source, below) = match fields.get(dash + 2..)? {
        [source, below] => (*source, *below),
        [below] => (b"".as_slice(), *below),
        _ => return None,
    };
    Some(Entry {
        device: Some((device.0.parse().ok()?, device.1.parse().ok()?)),
        part: unescaped(fields.get(3)?),
        path: unescaped(fields.get(4)?),
        source: unescaped(source),
        file_system: unescaped(fields.get(dash + 1)?),
        options: options(&[fields.get(5)?, below]),
    })
}

/// `UUID=… /home ext4 defaults 0 2`
fn planned(fields: &[&[u8]]) -> Option<Entry> {
    let [source, path, file_system, rest @ ..] = fields else { return None };
    Some(Entry {
        device: None,
        part: b"/".to_vec(),
        path: unescaped(path),
        source: unescaped(source),
        file_system: unescaped(file_system),
        options: options(&[rest.first().copied().unwrap_or(b"defaults")]),
    })
}

fn options(lists: &[&[u8]]) -> Vec<Vec<u8>> {
    let mut options: Vec<Vec<u8>> = Vec::new();
    for option in lists.iter().flat_map(|list| list.split(|byte| *byte == b',')) {
        let option = unescaped(option);
        if !options.contains(&option) {
            options.push(option);
        }
    }
    options
}

/// `\040` is a blank; so the kernel writes blanks, line breaks and backslashes.
fn unescaped(field: &[u8]) -> Vec<u8> {
    let mut plain = Vec::with_capacity(field.len());
    let mut rest = field;
    while let Some((first, tail)) = rest.split_first() {
        let (byte, tail) = match octal(rest) {
            Some(byte) => (byte, rest.get(4..).unwrap_or_default()),
            None => (*first, tail),
        };
        plain.push(byte);
        rest = tail;
    }
    plain
}

fn octal(text: &[u8]) -> Option<u8> {
    let [b'\\', digits @ ..] = text.get(..4)? else { return None };
    if !digits.iter().all(|digit| (b'0'..=b'7').contains(digit)) {
        return None;
    }
    u8::from_str_radix(std::str::from_utf8(digits).ok()?, 8).ok()
}

impl Entry {
    pub fn row(&self, said_by: &str, removable: Option<bool>) -> Mount {
        let options: Vec<String> = self.options.iter().map(|option| name::text(option)).collect();
        let file_system = name::text(&self.file_system);
        Mount {
            path: name::text(&self.path),
            source: name::text(&self.source),
            read_only: self.has(b"ro"),
            allows_set_uid: !self.withholds(b"suid", b"nosuid"),
            allows_devices: !self.withholds(b"dev", b"nodev"),
            allows_programs: !self.withholds(b"exec", b"noexec"),
            remote: self.remote(&file_system),
            options: options.join(","),
            file_system,
            removable,
            said_by: said_by.into(),
        }
    }

    fn has(&self, option: &[u8]) -> bool {
        self.options.iter().any(|given| given == option)
    }

    fn withholds(&self, option: &[u8], opposite: &[u8]) -> bool {
        self.has(opposite) || (self.by_user() && !self.has(option))
    }

    /// In fstab, a mount that users may make themselves is restricted unless it says otherwise.
    fn by_user(&self) -> bool {
        self.device.is_none() && (self.has(b"user") || self.has(b"users"))
    }

    fn remote(&self, file_system: &str) -> bool {
        REMOTE.contains(&file_system) || self.has(b"_netdev")
    }
}
