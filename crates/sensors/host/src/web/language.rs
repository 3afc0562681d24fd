//! The languages of scripts that web servers run, and what in each runs commands, takes what a visitor sends, or unpacks
//! hidden text. All words are in lower case, for so is the text in which they are looked for.

use std::sync::LazyLock;

use aho_corasick::AhoCorasick;

use super::languages::{ASP, JSP, NODE, PERL, PHP, PYTHON, SHELL};

/// What the code of a language has in it.
#[derive(Debug)]
pub struct Language {
    pub name: &'static str,
    /// Functions that run a command or code; their arguments stand in brackets, or, without brackets, up to the end of
    /// the statement.
    pub runs: &'static [&'static str],
    /// Functions that run code only with a visitor's words straight in them: elsewhere they are ordinary.
    pub includes: &'static [&'static str],
    /// What a visitor sends.
    pub sources: &'static [&'static str],
    /// Functions that turn hidden text into code.
    pub decoders: &'static [&'static str],
    /// Those of `runs` that run the code of this language itself.
    pub evaluates: &'static [&'static str],
    /// What takes an uploaded file.
    pub uploads: &'static [&'static str],
    /// Functions by which a visitor's words lose their power.
    pub tames: &'static [&'static str],
    /// Whether back quotes run a command.
    pub back_quotes: bool,
    /// Whether code stands between `<?` or `<%` and their ends.
    pub tags: Option<(&'static str, &'static str)>,
    /// How a comment to the end of the line begins.
    pub comments: &'static [&'static str],
}

/// All words of a language in one pass.
pub struct Words {
    search: AhoCorasick,
    /// How many of the patterns, from the first, run something.
    runs: usize,
}

static WORDS: LazyLock<Vec<(&str, Words)>> = LazyLock::new(|| {
    let all = [&PHP, &JSP, &ASP, &PYTHON, &PERL, &SHELL, &NODE];
    all.iter().filter_map(|language| Some((language.name, Words::of(language)?))).collect()
});

impl Words {
    fn of(language: &Language) -> Option<Self> {
        let runs: Vec<&str> = language.runs.iter().chain(language.uploads).copied().collect();
        let patterns = runs.iter().chain(language.sources);
        let search = AhoCorasick::builder().ascii_case_insensitive(true).build(patterns).ok()?;
        Some(Self { search, runs: runs.len() })
    }
}

/// Whether a text may do anything of interest: most do not, and need no second look.
pub fn may_run(text: &str, language: &Language) -> bool {
    let words = WORDS.iter().find(|(name, _)| *name == language.name);
    words.is_some_and(|(_, words)| {
        words.search.find_iter(text).any(|found| {
            let runs = found.pattern().as_usize() < words.runs;
            !runs || is_alone(text.as_bytes(), found.start(), found.end())
        })
    })
}

/// No part of a longer name, and something follows that it may run.
fn is_alone(text: &[u8], start: usize, end: usize) -> bool {
    let before = start.checked_sub(1).and_then(|at| text.get(at));
    let part = before.is_some_and(|byte| byte.is_ascii_alphanumeric() || b"_$>:-".contains(byte));
    let after = text.get(end..).unwrap_or_default().trim_ascii_start();
    !part && after.first().is_some_and(|byte| b"($\"'@</`".contains(byte))
}
