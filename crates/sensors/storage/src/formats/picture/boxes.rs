//! Boxes of the ISO base media format, as JP2, HEIF and films have them.

use crate::Stretch;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Box {
    pub name: [u8; 4],
    /// Where what it holds begins.
    pub body: u64,
    pub end: u64,
    /// Whether it goes on to the end of the file, wherever that is.
    pub open: bool,
}

impl Box {
    pub fn read(stretch: &mut Stretch, at: u64) -> Option<Self> {
        let short = u64::from(stretch.u32_be(at)?);
        let name: [u8; 4] = stretch.array(at + 4)?;
        let named = name.iter().all(|byte| byte.is_ascii_graphic() || *byte == b' ');
        let (head, length) = match short {
            1 => (16, stretch.u64_be(at + 8)?),
            short => (8, short),
        };
        let open = short == 0;
        let end = at.checked_add(length)?;
        let fits = named && (open || length >= head);
        fits.then_some(Self { name, body: at + head, end, open })
    }
}
