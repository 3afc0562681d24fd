//! Lines of PAM's configuration: kind, control, module, arguments; before them the service, where
//! one file serves all. A backslash at the end of a line joins it with the next, `#` begins a comment.

use crate::name;

const MAX_RULES: usize = 5000;
const MAX_LENGTH: usize = 16 << 10;
const KINDS: [&str; 4] = ["auth", "account", "password", "session"];
/// What may stand before the program of pam_exec.
pub const EXEC_OPTIONS: &[&str] =
    &["debug", "expose_authtok", "seteuid", "quiet", "quiet_log", "stdout", "log=", "type="];

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Rule {
    pub line: usize,
    pub service: Option<String>,
    pub kind: String,
    pub control: String,
    pub module: String,
    pub arguments: Vec<String>,
}

#[derive(Debug, Default, PartialEq, Eq)]
pub struct Rules {
    pub rules: Vec<Rule>,
    /// The first line that is no rule.
    pub senseless: Option<usize>,
    pub more: bool,
}

impl Rule {
    pub fn includes(&self) -> bool {
        matches!(self.control.as_str(), "include" | "substack" | "@include")
    }
}

/// `single`: the service stands first in each line.
pub fn parse(bytes: &[u8], single: bool) -> Rules {
    let mut found = Rules::default();
    let mut open: Option<(usize, String)> = None;
    for (index, line) in bytes.split(|byte| *byte == b'\n').enumerate() {
        let line = name::text(line);
        let line = line.split('#').next().unwrap_or_default().trim();
        let (number, mut text) = open.take().unwrap_or((index + 1, String::new()));
        let goes_on = line.strip_suffix('\\');
        text.push_str(goes_on.unwrap_or(line));
        if text.len() > MAX_LENGTH {
            found.more = true;
            text.clear();
        }
        if goes_on.is_some() {
            text.push(' ');
            open = Some((number, text));
        } else {
            found.take(number, &text, single);
        }
    }
    if let Some((number, text)) = open {
        found.take(number, &text, single);
    }
    found
}

impl Rules {
    fn take(&mut self, number: usize, text: &str, single: bool) {
        if text.trim().is_empty() {
            return;
        }
        if self.rules.len() >= MAX_RULES {
            self.more = true;
            return;
        }
        match rule(number, text, single) {
            Some(rule) => self.rules.push(rule),
            None => self.senseless = self.senseless.or(Some(number)),
        }
    }
}

fn rule(line: usize, text: &str, single: bool) -> Option<Rule> {
    let mut words = words(text).into_iter();
    let service = if single { Some(words.next()?.to_lowercase()) } else { None };
    let first = words.next()?;
    if first == "@include" {
        let (kind, control, module) = ("-".into(), first, words.next()?);
        return Some(Rule { line, service, kind, control, module, arguments: Vec::new() });
    }
    // A dash keeps the log silent where the module is not there.
    let kind = first.strip_prefix('-').unwrap_or(&first).to_lowercase();
    let known = KINDS.contains(&kind.as_str());
    let (control, module) = (words.next()?, words.next()?);
    let control = if control.starts_with('[') { control } else { control.to_lowercase() };
    known.then(|| Rule { line, service, kind, control, module, arguments: words.collect() })
}

/// Words; what stands in square brackets is one, and a backslash takes a bracket as it is. The
/// brackets stay around a control and go from around an argument.
fn words(text: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    let mut rest = text.trim_start();
    while !rest.is_empty() {
        let (word, after) = match rest.strip_prefix('[') {
            Some(inner) => bracketed(inner),
            None => {
                let end = rest.find(char::is_whitespace).unwrap_or(rest.len());
                let (word, after) = rest.split_at(end);
                (word.to_owned(), after)
            }
        };
        // Only the second or, behind a service, the third word is a control.
        let control = rest.starts_with('[') && words.len() <= 2;
        words.push(if control { format!("[{word}]") } else { word });
        rest = after.trim_start();
    }
    words
}

fn bracketed(inner: &str) -> (String, &str) {
    let mut word = String::new();
    let mut chars = inner.chars();
    while let Some(c) = chars.next() {
        match c {
            ']' => break,
            '\\' if chars.as_str().starts_with(['[', ']']) => word.extend(chars.next()),
            c => word.push(c),
        }
    }
    let word = word.split_whitespace().collect::<Vec<_>>().join(" ");
    (word, chars.as_str())
}
