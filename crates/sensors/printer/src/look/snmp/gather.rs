//! What is asked through an open door: who the printer is, its maker's own objects, and a few columns of tables; never a whole tree.
//!
//! Columns are walked side by side, several rows with one answer where the version knows that. A column ends where the next begins, where
//! its identifiers do not grow, or at [`MOST_ROWS`]. In v1 an object that is missing spoils the answer of all others, so that single objects
//! are asked for there by what follows the one before them.

use leaksweep_facts::{Problem, Reason};

use super::{
    access::{Access, AskError, Asker},
    entry::Door,
    facts,
    message::{Answer, Kind},
    oid::Oid,
    system::{COLUMNS, HR_SYSTEM_UPTIME},
    value::Value,
    walk::Walk,
};

/// The most rows of one column.
const MOST_ROWS: usize = 200;
/// How many objects are asked for at once.
const AT_ONCE: usize = 12;
/// How many values one answer may hold: more than fit into a datagram, agents cut.
const VALUES: usize = 60;

/// RFC 3416: what is too big, what does not exist (v1), what the printer cannot give, what it does not let one see.
const TOO_BIG: i64 = 1;
const NO_SUCH_NAME: i64 = 2;
const GENERAL: i64 = 5;
const NO_ACCESS: i64 = 16;

#[derive(Default)]
pub struct Gathered {
    pub walk: Walk,
    pub problems: Vec<Problem>,
}

pub fn gather(asker: &mut Asker, door: Door) -> Gathered {
    let mut gathering = Gathering { asker, access: door.access, gathered: Gathered::default() };
    gathering.take(door.answer);
    gathering.identify();
    let makers = facts::makers_of(&gathering.gathered.walk);
    let mut single = vec![Oid::from(HR_SYSTEM_UPTIME)];
    single.extend(facts::objects_of(&makers, false));
    gathering.single(single);
    let mut columns: Vec<Oid> = COLUMNS.iter().map(|column| Oid::from(*column)).collect();
    columns.extend(facts::objects_of(&makers, true));
    gathering.columns(columns);
    gathering.gathered
}

struct Gathering<'a, 'b> {
    asker: &'a mut Asker<'b>,
    access: Access,
    gathered: Gathered,
}

/// How far a column is walked.
struct Cursor {
    column: Oid,
    last: Oid,
    rows: usize,
    done: bool,
}

impl Gathering<'_, '_> {
    /// Keeps what an answer holds; false where it was damaged.
    fn take(&mut self, answer: Answer) {
        self.note_damage(&answer);
        for (oid, value) in answer.pairs {
            self.gathered.walk.insert(oid, value);
        }
    }

    /// In v1 one object that is missing kept all others back.
    fn identify(&mut self) {
        if self.gathered.walk.is_empty() {
            self.single(super::system::IDENTITY.iter().map(|oid| Oid::from(*oid)).collect());
        }
    }

    fn single(&mut self, mut oids: Vec<Oid>) {
        oids.retain(|oid| self.gathered.walk.get(oid.numbers()).is_none());
        let mut parts: Vec<Vec<Oid>> = oids.chunks(AT_ONCE).map(<[Oid]>::to_vec).collect();
        parts.reverse();
        while let Some(part) = parts.pop() {
            match self.ask_single(&part) {
                Ok(answer) if answer.status == 0 => self.take_single(&part, answer),
                Ok(answer) => parts.extend(self.without_the_wrong_one(part, &answer)),
                Err(error) => return self.fail("printer_settings", &error),
            }
        }
    }

    fn ask_single(&mut self, oids: &[Oid]) -> Result<Answer, AskError> {
        if self.access.is_modern() {
            return self.asker.ask(&mut self.access, Kind::Get, oids.to_vec());
        }
        let before = oids.iter().map(Oid::before).collect();
        self.asker.ask(&mut self.access, Kind::Next, before)
    }

    fn take_single(&mut self, asked: &[Oid], mut answer: Answer) {
        answer.pairs.retain(|(oid, _)| asked.contains(oid));
        self.take(answer);
    }

    /// What is asked for again, after an error that names one of them, or none.
    fn without_the_wrong_one(&mut self, mut part: Vec<Oid>, answer: &Answer) -> Vec<Vec<Oid>> {
        let at = usize::try_from(answer.index).ok().and_then(|index| index.checked_sub(1));
        match at.filter(|at| *at < part.len() && answer.status != TOO_BIG) {
            Some(at) => self.note_refusal(part.remove(at), answer.status),
            None if part.len() > 1 => {
                let second = part.split_off(part.len() / 2);
                return vec![second, part];
            }
            None => part.drain(..).for_each(|oid| self.note_refusal(oid, answer.status)),
        }
        if part.is_empty() { Vec::new() } else { vec![part] }
    }

    fn note_refusal(&mut self, oid: Oid, status: i64) {
        if [GENERAL, NO_ACCESS].contains(&status) {
            self.gathered.walk.refuse(oid);
        }
    }

    fn columns(&mut self, columns: Vec<Oid>) {
        let cursor = |column: Oid| Cursor { last: column.clone(), column, rows: 0, done: false };
        let mut cursors: Vec<Cursor> = columns.into_iter().map(cursor).collect();
        let mut at_once = AT_ONCE;
        let mut values = VALUES;
        loop {
            let mut pending: Vec<&mut Cursor> =
                cursors.iter_mut().filter(|cursor| !cursor.done).collect();
            // Those that are least far, so that no column waits for a long one.
            pending.sort_by_key(|cursor| cursor.rows);
            pending.truncate(at_once);
            if pending.is_empty() {
                return;
            }
            let rows = u8::try_from((values / pending.len()).clamp(1, 20)).unwrap_or(1);
            let kind = if self.access.is_modern() { Kind::Bulk(rows) } else { Kind::Next };
            let asked = pending.iter().map(|cursor| cursor.last.clone()).collect();
            match self.asker.ask(&mut self.access, kind, asked) {
                Ok(answer) if answer.status == TOO_BIG && (at_once > 1 || values > 1) => {
                    (at_once, values) = ((at_once / 2).max(1), values / 4);
                }
                Ok(answer) => self.advance(&mut pending, answer),
                Err(error) => return self.fail("printer_parts", &error),
            }
        }
    }

    fn advance(&mut self, pending: &mut [&mut Cursor], answer: Answer) {
        if answer.status != 0 {
            let at = usize::try_from(answer.index).ok().and_then(|index| index.checked_sub(1));
            return match at.and_then(|at| pending.get_mut(at)) {
                Some(cursor) => self.end(cursor, answer.status),
                None => pending.iter_mut().for_each(|cursor| self.end(cursor, answer.status)),
            };
        }
        self.note_damage(&answer);
        let before: usize = pending.iter().map(|cursor| cursor.rows).sum();
        let width = pending.len();
        for (at, (oid, value)) in answer.pairs.into_iter().enumerate() {
            if let Some(cursor) = pending.get_mut(at % width) {
                self.step(cursor, oid, value);
            }
        }
        let after: usize = pending.iter().map(|cursor| cursor.rows).sum();
        if before == after && pending.iter().all(|cursor| !cursor.done) {
            pending.iter_mut().for_each(|cursor| cursor.done = true);
            self.note(
                "printer_parts",
                Reason::Malformed,
                "an answer holds nothing of what was asked for".into(),
            );
        }
    }

    fn step(&mut self, cursor: &mut Cursor, oid: Oid, value: Value) {
        if cursor.done {
            return;
        }
        if value == Value::End || oid.below(cursor.column.numbers()).is_none() {
            return cursor.done = true;
        }
        if oid <= cursor.last {
            cursor.done = true;
            let detail = format!("behind {} comes {oid}: its identifiers do not grow", cursor.last);
            return self.note("printer_parts", Reason::Malformed, detail);
        }
        cursor.last = oid.clone();
        cursor.rows += 1;
        self.gathered.walk.insert(oid, value);
        if cursor.rows >= MOST_ROWS {
            cursor.done = true;
            let detail = format!("{} has more than {MOST_ROWS} rows", cursor.column);
            self.note("printer_parts", Reason::TooLarge, detail);
        }
    }

    /// In v1 the end of the whole tree is an error.
    fn end(&mut self, cursor: &mut Cursor, status: i64) {
        cursor.done = true;
        if status != NO_SUCH_NAME {
            let what = super::message::pdu::status_name(status);
            self.note("printer_parts", Reason::Failed, format!("behind {}: {what}", cursor.last));
        }
    }

    fn note_damage(&mut self, answer: &Answer) {
        if let Some(damage) = answer.damage {
            self.note(
                "printer_answers",
                Reason::Malformed,
                format!("an answer is damaged: {damage}"),
            );
        }
    }

    fn fail(&mut self, table: &'static str, error: &AskError) {
        // What stops one walk stops the others; a store may be among what was not asked.
        let tables = if table == "printer_parts" {
            &["printer_parts", "printer_stores"][..]
        } else {
            &[table]
        };
        self.gathered.problems.extend(tables.iter().map(|table| error.problem(table, "snmp")));
    }

    fn note(&mut self, table: &'static str, reason: Reason, detail: String) {
        let problem = Problem::new(table, "snmp", reason, detail);
        if !self.gathered.problems.contains(&problem) && self.gathered.problems.len() < 50 {
            self.gathered.problems.push(problem);
        }
    }
}
