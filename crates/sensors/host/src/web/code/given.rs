//! Variables that hold what a visitor sent.

use std::collections::HashSet;

use super::{Language, has_any};

const MAX_VARIABLES: usize = 400;
const MAX_STATEMENT: usize = 1_000;
/// So far behind, a variable has long got another value.
const MAX_DISTANCE: usize = 20_000;
/// Where another function begins, in which a variable of the same name is another.
const OTHER_FUNCTION: [&str; 4] = ["\nfunction ", " function ", "\ndef ", "\nsub "];

/// Variables that were given what a visitor sent, and where.
pub struct Given<'a>(Vec<(&'a str, usize)>);

impl<'a> Given<'a> {
    pub fn find(code: &'a str, language: &Language) -> Self {
        let mut given = Vec::new();
        for source in language.sources {
            for at in memchr::memmem::find_iter(code.as_bytes(), source.as_bytes()) {
                let near = code.floor_char_boundary(at.saturating_sub(MAX_STATEMENT));
                let before = code.get(..at).unwrap_or_default();
                let start = before.get(near..).unwrap_or_default().rfind([';', '{', '}', '\n']);
                let start = near + start.map_or(0, |at| at + 1);
                let far = code.floor_char_boundary(at + MAX_STATEMENT);
                let rest = code.get(at..far).unwrap_or_default();
                let end = at + rest.find([';', '\n']).unwrap_or(rest.len());
                let whole = code.get(start..end).unwrap_or_default();
                if !has_any(whole, language.tames) && given.len() < MAX_VARIABLES {
                    let name = assigned(before.get(start..).unwrap_or_default());
                    given.extend(name.map(|name| (name, at)));
                }
            }
        }
        Self(given)
    }

    /// Whether a text at a place has one of them as a whole word, with no other function between.
    pub fn reach(&self, code: &str, place: usize, text: &str) -> bool {
        let of_name = |c: char| c.is_alphanumeric() || c == '_' || c == '$';
        let words: HashSet<&str> = text.split(|c| !of_name(c)).collect();
        let near = self.0.iter().filter(|(_, at)| *at < place && place - *at < MAX_DISTANCE);
        near.into_iter().any(|(name, at)| {
            let between = || code.get(*at..place).unwrap_or_default();
            words.contains(name) && !has_any(between(), &OTHER_FUNCTION)
        })
    }
}

/// The variable to which a statement gives something, if nothing but the value follows.
fn assigned(statement: &str) -> Option<&str> {
    let at = statement.find('=')?;
    let (name, value) = statement.split_at(at);
    let value = value.get(1..)?;
    let compares = value.starts_with(['=', '>', '~']) || name.ends_with(['!', '<', '>', '=']);
    let name = name.trim_end_matches(['.', ':', ' ', '\t']);
    let start = name.rfind(|c: char| !(c.is_alphanumeric() || c == '_' || c == '$'));
    let name = name.get(start.map_or(0, |at| at + 1)..)?;
    // What only asks whether the visitor sent something does not take it.
    let asks =
        ["isset", "empty", "==", "?", "in_array", "count("].iter().any(|word| value.contains(word));
    (!compares && !asks && !name.is_empty() && name != "$").then_some(name)
}
