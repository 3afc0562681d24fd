//! The state of a queue by the Line Printer Daemon Protocol: RFC 1179, section 5.4 (send queue state, long). Its answer is text
//! for people, in no form that the standard would fix; two are common, of Berkeley's lpd and of its long list.
//!
//! Limits: 64 KiB, 1000 jobs. A form that is not known gives the queue's first line and no jobs.

use leaksweep_facts::tables::printer::Job;

use super::Context;
use crate::{Portrait, Topic, Way, plan::Packet, portrait::cut, target::Scheme, wire::WireError};

const MOST: usize = 64 << 10;
const MOST_JOBS: usize = 1000;

/// Queues that printers have: Berkeley's, HP's and Brother's names. No more than these are tried.
const USUAL: &[&str] = &["lp", "raw", "BINARY_P1"];

pub fn look(context: &Context, portrait: &mut Portrait) {
    let port = context.wire.ports().of("lpd");
    if !portrait.is_open(port) {
        return;
    }
    let mut spoke = false;
    for queue in queues(context) {
        let mut got = Vec::new();
        let outcome = ask(context, port, &queue, &mut got);
        let state = parse(&got);
        spoke |= state.text.is_some();
        let known = state.is_known();
        if let Err(error) = outcome {
            let subject = format!("tcp {port}, queue {queue}");
            portrait.problems.push(error.problem("printer_jobs", subject));
        }
        note(&queue, state, portrait);
        if known || !context.wire.has_time() {
            break;
        }
    }
    if let Some(row) = portrait.service("lpd") {
        row.speaks = Some(spoke);
        row.authentication = spoke.then(|| "none".into());
    }
}

/// The one that the user named, or the usual ones.
fn queues(context: &Context) -> Vec<String> {
    let named = context.target.path.trim_matches('/');
    let fits = |name: &str| !name.is_empty() && name.chars().all(|c| c.is_ascii_graphic());
    if context.target.scheme == Scheme::Lpd && fits(named) {
        return vec![cut(named)];
    }
    USUAL.iter().map(|name| (*name).to_owned()).collect()
}

fn ask(context: &Context, port: u16, queue: &str, got: &mut Vec<u8>) -> Result<(), WireError> {
    let mut line = context.wire.line(port, Packet::LpdState)?;
    line.send(&question(queue))?;
    match line.receive_until(got, MOST, |_| false) {
        // Many close without ceremony once they have said what they know.
        Err(WireError::Cut) => Ok(()),
        // Others keep the connection, although nothing more comes.
        Err(WireError::Silent) if !got.is_empty() => Ok(()),
        outcome => outcome,
    }
}

fn question(queue: &str) -> Vec<u8> {
    [b"\x04", queue.as_bytes(), b"\n"].concat()
}

/// What a queue says.
#[derive(Debug, Default)]
pub struct State {
    /// Its first line.
    pub text: Option<String>,
    pub jobs: Vec<Job>,
}

impl State {
    /// Whether it is the state of a queue, and not a word that there is none of this name.
    fn is_known(&self) -> bool {
        let Some(text) = &self.text else { return false };
        let text = text.to_ascii_lowercase();
        !["unknown", "invalid", "not found", "no such", "illegal", "not exist", "bad queue"]
            .iter()
            .any(|word| text.contains(word))
    }
}

fn note(queue: &str, state: State, portrait: &mut Portrait) {
    if !state.is_known() {
        return;
    }
    let text = state.text.unwrap_or_default();
    if let Some(row) = portrait.service("lpd") {
        row.banner = Some(text.clone());
    }
    if let Some(word) = word_of_state(&text) {
        portrait.learn(Topic::State, word, Way::Lpd, format!("queue {queue}"), &text);
    }
    let source = format!("lpd {queue}");
    let jobs = state.jobs.into_iter();
    portrait.jobs.extend(jobs.map(|job| Job { source: source.clone(), ..job }));
}

fn word_of_state(text: &str) -> Option<&'static str> {
    let text = text.to_ascii_lowercase();
    let says = |words: &[&str]| words.iter().any(|word| text.contains(word));
    match () {
        () if says(&["not ready", "disabled", "stopped", "offline", "off line"]) => Some("stopped"),
        () if says(&["printing", "busy", "processing"]) => Some("processing"),
        () if says(&["ready", "idle", "no entries"]) => Some("idle"),
        () => None,
    }
}

/// The answer to command 4, as far as it is understood.
pub fn parse(bytes: &[u8]) -> State {
    let text = String::from_utf8_lossy(bytes.get(..MOST).unwrap_or(bytes));
    let clean = |line: &str| cut(&line.replace(|c: char| c.is_control() && c != '\t', ""));
    let lines: Vec<String> =
        text.lines().map(clean).filter(|line| !line.trim().is_empty()).collect();
    let mut jobs: Vec<Job> = Vec::new();
    for (at, line) in lines.iter().enumerate() {
        let next = || lines.get(at + 1).map(String::as_str);
        let job = listed(line).or_else(|| long(line, next()));
        jobs.extend(job.filter(|_| jobs.len() < MOST_JOBS));
    }
    State { text: lines.first().map(|line| line.trim().to_owned()), jobs }
}

/// `1st  alice  58  report.pdf  1024 bytes`.
fn listed(line: &str) -> Option<Job> {
    let (rank, rest) = word(line)?;
    let (user, rest) = word(rest)?;
    let (number, rest) = word(rest)?;
    let number = number.parse().ok()?;
    is_rank(rank).then(|| job(number, rank, user, title(rest)))
}

/// `alice: 1st   [job 58 desk-3]`, and the title in the next line.
fn long(line: &str, next: Option<&str>) -> Option<Job> {
    let (user, rest) = line.split_once(':')?;
    let (rank, rest) = word(rest)?;
    let inner = rest.split_once("[job ")?.1.split(']').next()?;
    let number = word(inner)?.0.parse().ok()?;
    let below = next.filter(|line| line.starts_with([' ', '\t']));
    let fits = is_rank(rank) && !user.contains(char::is_whitespace);
    fits.then(|| job(number, rank, user, below.and_then(title)))
}

fn job(number: i64, rank: &str, user: &str, name: Option<String>) -> Job {
    let state = if rank == "active" { "processing" } else { "pending" };
    Job {
        number: Some(number),
        name,
        user: Some(user.to_owned()),
        state: state.into(),
        ..Job::default()
    }
}

fn is_rank(text: &str) -> bool {
    let digits = text.trim_end_matches(|c: char| c.is_ascii_alphabetic());
    let ends = ["st", "nd", "rd", "th"].iter().any(|end| text.ends_with(end));
    text == "active" || ends && !digits.is_empty() && digits.chars().all(|c| c.is_ascii_digit())
}

/// What stands before the size, which is a number and `bytes`.
fn title(text: &str) -> Option<String> {
    let text = text.trim();
    let without = text.strip_suffix("bytes").map(str::trim_end);
    let without = without.map(|text| text.trim_end_matches(|c: char| c.is_ascii_digit()));
    let title = without.unwrap_or(text).trim();
    (!title.is_empty()).then(|| title.to_owned())
}

/// The first word, and what comes behind it.
fn word(text: &str) -> Option<(&str, &str)> {
    let text = text.trim_start();
    if text.is_empty() {
        return None;
    }
    Some(text.split_at(text.find(char::is_whitespace).unwrap_or(text.len())))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn jobs(text: &str) -> Vec<(i64, String, String, String)> {
        let told = |job: Job| {
            let text = Option::unwrap_or_default;
            (job.number.unwrap(), text(job.user), text(job.name), job.state)
        };
        parse(text.as_bytes()).jobs.into_iter().map(told).collect()
    }

    #[test]
    fn the_short_list_tells_owners_and_titles() {
        let text = "lp is ready and printing\nRank    Owner   Job     File(s)                         Total Size\n\
            active  root    57      untitled                        1024 bytes\n\
            1st     alice   58      offer 2026 final.pdf            99 bytes\n2nd bob x title 1 bytes\n";
        let told = jobs(text);
        assert_eq!(told.len(), 2);
        assert_eq!(told[0], (57, "root".into(), "untitled".into(), "processing".into()));
        assert_eq!(told[1], (58, "alice".into(), "offer 2026 final.pdf".into(), "pending".into()));
        let state = parse(text.as_bytes());
        assert!(state.is_known());
        assert_eq!(word_of_state(&state.text.unwrap()), Some("processing"));
    }

    #[test]
    fn the_long_list_has_the_title_in_the_next_line() {
        let text = "lp is ready\n\nalice: active                            [job 12 localhost]\n        2 copies of salaries.ods        1024 bytes\n";
        let told = jobs(text);
        assert_eq!(
            told,
            [(12, "alice".into(), "2 copies of salaries.ods".into(), "processing".into())]
        );
    }

    #[test]
    fn a_queue_that_is_not_known_and_an_empty_answer_are_no_state() {
        assert!(!parse(b"lp: unknown printer\n").is_known());
        assert!(!parse(b"").is_known() && !parse(b"\r\n \n").is_known());
        assert!(parse(b"no entries\n").is_known());
        assert_eq!(word_of_state("no entries"), Some("idle"));
        assert_eq!(word_of_state("Printer Status: Not Ready"), Some("stopped"));
    }

    #[test]
    fn endless_and_binary_answers_end_at_their_caps() {
        let many = "active root 57 t 1 bytes\n".repeat(100_000);
        assert_eq!(parse(many.as_bytes()).jobs.len(), MOST_JOBS);
        let noise: Vec<u8> = (0..=255).cycle().take(200_000).collect();
        assert!(parse(&noise).jobs.is_empty());
    }

    #[test]
    fn the_question_is_command_4_alone() {
        assert_eq!(question("lp"), b"\x04lp\n");
    }
}
