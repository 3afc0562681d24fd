//! The text of a Word document: its pieces, of one byte or two for each letter.

use std::borrow::Cow;

/// Where the pieces are told of: which stream, and the part of it.
pub struct Place {
    pub table: &'static str,
    pub at: usize,
    pub bytes: usize,
}

pub fn place(document: &[u8]) -> Option<Place> {
    let u32_at =
        |at: usize| Some(u32::from_le_bytes(document.get(at..at + 4)?.try_into().ok()?) as usize);
    // A mark of Word 97 and later; an encrypted one has no text to read.
    if document.get(..2)? != [0xEC, 0xA5] || document.get(11)? & 1 != 0 {
        return None;
    }
    let table = if document[11] & 2 != 0 { "1Table" } else { "0Table" };
    Some(Place { table, at: u32_at(0x1A2)?, bytes: u32_at(0x1A6)? })
}

/// Gives the text of each piece in order; in all no more than the document has bytes.
pub fn pieces(document: &[u8], mut told: &[u8], say: &mut dyn FnMut(Cow<str>)) -> Option<()> {
    while told.first()? == &1 {
        let count = usize::from(u16::from_le_bytes(told.get(1..3)?.try_into().ok()?));
        told = told.get(3 + count..)?;
    }
    let count = u32::from_le_bytes(told.get(1..5)?.try_into().ok()?) as usize;
    let plan = told.get(5..5_usize.checked_add(count)?)?;
    let pieces = plan.len().checked_sub(4)? / 12;
    let u32_at = |at: usize| {
        plan.get(at..at + 4).map(|four| u32::from_le_bytes([four[0], four[1], four[2], four[3]]))
    };
    let mut left = document.len();
    for piece in 0..pieces {
        let letters = u32_at(piece * 4 + 4)?.checked_sub(u32_at(piece * 4)?)? as usize;
        let place = u32_at((pieces + 1) * 4 + piece * 8 + 2)?;
        let at = (place & 0x3FFF_FFFF) as usize;
        let narrow = place & 0x4000_0000 != 0;
        let (at, bytes) = if narrow { (at / 2, letters) } else { (at, letters.checked_mul(2)?) };
        let text = document.get(at..)?;
        let text = &text[..bytes.min(text.len()).min(left)];
        left -= text.len();
        say(if narrow {
            encoding_rs::WINDOWS_1252.decode_without_bom_handling(text).0
        } else {
            encoding_rs::UTF_16LE.decode_without_bom_handling(text).0
        });
    }
    Some(())
}
