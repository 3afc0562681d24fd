//! The names of a table's columns, by the statement that made it. Rows keep values in this order,
//! and programs have changed theirs.

/// No table that is read here has more columns.
const MAX_COLUMNS: usize = 16;
/// What begins a rule for the table and is no name.
const RULES: [&str; 5] = ["CONSTRAINT", "PRIMARY", "UNIQUE", "CHECK", "FOREIGN"];

pub fn parse(definition: &[u8]) -> Vec<String> {
    let text = String::from_utf8_lossy(definition);
    let inner = text.split_once('(').and_then(|(_, rest)| Some(rest.rsplit_once(')')?.0));
    let mut depth = 0_usize;
    let parts = inner.unwrap_or_default().split(|letter| {
        depth = match letter {
            '(' => depth.saturating_add(1),
            ')' => depth.saturating_sub(1),
            _ => depth,
        };
        letter == ',' && depth == 0
    });
    let names = parts.filter_map(|part| part.split_ascii_whitespace().next());
    let names = names.filter(|name| !RULES.iter().any(|rule| rule.eq_ignore_ascii_case(name)));
    names.take(MAX_COLUMNS).map(|name| name.trim_matches(QUOTES).to_ascii_lowercase()).collect()
}

const QUOTES: [char; 5] = ['"', '\'', '`', '[', ']'];
