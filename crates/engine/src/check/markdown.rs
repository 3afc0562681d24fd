//! The parts of a check file with their lines: front matter, title, sections, the query.
//!
//! Reads: text that a holder may have written in any way. One pass over the lines; nothing nests.

/// A line of the file and its number, counted from one.
#[derive(Debug, Clone, Copy)]
pub struct Line<'a> {
    pub number: usize,
    pub text: &'a str,
}

/// A heading of the second level and the lines below it.
pub struct Section<'a> {
    pub heading: Line<'a>,
    pub lines: Vec<Line<'a>>,
}

#[derive(Default)]
pub struct Document<'a> {
    /// `key: value` pairs.
    pub front: Vec<(Line<'a>, &'a str, &'a str)>,
    pub title: Option<Line<'a>>,
    /// The lines between the title and the first section.
    pub intro: Vec<Line<'a>>,
    pub sections: Vec<Section<'a>>,
    /// Every fenced `sql` block: the line after the fence, and its text.
    pub queries: Vec<(usize, String)>,
}

/// What is wrong, and on which line.
pub type Wrong = (usize, String);

pub fn parse(text: &str) -> Result<Document<'_>, Wrong> {
    let mut lines = text.lines().enumerate().map(|(at, text)| Line { number: at + 1, text });
    let mut document = Document { front: front_matter(&mut lines)?, ..Document::default() };
    while let Some(line) = lines.next() {
        if line.text.trim() == "```sql" {
            document.queries.push(query(line.number, &mut lines)?);
        } else if let Some(heading) = line.text.strip_prefix("## ") {
            let heading = Line { text: heading.trim(), ..line };
            document.sections.push(Section { heading, lines: Vec::new() });
        } else if let Some(title) = line.text.strip_prefix("# ") {
            if document.title.is_some() {
                return Err((line.number, "a second title".into()));
            }
            document.title = Some(Line { text: title.trim(), ..line });
        } else {
            match document.sections.last_mut() {
                Some(section) => section.lines.push(line),
                None => document.intro.push(line),
            }
        }
    }
    Ok(document)
}

fn front_matter<'a>(
    lines: &mut impl Iterator<Item = Line<'a>>,
) -> Result<Vec<(Line<'a>, &'a str, &'a str)>, Wrong> {
    if lines.next().is_none_or(|line| line.text.trim_end() != "---") {
        return Err((1, "a check starts with a line '---' and its front matter".into()));
    }
    let mut pairs = Vec::new();
    for line in lines {
        if line.text.trim_end() == "---" {
            return Ok(pairs);
        }
        let pair = line.text.split_once(':');
        let (key, value) = pair.ok_or((line.number, "expected 'key: value'".to_owned()))?;
        pairs.push((line, key.trim(), value.trim()));
    }
    Err((1, "the front matter has no end: a line '---'".into()))
}

fn query<'a>(
    fence: usize,
    lines: &mut impl Iterator<Item = Line<'a>>,
) -> Result<(usize, String), Wrong> {
    let mut sql = String::new();
    for line in lines {
        if line.text.trim() == "```" {
            return Ok((fence + 1, sql.trim_end().to_owned()));
        }
        sql.push_str(line.text);
        sql.push('\n');
    }
    Err((fence, "the sql block has no end: a line '```'".into()))
}

/// The text of lines, without the empty ones around it.
pub fn prose(lines: &[Line<'_>]) -> String {
    let texts: Vec<&str> = lines.iter().map(|line| line.text.trim_end()).collect();
    texts.join("\n").trim().to_owned()
}

/// `[a, b]` or `a`.
pub fn list(value: &str) -> Vec<String> {
    let inner = value.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')).unwrap_or(value);
    let items = inner.split(',').map(|item| item.trim().trim_matches(['"', '\'']));
    items.filter(|item| !item.is_empty()).map(str::to_owned).collect()
}
