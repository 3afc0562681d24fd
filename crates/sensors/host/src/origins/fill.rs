//! Which cells of which tables say where a file comes from, and how they are filled: one lookup for
//! all of them, once every row is there.

use std::collections::BTreeSet;

use leaksweep_facts::{Observed, Problem, Table, TableDef};

use super::{
    Answer, Answers, CHANGED, CONFIGURATION, EDITED, FOREIGN, GENERATED, MISSING, PACKAGE,
    UNRECORDED,
};
use crate::tally::Tally;

/// A file that a row names, and the cells that say where it comes from.
#[derive(Default)]
pub struct Blank<'r> {
    pub path: &'r str,
    /// Files that add to it: the worst of all counts.
    pub added: Vec<&'r str>,
    pub package: Option<&'r mut Option<String>>,
    pub origin: Option<&'r mut Option<String>>,
    pub recorded: Option<&'r mut Option<String>>,
}

/// A row that names files.
pub trait Comes: Table {
    /// The columns that say where a file comes from.
    const COLUMNS: &'static [&'static str];
    /// Those of them that need a digest or more than a list of files.
    const ORIGINS: &'static [&'static str];

    fn blanks<'r>(&'r mut self, each: &mut dyn FnMut(Blank<'r>));
}

/// A table whose cells are to be filled.
pub trait Fillable {
    /// Adds the paths that its rows name.
    fn paths(&mut self, into: &mut BTreeSet<String>);
    fn fill(&mut self, answers: &Answers, privileged: bool);
    /// The whole lookup came to a fault of ours.
    fn fault(&mut self, problem: fn(&TableDef) -> Problem);
}

impl<T: Comes> Fillable for Observed<T> {
    fn paths(&mut self, into: &mut BTreeSet<String>) {
        for row in &mut self.rows {
            row.blanks(&mut |blank| {
                for path in std::iter::once(blank.path).chain(blank.added) {
                    if !into.contains(path) {
                        into.insert(path.to_owned());
                    }
                }
            });
        }
    }

    fn fill(&mut self, answers: &Answers, privileged: bool) {
        let mut failures = Tally::default();
        for row in &mut self.rows {
            row.blanks(&mut |blank| blank.fill(answers, T::ORIGINS, &mut failures));
        }
        for unread in &answers.unread {
            let columns = if unread.owners { T::COLUMNS } else { T::ORIGINS };
            if !columns.is_empty() {
                failures.add(columns, &unread.subject, unread.failure.clone());
            }
        }
        self.problems.extend(failures.problems(T::DEF.name, privileged));
    }

    fn fault(&mut self, problem: fn(&TableDef) -> Problem) {
        self.problems.push(problem(&T::DEF).in_columns(T::COLUMNS));
    }
}

impl<'r> Blank<'r> {
    fn fill(self, answers: &Answers, columns: &'static [&'static str], failures: &mut Tally) {
        let Some(answer) = answers.of(self.path) else { return };
        if let Some(package) = self.package {
            package.clone_from(&answer.package);
        }
        if let Some(recorded) = self.recorded {
            recorded.clone_from(&answer.recorded);
        }
        let Some(cell) = self.origin else { return };
        let added = self.added.iter().filter_map(|path| answers.of(path));
        let all: Vec<&Answer> = std::iter::once(answer).chain(added).collect();
        let worst = all.iter().map(|answer| answer.origin).max_by_key(|origin| rank(*origin));
        *cell = worst.flatten().map(str::to_owned);
        let paths = std::iter::once(&self.path).chain(&self.added);
        for (path, answer) in paths.zip(&all) {
            if let Some(failure) = &answer.failure {
                failures.add(columns, *path, failure.clone());
            }
        }
    }
}

/// The higher the worse. What cannot be told stands before what is surely harmless.
fn rank(origin: Option<&str>) -> usize {
    let order =
        [PACKAGE, CONFIGURATION, GENERATED, UNRECORDED, EDITED, MISSING, "", CHANGED, FOREIGN];
    let origin = origin.unwrap_or_default();
    order.iter().position(|known| *known == origin).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_several_files_the_worst_counts_and_what_is_unknown_hides_no_foreign_one() {
        let worst = |origins: &[Option<&'static str>]| {
            origins.iter().copied().max_by_key(|origin| rank(*origin)).flatten()
        };
        assert_eq!(worst(&[Some(PACKAGE), Some(CONFIGURATION)]), Some(CONFIGURATION));
        assert_eq!(worst(&[Some(FOREIGN), None, Some(PACKAGE)]), Some(FOREIGN));
        assert_eq!(worst(&[Some(PACKAGE), None]), None);
        assert_eq!(worst(&[Some(EDITED), Some(CHANGED)]), Some(CHANGED));
    }
}
