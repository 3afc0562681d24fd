//! Headers of pages: 420 bytes in version 1 of CUPS, 1796 in later ones and in PWG, 32 of Apple's.

/// The order of bytes and of compression, by the file's first four bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Form {
    pub big: bool,
    pub packed: bool,
    /// Bytes of a page's header.
    pub header: usize,
}

/// By the synchronisation word.
pub fn form(sync: [u8; 4]) -> Option<Form> {
    let form = |big, packed, header| Some(Form { big, packed, header });
    match &sync {
        b"RaSt" => form(true, false, 420),
        b"tSaR" => form(false, false, 420),
        b"RaS2" => form(true, true, 1796),
        b"2SaR" => form(false, true, 1796),
        b"RaS3" => form(true, false, 1796),
        b"3SaR" => form(false, false, 1796),
        _ => None,
    }
}

/// A page: its points, and how they lie in a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Page {
    pub width: u32,
    pub height: u32,
    pub bits_per_color: u32,
    pub bits_per_pixel: u32,
    pub bytes_per_line: u32,
    /// 0 all colours of a point together, 1 lines of one colour after another, 2 planes.
    pub order: u32,
    pub space: u32,
    /// How many bytes are packed as one.
    pub unit: u32,
    /// How many lines there are, planes included.
    pub lines: u64,
    /// How many pages the job says to have, if it does.
    pub total: u32,
}

const LARGEST: u32 = 200_000;

/// Checks that a page's numbers fit each other.
pub fn page(form: Form, header: &[u8]) -> Option<Page> {
    let header = header.get(..form.header)?;
    let word = |at: usize| -> Option<u32> {
        let bytes = *header.get(at..)?.first_chunk()?;
        Some(if form.big { u32::from_be_bytes(bytes) } else { u32::from_le_bytes(bytes) })
    };
    let (width, height) = (word(372)?, word(376)?);
    let (bits_per_color, bits_per_pixel) = (word(384)?, word(388)?);
    let (bytes_per_line, order, space) = (word(392)?, word(396)?, word(400)?);
    let colors = match form.header {
        420 => 0,
        _ => word(420)?,
    };
    let sizes = [width, height].iter().all(|side| (1..=LARGEST).contains(side));
    let bits = matches!(bits_per_color, 1 | 2 | 4 | 8 | 16) && (1..=240).contains(&bits_per_pixel);
    let fits = bits && sizes && colors <= 15 && order <= 2 && space <= 63;
    let small = [264, 272, 300, 308, 316, 320, 324, 332, 368].iter().all(|at| {
        // Switches of the device: all are 0 or 1, or numbers of a few choices.
        word(*at).is_some_and(|value| value <= 100_000)
    });
    let resolution =
        [276, 280].iter().all(|at| word(*at).is_some_and(|dots| (1..=9600).contains(&dots)));
    let strings = text(&header[..64])
        && text(&header[64..128])
        && text(&header[128..192])
        && text(&header[192..256]);
    (fits && small && resolution && strings).then_some(())?;
    let per_line = |bits: u32| (u64::from(width) * u64::from(bits)).div_ceil(8);
    let line = u64::from(bytes_per_line);
    let count = match (colors, order) {
        (0, _) => (bits_per_pixel / bits_per_color).max(1),
        (count, _) => count,
    };
    let holds = match order {
        0 => line == per_line(bits_per_pixel),
        1 => {
            line == per_line(bits_per_color) * u64::from(count) || line == per_line(bits_per_pixel)
        }
        _ => line == per_line(bits_per_color) || line == per_line(bits_per_pixel),
    };
    let planes = if order == 2 { u64::from(count) } else { 1 };
    let unit = if order == 0 { bits_per_pixel.div_ceil(8) } else { bits_per_color.div_ceil(8) };
    let is_pwg = header.starts_with(b"PwgRaster\0");
    let total = if is_pwg { word(452)? } else { 0 };
    (holds && line <= u64::from(LARGEST) * 30).then_some(Page {
        width,
        height,
        bits_per_color,
        bits_per_pixel,
        bytes_per_line,
        order,
        space,
        unit,
        lines: u64::from(height) * planes,
        total: if total < 100_000 { total } else { 0 },
    })
}

/// A string of the header: text up to the first zero.
fn text(field: &[u8]) -> bool {
    let end = field.iter().position(|byte| *byte == 0).unwrap_or(field.len());
    end < field.len() && field[..end].iter().all(|byte| matches!(byte, 0x20..=0x7E | 0x80..))
}

/// Apple's: 32 bytes, always in big-endian order.
pub fn apple(header: &[u8]) -> Option<Page> {
    let word = |at: usize| Some(u32::from_be_bytes(*header.get(at..)?.first_chunk()?));
    let [bits, space, duplex, quality] = *header.first_chunk::<4>()?;
    let (width, height, dots) = (word(12)?, word(16)?, word(20)?);
    let bits_hold =
        matches!((bits, space), (1, 0 | 4) | (8 | 16, 0 | 4) | (24 | 48, 1..=3 | 5) | (32 | 64, 6));
    let sizes = [width, height].iter().all(|side| (1..=LARGEST).contains(side));
    let dots_hold = (50..=4800).contains(&dots);
    let small = duplex <= 8 && quality <= 8 && word(24)? == 0 && word(28)? == 0;
    let bits = u32::from(bits);
    (bits_hold && sizes && dots_hold && small).then_some(Page {
        width,
        height,
        bits_per_color: match bits {
            1 => 1,
            16 | 48 | 64 => 16,
            _ => 8,
        },
        bits_per_pixel: bits,
        bytes_per_line: width.checked_mul(bits)?.div_ceil(8),
        order: 0,
        // As CUPS numbers them: grey 18, colour 19, four inks 6.
        space: match space {
            // Ghostscript writes lines of one bit, which is ink.
            _ if bits == 1 => 3,
            0 | 4 => 18,
            6 => 6,
            _ => 19,
        },
        unit: bits.div_ceil(8),
        lines: height.into(),
        total: 0,
    })
}
