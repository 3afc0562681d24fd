//! What is open at printers: of one a line for each door, of several a table.

use super::{Page, TextTable, counted};
use crate::{
    doors::{self, Door, Lane, Printer, State},
    safe_text::visible,
};

/// Printers in the table; the rest is counted.
const PRINTERS: usize = 40;
const WORD: usize = 18;

impl Page<'_> {
    pub(super) fn printers(&mut self) {
        let all = doors::all(self.judgement);
        match all.as_slice() {
            [] => {}
            [printer] => self.printer(printer),
            all => self.all_printers(all),
        }
    }

    fn printer(&mut self, printer: &Printer) {
        if printer.doors.is_empty() || !printer.reached() {
            return;
        }
        self.blank();
        let model = printer.model();
        let who = if model.is_empty() { printer.target } else { &model };
        self.title(&format!("What is open at {}", visible(who)));
        for lane in Lane::ALL {
            self.lane(printer, lane);
        }
    }

    fn lane(&mut self, printer: &Printer, lane: Lane) {
        let (drawn, shut) = printer.lane(lane);
        let mut label = format!("{:<WORD$}", lane.title());
        for door in &drawn {
            self.labelled(2, (&label, &label), &door_text(door));
            label = " ".repeat(WORD);
        }
        for (word, titles) in [("not known", printer.unknown_of(lane)), ("closed", shut)] {
            if !titles.is_empty() {
                self.labelled(
                    2,
                    (&label, &label),
                    &format!("{word}: {}", visible(&titles.join(", "))),
                );
                label = " ".repeat(WORD);
            }
        }
    }

    fn all_printers(&mut self, all: &[Printer]) {
        self.blank();
        self.title("Printers");
        let header = ["printer", "model", "firmware", "keeps", "open", "fails", "unknown"];
        let table = TextTable {
            header: header.map(str::to_owned).to_vec(),
            rows: all.iter().take(PRINTERS).map(row).collect(),
        };
        for line in table.lines(self.width.saturating_sub(2)) {
            self.line(&format!("  {line}"));
        }
        if all.len() > PRINTERS {
            self.line(&format!("  and {}", counted(all.len() - PRINTERS, "more printer")));
        }
    }
}

fn door_text(door: &Door) -> String {
    let names = [door.name, door.place].into_iter().filter(|text| !text.is_empty());
    let names: Vec<_> = names.map(|text| visible(text).into_owned()).collect();
    let about = if names.is_empty() { String::new() } else { format!(" ({})", names.join(", ")) };
    let meaning = door.meaning();
    let meaning = if meaning.is_empty() { String::new() } else { format!(": {meaning}") };
    format!("{}{about}, {}{meaning}", visible(door.title()), door.state.word())
}

fn row(printer: &Printer) -> Vec<String> {
    let open = printer.count(State::Open) + printer.count(State::Weak);
    let fails: usize = printer.failures.iter().map(|(_, count)| count).sum();
    let keeps = if printer.reached() { printer.storage() } else { "no answer" };
    let texts = [printer.target, &printer.model(), printer.text("firmware"), keeps];
    let numbers = [open, fails, printer.unknown];
    let texts = texts.into_iter().map(|text| visible(text).into_owned());
    texts.chain(numbers.map(|number| number.to_string())).collect()
}
