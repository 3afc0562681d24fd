//! Rust source as a row of tokens with their lines, without comments, texts and tests.
//!
//! What counts as a test: an item behind `#[cfg(test)]`, exactly so written, and the file of a
//! module so declared. Everything else is read, so that no attribute can hide code by accident.

use std::{fs, iter::Peekable, path::Path};

use proc_macro2::{Delimiter, TokenStream, TokenTree, token_stream::IntoIter};

pub struct Source {
    /// From the top of the repository, with `/`.
    pub path: String,
    words: Vec<Word>,
    /// Modules with a file of their own that are only there for tests.
    test_modules: Vec<String>,
}

#[derive(Clone)]
struct Word {
    text: String,
    line: usize,
}

/// Every source file of the house but tests, benches and examples, which are not in `src`.
pub fn all(top: &Path) -> Vec<Source> {
    let mut sources = Vec::new();
    collect(top, Path::new("crates"), &mut sources);
    let tests: Vec<String> = sources.iter().flat_map(Source::test_files).collect();
    sources.retain(|source| !tests.iter().any(|place| source.path.starts_with(place)));
    sources
}

fn collect(top: &Path, folder: &Path, sources: &mut Vec<Source>) {
    for entry in fs::read_dir(top.join(folder)).expect("a folder of the repository").flatten() {
        let path = folder.join(entry.file_name());
        let text = path.to_str().expect("a path of the repository").to_owned();
        if entry.path().is_dir() {
            collect(top, &path, sources);
        } else if text.ends_with(".rs") && text.contains("/src/") {
            let content = fs::read_to_string(entry.path()).expect("a source file");
            sources.push(Source::parse(&text, &content));
        }
    }
}

impl Source {
    pub fn parse(path: &str, content: &str) -> Self {
        let tokens: TokenStream =
            content.parse().unwrap_or_else(|error| panic!("{path} is not Rust: {error}"));
        let mut source = Self { path: path.into(), words: Vec::new(), test_modules: Vec::new() };
        source.take(tokens);
        let imports = imports(&source.words);
        source.words.extend(imports);
        source
    }

    /// The lines in which the phrase's tokens follow each other.
    pub fn lines_with(&self, phrase: &str) -> Vec<usize> {
        let phrase = split(phrase);
        let same = |words: &&[Word]| words.iter().map(|word| &word.text).eq(&phrase);
        let mut lines: Vec<usize> = self
            .words
            .windows(phrase.len())
            .filter(same)
            .filter_map(|words| words.last().map(|word| word.line))
            .collect();
        lines.sort_unstable();
        lines.dedup();
        lines
    }

    /// Path prefixes of the files that hold this file's test modules.
    fn test_files(&self) -> Vec<String> {
        let stem = self.path.strip_suffix(".rs").unwrap_or(&self.path);
        let folder = match stem.rsplit_once('/') {
            Some((folder, "mod" | "lib" | "main")) => folder,
            _ => stem,
        };
        let places = |name: &String| [format!("{folder}/{name}.rs"), format!("{folder}/{name}/")];
        self.test_modules.iter().flat_map(places).collect()
    }

    fn take(&mut self, tokens: TokenStream) {
        let mut tokens = tokens.into_iter().peekable();
        while let Some(token) = tokens.next() {
            let next = tokens.peek();
            if is_hash(&token) && next.is_some_and(|next| squeezed(next) == "[cfg(test)]") {
                tokens.next();
                self.skip_item(&mut tokens);
                continue;
            }
            let line = token.span().start().line;
            match token {
                TokenTree::Group(group) => {
                    let (open, close) = delimiters(group.delimiter());
                    self.push(open, line);
                    self.take(group.stream());
                    self.push(close, group.span_close().start().line);
                }
                TokenTree::Literal(_) => self.push("\"", line),
                other => self.push(&other.to_string(), line),
            }
        }
    }

    /// An item ends with its braces or its semicolon.
    fn skip_item(&mut self, tokens: &mut Peekable<IntoIter>) {
        let mut named = Vec::new();
        for token in tokens {
            match &token {
                TokenTree::Group(group) if group.delimiter() == Delimiter::Brace => return,
                TokenTree::Punct(punct) if punct.as_char() == ';' => break,
                other => named.push(other.to_string()),
            }
        }
        if let Some(at) = named.iter().position(|word| word == "mod") {
            self.test_modules.extend(named.get(at + 1).cloned());
        }
    }

    fn push(&mut self, text: &str, line: usize) {
        if !text.is_empty() {
            self.words.push(Word { text: text.into(), line });
        }
    }
}

fn is_hash(token: &TokenTree) -> bool {
    matches!(token, TokenTree::Punct(punct) if punct.as_char() == '#')
}

fn squeezed(token: &TokenTree) -> String {
    token.to_string().split_whitespace().collect()
}

fn delimiters(delimiter: Delimiter) -> (&'static str, &'static str) {
    match delimiter {
        Delimiter::Parenthesis => ("(", ")"),
        Delimiter::Brace => ("{", "}"),
        Delimiter::Bracket => ("[", "]"),
        Delimiter::None => ("", ""),
    }
}

/// `fs::read(` as tokens: names whole, everything else one sign at a time.
fn split(phrase: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    let mut in_name = false;
    for sign in phrase.chars() {
        let of_name = sign.is_alphanumeric() || sign == '_';
        match words.last_mut() {
            Some(word) if of_name && in_name => word.push(sign),
            _ if sign.is_whitespace() => {}
            _ => words.push(sign.into()),
        }
        in_name = of_name;
    }
    words
}

/// Every import that stands in a group, once more by its whole path.
fn imports(words: &[Word]) -> Vec<Word> {
    let mut whole = Vec::new();
    let mut at = 0;
    while at < words.len() {
        if words[at].text == "use" {
            at = import(words, at + 1, &[], &mut whole);
        }
        at += 1;
    }
    whole
}

/// Reads one branch of an import up to `,`, `}` or `;` and gives the place of that sign.
fn import(words: &[Word], mut at: usize, before: &[Word], whole: &mut Vec<Word>) -> usize {
    let mut path = before.to_vec();
    while let Some(word) = words.get(at) {
        match word.text.as_str() {
            "," | "}" | ";" => break,
            "{" => {
                while words.get(at).is_some_and(|word| word.text != "}" && word.text != ";") {
                    at = import(words, at + 1, &path, whole);
                }
                path.clear();
            }
            _ => path.push(word.clone()),
        }
        at += 1;
    }
    if !path.is_empty() {
        let line = path.last().map_or(0, |word| word.line);
        whole.extend(path);
        whole.push(Word { text: ";".into(), line });
    }
    at
}
