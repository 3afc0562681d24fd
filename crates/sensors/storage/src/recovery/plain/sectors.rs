//! Single sectors of text, in stretches whose blocks are of another order. Of a portion at most [`MOST`] runs are told: the last then
//! holds all that follow, so that a medium made for it takes no more memory.

use super::GAP;
use crate::{Bytes, Run, formats::document::text};

const SECTOR: usize = 512;
/// What one thread takes, and what it reads at once.
const PORTION: u64 = 16 << 20;
const STEP: u64 = 256 * 1024;
const MOST: usize = 64;

/// A stretch in parts for several threads, cut where sectors end.
pub fn portions(run: Run) -> impl Iterator<Item = Run> {
    let end = run.end();
    let next = move |at: &u64| (at / PORTION + 1).checked_mul(PORTION);
    let starts = std::iter::successors(Some(run.start), next).take_while(move |at| *at < end);
    starts.map(move |at| Run::new(at, next(&at).unwrap_or(end).min(end) - at))
}

/// Where sectors are text from their first byte on, with what lies between near ones.
pub fn of_text(medium: &dyn Bytes, portion: Run, buffer: &mut Vec<u8>) -> Vec<Run> {
    let mut runs: Vec<Run> = Vec::new();
    let mut at = portion.start.next_multiple_of(SECTOR as u64);
    while at < portion.end() {
        buffer.resize((portion.end() - at).min(STEP) as usize, 0);
        let read = medium.read_at(at, buffer);
        let sectors = buffer[..read].chunks(SECTOR).zip(0..);
        for (sector, number) in sectors.filter(|(sector, _)| is_text(sector)) {
            add(&mut runs, Run::new(at + number * SECTOR as u64, sector.len() as u64));
        }
        at += STEP;
    }
    runs
}

fn add(runs: &mut Vec<Run>, sector: Run) {
    let full = runs.len() == MOST;
    match runs.last_mut() {
        Some(last) if full || sector.start - last.end() <= GAP => {
            last.bytes = sector.end() - last.start;
        }
        _ => runs.push(sector),
    }
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
        medium[512 * 900..][..512].copy_from_slice(&prose[..512]);
        let found = of_text(&medium, Run::new(700, 599_000), &mut Vec::new());
        assert_eq!(found, [Run::new(512 * 5, 512 * 3), Run::new(512 * 900, 512)]);

        let stretch = Run::new(700, PORTION * 2);
        let all: Vec<Run> = portions(stretch).collect();
        assert_eq!(all.iter().map(|run| run.bytes).sum::<u64>(), stretch.bytes);
        assert!(all.windows(2).all(|two| two[0].end() == two[1].start) && all.len() == 3);
    }

    #[test]
    fn a_portion_full_of_them_is_told_in_few_runs() {
        let prose = b"Paper after quarter about ordered were thirty. ".repeat(12);
        let apart = GAP as usize + 1024;
        let mut medium = vec![1; apart * 90];
        (0..90).for_each(|at| medium[at * apart..][..512].copy_from_slice(&prose[..512]));
        let found = of_text(&medium, Run::new(0, medium.len() as u64), &mut Vec::new());
        assert_eq!(found.len(), MOST);
        assert_eq!(found[MOST - 1].end(), (apart * 89 + 512) as u64);
    }
}
