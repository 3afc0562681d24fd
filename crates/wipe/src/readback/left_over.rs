//! Extents that are not what they should be: joined where they touch, the first of them kept with what they begin with.

use leaksweep_facts::certificate::LeftOver;
use leaksweep_formats::block::Class;

/// Extents that are kept one by one.
const MOST: usize = 1000;
/// Bytes that a preview shows.
const SHOWN: usize = 48;

/// Knows what a file or a file system is by its first bytes, up to a block.
pub trait Teller: Sync {
    fn kind(&self, first: &[u8]) -> Option<String>;
}

/// Knows nothing.
impl Teller for () {
    fn kind(&self, _: &[u8]) -> Option<String> {
        None
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    start: u64,
    bytes: u64,
    class: Class,
    kind: Option<String>,
    preview: String,
}

/// Adds a block to those of one portion.
pub fn add(found: &mut Vec<Found>, start: u64, class: Class, bytes: &[u8], teller: &dyn Teller) {
    let len = bytes.len() as u64;
    if let Some(last) = found.last_mut()
        && last.class == class
        && last.start + last.bytes == start
    {
        last.bytes += len;
        return;
    }
    let (kind, preview) = (teller.kind(bytes), preview(bytes));
    found.push(Found { start, bytes: len, class, kind, preview });
}

#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct LeftOvers {
    pub first: Vec<LeftOver>,
    pub count: u64,
    pub bytes: u64,
    /// Where the last one ends, and its class: it may go on in the next portion.
    last: Option<(u64, String)>,
}

impl LeftOvers {
    pub fn take(&mut self, found: Found) {
        let end = found.start + found.bytes;
        let goes_on = self
            .last
            .as_ref()
            .is_some_and(|(last, class)| *last == found.start && class == found.class.as_str());
        self.bytes += found.bytes;
        self.last = Some((end, found.class.as_str().to_owned()));
        if goes_on {
            if self.count <= MOST as u64
                && let Some(last) = self.first.last_mut()
            {
                last.bytes += found.bytes;
            }
            return;
        }
        self.count += 1;
        if self.first.len() < MOST {
            let Found { start, bytes, class, kind, preview } = found;
            let class = class.as_str().to_owned();
            self.first.push(LeftOver { start, bytes, class, kind, preview });
        }
    }
}

/// Printable ASCII as it is, anything else in hexadecimal.
fn preview(bytes: &[u8]) -> String {
    let start = bytes.iter().position(|byte| *byte != 0).unwrap_or(0);
    let shown = &bytes[start..bytes.len().min(start + SHOWN)];
    match shown.iter().all(|byte| matches!(byte, b' '..=b'~' | b'\n' | b'\r' | b'\t')) {
        true => {
            shown.iter().map(|byte| if *byte < b' ' { ' ' } else { char::from(*byte) }).collect()
        }
        false => shown.iter().map(|byte| format!("{byte:02x}")).collect(),
    }
}
