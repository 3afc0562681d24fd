//! The elements of an XML answer, one after another as they begin, with their local names and their own texts. Prefixes, attributes
//! and whatever is no element are left out; entities are the five of XML and characters by number, so that nothing grows.
//!
//! Limits: 256 KiB, 2000 elements, 24 of them within each other, 1000 characters of text each. What stands before a fault is kept.

use quick_xml::{
    Reader,
    events::{BytesRef, Event},
};

const MOST_BYTES: usize = 256 << 10;
const MOST: usize = 2000;
const DEEPEST: usize = 24;
const LONGEST: usize = 1000;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Element {
    /// Without its prefix.
    pub name: String,
    /// How many elements it stands in.
    pub depth: usize,
    /// Its own text, without blanks around it.
    pub text: String,
}

pub fn parse(bytes: &[u8]) -> Vec<Element> {
    let text = String::from_utf8_lossy(bytes.get(..MOST_BYTES).unwrap_or(bytes));
    let mut reader = Reader::from_str(text.trim_start_matches('\u{feff}'));
    let mut found = Found::default();
    while let Ok(event) = reader.read_event() {
        if matches!(event, Event::Eof) || !found.event(&event) {
            break;
        }
    }
    for element in &mut found.elements {
        element.text = element.text.trim().to_owned();
    }
    found.elements
}

/// The text of the first element of that name.
pub fn first<'a>(elements: &'a [Element], name: &str) -> Option<&'a str> {
    let found = elements.iter().find(|element| element.name == name)?;
    Some(found.text.as_str()).filter(|text| !text.is_empty())
}

/// What stands within each element of that name.
pub fn inside<'a>(elements: &'a [Element], name: &str) -> impl Iterator<Item = &'a [Element]> {
    let named = elements.iter().enumerate().filter(move |(_, element)| element.name == name);
    named.map(|(at, element)| {
        let rest = elements.get(at + 1..).unwrap_or_default();
        let end = rest.iter().position(|other| other.depth <= element.depth);
        rest.get(..end.unwrap_or(rest.len())).unwrap_or_default()
    })
}

#[derive(Default)]
struct Found {
    elements: Vec<Element>,
    /// The places of those whose end was not seen yet.
    open: Vec<usize>,
}

impl Found {
    /// Whether there is room for more.
    fn event(&mut self, event: &Event<'_>) -> bool {
        match event {
            Event::Start(start) => {
                self.begin(start.local_name().as_ref());
                self.open.push(self.elements.len() - 1);
                return self.elements.len() < MOST && self.open.len() < DEEPEST;
            }
            Event::Empty(start) => {
                self.begin(start.local_name().as_ref());
                return self.elements.len() < MOST;
            }
            Event::End(_) => drop(self.open.pop()),
            Event::Text(text) => self.text(text),
            Event::CData(text) => self.text(text),
            Event::GeneralRef(reference) => self.reference(reference),
            _ => {}
        }
        true
    }

    fn begin(&mut self, name: &str) {
        let name = name.chars().take(LONGEST).collect();
        self.elements.push(Element { name, depth: self.open.len(), text: String::new() });
    }

    fn text(&mut self, text: &str) {
        let element = self.open.last().and_then(|at| self.elements.get_mut(*at));
        if let Some(element) = element {
            let room = LONGEST.saturating_sub(element.text.len());
            element.text.extend(text.chars().take(room));
        }
    }

    fn reference(&mut self, reference: &BytesRef<'_>) {
        if let Some(text) = quick_xml::escape::resolve_xml_entity(reference) {
            self.text(text);
        } else if let Some(char) = reference.resolve_char_ref().ok().flatten() {
            self.text(char.encode_utf8(&mut [0; 4]));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TWO: &[u8] =
        b"<?xml version='1.0'?><a:all xmlns:a='urn:x'><a:one><n>A &amp; B&#33;</n></a:one>\
        <a:one><n>C</n><empty/></a:one></a:all>";

    #[test]
    fn elements_are_found_by_their_local_names_and_what_is_inside_them() {
        let elements = parse(TWO);
        assert_eq!(first(&elements, "n"), Some("A & B!"));
        let names: Vec<_> = inside(&elements, "one").map(|inner| first(inner, "n")).collect();
        assert_eq!(names, [Some("A & B!"), Some("C")]);
        assert_eq!(first(&elements, "empty"), None);
    }

    #[test]
    fn what_stands_before_a_fault_is_kept() {
        let elements = parse(b"<a><b>1</b></c></a>");
        assert_eq!(first(&elements, "b"), Some("1"));
        assert!(parse(b"\xff\xfe\x00<").is_empty());
    }

    #[test]
    fn nothing_grows_beyond_its_cap() {
        let deep = "<x>".repeat(100_000);
        assert!(parse(deep.as_bytes()).len() <= DEEPEST);
        let many = format!("<x>{}</x>", "<y/>".repeat(50_000));
        assert!(parse(many.as_bytes()).len() <= MOST);
        let bomb = b"<!DOCTYPE x [<!ENTITY a 'aaaa'><!ENTITY b '&a;&a;'>]><x>&b;1</x>";
        assert_eq!(first(&parse(bomb), "x"), Some("1"));
        let long = format!("<x>{}</x>", "z".repeat(200_000));
        assert!(parse(long.as_bytes())[0].text.len() <= LONGEST);
    }
}
