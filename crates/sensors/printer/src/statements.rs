//! Signed statements that the user gave with a printer: which of them are of it and count, and what they say.
//!
//! A statement counts where its signature is by a key that the user named, it is of this printer, it has not ended, and nothing
//! speaks against it: neither the printer itself nor a newer statement. Limits: 1,000 files; texts are cut at 200 characters.

use leaksweep_facts::{
    Problem, Reason, Time,
    seal::PublicKey,
    signed::Signed,
    statement::{self, Answer},
    tables::printer::Statement,
};

use crate::{Options, Portrait, Topic, Value, Way, portrait::cut};

pub const MOST_FILES: usize = 1000;

/// Whose printer they are held against, and when.
struct This<'a> {
    name: &'a str,
    serial: Option<String>,
    moment: Time,
    trusted: &'a [PublicKey],
}

/// One that can be read.
struct Given {
    row: Statement,
    topic: Topic,
    value: Value,
}

/// Notes all of them, and learns from those that count. All other answers must be known before.
pub fn apply(options: &Options, name: &str, moment: Time, portrait: &mut Portrait) {
    let this =
        This { name, serial: portrait.text(Topic::Serial), moment, trusted: &options.trusted };
    if options.statements.len() > MOST_FILES {
        portrait.problems.push(too_many(name));
    }
    let mut given = Vec::new();
    for (file, bytes) in options.statements.iter().take(MOST_FILES) {
        match read(file, bytes, &this) {
            Ok(one) => given.push(one),
            Err(row) => portrait.statements.push(*row),
        }
    }
    // The newest goes before those that it replaces.
    given.sort_by_key(|one| std::cmp::Reverse(one.row.made));
    for one in given {
        settle(one, portrait);
    }
}

fn too_many(name: &str) -> Problem {
    let detail = format!("no more than {MOST_FILES} statements are read");
    Problem::new("printer_statements", name, Reason::TooLarge, detail)
}

/// What a file says and how it stands by itself; a row alone where it says nothing that can be used.
fn read(file: &str, bytes: &[u8], this: &This) -> Result<Given, Box<Statement>> {
    let broken = |fault: String| {
        Box::new(Statement {
            state: "broken".into(),
            fault: Some(cut(&fault)),
            file: cut(file),
            ..Statement::default()
        })
    };
    let signed = Signed::<statement::Statement>::parse(bytes);
    let signed = signed.map_err(|error| broken(error.to_string()))?;
    let said = signed.document();
    if let Some(fault) = said.fault() {
        return Err(broken(fault));
    }
    let answered = said
        .answered()
        .and_then(|(topic, answer)| Some((Topic::named(topic.column)?, value(answer))));
    let Some((topic, value)) = answered else {
        return Err(broken(format!("'{}' is nothing that can be stated", said.topic)));
    };
    Ok(Given { row: row(file, said, signed.signer(), this), topic, value })
}

fn value(answer: Answer) -> Value {
    match answer {
        Answer::Flag(flag) => Value::Flag(flag),
        Answer::Number(number) => Value::Number(number),
        Answer::Text(text) => Value::Text(text),
        Answer::Moment(moment) => Value::Moment(moment),
    }
}

fn row(file: &str, said: &statement::Statement, signer: &PublicKey, this: &This) -> Statement {
    Statement {
        topic: said.topic.clone(),
        answer: cut(&said.answer),
        how: said.how.as_deref().map(cut),
        by: cut(&said.by),
        role: cut(&said.role),
        made: Some(said.made),
        until: said.until,
        key: Some(signer.id()),
        state: state(said, signer, this).into(),
        fault: None,
        file: cut(file),
    }
}

fn state(said: &statement::Statement, signer: &PublicKey, this: &This) -> &'static str {
    if !said.is_of(this.name, this.serial.as_deref()) {
        "other"
    } else if !this.trusted.contains(signer) {
        "untrusted"
    } else if !said.holds_at(this.moment) {
        "expired"
    } else {
        "counts"
    }
}

/// What is known already speaks for or against it.
fn settle(one: Given, portrait: &mut Portrait) {
    let Given { mut row, topic, value } = one;
    if row.state == "counts" {
        match portrait.value(topic) {
            Some(known) if !same(known, &value) => row.state = "contradicted".into(),
            _ => portrait.learn(topic, value, Way::Statement, &*row.file, &row.answer),
        }
    }
    portrait.statements.push(row);
}

/// Texts differ by more than their case.
fn same(known: &Value, said: &Value) -> bool {
    known.to_string().trim().to_lowercase() == cut(&said.to_string()).trim().to_lowercase()
}

#[cfg(test)]
mod tests {
    use leaksweep_facts::seal::SecretKey;

    use super::*;
    use crate::{Recorded, Source};

    const NOW: Time = Time(1_000_000);

    fn key(letter: char) -> SecretKey {
        let seed: String = std::iter::repeat_n(letter, 42).collect();
        SecretKey::parse(&format!("leaksweep-secret-key-1:{seed}A=")).unwrap()
    }

    fn said() -> statement::Statement {
        statement::Statement {
            form: statement::FORM.into(),
            printer: "printer-3".into(),
            serial: None,
            topic: "bluetooth".into(),
            answer: "no".into(),
            how: Some("menu Network".into()),
            by: "Li".into(),
            role: "facilities".into(),
            made: Time(900_000),
            until: None,
        }
    }

    fn apply_to(portrait: &mut Portrait, files: Vec<Vec<u8>>) -> Vec<String> {
        let mut options = Options::new(Source::Recorded(Recorded::default()));
        options.statements = (1..).map(|at| format!("{at}.json")).zip(files).collect();
        options.trusted = vec![key('A').public()];
        apply(&options, "printer-3", NOW, portrait);
        portrait.statements.iter().map(|row| row.state.clone()).collect()
    }

    fn by(letter: char, said: statement::Statement) -> Vec<u8> {
        Signed::new(said, &key(letter)).to_bytes()
    }

    #[test]
    fn a_statement_fills_what_nothing_else_tells() {
        let mut portrait = Portrait::default();
        assert_eq!(apply_to(&mut portrait, vec![by('A', said())]), ["counts"]);
        assert_eq!(portrait.flag(Topic::Bluetooth), Some(false));
        let row = &portrait.statements[0];
        assert_eq!((row.topic.as_str(), row.answer.as_str()), ("bluetooth", "no"));
        assert_eq!(row.key.as_deref(), Some(key('A').public().id().as_str()));
    }

    #[test]
    fn each_reason_not_to_count_has_its_name() {
        use statement::Statement;
        let altered = String::from_utf8(by('A', said())).unwrap().replace("\"no\"", "\"yes\"");
        let cases = [
            (by('B', said()), "untrusted"),
            (by('A', Statement { until: Some(Time(900_000 - 1)), ..said() }), "broken"),
            (by('A', Statement { until: Some(Time(900_001)), ..said() }), "expired"),
            (by('A', Statement { made: Time(1_000_001), ..said() }), "expired"),
            (by('A', Statement { printer: "printer-4".into(), ..said() }), "other"),
            (by('A', Statement { serial: Some("X9".into()), ..said() }), "other"),
            (by('A', Statement { topic: "colour".into(), ..said() }), "broken"),
            (altered.into_bytes(), "broken"),
            (b"{".to_vec(), "broken"),
            (Vec::new(), "broken"),
        ];
        for (bytes, expected) in cases {
            let mut portrait = Portrait::default();
            portrait.learn(Topic::Serial, "X1", Way::Snmp, "1.3.6", "X1");
            assert_eq!(apply_to(&mut portrait, vec![bytes]), [expected]);
            assert_eq!(portrait.value(Topic::Bluetooth), None, "{expected}");
            assert_eq!(portrait.statements[0].fault.is_some(), expected == "broken");
        }
    }

    #[test]
    fn the_printers_own_word_goes_before_a_statement() {
        let mut portrait = Portrait::default();
        portrait.learn(Topic::Bluetooth, true, Way::Tls, "x", "on");
        assert_eq!(apply_to(&mut portrait, vec![by('A', said())]), ["contradicted"]);
        assert_eq!(portrait.flag(Topic::Bluetooth), Some(true));
    }

    #[test]
    fn of_two_statements_the_newer_counts() {
        let mut portrait = Portrait::default();
        let newer = statement::Statement { answer: "yes".into(), made: Time(950_000), ..said() };
        let states = apply_to(&mut portrait, vec![by('A', said()), by('A', newer)]);
        assert_eq!(states, ["counts", "contradicted"]);
        assert_eq!(portrait.flag(Topic::Bluetooth), Some(true));
    }

    #[test]
    fn a_text_is_the_same_in_any_case_and_a_mode_is_a_word() {
        let mut portrait = Portrait::default();
        portrait.learn(Topic::Firmware, "FS4.9", Way::Ipp, "x", "FS4.9");
        let said = |topic: &str, answer: &str| statement::Statement {
            topic: topic.into(),
            answer: answer.into(),
            ..said()
        };
        let files =
            vec![by('A', said("firmware", "fs4.9")), by('A', said("erase_mode", "several"))];
        assert_eq!(apply_to(&mut portrait, files), ["counts", "counts"]);
        assert_eq!(portrait.text(Topic::EraseMode).as_deref(), Some("several"));
    }

    #[test]
    fn more_files_than_any_printer_needs_are_a_problem() {
        let mut portrait = Portrait::default();
        let states = apply_to(&mut portrait, vec![Vec::new(); MOST_FILES + 1]);
        assert_eq!((states.len(), portrait.problems.len()), (MOST_FILES, 1));
    }
}
