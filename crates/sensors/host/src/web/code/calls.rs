//! Calls of functions, and their arguments.

use super::Language;

pub const MAX_CALLS: usize = 2_000;
const MAX_ARGUMENTS: usize = 4_096;

/// A call of a function: what stands in its brackets, or behind it up to the end of the statement.
pub struct Call<'a> {
    pub name: &'static str,
    pub at: usize,
    pub arguments: &'a str,
}

pub fn calls<'a>(
    code: &'a str,
    names: &'static [&'static str],
    language: &Language,
) -> Vec<Call<'a>> {
    let mut found = Vec::new();
    for name in names {
        for at in memchr::memmem::find_iter(code.as_bytes(), name.as_bytes()) {
            if found.len() >= MAX_CALLS {
                return found;
            }
            let after = code.get(at + name.len()..).unwrap_or_default();
            if is_call(code, at, name) {
                found.extend(arguments(after, language).map(|arguments| Call {
                    name,
                    at,
                    arguments,
                }));
            }
        }
    }
    found
}

/// No part of a longer name, no method of an object, no definition.
fn is_call(code: &str, at: usize, name: &str) -> bool {
    let before = code.get(..at).unwrap_or_default();
    let of_name = |c: char| c.is_alphanumeric() || c == '_' || c == '$';
    if name.starts_with('.') {
        return true;
    }
    let trimmed = before.trim_end();
    let defines = ["function", "def", "sub", "new function"].iter().any(|word| {
        let rest = trimmed.strip_suffix(word);
        trimmed.len() < before.len() && rest.is_some_and(|rest| !rest.ends_with(of_name))
    });
    let belongs = trimmed.ends_with("->") || trimmed.ends_with("::") || before.ends_with('.');
    !before.ends_with(of_name) && !belongs && !defines && !before.ends_with('-')
}

/// What stands in the brackets that follow, or up to the end of the statement; none where no
/// argument can follow.
fn arguments<'a>(after: &'a str, language: &Language) -> Option<&'a str> {
    let end = after.floor_char_boundary(MAX_ARGUMENTS);
    let after = after.get(..end)?;
    let trimmed = after.trim_start();
    if let Some(inner) = trimmed.strip_prefix('(') {
        return Some(inner.get(..closing(inner)).unwrap_or(inner));
    }
    // A word without brackets takes what follows a blank, and only up to the end of the line.
    let takes =
        trimmed.len() < after.len() && trimmed.starts_with(['$', '"', '\'', '@', '<', '/', '`']);
    let takes = takes || language.sources.iter().any(|source| trimmed.starts_with(source));
    let end = trimmed.find([';', '\n']).unwrap_or(trimmed.len());
    takes.then(|| trimmed.get(..end)).flatten()
}

/// Where the bracket closes that was open before.
fn closing(text: &str) -> usize {
    let (mut depth, mut quote, mut escaped) = (0_usize, None, false);
    for (at, byte) in text.bytes().enumerate() {
        match (byte, quote) {
            _ if escaped => escaped = false,
            (b'\\', Some(_)) => escaped = true,
            (byte, Some(open)) if byte == open => quote = None,
            (_, Some(_)) => {}
            (b'"' | b'\'', None) => quote = Some(byte),
            (b'(', None) => depth += 1,
            (b')', None) if depth == 0 => return at,
            (b')', None) => depth -= 1,
            _ => {}
        }
    }
    text.len()
}
