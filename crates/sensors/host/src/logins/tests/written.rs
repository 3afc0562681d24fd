//! Records as glibc writes them.

#[derive(Debug, Clone, Default)]
pub struct Entry {
    pub kind: i16,
    pub pid: i32,
    pub line: Vec<u8>,
    pub user: Vec<u8>,
    pub host: Vec<u8>,
    pub address: [u8; 16],
    pub time: u32,
    /// Nothing but zeros.
    pub blank: bool,
}

impl Entry {
    pub fn bytes(&self) -> Vec<u8> {
        self.with(&self.time.to_le_bytes(), 340, 348, 384)
    }

    /// The wider form of aarch64.
    pub fn wide(&self) -> Vec<u8> {
        self.with(&u64::from(self.time).to_le_bytes(), 344, 360, 400)
    }

    fn with(&self, time: &[u8], seconds: usize, address: usize, size: usize) -> Vec<u8> {
        let mut bytes = vec![0; size];
        if self.blank {
            return bytes;
        }
        let mut put =
            |from: usize, field: &[u8]| bytes[from..][..field.len()].copy_from_slice(field);
        put(0, &self.kind.to_le_bytes());
        put(4, &self.pid.to_le_bytes());
        put(8, &self.line);
        put(40, self.line.get(self.line.len().saturating_sub(4)..).unwrap_or_default());
        put(44, &self.user);
        put(76, &self.host);
        put(seconds, time);
        put(address, &self.address);
        bytes
    }
}

pub fn file(entries: &[Entry]) -> Vec<u8> {
    entries.iter().flat_map(Entry::bytes).collect()
}

pub fn boot(time: i64) -> Entry {
    let host = "6.1.0-40-amd64".into();
    Entry { kind: 2, line: "~".into(), user: "reboot".into(), host, ..at(time) }
}

pub fn shutdown(time: i64) -> Entry {
    let host = "6.1.0-40-amd64".into();
    Entry { kind: 1, line: "~".into(), user: "shutdown".into(), host, ..at(time) }
}

pub fn log_in(time: i64, user: &str, line: &str, pid: i32) -> Entry {
    let mut address = [0; 16];
    address[..4].copy_from_slice(&[192, 0, 2, 7]);
    let (user, line, host) = (user.into(), line.into(), "192.0.2.7".into());
    Entry { kind: 7, pid, line, user, host, address, ..at(time) }
}

pub fn log_out(time: i64, line: &str, pid: i32) -> Entry {
    Entry { kind: 8, pid, line: line.into(), ..at(time) }
}

pub fn blank() -> Entry {
    Entry { blank: true, ..Entry::default() }
}

fn at(time: i64) -> Entry {
    Entry { time: time.try_into().unwrap(), ..Entry::default() }
}
