//! What a catalogue file must keep to, so that nothing harmless is taken for a remote-control tool.

use std::{
    collections::{HashMap, HashSet},
    path::Path,
};

use super::{
    Fact, Format, Kind, MarkKind, Mistake, Place, Setting, Tool,
    pattern::{wrong, wrong_path, wrong_windows},
    reading::line_of,
};

/// A rule that a tool breaks, and the words of its file that do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Broken {
    pub what: String,
    /// Empty where something is missing.
    pub words: String,
}

impl Broken {
    pub(crate) fn new(words: impl Into<String>, what: impl Into<String>) -> Self {
        Self { what: what.into(), words: words.into() }
    }

    /// With its place in the file.
    pub(crate) fn at(self, path: &Path, text: &str) -> Mistake {
        let found = |quote: char| text.find(&format!("{quote}{}{quote}", self.words));
        let escaped = || text.find(&self.words.replace('\\', "\\\\"));
        let at = (!self.words.is_empty())
            .then(|| found('"').or_else(|| found('\'')).or_else(escaped))
            .flatten();
        Mistake { path: path.to_owned(), line: at.map(|at| line_of(text, at)), what: self.what }
    }
}

/// Every rule that one tool breaks by itself.
pub fn check(tool: &Tool) -> Vec<Broken> {
    let mut broken = of_tool(tool);
    for fact in &tool.facts {
        if fact.source.trim().is_empty() {
            broken.push(Broken::new("", "a fact without a source"));
        }
        for (kind, mark) in fact.marks() {
            if let Some(what) = wrong(kind, mark) {
                broken.push(Broken::new(mark, format!("'{mark}' in {kind}: {what}")));
            }
        }
    }
    broken.extend(tool.settings.iter().filter_map(of_setting));
    broken
}

fn of_tool(tool: &Tool) -> Vec<Broken> {
    let mut broken = Vec::new();
    let fine = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    if tool.id.is_empty() || !tool.id.bytes().all(fine) {
        broken.push(Broken::new("", "the file's name is not lower-case letters, digits and '-'"));
    }
    if tool.name.trim().is_empty() || tool.summary.trim().is_empty() {
        broken.push(Broken::new("", "name and summary must say something"));
    }
    if !tool.facts.iter().any(|fact| fact.marks().next().is_some()) {
        broken.push(Broken::new("", "no fact by which the tool could be known"));
    }
    if tool.ways.is_empty() && tool.kind != Kind::Trojan {
        broken.push(Broken::new("", "no way in is named (ways)"));
    }
    for technique in tool.attack.iter().filter(|name| !is_technique(name)) {
        broken.push(Broken::new(technique, format!("'{technique}' is no ATT&CK technique")));
    }
    broken
}

fn is_technique(name: &str) -> bool {
    let digits =
        |text: &str, count| text.len() == count && text.bytes().all(|b| b.is_ascii_digit());
    let Some(number) = name.strip_prefix('T') else { return false };
    match number.split_once('.') {
        Some((technique, sub)) => digits(technique, 4) && digits(sub, 3),
        None => digits(number, 4),
    }
}

fn of_setting(setting: &Setting) -> Option<Broken> {
    let name = setting.key.as_ref().or(setting.option.as_ref());
    let words =
        name.or(setting.files.first()).or(setting.programs.first()).cloned().unwrap_or_default();
    let what = wrong_setting(setting)?;
    Some(Broken::new(words, format!("setting '{}': {what}", setting.means)))
}

fn wrong_setting(setting: &Setting) -> Option<String> {
    if setting.source.trim().is_empty() {
        return Some("no source".into());
    }
    let Some(place) = setting.place() else {
        return Some("says no place, or several: files with format and key, or programs with option, none or line".into());
    };
    let conditions = setting.condition().count();
    let wanted = usize::from(matches!(place, Place::Key(..) | Place::Option(_)));
    if conditions != wanted {
        return Some(format!("has {conditions} conditions where {wanted} is needed"));
    }
    if setting.also.iter().any(|also| also.condition().count() != 1) {
        return Some("each of 'also' needs one condition".into());
    }
    match place {
        Place::Key(Format::Registry, _) => None,
        Place::Key(..) | Place::Presence if setting.files.is_empty() => Some("no files".into()),
        Place::Key(..) | Place::Presence => setting.files.iter().find_map(|path| wrong_file(path)),
        _ => None,
    }
}

fn wrong_file(path: &str) -> Option<String> {
    let what = if path.contains('\\') { wrong_windows(path) } else { wrong_path(path) };
    what.map(|what| format!("'{path}': {what}"))
}

/// A tool, the facts among which it claims something, and how it writes that.
type Claim<'a> = (&'a Tool, &'a Fact, &'a str);

/// Facts that several tools claim without the same word in `shared`: the tool, and what is wrong.
pub fn shared(tools: &[Tool]) -> Vec<(String, Broken)> {
    let mut claims: HashMap<(MarkKind, String), Vec<Claim<'_>>> = HashMap::new();
    for tool in tools {
        for fact in &tool.facts {
            for (kind, mark) in fact.marks() {
                claims.entry((kind, mark.to_lowercase())).or_default().push((tool, fact, mark));
            }
        }
    }
    let mut broken: Vec<(String, Broken)> =
        claims.iter().flat_map(|((kind, mark), claims)| unsaid(*kind, mark, claims)).collect();
    broken.sort_by(|a, b| (&a.0, &a.1.what).cmp(&(&b.0, &b.1.what)));
    broken
}

fn unsaid(kind: MarkKind, lower: &str, claims: &[Claim<'_>]) -> Vec<(String, Broken)> {
    let Some(((first, fact, mark), others)) = claims.split_first() else { return Vec::new() };
    // Paths of one tool may differ in case alone.
    let twice = others.iter().filter(|(tool, _, other)| tool.id == first.id && other == mark);
    let twice = twice.map(|(tool, ..)| {
        (tool.id.clone(), Broken::new(*mark, format!("'{mark}' in {kind} stands there twice")))
    });
    let foreign = others.iter().filter(|(tool, ..)| tool.id != first.id);
    let silent = |other: &Fact| fact.shared.is_none() || other.shared != fact.shared;
    let unsaid = foreign.filter(|(_, other, _)| silent(other)).map(|(tool, _, mark)| {
        let what =
            format!("'{lower}' in {kind} is claimed by {} too; say so with shared", first.id);
        (tool.id.clone(), Broken::new(*mark, what))
    });
    twice.chain(unsaid).collect()
}

/// Facts of `tools` that `others` claim too, and that `tools` alone can still be changed to say: with
/// the others' word in `shared`, or with any where they have none.
pub fn beside(tools: &[Tool], others: &[Tool]) -> Vec<(String, Broken)> {
    let replaced: HashSet<&str> = tools.iter().map(|tool| tool.id.as_str()).collect();
    let mut claims: HashMap<(MarkKind, String), Claim<'_>> = HashMap::new();
    for tool in others.iter().filter(|tool| !replaced.contains(tool.id.as_str())) {
        for fact in &tool.facts {
            for (kind, mark) in fact.marks() {
                claims.entry((kind, mark.to_lowercase())).or_insert((tool, fact, mark));
            }
        }
    }
    let mut broken = Vec::new();
    for tool in tools {
        for fact in &tool.facts {
            for (kind, mark) in fact.marks() {
                let Some((other, theirs, _)) = claims.get(&(kind, mark.to_lowercase())) else {
                    continue;
                };
                if fact.shared.is_some()
                    && (theirs.shared.is_none() || theirs.shared == fact.shared)
                {
                    continue;
                }
                let word = theirs.shared.as_ref().unwrap_or(&other.id);
                let what = format!(
                    "'{mark}' in {kind} is claimed by {} too; say so with shared = \"{word}\"",
                    other.id
                );
                broken.push((tool.id.clone(), Broken::new(mark, what)));
            }
        }
    }
    broken
}
