//! What holds for every format, whatever the machines, the policy and the checks say.

mod sample;

use leaksweep_facts::verdict::{Judgement, Outcome};
use leaksweep_report::{Format, Style, write};

fn written(format: Format, judgement: &Judgement) -> String {
    let mut out = Vec::new();
    let style = Style { every: true, ..Style::default() };
    write(format, judgement, &style, &mut out).unwrap();
    String::from_utf8(out).unwrap()
}

#[test]
fn no_format_passes_a_control_or_direction_character_on() {
    let bidi = |c: char| matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    let bad = |c: char| c.is_control() && c != '\n' && c != '\r' || bidi(c);
    for format in Format::all() {
        let text = written(format, &sample::hostile_everywhere());
        let found = text.char_indices().find(|(_, c)| bad(*c));
        assert_eq!(found, None, "{}", format.name());
        assert!(format == Format::Csv || !text.contains('\r'), "{}", format.name());
    }
}

#[test]
fn no_hostile_field_becomes_markup() {
    let page = written(Format::Html, &sample::hostile_everywhere());
    assert_eq!(page.matches("<script").count(), 1);
    assert!(!page.contains("<img") && !page.contains("href=\"javascript:"));
}

#[test]
fn rows_that_do_not_fit_their_columns_are_shown_as_far_as_they_do() {
    let mut judgement = sample::machines(1);
    for verdict in &mut judgement.verdicts {
        if let Outcome::Fail(evidence) = &mut verdict.outcome {
            evidence.columns = evidence.columns.iter().take(1).cloned().collect();
            evidence.rows.push(Vec::new());
            evidence.total = 0;
        }
    }
    for format in Format::all() {
        assert!(!written(format, &judgement).is_empty());
    }
}

#[test]
fn a_broken_pipe_is_an_error_and_no_panic() {
    struct Closed;
    impl std::io::Write for Closed {
        fn write(&mut self, _: &[u8]) -> std::io::Result<usize> {
            Err(std::io::ErrorKind::BrokenPipe.into())
        }
        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }
    for format in Format::all() {
        let failed = write(format, &sample::machines(30), &Style::default(), &mut Closed);
        assert_eq!(failed.unwrap_err().kind(), std::io::ErrorKind::BrokenPipe, "{}", format.name());
    }
}
