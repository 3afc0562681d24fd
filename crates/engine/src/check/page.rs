//! A check from its file: every part is there, known and spelt right.

use std::{path::Path, sync::Arc};

use leaksweep_facts::{
    measure,
    verdict::{CheckPage, Severity},
};

use super::{
    Check, CheckError, case,
    markdown::{self, Document, Section, Wrong, list, prose},
};

const KEYS: [&str; 6] = ["severity", "measures", "attack", "reads", "needs", "when"];
const SECTIONS: [&str; 5] = ["Why", "Fix", "References", "Limits", "Cases"];

/// `id` is the sensor's folder and the file's name without its ending.
pub fn parse(id: &str, path: &Path, text: &str) -> Result<Check, CheckError> {
    let document = markdown::parse(text);
    let check = document.and_then(|document| assemble(id, path, &document));
    check.map_err(|(line, message)| CheckError { path: path.to_owned(), line, message })
}

fn assemble(id: &str, path: &Path, document: &Document<'_>) -> Result<Check, Wrong> {
    known_parts(document)?;
    let title = document.title.ok_or((1, "there is no title: a line '# …'".to_owned()))?;
    let (sql_line, sql) = match document.queries.as_slice() {
        [(line, sql)] => (*line, sql.clone()),
        [] => return Err((title.number, "there is no sql block".into())),
        [_, (line, _), ..] => return Err((*line, "there is a second sql block".into())),
    };
    let (reads_line, reads) = required(document, "reads")?;
    let page = CheckPage {
        id: id.to_owned(),
        title: title.text.to_owned(),
        severity: severity(document)?,
        measures: measures(document)?,
        attack: front(document, "attack").map(|(_, value)| list(value)).unwrap_or_default(),
        what: non_empty(title.number, "what is asked", prose(&document.intro))?,
        why: section(document, "Why")?,
        fix: section(document, "Fix")?,
        limits: section(document, "Limits")?,
        references: references(document)?,
    };
    Ok(Check {
        path: path.to_owned(),
        page: Arc::new(page),
        sql,
        sql_line,
        reads: list(reads),
        reads_line,
        when: front(document, "when").map(|(_, condition)| condition.to_owned()),
        needs_root: needs_root(document)?,
        cases: cases(document)?,
    })
}

fn known_parts(document: &Document<'_>) -> Result<(), Wrong> {
    for (at, (line, key, value)) in document.front.iter().enumerate() {
        if !KEYS.contains(key) {
            return Err((
                line.number,
                format!("unknown key '{key}'; known are {}", KEYS.join(", ")),
            ));
        }
        if value.is_empty() {
            return Err((line.number, format!("'{key}' has no value")));
        }
        if document.front[..at].iter().any(|(_, earlier, _)| earlier == key) {
            return Err((line.number, format!("'{key}' is there twice")));
        }
    }
    for (at, Section { heading, .. }) in document.sections.iter().enumerate() {
        let known = SECTIONS.contains(&heading.text);
        if !known || document.sections[..at].iter().any(|s| s.heading.text == heading.text) {
            let what = if known { "a second" } else { "an unknown" };
            return Err((heading.number, format!("{what} section '{}'", heading.text)));
        }
    }
    Ok(())
}

fn front<'a>(document: &'a Document<'_>, wanted: &str) -> Option<(usize, &'a str)> {
    let mut pairs = document.front.iter();
    pairs.find(|(_, key, _)| *key == wanted).map(|(line, _, value)| (line.number, *value))
}

fn required<'a>(document: &'a Document<'_>, key: &str) -> Result<(usize, &'a str), Wrong> {
    front(document, key).ok_or_else(|| (1, format!("the front matter has no '{key}'")))
}

fn severity(document: &Document<'_>) -> Result<Severity, Wrong> {
    let (line, text) = required(document, "severity")?;
    let names = || Severity::ALL.map(Severity::as_str).join(", ");
    Severity::parse(text).ok_or_else(|| (line, format!("severity '{text}' is none of {}", names())))
}

fn measures(document: &Document<'_>) -> Result<Vec<String>, Wrong> {
    let (line, text) = required(document, "measures")?;
    let ids = list(text);
    match ids.iter().find(|id| measure::find(id).is_none()) {
        Some(unknown) => Err((line, format!("there is no measure '{unknown}'"))),
        None if ids.is_empty() => Err((line, "a check serves at least one measure".into())),
        None => Ok(ids),
    }
}

fn needs_root(document: &Document<'_>) -> Result<bool, Wrong> {
    match front(document, "needs") {
        None => Ok(false),
        Some((_, "root")) => Ok(true),
        Some((line, other)) => Err((line, format!("needs '{other}'; only 'root' is known"))),
    }
}

fn find<'d, 'a>(document: &'d Document<'a>, name: &str) -> Result<&'d Section<'a>, Wrong> {
    let found = document.sections.iter().find(|section| section.heading.text == name);
    found.ok_or_else(|| (1, format!("there is no section '## {name}'")))
}

fn section(document: &Document<'_>, name: &str) -> Result<String, Wrong> {
    let found = find(document, name)?;
    non_empty(found.heading.number, name, prose(&found.lines))
}

fn non_empty(line: usize, what: &str, text: String) -> Result<String, Wrong> {
    if text.is_empty() { Err((line, format!("'{what}' is empty"))) } else { Ok(text) }
}

fn references(document: &Document<'_>) -> Result<Vec<String>, Wrong> {
    let found = find(document, "References")?;
    let mut references: Vec<String> = Vec::new();
    for line in &found.lines {
        match (line.text.strip_prefix("- "), references.last_mut()) {
            (Some(item), _) => references.push(item.trim().to_owned()),
            (None, Some(last)) if !line.text.trim().is_empty() => {
                last.push(' ');
                last.push_str(line.text.trim());
            }
            _ => {}
        }
    }
    if references.is_empty() {
        return Err((found.heading.number, "'References' has no item '- …'".into()));
    }
    Ok(references)
}

fn cases(document: &Document<'_>) -> Result<Vec<case::Case>, Wrong> {
    case::parse(&find(document, "Cases")?.lines)
}
