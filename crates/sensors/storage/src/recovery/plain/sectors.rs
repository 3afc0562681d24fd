//! Single sectors of text, in stretches whose blocks are of another order.

use crate::{Bytes, Run, formats::document::text};

const SECTOR: usize = 512;
/// Read at once, and what one thread takes.
const PORTION: u64 = 256 * 1024;

/// A stretch in parts for several threads, cut where sectors end.
pub fn portions(run: Run) -> impl Iterator<Item = Run> {
    let end = run.end();
    let next = move |at: &u64| (at / PORTION + 1).checked_mul(PORTION);
    let starts = std::iter::successors(Some(run.start), next).take_while(move |at| *at < end);
    starts.map(move |at| Run::new(at, next(&at).unwrap_or(end).min(end) - at))
}

/// The sectors of a portion that are text from their first byte on.
pub fn of_text(medium: &dyn Bytes, portion: Run, buffer: &mut Vec<u8>) -> Vec<Run> {
    let start = portion.start.next_multiple_of(SECTOR as u64);
    let bytes = portion.end().saturating_sub(start).min(PORTION);
    buffer.resize(bytes as usize, 0);
    let read = medium.read_at(start, buffer);
    let sectors = buffer[..read].chunks(SECTOR).enumerate();
    let of_text = sectors.filter(|(_, sector)| is_text(sector));
    of_text.map(|(number, sector)| place(start, number, sector)).collect()
}

fn place(start: u64, number: usize, sector: &[u8]) -> Run {
    Run::new(start + (number * SECTOR) as u64, sector.len() as u64)
}

/// Text for so long that it is told, and then nothing but zeros.
fn is_text(sector: &[u8]) -> bool {
    let own = sector.iter().rposition(|byte| *byte != 0).map_or(0, |last| last + 1);
    let own = &sector[..own];
    own.len() as u64 >= text::LEAST && !own.contains(&0) && text::scan::is_text(own)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::chance::noise;

    #[test]
    fn sectors_of_text_are_told_and_portions_cover_a_stretch() {
        let prose = b"Paper after quarter about ordered were thirty. ".repeat(40);
        let mut medium = noise(3, 600_000);
        medium[512 * 5..][..1500].copy_from_slice(&prose[..1500]);
        medium[512 * 5 + 1500..512 * 8].fill(0);
        medium[512 * 20..][..200].copy_from_slice(&prose[..200]);
        let run = Run::new(700, 599_000);
        let all: Vec<Run> = portions(run).collect();
        assert_eq!(all.iter().map(|run| run.bytes).sum::<u64>(), run.bytes);
        assert!(all.windows(2).all(|two| two[0].end() == two[1].start) && all.len() > 2);
        let mut buffer = Vec::new();
        let found: Vec<Run> =
            all.iter().flat_map(|portion| of_text(&medium, *portion, &mut buffer)).collect();
        assert_eq!(found, [5, 6, 7].map(|number| Run::new(512 * number, 512)));
    }
}
