//! The forms that a page of SQLite can have.

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    Tree,
    /// What goes on elsewhere, is free, or points to others.
    Held,
    Zeros,
    Other,
}

pub fn u16_at(bytes: &[u8], at: usize) -> Option<usize> {
    Some(usize::from(u16::from_be_bytes(bytes.get(at..at.checked_add(2)?)?.try_into().ok()?)))
}

pub fn u32_at(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_be_bytes(bytes.get(at..at.checked_add(4)?)?.try_into().ok()?))
}

pub fn form(page: &[u8], first: bool, pages: u64) -> Form {
    let start = if first { 100 } else { 0 };
    if tree(page, start).is_some() {
        return Form::Tree;
    }
    match u32_at(page, 0) {
        _ if first => Form::Other,
        Some(0) if page.iter().all(|byte| *byte == 0) => Form::Zeros,
        Some(next) if u64::from(next) <= pages => Form::Held,
        // A map of pointers: a kind and a page for each.
        Some(_) if page.chunks_exact(5).take(20).all(|entry| entry[0] <= 5) => Form::Held,
        _ => Form::Other,
    }
}

/// Where the places of a tree's cells stand, and how many there are.
pub fn tree(page: &[u8], start: usize) -> Option<(usize, usize)> {
    let kind = *page.get(start)?;
    let head = match kind {
        2 | 5 => 12,
        10 | 13 => 8,
        _ => return None,
    };
    let (free, cells, content) =
        (u16_at(page, start + 1)?, u16_at(page, start + 3)?, u16_at(page, start + 5)?);
    let content = if content == 0 { 65_536 } else { content };
    let places = start + head;
    let fits = free < page.len()
        && content <= page.len()
        && places + cells * 2 <= content
        && page[start + 7] <= 60;
    let inside = |cell: usize| {
        u16_at(page, places + cell * 2).is_some_and(|at| at >= content && at < page.len())
    };
    let ends = [0, cells / 2, cells.saturating_sub(1)];
    // The first cells stand at the very end: zeros there are the end of another medium's sector, or of a blob.
    let torn = cells > 0
        && free == 0
        && page.len() > 512
        && page[page.len() - 512..].iter().all(|byte| *byte == 0)
        && !(kind == 13 && ends_in_blob(page, places, cells));
    (fits && !torn && (cells == 0 || ends.into_iter().all(inside))).then_some((places, cells))
}

/// Whether the last column of a leaf's farthest row is a blob, which alone may hold so many zeros.
fn ends_in_blob(page: &[u8], places: usize, cells: usize) -> bool {
    let farthest = (0..cells).filter_map(|cell| u16_at(page, places + cell * 2)).max();
    farthest
        .and_then(|cell| last_column(page, cell))
        .is_some_and(|kind| kind >= 12 && kind.is_multiple_of(2))
}

/// The kind of a row's last column.
fn last_column(page: &[u8], cell: usize) -> Option<u64> {
    let (_, at) = varint(page, cell)?;
    let (_, start) = varint(page, at)?;
    let (head, mut at) = varint(page, start)?;
    let end = start.checked_add(usize::try_from(head).ok()?)?.min(page.len());
    let mut last = None;
    while at < end {
        let (kind, next) = varint(page, at)?;
        (last, at) = (Some(kind), next);
    }
    last
}

/// A number of one to nine bytes, and where the next thing stands.
pub fn varint(bytes: &[u8], mut at: usize) -> Option<(u64, usize)> {
    let mut value = 0_u64;
    for count in 0..9 {
        let byte = *bytes.get(at)?;
        at += 1;
        if count == 8 {
            return Some((value << 8 | u64::from(byte), at));
        }
        value = value << 7 | u64::from(byte & 0x7F);
        if byte & 0x80 == 0 {
            break;
        }
    }
    Some((value, at))
}
