//! Evidence as a short table that fits the terminal.

use crate::text_width::{pad, shorten_by_kind, width};

const GAP: usize = 2;
/// A column that would not get its own width or this is left out: a whole time fits.
const READABLE: usize = 16;
/// Where even the first two columns are too wide.
const NARROWEST: usize = 6;

/// A table of text that is safe to show already.
pub struct TextTable {
    pub header: Vec<String>,
    pub rows: Vec<Vec<String>>,
}

impl TextTable {
    /// The header and the rows as lines of at most `columns`.
    pub fn lines(mut self, columns: usize) -> Vec<String> {
        self.drop_columns(columns);
        let widths = fitted(self.natural_widths(), columns);
        let header = line(&self.header, &widths);
        std::iter::once(header).chain(self.rows.iter().map(|row| line(row, &widths))).collect()
    }

    /// Whether a column would lose so much that its cells can hardly be read.
    pub fn is_crowded(&self, columns: usize) -> bool {
        let natural = self.natural_widths();
        let cut = |(fitted, natural): (usize, &usize)| fitted * 3 < natural * 2;
        readable(&natural, columns) < natural.len()
            || fitted(natural.clone(), columns).into_iter().zip(&natural).any(cut)
    }

    fn natural_widths(&self) -> Vec<usize> {
        let cell = |row: &Vec<String>, at: usize| row.get(at).map_or(0, |text| width(text));
        let widest = |at: usize| self.rows.iter().map(|row| cell(row, at)).max().unwrap_or(0);
        self.header.iter().enumerate().map(|(at, name)| width(name).max(widest(at))).collect()
    }

    /// Leaves out the last columns that would not be readable, and says that there were some.
    fn drop_columns(&mut self, columns: usize) {
        let kept = readable(&self.natural_widths(), columns);
        if kept == self.header.len() {
            return;
        }
        self.header.truncate(kept);
        self.header.push("…".into());
        for row in &mut self.rows {
            row.truncate(kept);
        }
    }
}

/// How many columns are readable side by side; two at least.
fn readable(widths: &[usize], columns: usize) -> usize {
    let needed = |widths: &[usize]| widths.iter().map(|w| (*w).min(READABLE) + GAP).sum::<usize>();
    if needed(widths) <= columns + GAP {
        return widths.len();
    }
    let fits = |kept: &usize| needed(&widths[..*kept]) < columns;
    (0..widths.len()).rev().find(fits).unwrap_or(0).max(2)
}

fn line(cells: &[String], widths: &[usize]) -> String {
    let cells = cells.iter().zip(widths);
    let cells: Vec<String> = cells.map(|(text, w)| pad(&shorten_by_kind(text, *w), *w)).collect();
    cells.join(&" ".repeat(GAP)).trim_end().to_owned()
}

/// Narrows the widest columns until all fit.
fn fitted(mut widths: Vec<usize>, columns: usize) -> Vec<usize> {
    let room = columns.saturating_sub(GAP * widths.len().saturating_sub(1));
    while widths.iter().sum::<usize>() > room {
        let total: usize = widths.iter().sum();
        let Some(widest) = widths.iter().copied().max().filter(|w| *w > NARROWEST) else { break };
        let second = widths.iter().copied().filter(|w| *w < widest).max().unwrap_or(NARROWEST);
        let sharing = widths.iter().filter(|w| **w == widest).count();
        let share = (total - room).div_ceil(sharing);
        let narrower = widest.saturating_sub(share).max(second).max(NARROWEST);
        widths.iter_mut().filter(|w| **w == widest).for_each(|w| *w = narrower);
    }
    widths
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_table_fits_every_width_that_it_is_given() {
        let row = |n: usize| (0..9).map(|c| "机房x/".repeat(1 + (c * n) % 7)).collect();
        for columns in 20..200 {
            let header = (0..9).map(|c| format!("column{c}")).collect();
            let table = TextTable { header, rows: (0..5).map(row).collect() };
            assert!(table.lines(columns).iter().all(|line| width(line) <= columns), "{columns}");
        }
    }

    #[test]
    fn a_table_is_crowded_where_a_column_loses_a_third() {
        let table = |long: usize| TextTable {
            header: vec!["name".into(), "path".into()],
            rows: vec![vec!["rustdesk".into(), "x".repeat(long)]],
        };
        assert!(!table(80).is_crowded(90));
        assert!(!table(120).is_crowded(90));
        assert!(table(121).is_crowded(90));
    }

    #[test]
    fn only_wide_columns_are_narrowed() {
        assert_eq!(fitted(vec![4, 80, 10], 50), [4, 32, 10]);
        assert_eq!(fitted(vec![40, 40], 42), [20, 20]);
        assert_eq!(fitted(vec![4, 8], 50), [4, 8]);
    }
}
