//! Small looks into XML: the text of one element, and all text of a document piece by piece. Not a parser: what is not
//! well-formed gives what it gives.

/// The text of the first element of that name, as it is written with its prefix.
pub fn inner(xml: &str, name: &str) -> Option<String> {
    let mut from = 0;
    while let Some(at) = xml.get(from..)?.find(name).map(|at| from + at) {
        from = at + name.len();
        if !xml[..at].ends_with('<') || !xml[from..].starts_with(['>', ' ', '\n', '\r', '\t']) {
            continue;
        }
        let rest = xml[from..].split_once('>')?.1;
        if xml[from..].split_once('>')?.0.ends_with('/') {
            return None;
        }
        let end = rest.find(&format!("</{name}>"))?;
        return Some(text(&rest[..end]));
    }
    None
}

/// The value of the first attribute of that name.
pub fn attribute(xml: &str, name: &str) -> Option<String> {
    let rest = xml.split_once(&format!(" {name}=\""))?.1;
    Some(text(&rest[..rest.find('"')?]))
}

/// Without the tags in it.
fn text(xml: &str) -> String {
    let mut stripper = Stripper::default();
    let mut out = Vec::new();
    stripper.feed(xml.as_bytes(), &mut |piece| out.extend_from_slice(piece));
    String::from_utf8_lossy(&out).into_owned()
}

/// Takes a document in pieces, and gives its text: a line for each paragraph, whatever runs it is split into.
#[derive(Default)]
pub struct Stripper {
    tag: Option<Vec<u8>>,
    entity: Option<Vec<u8>>,
}

/// The longest tag that is read for its attributes.
const LONGEST: usize = 16 * 1024;

impl Stripper {
    pub fn feed(&mut self, mut bytes: &[u8], out: &mut dyn FnMut(&[u8])) {
        while !bytes.is_empty() {
            if let Some(tag) = &mut self.tag {
                let end = memchr::memchr(b'>', bytes);
                let inside = &bytes[..end.unwrap_or(bytes.len())];
                tag.extend_from_slice(
                    &inside[..inside.len().min(LONGEST - tag.len().min(LONGEST))],
                );
                bytes = end.map_or(&[][..], |end| &bytes[end + 1..]);
                if end.is_some() {
                    let tag = self.tag.take().unwrap_or_default();
                    said_by(&tag, out);
                }
            } else if let Some(entity) = &mut self.entity {
                let byte = bytes[0];
                bytes = &bytes[1..];
                if byte == b';' || entity.len() > 10 {
                    let entity = self.entity.take().unwrap_or_default();
                    let mut held = [0; 4];
                    out(meaning(&entity)
                        .map_or("?", |char| char.encode_utf8(&mut held))
                        .as_bytes());
                } else {
                    entity.push(byte);
                }
            } else {
                let next = memchr::memchr2(b'<', b'&', bytes);
                out(&bytes[..next.unwrap_or(bytes.len())]);
                let Some(next) = next else { return };
                if bytes[next] == b'<' {
                    self.tag = Some(Vec::new());
                } else {
                    self.entity = Some(Vec::new());
                }
                bytes = &bytes[next + 1..];
            }
        }
    }
}

fn meaning(entity: &[u8]) -> Option<char> {
    let entity = std::str::from_utf8(entity).ok()?;
    match entity {
        "lt" => Some('<'),
        "gt" => Some('>'),
        "amp" => Some('&'),
        "quot" => Some('"'),
        "apos" => Some('\''),
        _ => {
            let number = entity.strip_prefix('#')?;
            let code = match number.strip_prefix(['x', 'X']) {
                Some(hex) => u32::from_str_radix(hex, 16),
                None => number.parse(),
            };
            char::from_u32(code.ok()?)
        }
    }
}

/// What a tag itself says: the end of a line, a space, or the text in an attribute of XPS.
fn said_by(tag: &[u8], out: &mut dyn FnMut(&[u8])) {
    let closes = tag.first() == Some(&b'/');
    let name = &tag[usize::from(closes)..];
    let end = name.iter().position(|byte| matches!(byte, b' ' | b'/' | b'\n' | b'\r' | b'\t'));
    let name = &name[..end.unwrap_or(name.len())];
    let local = name.iter().rposition(|byte| *byte == b':').map_or(name, |at| &name[at + 1..]);
    match local {
        b"p" | b"h" | b"si" | b"row" | b"c" | b"is" | b"TextObject" | b"title" | b"tr" | b"li"
            if closes =>
        {
            out(b"\n")
        }
        b"br" | b"line-break" => out(b"\n"),
        b"s" | b"tab" => out(b" "),
        b"Glyphs" => {
            let tag = String::from_utf8_lossy(tag);
            if let Some(text) = attribute(&tag, "UnicodeString") {
                out(text.as_bytes());
                out(b"\n");
            }
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stripped(xml: &str, step: usize) -> String {
        let (mut stripper, mut out) = (Stripper::default(), Vec::new());
        for piece in xml.as_bytes().chunks(step) {
            stripper.feed(piece, &mut |text| out.extend_from_slice(text));
        }
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn words_that_runs_split_are_joined() {
        let xml = "<w:p><w:r><w:t>Ver</w:t></w:r><w:r w:x=\"1\"><w:t>trag &amp; &#x673A;</w:t></w:r></w:p>\
                   <w:p>b</w:p><Glyphs A=\"1\" UnicodeString=\"c &lt;\"/>";
        for step in [1, 7, 1000] {
            assert_eq!(stripped(xml, step), "Vertrag & 机\nb\nc <\n");
        }
    }

    #[test]
    fn one_element_is_found() {
        let xml =
            "<a:title2>x</a:title2><a:title lang=\"de\">Y &gt; <b>z</b></a:title><e/><f n=\"5\"/>";
        assert_eq!(inner(xml, "a:title").as_deref(), Some("Y > z"));
        assert_eq!(inner(xml, "e"), None);
        assert_eq!(attribute(xml, "n").as_deref(), Some("5"));
    }
}
