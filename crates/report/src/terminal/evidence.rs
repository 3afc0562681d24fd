//! The rows that prove a failure: as a table, or where cells would have to be cut badly and rows are
//! few, as a block of lines for each row.

use leaksweep_facts::verdict::{Value, Verdict};

use super::{Page, findings::BODY, table::TextTable};
use crate::{
    moment,
    safe_text::visible,
    sections::Finding,
    text_width::{pad, shorten, shorten_by_kind, width, wrap},
};

/// More rows than these are a table in any case: blocks of them would fill a screen.
const BLOCKS: usize = 3;
/// A value takes at most so many lines of a block.
const LINES: usize = 2;
const WIDEST_TARGET: usize = 40;
const WIDEST_LABEL: usize = 24;

impl Page<'_> {
    pub(super) fn evidence(&mut self, finding: &Finding) {
        let mut shown = Shown::new(self, finding);
        if shown.rows.is_empty() {
            return;
        }
        let held = shown.held();
        let more = finding.rows().saturating_sub(held);
        let targets = usize::from(!self.one_target());
        let same = shown.fold(targets);
        self.same(&same, (more > 0).then_some(held));
        // Where all else is folded, only names of targets are left, which stand above already.
        if shown.header.len() > targets {
            self.rows(shown);
        }
        if more > 0 {
            self.dimmed(&format!("and {more} more"));
        }
    }

    fn rows(&mut self, shown: Shown) {
        let few = shown.rows.len() <= BLOCKS;
        let table = shown.table();
        match few && table.is_crowded(self.width.saturating_sub(BODY)) {
            true => self.blocks(&table),
            false => self.table(table),
        }
    }

    fn table(&mut self, table: TextTable) {
        let room = self.width.saturating_sub(BODY);
        for (at, line) in table.lines(room).into_iter().enumerate() {
            if at == 0 { self.dimmed(&line) } else { self.indented(&line) }
        }
    }

    fn blocks(&mut self, table: &TextTable) {
        let labels: Vec<_> = table.header.iter().map(|name| shorten(name, WIDEST_LABEL)).collect();
        let widest = labels.iter().map(|label| width(label)).max().unwrap_or(0);
        for (at, row) in table.rows.iter().enumerate() {
            if at > 0 {
                self.blank();
            }
            for (label, value) in labels.iter().zip(row).filter(|(_, value)| !value.is_empty()) {
                let label = pad(label, widest + 2);
                let room = self.width.saturating_sub(BODY + width(&label));
                let painted = self.paint.dim(&label);
                self.labelled(BODY, (&label, &painted), &some_lines(value, room));
            }
        }
    }

    /// What the rows have in common, said once; of the first ones, where there are more.
    fn same(&mut self, same: &[(String, String)], first: Option<usize>) {
        let room = self.width.saturating_sub(BODY);
        let part = |(name, value): &(String, String)| {
            let name = shorten(name, WIDEST_LABEL);
            let value = shorten_by_kind(value, room.saturating_sub(width(&name) + 1));
            format!("{name} {value}")
        };
        let first = first.filter(|_| !same.is_empty());
        let mut line = first.map(|first| format!("the first {first}:")).unwrap_or_default();
        for part in same.iter().map(part) {
            let gap = if line.is_empty() || line.ends_with(':') { " " } else { " · " };
            if width(&line) + width(gap) + width(&part) > room {
                self.indented(&std::mem::take(&mut line));
            }
            line = if line.is_empty() { part } else { line + gap + &part };
        }
        if !line.is_empty() {
            self.indented(&line);
        }
    }

    fn dimmed(&mut self, text: &str) {
        let text = self.paint.dim(text);
        self.indented(&text);
    }

    fn indented(&mut self, text: &str) {
        self.line(&format!("{}{text}", " ".repeat(BODY)));
    }
}

/// The rows of a finding that a report shows, as text.
struct Shown {
    header: Vec<String>,
    rows: Vec<Row>,
}

struct Row {
    cells: Vec<String>,
    /// How many rows of the evidence look like this one.
    count: usize,
}

impl Shown {
    /// The first rows that differ; of many targets, the first row of each comes first.
    fn new(page: &Page, finding: &Finding) -> Self {
        let one = page.one_target();
        let columns = finding.evidence().map(|(_, evidence)| &evidence.columns).next();
        let mut header: Vec<String> = if one { Vec::new() } else { vec!["target".into()] };
        let names = columns.into_iter().flat_map(|names| names.iter());
        header.extend(names.map(|name| visible(name).into_owned()));
        let mut shown = Self { header, rows: Vec::new() };
        let each = if finding.verdicts.len() > 1 { 1 } else { usize::MAX };
        for (verdict, evidence) in finding.evidence() {
            let target = (!one).then(|| target_name(verdict));
            for row in evidence.rows.iter().take(each) {
                let cells = target.iter().cloned().chain(row.iter().map(cell)).collect();
                shown.take(cells, page.rows);
            }
            if finding.verdicts.len() > 1 && shown.rows.len() >= page.rows {
                break;
            }
        }
        shown
    }

    fn take(&mut self, cells: Vec<String>, most: usize) {
        if let Some(row) = self.rows.iter_mut().find(|row| row.cells == cells) {
            row.count += 1;
        } else if self.rows.len() < most {
            self.rows.push(Row { cells, count: 1 });
        }
    }

    /// How many rows of the evidence are shown, alone or merged.
    fn held(&self) -> usize {
        self.rows.iter().map(|row| row.count).sum()
    }

    /// Takes out the columns in which all rows say the same, from `first` on; one stays.
    fn fold(&mut self, first: usize) -> Vec<(String, String)> {
        let [one, others @ ..] = self.rows.as_slice() else { return Vec::new() };
        let value = |row: &Row, at: usize| row.cells.get(at).cloned().unwrap_or_default();
        let same = |at: &usize| others.iter().all(|row| value(row, *at) == value(one, *at));
        if others.is_empty() {
            return Vec::new();
        }
        let folded: Vec<usize> = (first..self.header.len()).filter(same).collect();
        let parts =
            folded.iter().filter_map(|at| Some((self.header.get(*at)?.clone(), value(one, *at))));
        let parts: Vec<_> = parts.collect();
        retain(&mut self.header, &folded);
        for row in &mut self.rows {
            retain(&mut row.cells, &folded);
        }
        parts
    }

    /// Rows that stand for several end with how many.
    fn table(self) -> TextTable {
        let merged = self.rows.iter().any(|row| row.count > 1);
        let mut header = self.header;
        header.extend(merged.then(String::new));
        let times = |count: usize| if count > 1 { format!("×{count}") } else { String::new() };
        let row = |row: Row| {
            let count = times(row.count);
            let mut cells = row.cells;
            cells.extend(merged.then_some(count));
            cells
        };
        TextTable { header, rows: self.rows.into_iter().map(row).collect() }
    }
}

/// Keeps all places but these.
fn retain(list: &mut Vec<String>, without: &[usize]) {
    let mut at = 0;
    list.retain(|_| {
        at += 1;
        !without.contains(&(at - 1))
    });
}

/// The value as far as it goes into the lines of a block.
fn some_lines(value: &str, room: usize) -> String {
    let mut lines = wrap(value, room);
    if lines.len() <= LINES {
        return value.to_owned();
    }
    // The mark of what was cut takes a column.
    lines = wrap(value, room.saturating_sub(1));
    lines.truncate(LINES);
    lines.join(" ") + "…"
}

pub(super) fn target_name(verdict: &Verdict) -> String {
    shorten(&visible(&verdict.target), WIDEST_TARGET).into_owned()
}

/// A cell as people read it.
fn cell(value: &Value) -> String {
    match value {
        Value::Null => "–".into(),
        Value::Time(time) => moment::short(*time),
        other => visible(&other.to_string()).into_owned(),
    }
}
