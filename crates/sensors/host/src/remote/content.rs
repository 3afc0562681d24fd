//! Which tool a program is, by its own bytes: under any name, a program keeps the texts of its
//! product, the name of its Go package, the names of its sections.
//!
//! Reads: the first [`DEPTH`] bytes of each program once. Limits: a program that is packed or
//! encrypted shows none of this. A program that has the marks of more than three tools is a list of
//! them, as a scanner has, or pretends to be one: which it is cannot be told, and is a problem.

use std::{
    collections::BTreeSet,
    io::Read,
    sync::{Mutex, PoisonError},
};

use leaksweep_catalogue::remote::{MarkKind, Tool};
use leaksweep_facts::Reason;

use super::texts::Texts;
use crate::root::Failure;

/// How far into a program is looked.
pub const DEPTH: u64 = 48 << 20;
/// How much is read of programs that do not run.
const BUDGET: u64 = 512 << 20;
const THREADS: usize = 2;
const CHUNK: usize = 256 << 10;
/// A program that is more tools than this at once says nothing.
const MOST_TOOLS: usize = 3;

/// A mark that a program has.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Hit<'a> {
    pub tool: &'a str,
    pub kind: MarkKind,
    pub mark: &'a str,
}

/// All marks at once.
pub struct Marks<'a> {
    texts: Texts,
    hits: Vec<Hit<'a>>,
    longest: usize,
}

impl<'a> Marks<'a> {
    pub fn new(tools: &'a [Tool]) -> Self {
        let mut texts: Vec<Vec<u8>> = Vec::new();
        let mut hits = Vec::new();
        for tool in tools {
            for (kind, mark) in tool.facts.iter().flat_map(|fact| fact.marks()) {
                for text in texts_of(kind, mark) {
                    texts.push(text);
                    hits.push(Hit { tool: &tool.id, kind, mark });
                }
            }
        }
        let texts = Texts::new(texts);
        Self { longest: texts.longest(), texts, hits }
    }

    /// The marks in a program, each once.
    pub fn of(&self, mut program: impl Read) -> Result<Vec<Hit<'a>>, Failure> {
        let mut seen: BTreeSet<usize> = BTreeSet::new();
        let mut buffer = vec![0; CHUNK + self.longest];
        let mut kept = 0;
        loop {
            let count = program.read(buffer.get_mut(kept..).unwrap_or_default())?;
            let Some(bytes) = buffer.get(..kept + count).filter(|_| count > 0) else { break };
            self.texts.find(bytes, |text| _ = seen.insert(text));
            // A mark may lie across two readings.
            let end = bytes.len();
            kept = end.min(self.longest.saturating_sub(1));
            buffer.copy_within(end - kept..end, 0);
        }
        let hits: BTreeSet<Hit<'a>> =
            seen.into_iter().filter_map(|at| self.hits.get(at).cloned()).collect();
        let tools: BTreeSet<&str> = hits.iter().map(|hit| hit.tool).collect();
        if tools.len() > MOST_TOOLS {
            let detail = format!("has the marks of {} remote-control tools", tools.len());
            return Err(Failure { reason: Reason::Unsupported, detail });
        }
        Ok(hits.into_iter().collect())
    }
}

/// The marks in each of many programs, on [`THREADS`] threads; `open` gives nothing for what is no
/// program.
pub fn each<'a, T: Send, R: Read>(
    marks: &Marks<'a>,
    jobs: Vec<T>,
    open: impl Fn(&T) -> Result<Option<R>, Failure> + Sync,
) -> Vec<(T, Result<Vec<Hit<'a>>, Failure>)> {
    let todo = Mutex::new(jobs);
    let next = || todo.lock().unwrap_or_else(PoisonError::into_inner).pop();
    let look = |job: &T| match open(job)? {
        Some(program) => marks.of(program),
        None => Ok(Vec::new()),
    };
    let work = || {
        let mut done = Vec::new();
        while let Some(job) = next() {
            let hits = look(&job);
            done.push((job, hits));
        }
        done
    };
    std::thread::scope(|scope| {
        let threads: Vec<_> = (0..THREADS).map(|_| scope.spawn(work)).collect();
        let done = threads.into_iter().map(|thread| thread.join());
        done.flat_map(|found| found.unwrap_or_else(|fault| std::panic::resume_unwind(fault)))
            .collect()
    })
}

/// The programs that may be read within [`BUDGET`], and how many others there are.
pub fn affordable<T>(jobs: Vec<T>, size: impl Fn(&T) -> u64) -> (Vec<T>, usize) {
    let all = jobs.len();
    let mut left = BUDGET;
    let mut fits = |job: &T| {
        let cost = size(job).min(DEPTH);
        let fits = cost <= left;
        left -= if fits { cost } else { 0 };
        fits
    };
    let jobs: Vec<T> = jobs.into_iter().filter(|job| fits(job)).collect();
    let passed = all - jobs.len();
    (jobs, passed)
}

/// The bytes by which a mark shows in a program.
fn texts_of(kind: MarkKind, mark: &str) -> Vec<Vec<u8>> {
    match kind {
        MarkKind::Text => vec![mark.as_bytes().to_vec(), wide(mark)],
        // The value follows its name, from a place that four divides, and ends with a zero.
        MarkKind::Product => vec![wide(&format!("ProductName\0\0{mark}\0"))],
        MarkKind::Go => vec![format!("path\t{mark}\n").into_bytes()],
        MarkKind::Section if mark.len() < 8 => {
            vec![format!("\0{mark}\0").into_bytes(), format!("{mark:\0<8}").into_bytes()]
        }
        MarkKind::Section => vec![format!("\0{mark}\0").into_bytes()],
        _ => Vec::new(),
    }
}

fn wide(text: &str) -> Vec<u8> {
    text.encode_utf16().flat_map(u16::to_le_bytes).collect()
}

/// The file again from its start, if it starts as a program of Linux or Windows does.
pub fn program(mut file: impl Read) -> Result<Option<impl Read>, Failure> {
    let mut start = Vec::new();
    file.by_ref().take(4).read_to_end(&mut start)?;
    let fits = start == *b"\x7fELF" || start.starts_with(b"MZ");
    Ok(fits.then(|| std::io::Cursor::new(start).chain(file).take(DEPTH)))
}

#[cfg(test)]
mod tests {
    use leaksweep_catalogue::remote_tools_with;

    use super::*;

    #[test]
    fn every_mark_of_the_catalogue_is_found_wherever_it_is_and_across_two_readings() {
        let tools = remote_tools_with(&[]);
        let marks = Marks::new(&tools);
        assert!(marks.hits.len() > 100);
        for (number, hit) in marks.hits.iter().enumerate() {
            for text in texts_of(hit.kind, hit.mark) {
                for before in [number % 8, CHUNK - 5, CHUNK + marks.longest - 2] {
                    let program = [&vec![b'.'; before][..], &text, b"."].concat();
                    let found = marks.of(program.as_slice()).unwrap();
                    assert!(found.contains(hit), "{hit:?} behind {before} bytes");
                }
            }
        }
    }
}
