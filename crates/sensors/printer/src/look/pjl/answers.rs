//! What a printer answers to PJL, taken apart: HP's Printer Job Language Technical Reference Manual, chapter "Status Readback".
//!
//! An answer is the question again (`@PJL INFO CONFIG`), lines, and a form feed. Printers leave the form feed out, answer in another
//! order, and mix in what nobody asked. Limits: 64 answers, 2000 lines in all, 200 characters each; the rest is dropped.

use crate::portrait::cut;

const MOST_ANSWERS: usize = 64;
const MOST_LINES: usize = 2000;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// What it answers, without `@PJL`: `INFO CONFIG`.
    pub question: String,
    pub lines: Vec<String>,
}

/// An entry of a list: `MEMORY=8388608`, or `LANGUAGES [2 ENUMERATED]` with what stands indented below it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    pub name: String,
    pub value: Option<String>,
    pub below: Vec<String>,
}

pub fn answers(bytes: &[u8]) -> Vec<Answer> {
    let mut answers: Vec<Answer> = Vec::new();
    let ends = |byte: &u8| matches!(byte, b'\n' | b'\r' | b'\x0c');
    for line in bytes.split(ends).filter(|line| !line.is_empty()).take(MOST_LINES) {
        let line = readable(line);
        if let Some(question) = line.trim_start().strip_prefix("@PJL") {
            if answers.len() == MOST_ANSWERS {
                break;
            }
            answers.push(Answer { question: squeezed(question), lines: Vec::new() });
        } else if let Some(answer) = answers.last_mut().filter(|_| !line.trim().is_empty()) {
            answer.lines.push(line);
        }
    }
    answers
}

/// The answer to that question: its words are the first of what the printer repeats.
pub fn to<'a>(answers: &'a [Answer], question: &str) -> Option<&'a Answer> {
    answers.iter().find(|answer| {
        let rest = answer.question.strip_prefix(question);
        rest.is_some_and(|rest| rest.is_empty() || rest.starts_with([' ', '[', '=']))
    })
}

impl Answer {
    /// The one value that it consists of, without quotes; `?` means that the printer does not know what it was asked.
    pub fn value(&self) -> Option<String> {
        let value = unquoted(self.lines.first()?);
        (value != "?" && !value.is_empty()).then(|| value.to_owned())
    }

    pub fn entries(&self) -> Vec<Entry> {
        let mut entries: Vec<Entry> = Vec::new();
        for line in &self.lines {
            if line.starts_with([' ', '\t']) {
                if let Some(entry) = entries.last_mut() {
                    entry.below.push(unquoted(line).to_owned());
                }
            } else {
                entries.push(entry(line));
            }
        }
        entries
    }
}

/// The entry of that name.
pub fn named<'a>(entries: &'a [Entry], name: &str) -> Option<&'a Entry> {
    entries.iter().find(|entry| entry.name == name)
}

fn entry(line: &str) -> Entry {
    let (name, value) = match line.split_once('=') {
        Some((name, value)) => (name, Some(unquoted(without_list(value)).to_owned())),
        None => (without_list(line), None),
    };
    Entry { name: name.trim().to_ascii_uppercase(), value, below: Vec::new() }
}

/// Without `[3 ENUMERATED]` at its end.
fn without_list(text: &str) -> &str {
    match text.rfind('[') {
        Some(at) if text.trim_end().ends_with(']') => &text[..at],
        _ => text,
    }
}

fn unquoted(text: &str) -> &str {
    text.trim().trim_matches('"').trim()
}

fn squeezed(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Without control characters but the tab.
fn readable(line: &[u8]) -> String {
    let text = String::from_utf8_lossy(line);
    cut(&text.replace(|c: char| c.is_control() && c != '\t', ""))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_are_told_apart_in_any_order_with_and_without_form_feeds() {
        let bytes = b"@PJL INFO STATUS\r\nCODE=10001\r\nDISPLAY=\"Ready\"\r\nONLINE=TRUE\r\n\
            @PJL USTATUS DEVICE\r\nCODE=10000\r\n\x0c@PJL INFO ID\r\n\"HP LaserJet 4250\"\r\n\x0c";
        let answers = answers(bytes);
        assert_eq!(to(&answers, "INFO ID").unwrap().value().unwrap(), "HP LaserJet 4250");
        let status = to(&answers, "INFO STATUS").unwrap().entries();
        assert_eq!(named(&status, "DISPLAY").unwrap().value.as_deref(), Some("Ready"));
        assert_eq!(to(&answers, "INFO"), Some(&answers[0]));
        assert_eq!(to(&answers, "INFO CONFIG"), None);
    }

    #[test]
    fn entries_keep_their_value_and_what_stands_below() {
        let bytes = b"@PJL INFO CONFIG\r\nLANGUAGES [2 ENUMERATED]\r\n\tPCL\r\n\tPOSTSCRIPT\r\n\
            MEMORY=8388608\r\nCPLOCK=OFF [2 ENUMERATED READONLY]\r\n    OFF\r\n    ON\r\nDUPLEX\r\n\x0c";
        let entries = to(&answers(bytes), "INFO CONFIG").unwrap().entries();
        assert_eq!(named(&entries, "LANGUAGES").unwrap().below, ["PCL", "POSTSCRIPT"]);
        assert_eq!(named(&entries, "CPLOCK").unwrap().value.as_deref(), Some("OFF"));
        assert_eq!(named(&entries, "DUPLEX").unwrap().value, None);
    }

    #[test]
    fn what_is_not_known_has_no_value() {
        assert_eq!(answers(b"@PJL DINQUIRE PASSWORD\r\n\"?\"\r\n\x0c")[0].value(), None);
        assert_eq!(answers(b"@PJL DINQUIRE PASSWORD\r\n\x0c")[0].value(), None);
    }

    #[test]
    fn endless_and_binary_answers_end_at_their_caps() {
        let many = b"@PJL INFO ID\r\nx\r\n".repeat(10_000);
        assert_eq!(answers(&many).len(), MOST_ANSWERS);
        let lines = [&b"@PJL INFO VARIABLES\r\n"[..], &b"A=1\r\n".repeat(10_000)].concat();
        assert!(answers(&lines)[0].lines.len() < MOST_LINES);
        let noise: Vec<u8> = (0..=255).cycle().take(100_000).collect();
        assert!(answers(&noise).is_empty());
        let long = [&b"@PJL INFO ID\r\n"[..], &[b'x'; 100_000]].concat();
        assert_eq!(answers(&long)[0].lines[0].len(), 200);
    }
}
